from __future__ import annotations

from dataclasses import replace
from math import nan
from typing import Any

from tests.golden import Golden
from tests.near import near
from wincook.errors import DataError
from wincook.report.data.difference import difference
from wincook.report.data.run import Run
from wincook.report.table import View, grid, number, table, words
from wincook.report.terminal.layout import Layout

ROWS = [("F(2,3)", "float32", 0.1, nan, 3), ("F(4,3)", "float32", 0.2, 1.0, 4), ("F(4,3)", "float16", 0.3, 1.0, None)]


def run(rows: list[Any], **asked: Any) -> Run:
    columns = [words("algorithm"), words("format"), number("RMS"), number("max"), number("products", "d")]
    errors = table("errors", f"Errors: {asked}", columns, rows)
    return Run("analyse", {"channels": 1, **asked}, [], View((errors, "words")), "0.1.0")


def test_changes_are_told_with_how_much_they_are() -> None:
    after = [
        ("F(2,3)", "float32", 0.1, nan, 3),
        ("F(4,3)", "float32", 0.3, 100.0, 4),
        ("F(4,3)", "float16", 0.3, 1.0, 5),
    ]
    view = difference(run(ROWS), run(after))
    (changes,) = view.tables
    assert changes.records() == [
        {
            "table": "errors",
            "row": "F(4,3), float32",
            "figure": "RMS",
            "before": 0.2,
            "after": 0.3,
            "change": 0.3 - 0.2,
            "relative change": near(0.5),
        },
        {
            "table": "errors",
            "row": "F(4,3), float32",
            "figure": "max",
            "before": 1.0,
            "after": 100.0,
            "change": 99.0,
            "relative change": 99.0,
        },
        {
            "table": "errors",
            "row": "F(4,3), float16",
            "figure": "products",
            "before": None,
            "after": 5,
            "change": None,
            "relative change": None,
        },
    ]
    text = Layout().text(view)
    assert "+0.1 (+50.0%)" in text
    assert "+99 (times 100)" in text
    assert "3 of 9 figures changed." in text
    assert "Only" not in text


def test_a_run_is_like_itself() -> None:
    view = difference(run(ROWS), run(ROWS))
    assert view.tables[0].rows == ()
    assert view.parts[1:] == ("0 of 9 figures changed.",)


def test_what_is_only_in_one_run_is_named() -> None:
    view = difference(run(ROWS[:2]), run([*ROWS[1:], ("F(6,3)", "float16", 1.0, 1.0, 8)]))
    assert view.parts[2:] == (
        "Only before: F(2,3), float32 (in errors).",
        "Only after: F(4,3), float16 (in errors).",
        "Only after: F(6,3), float16 (in errors).",
    )


def test_what_was_asked_otherwise_is_told() -> None:
    view = difference(run(ROWS), replace(run(ROWS, channels=16, formats=["float16"]), version="0.2.0"))
    assert view.parts[2:] == (
        "Asked otherwise: version was 0.1.0, is 0.2.0.",
        "Asked otherwise: channels was 1, is 16.",
        "Asked otherwise: formats was not given, is float16.",
    )


def test_rows_without_names_are_known_by_their_number() -> None:
    before, after = (
        Run("show", {}, {}, View((grid("AT", "AT", [["1", "1"], ["0", entry]]),))) for entry in ("1/2", "1/3")
    )
    (record,) = difference(before, after).tables[0].records()
    assert (record["row"], record["figure"], record["before"], record["after"]) == ("row 2", "1", "1/2", "1/3")


def test_runs_of_two_commands_are_refused(golden: Golden) -> None:
    with golden.raises(DataError, match=r"'analyse'.*'show'"):
        difference(run(ROWS), Run("show", {}, {}, View(())))
