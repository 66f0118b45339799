"""Points as users give them: one set for all axes, or one for each."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import AtlasEntry, AtlasOf
from tests.golden import Golden
from wincook.construct.make.points_per_axis import points_per_axis
from wincook.errors import FormatError, NotationError, PointsError, ShapeError
from wincook.points import Points

F23, F24 = Points.parse("0, ±1, ∞"), Points.parse("0, ±1, 1/2, ∞")


@pytest.mark.parametrize(
    "given", [F23, "0, ±1, ∞", [0, 1, -1, "inf"], ("0", "1", "-1", "∞"), ["0", "±1", "∞"]], ids=str
)
def test_one_set_serves_every_axis(given: Any) -> None:
    assert points_per_axis("F(2x2,3x3)", given) == (F23, F23)
    assert points_per_axis("F(2,3)", given) == (F23,)


def test_as_many_points_as_axes_are_one_set_unless_each_is_a_set() -> None:
    two = Points.parse("0, ∞")
    assert points_per_axis("F(1x1,2x2)", [0, "inf"]) == (two, two)
    assert points_per_axis("F(1x1,2x2)", ["0, ∞", "0, ∞"]) == (two, two)
    assert points_per_axis("F(1,1)", ["∞"]) == (Points.parse("∞"),)
    assert points_per_axis("F(1,2)", [["0", "∞"]]) == (two,)
    assert points_per_axis("F(1,2)", ["0", "∞"]) == (two,)


@pytest.mark.parametrize(
    "given", ["0, ±1, ∞; 0, ±1, 1/2, ∞", ["0, ±1, ∞", "0, ±1, 1/2, ∞"], [F23, F24], ([0, 1, -1, "inf"], F24)], ids=str
)
def test_each_axis_may_have_its_own(given: Any) -> None:
    assert points_per_axis("F(2x3,3x3)", given) == (F23, F24)


def test_none_takes_those_of_the_atlas(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    narrow, rich = "0, ±1/2, ∞", "0, x^2+1, ∞"
    atlas_of(
        atlas_entry("F(2x2,3x3)", "0, ±1, ∞"),
        atlas_entry("F(2x2,3x3)", narrow, format="float16"),
        atlas_entry("F(2x2,3x3)", rich, extra=1),
    )
    assert points_per_axis("F(2x4,3x3)", None) == (F23, Points.default(6))
    assert points_per_axis("F(2x2,3x3)", None, "fp16") == (Points.parse(narrow),) * 2
    assert points_per_axis("F(2x2,3x3)", None, extra=1) == (Points.parse(rich),) * 2


@pytest.mark.parametrize("asked", [{"format": "float16"}, {"extra": 1}, {"format": "float16", "extra": 2}], ids=str)
def test_points_are_not_both_given_and_asked_for(asked: dict[str, Any], golden: Golden) -> None:
    with golden.raises(PointsError, match="points of the atlas"):
        points_per_axis("F(2x2,3x3)", F23, **asked)
    assert points_per_axis("F(2x2,3x3)", F23, "fp32", 0) == (F23, F23)


@pytest.mark.parametrize("given", [None, F23])
def test_wrong_formats_and_products_are_refused(given: Any) -> None:
    with pytest.raises(FormatError):
        points_per_axis("F(2x2,3x3)", given, "float17")
    with pytest.raises(ShapeError):
        points_per_axis("F(2x2,3x3)", given, extra=-1)


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ("0, 1, ∞; 0, 1, ∞; 0, 1, ∞", PointsError, "has 2 axes, but 3 point sets were given"),
        ([F23], PointsError, "has 2 axes, but 1 point sets were given"),
        (3, PointsError, "points = 3 must be a sequence"),
        ("0, one; 0, 1", NotationError, "'one'"),
    ],
)
def test_sets_that_do_not_fit_are_refused(given: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        points_per_axis("F(2x2,3x3)", given)
