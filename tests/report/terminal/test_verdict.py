"""What is said of matrices, in words: every kind of verdict once."""

from __future__ import annotations

import json
from typing import Any

import ml_dtypes
import pytest
from sympy import Rational

import wincook as wc
from wincook.construct.rescale.named import rescale
from wincook.interchange.read.sets.reading import Reading
from wincook.report.data.plain.verdict import plain_verdict
from wincook.report.terminal.verdict import verdict_text

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0]
F63 = wc.algorithm("F(6,3)", "0, ±1, ±2, ±1/2, ∞").axes[0]


def reading(axis: wc.Transforms) -> Reading:
    return Reading(axis, (("AT", "AT"), ("G", "G"), ("BT", "BT")))


def said(axis: wc.Transforms) -> list[str]:
    return [line.strip() for line in verdict_text(reading(axis), wc.judge(axis)).splitlines()]


def plain(axis: wc.Transforms) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(json.dumps(plain_verdict(reading(axis), wc.judge(axis))))
    return data


def with_entries(axis: wc.Transforms, *changes: tuple[str, int, int, Any]) -> wc.Transforms:
    matrices: dict[str, Any] = {name: getattr(axis, name).as_mutable() for name in ("AT", "G", "BT")}
    for name, row, column, value in changes:
        matrices[name][row, column] = value
    return wc.Transforms(**{name: matrix.as_immutable() for name, matrix in matrices.items()})


def signs(*products: int) -> list[int]:
    return [-1 if k in products else 1 for k in range(6)]


SAME = "the same as F(4,3) on {0, ±1, ±2, ∞} with "


@pytest.mark.parametrize(
    ("axis", "words"),
    [
        (rescale(F43, signs(3), signs(3)), "product 3 scaled by -1 in G and BT"),
        (rescale(F43, signs(1, 3), signs()), "products 1 and 3 scaled by -1 in AT and G"),
        (rescale(F43, signs(3), signs(1)), "product 1 scaled by -1 in AT and BT; product 3 scaled by -1 in AT and G"),
        (rescale(F43, [24] * 6, [1] * 6), "every product scaled by 1/24 in AT, by 24 in G"),
        (wc.Transforms(F43.AT, 24 * F43.G, F43.BT), "every product scaled by 24 in G"),
        (rescale(F43, [1, 2, 3, 4, 5, 6], [1] * 6), "5 of 6 products scaled (--json lists how)"),
    ],
    ids=["one", "two alike", "two kinds", "all", "the whole", "many"],
)
def test_scalings_of_right_sets_are_told(axis: wc.Transforms, words: str) -> None:
    head, line = said(axis)
    assert "on {0, ±1, ±2, ∞}: a correlation" in head
    assert line == SAME + words


def test_a_set_as_wincook_makes_it_has_one_line() -> None:
    assert said(F43) == [
        "F(4,3) with 6 multiplications, on {0, ±1, ±2, ∞}: a correlation; 72 sums hold exactly",
    ]
    assert plain(F43)["scalings"] == []
    assert plain(rescale(F43, signs(3), signs(3)))["scalings"] == [{"product": 3, "AT": "1", "G": "-1", "BT": "-1"}]


def test_two_mistakes_in_two_matrices_are_both_told() -> None:
    lines = said(with_entries(F63, ("BT", 0, 4, -F63.BT[0, 4]), ("AT", 5, 7, 0)))
    assert lines[0] == "not the correlation F(6,3): 5 of 144 sums are wrong"
    assert lines[5:] == [
        "the rows of products 0 and 7 are inconsistent",
        "AT[5,7] is 0; 1 would make it right",
        f"BT[0,4] is {-F63.BT[0, 4]}; {F63.BT[0, 4]} would make it right",
    ]


def test_equally_small_repairs_are_said_to_be_that() -> None:
    lines = said(with_entries(F43, ("G", 0, 0, 1)))
    assert "the rows of product 0 are inconsistent: times 1/4 they would be right" in lines
    place = lines.index("2 changes of 1 entry would each make all sums right:")
    assert lines[place + 1 : place + 4] == [
        "AT[0,0] is 1; 1/4 would make it right",
        "or:",
        "G[0,0] is 1; 1/4 would make it right",
    ]


def test_many_other_ways_are_counted() -> None:
    wrong = rescale(F43, signs(1, 3), signs())
    lines = said(wc.Transforms(F43.AT, wrong.G, F43.BT))
    assert "the rows of products 1 and 3 are inconsistent: times -1 and -1 they would be right" in lines
    assert lines[-1] == "or in 6 other ways (--json lists them)"


def test_a_rounded_set_is_told_as_such() -> None:
    def rounded(entry: Any) -> Any:
        return Rational(*float(ml_dtypes.bfloat16(float(entry))).as_integer_ratio())

    axis = wc.Transforms(*(matrix.applyfunc(rounded) for matrix in (F63.AT, F63.G, F63.BT)))
    assert said(axis)[0] == (
        "inexact: the correlation F(6,3) on {0, ±1, ±2, ±1/2, ∞}, rounded to bfloat16, "
        "but 54 of 144 sums are off, by up to 5.4e-03"
    )
    data = plain(axis)
    assert data["rounding"]["to"] == {"G": "bfloat16"}
    assert data["rounding"]["exact"]["G"][3] == [str(entry) for entry in F63.G.row(3)]
    assert plain(F63)["rounding"] is None


def test_what_nothing_small_explains_is_said_to_be_that() -> None:
    assert said(wc.Transforms(F43.AT, F43.G[[1, 3, 0, 2, 5, 4], :], F43.BT[::-1, :]))[-1] == (
        "no few entries, products or single matrix explain it"
    )
