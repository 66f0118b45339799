from __future__ import annotations

from typing import Any

import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.family import Family
from wincook.errors import NotationError, PointsError

GROUP = Family.of("F(4,3)", "0, ±a, ±1/a, ∞")


def test_the_points_at_a_value_are_those_of_the_symbolic_algorithm() -> None:
    symbolic = wc.algorithm("F(4,3)", "0, ±a, ±1/a, ∞")
    for value in ("5/8", "√2/2", 3):
        assert GROUP.at({"a": value}).points == symbolic.at(a=value).points


def test_axes_may_have_symbols_of_their_own() -> None:
    family = Family.of("F(2x2,3x3)", "0, ±a, ∞; 0, ±1/b, ∞")
    assert family.symbols == ("a", "b")
    assert family.at({"b": 2}).symbols == ("a",)
    assert family.at({"a": 1, "b": 2}).name == "F(2x2,3x3) on {0, ±1, ∞; 0, ±1/2, ∞}"
    assert Family.of("F(2x2,3x3)", "0, ±a, ∞").at({"a": 1}).name == "F(2x2,3x3) on {0, ±1, ∞}"


def test_many_symbolic_points_are_no_more_work_than_others() -> None:
    """No algorithm is made of them: one on symbols would take too long."""
    points = "0, ±a, ±1/a, ±b, ±1/b, ±3a, ±3/a, ∞"
    with pytest.raises(wc.WincookError, match="ceiling"):
        wc.algorithm("F(12,3)", points)
    assert Family.of("F(12,3)", points).at({"a": "1/2", "b": "3/4"}).symbols == ()


def test_factors_have_symbols() -> None:
    family = Family.of("F(4,3)", "0, ±1, x^2+a, ∞")
    assert family.at({"a": 1}).point_names == "0, ±1, x^2+1, ∞"
    with pytest.raises(PointsError, match="reducible"):
        family.at({"a": -4})


@pytest.mark.parametrize(
    ("tile", "points", "error", "said"),
    [
        ("F(4;3)", "0, ±a, ∞", NotationError, r"F\(4;3\)"),
        ("F(4,3)", "0, ±a, ∞", PointsError, r"F\(4,3\) needs 6 .* not 4: 0, ±a, ∞"),
        ("F(2,3)", "0, ±e, ∞", NotationError, "±e"),
        ("F(2,3)", "0, a, a, ∞", PointsError, "a stands twice"),
        ("F(2x2,3x3)", "0, ±a, ∞; 0, ±a, ∞; 0, ±a, ∞", PointsError, "3"),
        ("F(2,3)", None, PointsError, "None"),
    ],
)
def test_bad_families_are_named(tile: str, points: Any, error: type[Exception], said: str, golden: Golden) -> None:
    with golden.raises(error, match=said):
        Family.of(tile, points)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"b": 1}, "'b'; it has a"),
        ({"a": 1}, "1 stands twice"),
        ({"a": 0}, "infinite"),
        ({"a": 0.1}, r"0\.1"),
    ],
)
def test_bad_values_are_named(values: dict[str, Any], said: str, golden: Golden) -> None:
    with golden.raises(PointsError, match=said):
        GROUP.at(values)


def test_a_family_without_symbols_says_so(golden: Golden) -> None:
    with golden.raises(PointsError, match="'a'"):
        Family.of("F(2,3)", "0, ±1, ∞").check_symbols(["a"])
