"""`wincook search`: what it prints while it runs and in the end, Ctrl-C, past runs, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import re
import shlex
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests.golden import Golden
from tests.search.fakes import FAKES
from wincook.cli.group import SECOND_WORDS, command_named
from wincook.cli.searching import command_of, progress_lines
from wincook.search import OBJECTIVES, Progress, Scored, Search, Store, Sweep
from wincook.search.strategies import STRATEGIES

Run = Callable[..., tuple[int, str, str]]
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder and working folder; and the store that a search makes there."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "80")
    for name, strategy in FAKES.items():
        monkeypatch.setitem(STRATEGIES, name, strategy)
    return tmp_path / "data" / "wincook" / "searches.sqlite"


SEARCH = ("search", "F(4,3)", "--strategy", "drawn", "-n", "500")


def test_without_a_tile_there_is_help(run: Run) -> None:
    assert run("search") == run("search", "--help")


@pytest.mark.parametrize("word", SECOND_WORDS["search"])
def test_help_of_what_tells_of_past_searches(run: Run, golden: Golden, word: str) -> None:
    code, out, err = run("search", word, "--help")
    assert (code, err) == (0, "")
    assert f"Example: wincook search {word}" in out
    golden.text(out)


@pytest.mark.parametrize("word", SECOND_WORDS["search"])
def test_every_option_of_them_says_what_it_does(word: str) -> None:
    for option in command_named(f"search {word}").params:
        assert option.help
        assert option.help[0].isupper()
        assert option.help.endswith(".")


def test_no_runs_yet(run: Run, place: Path, golden: Golden) -> None:
    assert run("search", "list", "--json") == (0, "[]\n", "")
    assert not place.exists()
    for words in (("list", "--store", "none"), ("show", "0123456789ab"), ("export", "0123456789ab", "--store", "none")):
        code, out, err = run("search", *words)
        assert (code, out, err.count("\n")) == (2, "", 1)
        golden.text(err)


def test_a_search_is_kept_listed_shown_and_exported(run: Run, place: Path) -> None:
    code, out, _ = run(*SEARCH, "--json")
    found = json.loads(out)
    assert code == 0
    assert place.exists()
    (listed,) = json.loads(run("search", "list", "--json")[1])
    name = listed["run"]
    assert json.loads(run("search", "show", name, "--json")[1]) == listed
    assert (listed["tasks"], listed["evaluations"]) == (found["tasks"], found["evaluations"])
    assert listed["command"] == "wincook search 'F(4,3)' --strategy drawn --evaluations 500"
    assert listed["winners"] == found["winners"]
    assert name in run("search", "list")[1]
    assert listed["best"][0]["points"] in run("search", "show", name)[1]
    assert json.loads(run("search", "export", name)[1]) == listed["best"]
    rows = list(csv.DictReader(StringIO(run("search", "export", name, "--as", "csv")[1])))
    assert [(row["points"], float(row["rms"])) for row in rows] == [
        (record["points"], record["rms"]) for record in listed["best"]
    ]
    assert run("search", "export", name, "--out", "best.json") == (0, "wrote best.json\n", "")
    assert json.loads(Path("best.json").read_text(encoding="utf-8")) == listed["best"]


def test_the_command_of_an_answer_gives_the_same_answer(run: Run) -> None:
    options = (
        "-c",
        "4",
        "--law",
        "normal",
        "--seed",
        "7",
        "--height",
        "9",
        "--zero",
        "yes",
        "--root",
        "2",
        "-s",
        "0.01",
    )
    first = json.loads(run("search", "F(4,3)", "--strategy", "drawn", *options, "--store", "s", "--json")[1])
    words = shlex.split(first["command"])
    assert words[0] == "wincook"
    again = json.loads(run(*words[1:], "--store", "t", "--json")[1])
    assert (again["winners"], again["evaluations"], again["command"]) == (
        first["winners"],
        first["evaluations"],
        first["command"],
    )


def test_a_search_is_resumed(run: Run, place: Path) -> None:
    whole = json.loads(run(*SEARCH[:-1], "900", "--store", "other", "--json")[1])
    run(*SEARCH, "--json")
    resumed = json.loads(run(*SEARCH[:-1], "900", "--resume", "--json")[1])
    assert resumed["winners"] == whole["winners"]
    with closing(sqlite3.connect(place)) as connection:
        numbers = [number for (number,) in connection.execute("SELECT number FROM task ORDER BY number")]
    assert numbers == list(range(whole["tasks"]))


def test_lines_tell_how_far_it_is_where_there_is_no_terminal(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wincook.cli.searching._SECONDS", 0.0)
    code, out, err = run(*SEARCH, "--json")
    lines = err.splitlines()
    assert (code, len(lines)) == (0, json.loads(out)["tasks"])
    assert all(" sets in 0:00, " in line and "best rms 0." in line for line in lines)


def test_ctrl_c_prints_what_was_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(search: Search, number: int) -> Any:
        if number == 3:
            signal.raise_signal(signal.SIGINT)
        return FAKES["drawn"](search, number)

    monkeypatch.setitem(STRATEGIES, "drawn", pressed)
    code, out, err = run("search", "F(4,3)", "--strategy", "drawn", "--json")
    found = json.loads(out)
    assert (code, found["ended"], found["tasks"]) == (130, "interrupted", 4)
    assert found["winners"]
    assert err.splitlines()[-1].startswith("wincook: interrupted")


def test_ctrl_c_before_anything_was_found(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(search: Search, number: int) -> Any:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setitem(STRATEGIES, "drawn", pressed)
    code, out, err = run(*SEARCH)
    assert (code, out) == (130, "")
    assert "interrupted" in err


def test_nothing_that_is_finite(run: Run, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.setitem(STRATEGIES, "drawn", lambda search, number: Sweep(number, 100, ()))
    code, out, _ = run(*SEARCH)
    assert code == 0
    golden.text(re.sub(r"[0-9.]+ s;", "N s;", out))


@pytest.mark.slow
@pytest.mark.parametrize(
    "workers",
    [
        pytest.param(("-w", "2"), id="processes"),
        pytest.param(("--dask", "local:2"), id="dask", marks=pytest.mark.nightly),
    ],
)
def test_ctrl_c_of_a_terminal_leaves_no_process(start: Start, tmp_path: Path, workers: tuple[str, str]) -> None:
    """It goes to all processes of the terminal, the workers among them."""
    pytest.importorskip("distributed")
    process = start("search", "2,3", *workers, "-s", "600", "--samples", "0", "--store", "s", start_new_session=True)
    wait_until(lambda: has_tasks(tmp_path / "s"))
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, b"interrupted. The same again:" in out) == (130, True)
    passing = (b" sets/s", b"the prediction for many sets is compiled")  # the latter in the first process of a machine
    assert [line for line in err.splitlines() if not any(words in line for words in passing)] == [
        b"wincook: interrupted; nothing half-written is left behind"
    ]
    wait_until(lambda: all(words[0] == "Z" for words in processes_of(process.pid)))  # has ended; nobody asked for it


def processes_of(group: int) -> list[list[str]]:
    """State, parent and group of each process of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            words = path.read_text(encoding="utf-8").rpartition(")")[2].split()
            found += [words[:3]] * (words[2] == str(group))
    return found


def wait_until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120
    while not true():
        assert time.monotonic() < end
        time.sleep(0.1)


def has_tasks(path: Path) -> bool:
    if not path.exists():
        return False
    with Store(path) as store:
        return any(stored.tasks for stored in store.runs())


ERRORS = {
    "no seconds": ("--seconds", "0"),
    "infinite seconds": ("--seconds", "inf"),
    "no evaluations": ("--evaluations", "0"),
    "unknown family": ("--family", "halves"),
    "no height": ("--height", "0"),
    "zero neither yes nor no": ("--zero", "maybe"),
    "a root that is a number": ("--root", "4"),
    "no workers": ("--workers", "0", "-s", "1"),
    "a folder as a store": ("--store", "."),
    "a text as a store": ("--store", "text"),
    "workers and dask": ("--workers", "2", "--dask", "local:2"),
}


@pytest.mark.parametrize("error", ERRORS)
def test_what_is_refused(run: Run, golden: Golden, error: str) -> None:
    Path("text").write_text("0, ±1, ∞\n" * 100, encoding="utf-8")
    code, out, err = run("search", "F(4,3)", *ERRORS[error])
    assert (code, out, err.count("\n")) == (2, "", 1)
    golden.text(err)


@pytest.mark.parametrize(
    ("option", "known"), [("--objective", OBJECTIVES), ("--strategy", STRATEGIES)], ids=["objective", "strategy"]
)
def test_unknown_names_list_the_known_ones(run: Run, option: str, known: dict[str, Any]) -> None:
    code, out, err = run("search", "F(4,3)", option, "luck")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"'luck'; known are {', '.join(known)}" in err


BEST = (Scored((0.6,), "0, ±1/2, ∞"), Scored((0.8,), "0, ±1, ∞"))


def test_what_is_told_of_a_search(golden: Golden) -> None:
    search = Search.of(
        "F(8x8,3x3)",
        "float16",
        64,
        "relu",
        gauge="balance",
        extra=1,
        least_extra=1,
        height=9,
        denominator=8,
        roots=(2, 3),
    )
    for progress, published in (
        (Progress(0, 0, 0.0, (), 0.1, 60.0), None),
        (Progress(12, 1_234_567, 98_765.4, BEST, 12.5, None), None),
        (Progress(12, 1_234_567, 98_765.4, BEST, 3723.0, 59.6), 1.0),
    ):
        golden.text("\n".join(progress_lines(search, progress, published)))
    golden.text(command_of(search, seconds=60))
    several = Search.of("F(4,3)", objective=("rms", "operations"), strategy="refine", start="0, ±1, ±2, ∞")
    golden.text(command_of(several, evaluations=10**6))
    golden.text(command_of(Search.of("F(4,3)", "float16"), evaluations=1))
    golden.text(command_of(Search.of("F(4,3)", "float16", gauge=""), evaluations=1))
