from __future__ import annotations

from dataclasses import replace

from wincook.analysis.compare import candidates, compare
from wincook.report.data.csv import csv_text
from wincook.report.data.plain.comparison import plain_comparison
from wincook.report.figures.comparison import error_curves, front_chart
from wincook.report.tables.comparison import comparison_table

ROWS = compare(candidates(["F(4,3)", "F(2,3)", "F(3,5)"]), ["float32", "bfloat16"], samples=8)


def test_rivals_have_the_same_taps_and_format() -> None:
    groups = {dot.group for dot in front_chart(ROWS).dots}
    assert groups == {f"{fmt}, {taps} taps" for fmt in ("float32", "bfloat16") for taps in (3, 5)}
    assert {dot.group for dot in front_chart(ROWS[:4]).dots} == {"float32", "bfloat16"}
    assert [dot.measured for dot in front_chart(ROWS).dots if dot.speedup > 1] == [row.error for row in ROWS]


def test_what_has_no_error_has_no_dot() -> None:
    exact = compare(candidates(["F(2,3)"]), ["exact", "float16"])
    assert {dot.group for dot in front_chart(exact).dots} == {"float16"}


def test_curves_take_tiles_of_one_filter_in_order_of_m() -> None:
    (curve,) = error_curves(ROWS)
    assert [series.name for series in curve.series] == ["float32", "bfloat16"]
    assert curve.series[0].m == (2, 4)
    assert curve.series[0].predicted == (ROWS[2].predicted.relative_rms, ROWS[0].predicted.relative_rms)
    assert curve.series[0].measured == (ROWS[2].error, ROWS[0].error)
    twice = compare(candidates(["F(2,3)", "F(4,3)"], ["default", "0,±1,±2,inf"]))
    assert error_curves(twice) == ()


def test_an_error_that_is_not_finite_is_null() -> None:
    measured = ROWS[0].measured
    assert measured is not None
    lost = replace(ROWS[0], measured=replace(measured, relative_rms=float("inf"), overflows=3))
    (record,) = plain_comparison([lost])
    assert record["measured_relative_rms"] is None
    assert comparison_table([lost]).rows[-1][-2].text == f"3 of {measured.outputs}"


def test_no_rows_are_an_empty_table() -> None:
    assert comparison_table([]).rows == ()
    assert csv_text(comparison_table([])).startswith("algorithm,format,products,speed-up in products,")


def test_direct_convolution_has_a_row_for_each_kernel_size_and_format() -> None:
    records = comparison_table(ROWS).records()
    direct, rest = records[:4], records[4:]
    assert {(record["algorithm"], record["format"]) for record in direct} == {
        (f"direct convolution, {taps} taps", fmt) for fmt in ("float32", "bfloat16") for taps in (3, 5)
    }
    assert [(record["× direct"], record["speed-up in products"]) for record in direct] == [(1.0, 1.0)] * 4
    for row, record, data in zip(ROWS, rest, plain_comparison(ROWS), strict=True):
        assert record["× direct"] == row.error / row.direct.relative_rms == data["error_ratio"]
        assert record["speed-up in products"] == row.algorithm.speedup
    dots = [dot.predicted for dot in front_chart(ROWS).dots if dot.speedup == 1.0]
    assert sorted(dots) == sorted(record["predicted"] for record in direct)
