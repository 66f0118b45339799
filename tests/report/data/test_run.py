from __future__ import annotations

import json
from fractions import Fraction
from math import inf, nan
from pathlib import Path
from typing import Any

import pytest

from tests.golden import Golden
from wincook.errors import DataError, NotationError, OutputError
from wincook.report.data.csv import csv_text
from wincook.report.data.run import Run, read_run, write_run
from wincook.report.table import Heading, View, grid, number, table, words

ERRORS = table(
    "errors",
    "Errors of all",
    [words("algorithm", grouped=True), words("format"), number("RMS"), number("shares", fields=("U", "V"), show=max)],
    [
        ("F(4,3)", "float16", 0.123456789012345, ("1", "2")),
        ("F(4,3)", "float32", inf, None),
        ("F(2,3)", "float32", nan, ("3", "2")),
    ],
    caption="A sentence.",
)
VIEW = View((Heading("Errors"), ERRORS, "", grid("AT", "AT (1×2)", [[Fraction(1, 3), 2]]), "The end: ±√2."))
RUN = Run("analyse", {"tiles": ("F(4,3)",), "channels": 64, "plot": None}, [{"rms": 0.1}], VIEW)


def saved(tmp_path: Path, run: Run = RUN) -> Path:
    return write_run(tmp_path / "run.json", run)


def test_a_run_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    run = read_run(saved(tmp_path))
    assert (run.command, run.version) == ("analyse", RUN.version)
    assert run.asked == {"tiles": ["F(4,3)"], "channels": 64, "plot": None}
    assert run.results == [{"rms": 0.1}]
    assert csv_text(run.view) == csv_text(VIEW)
    shown, kept = run.view.tables[0], VIEW.tables[0]
    assert [[cell.text for cell in row] for row in shown.rows] == [[cell.text for cell in row] for row in kept.rows]
    assert [part for part in run.view.parts if not hasattr(part, "rows")] == [Heading("Errors"), "", "The end: ±√2."]


def test_the_same_run_gives_the_same_file(tmp_path: Path) -> None:
    before = saved(tmp_path).read_bytes()
    assert saved(tmp_path).read_bytes() == before
    assert saved(tmp_path, read_run(tmp_path / "run.json")).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


@pytest.mark.parametrize("contents", ["", "[]", "3", "null", "{}", '{"tile": "F(4,3)"}', "[" * 10**5, "\x00", "\udcff"])
def test_what_is_no_run_is_refused(contents: str, tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "f43.json"
    path.write_bytes(contents.encode(errors="surrogateescape"))
    with golden.raises(DataError, match=r"f43\.json"):
        read_run(path)


def test_a_run_in_another_form_is_refused(tmp_path: Path, golden: Golden) -> None:
    path = saved(tmp_path)
    path.write_text(path.read_text().replace('"wincook_run": 1', '"wincook_run": 2'))
    with golden.raises(DataError):
        read_run(path)


@pytest.mark.parametrize("key", ["version", "command", "asked", "results", "view"])
def test_a_part_of_a_run_is_refused(key: str, tmp_path: Path, golden: Golden) -> None:
    path = saved(tmp_path)
    data = json.loads(path.read_text())
    for changed in ({name: value for name, value in data.items() if name != key}, data | {key: 3}):
        if changed.get("results") == 3:
            continue  # any data are results
        path.write_text(json.dumps(changed))
        with golden.raises(DataError):
            read_run(path)


@pytest.mark.parametrize(
    "change",
    [
        {"rows": [[["F(4,3)", "F(4,3)"]]]},
        {"rows": [["text"]]},
        {"columns": [{"name": 1, "left": True, "fields": []}]},
        {"columns": None},
        {"name": None},
    ],
)
def test_a_table_that_does_not_fit_is_refused(change: dict[str, object], tmp_path: Path, golden: Golden) -> None:
    path = saved(tmp_path)
    data = json.loads(path.read_text())
    data["view"][1] |= change
    path.write_text(json.dumps(data))
    with golden.raises(DataError):
        read_run(path)


def test_a_place_that_cannot_be_used_is_named(tmp_path: Path, golden: Golden) -> None:
    with golden.raises(OutputError):
        read_run(tmp_path / "none.json")
    with golden.raises(OutputError):
        saved(saved(tmp_path))


def test_text_that_is_no_unicode_is_kept(tmp_path: Path) -> None:
    run = read_run(saved(tmp_path, Run("analyse", {"path": "\udcff.npy"}, None, VIEW)))
    assert run.asked == {"path": "\udcff.npy"}


def test_what_cannot_be_saved_is_refused_and_nothing_is_written(tmp_path: Path, golden: Golden) -> None:
    endless: list[Any] = []
    endless.append(endless)
    for results in (10**5000, endless):
        with golden.raises(DataError, match="'analyse'"):
            saved(tmp_path, Run("analyse", {}, results, VIEW))
    assert not list(tmp_path.iterdir())


def test_runs_of_something_else_than_a_view_are_refused(golden: Golden) -> None:
    with golden.raises(NotationError, match="view = 3"):
        Run("analyse", {}, None, 3)  # type: ignore[arg-type]
    with golden.raises(NotationError, match="asked = 3"):
        Run("analyse", 3, None, VIEW)  # type: ignore[arg-type]
    assert Run("analyse", {}, None, ERRORS).view == View((ERRORS,))  # type: ignore[arg-type]
