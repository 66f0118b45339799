from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from tests.golden import Golden
from wincook.errors import NotationError, WincookError
from wincook.report.table import Cell, Table, View, decoration, grid, number, remark, table, words

ERRORS = table(
    "errors",
    "Errors",
    [
        words("algorithm", grouped=True),
        words("format"),
        number("RMS", fields=("RMS", "low"), show=lambda a, _: f"{a:.2g}"),
    ],
    [("F(4,3)", "float16", (0.123456, 0.1)), ("F(4,3)", "float32", None), ("F(2,3)", "float16", (1.0, 0.5))],
)


def texts(shown: object) -> list[list[str]]:
    return [[cell.text for cell in row] for row in shown.rows]  # type: ignore[attr-defined]


def test_texts_are_rounded_and_values_are_not() -> None:
    assert texts(ERRORS) == [["F(4,3)", "float16", "0.12"], ["", "float32", ""], ["F(2,3)", "float16", "1"]]
    assert ERRORS.fields == ("algorithm", "format", "RMS", "low")
    assert list(ERRORS.values) == [
        ("F(4,3)", "float16", 0.123456, 0.1),
        ("F(4,3)", "float32", None, None),
        ("F(2,3)", "float16", 1.0, 0.5),
    ]


def test_a_group_ends_where_one_on_its_left_ends() -> None:
    columns = [words("table", grouped=True), words("row", grouped=True), words("figure")]
    rows = [("a", "x", "1"), ("a", "x", "2"), ("b", "x", "1"), ("b", "y", "2")]
    shown = texts(table("changes", "Changes", columns, rows))
    assert shown == [["a", "x", "1"], ["", "", "2"], ["b", "x", "1"], ["", "y", "2"]]


def test_a_decoration_has_no_values() -> None:
    bars = table("bars", "Bars", [words("a"), decoration()], [("x", Cell("███", ()))])
    assert bars.records() == [{"a": "x"}]
    assert texts(bars) == [["x", "███"]]


def test_a_grid_numbers_its_columns() -> None:
    matrix = grid("AT", "AT (1×2)", [[Fraction(1, 3), 2]])
    assert matrix.records() == [{"0": Fraction(1, 3), "1": 2}]
    assert not matrix.headed


def test_data_put_together_what_stands_in_two_tables_for_the_eye() -> None:
    first, second = (
        table("kappa", name, [words("matrix"), number("κ₂")], [("AT", 1.5), ("G", kappa)], caption=name, algorithm=name)
        for name, kappa in (("F(2,3)", 2.0), ("F(4,3)", 3.0))
    )
    view = View((first, "", second, ERRORS))
    joined, errors = view.data
    assert joined.records() == [
        {"algorithm": "F(2,3)", "matrix": "AT", "κ₂": 1.5},
        {"algorithm": "F(2,3)", "matrix": "G", "κ₂": 2.0},
        {"algorithm": "F(4,3)", "matrix": "AT", "κ₂": 1.5},
        {"algorithm": "F(4,3)", "matrix": "G", "κ₂": 3.0},
    ]
    assert (joined.title, joined.caption) == ("F(2,3)\nF(4,3)", "F(2,3)\nF(4,3)")
    assert errors == ERRORS
    assert view.tables == (first, second, ERRORS)


def test_records_of_a_view_are_known_by_the_keys_that_all_tables_have() -> None:
    ranges = table("ranges", "Ranges", [words("format"), number("largest")], [("float16", 65504)])
    costs = table("costs", "Costs", [words("format"), words("stage"), remark("bits")], [("float16", "U", 16)])
    assert View((ranges, costs)).records() == [{"format": "float16", "largest": 65504, "stage": "U", "bits": 16}]
    assert View(("words",)).records() == []


@pytest.mark.parametrize(
    "rows",
    [
        ((1,),),
        ((Cell("1", (1,)), Cell("2", (2,))),),
        ((Cell("1", (1, 2)),),),
    ],
)
def test_rows_that_do_not_fit_the_columns_are_refused(
    rows: Any,
    golden: Golden,
) -> None:
    with golden.raises(WincookError):
        Table("errors", "Errors", (number("RMS"),), rows)


def test_views_hold_tables_headings_and_texts_alone(golden: Golden) -> None:
    with golden.raises(NotationError, match=r"parts\[1\] = 3"):
        View(("text", 3))  # type: ignore[arg-type]
    with golden.raises(NotationError, match="view = 'text'"):
        View.of("text")  # type: ignore[arg-type]
