"""Runs saved, shown again, and compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]

COMMANDS = {
    "condition": ("condition", "F(2,3)", "F(4,3)"),
    "analyse": ("analyse", "F(2,3)", "-n", "20", "-f", "fp16"),
    "compare": ("compare", "F(2,3)", "F(4,3)"),
    "tolerance": ("tolerance", "F(2,3)"),
    "ranges": ("ranges", "F(2,3)"),
    "integers": ("ranges", "F(2,3)", "--bits", "8"),
    "int8": ("int8", "F(2,3)", "-n", "1", "--filters", "2", "--tiles-per-layer", "2"),
    "residues": ("residues", "F(2,3)"),
    "reproduce": ("reproduce", "meng2019"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", COMMANDS)
def test_a_saved_run_shows_what_was_shown(run: Run, name: str) -> None:
    words = COMMANDS[name]
    for form in ("text", "csv", "latex", "json"):
        code, out, _ = run(*words, "--as", form, "--save", "run.json")
        assert code == 0
        assert run("view", "run.json", "--as", form) == (0, out, "")
    assert run(*words, "--json") == run(*words, "--as", "json")
    assert run("view", "run.json", "--html", "run.html")[0] == 0
    assert f"wincook {words[0]}" in Path("run.html").read_text(encoding="utf-8")


def test_two_runs_are_compared(run: Run) -> None:
    for number in (1, 2):
        run("analyse", "F(2,3)", "-n", "20", "--seed", str(number), "--save", f"{number}.json")
    assert "0 of" in run("diff", "1.json", "1.json")[1]
    code, out, _ = run("diff", "1.json", "2.json")
    assert code == 0
    assert "relative RMS" in out
    assert "seed was 1, is 2" in out
    assert all(
        set(record) >= {"row", "before", "after"} for record in json.loads(run("diff", "1.json", "2.json", "--json")[1])
    )


def test_what_was_asked_is_kept(run: Run) -> None:
    run("compare", "2,3", "4,3", "-f", "fp16", "--save", "run.json")
    saved = json.loads(Path("run.json").read_text(encoding="utf-8"))
    assert saved["command"] == "compare"
    assert saved["asked"]["tiles"] == ["2,3", "4,3"]
    assert saved["asked"]["formats"] == ["fp16"]
    assert not any("limit" in name or name in {"save", "answer", "as_json"} for name in saved["asked"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("view", "none.json"), "none.json"),
        (("view", "other.json"), "no run of wincook"),
        (("diff", "other.json", "other.json"), "no run of wincook"),
        (("compare", "F(2,3)", "--save", "/dev/null/run.json"), "/dev/null/run.json"),
        (("compare", "F(2,3)", "--as", "csv", "--json"), "do not go together"),
    ],
)
def test_bad_input_is_one_line(run: Run, words: tuple[str, ...], said: str) -> None:
    Path("other.json").write_text("{}", encoding="utf-8")
    code, out, err = run(*words)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err


def test_runs_of_two_commands_are_not_compared(run: Run) -> None:
    run("compare", "F(2,3)", "--save", "a.json")
    run("ranges", "F(2,3)", "--save", "b.json")
    assert run("diff", "a.json", "b.json")[0] == 2
