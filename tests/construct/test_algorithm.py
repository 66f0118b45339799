"""`algorithm`: which points go to which axis."""

import pytest

from tests.golden import Golden
from wincook.atlas import points_for
from wincook.construct import algorithm, toom_cook
from wincook.errors import NotationError, PointsError
from wincook.points import Points
from wincook.tile import Tile


def test_one_point_set_serves_every_axis() -> None:
    f43 = algorithm("F(4x4,3x3)", points="0, ±1, ±2, ∞")
    axis = toom_cook(Tile((4,), (3,)), Points.parse("0, ±1, ±2, ∞"))
    assert f43.axes == (axis, axis)
    assert f43.points == (Points.parse("0, ±1, ±2, ∞"),) * 2


@pytest.mark.parametrize(
    "points",
    ["0, ±1, ∞; 0, ±1, ±2, ∞", ["0, ±1, ∞", "0, ±1, ±2, ∞"], (Points.parse("0, ±1, ∞"), "0, ±1, ±2, inf")],
)
def test_a_sequence_or_semicolons_give_each_axis_its_own(points: str | list[Points | str]) -> None:
    nested = algorithm("F(2x4,3x3)", points)
    assert nested.points == (Points.parse("0, ±1, ∞"), Points.parse("0, ±1, ±2, ∞"))
    assert nested.axes == tuple(toom_cook(t, p) for t, p in zip(nested.tile.axes, nested.points, strict=True))


def test_without_points_each_axis_takes_the_default_of_its_size() -> None:
    nested = algorithm(Tile((2, 6), (3, 1)))
    assert nested.points == points_for(nested.tile)
    assert [points.degree for points in nested.points] == [4, 6]


@pytest.mark.parametrize("tile", ["F(1,1)", "F(1,5)", "F(7,1)", "F(14,3)", "F(2x3,3x2)", "F(2x3x4,3x1x2)"])
def test_defaults_give_a_proven_algorithm(tile: str) -> None:
    assert algorithm(tile).verify().tile == Tile.parse(tile)


def test_counts_are_those_of_the_textbook() -> None:
    f43 = algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")
    assert f43.multiplications == 36
    assert f43.speedup == 4.0
    assert algorithm("F(2x2x2,3x3x3)").multiplications == 64
    assert algorithm("F(2,3)").speedup == 1.5


def test_an_algorithm_prints_tile_points_and_multiplications() -> None:
    assert str(algorithm("F(2x2,3x3)", "0, ±1, inf")) == "F(2x2,3x3) on {0, ±1, ∞}, 16 multiplications"
    mixed = algorithm("F(2x1,3x3)", "0, ±1, ∞; 0, 1, ∞")
    assert str(mixed) == "F(2x1,3x3) on {0, ±1, ∞; 0, 1, ∞}, 12 multiplications"


@pytest.mark.parametrize("points", ["0, ±1, ∞; 0, ±1, ∞; 0, ±1, ∞", ["0, ±1, ∞"], []])
def test_a_wrong_number_of_sets_is_refused(points: str | list[str], golden: Golden) -> None:
    with golden.raises(PointsError, match=r"F\(2x2,3x3\).*2"):
        algorithm("F(2x2,3x3)", points)


def test_a_set_that_fits_only_one_axis_is_refused(golden: Golden) -> None:
    with golden.raises(PointsError, match=r"F\(4,3\).*6"):
        algorithm("F(2x4,3x3)", "0, ±1, ∞")


def test_bad_notation_comes_through() -> None:
    with pytest.raises(NotationError):
        algorithm("F(2,3", "0, ±1, ∞")
    with pytest.raises(NotationError):
        algorithm("F(2,3)", "0, ±1, nothing")
