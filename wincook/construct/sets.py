"""One set of points for every axis, from what users give: one for all, one for each, or none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from wincook.arguments import items
from wincook.errors import PointsError
from wincook.points import Points
from wincook.tile import Tile

Given = Points | str | Sequence[Points | str] | None


def points_per_axis(tile: Tile, given: Given, default: Callable[[int], Points] = Points.default) -> tuple[Points, ...]:
    """The points of each axis.

    Args:
        tile: in any number of axes.
        given: a set for every axis alike, or one per axis; in text these are parted by `;`. None takes the default.
        default: of how many points.

    Raises:
        PointsError: too many or too few sets.

    >>> [str(points) for points in points_per_axis(Tile.parse("F(1x2,2x3)"), "0, ∞; 0, ±1, ∞")]
    ['0, ∞', '0, ±1, ∞']
    """
    if given is None:
        return tuple(default(n) for n in tile.inputs)
    if isinstance(given, str) and ";" in given:
        given = given.split(";")
    if isinstance(given, (Points, str)):
        return (Points.of(given),) * tile.dimension
    given = items("points", given, "('0, ∞', '0, ±1, ∞'), a set for each axis", PointsError)
    if len(given) != tile.dimension:
        raise PointsError(f"{tile} has {tile.dimension} axes, but {len(given)} point sets were given")
    return tuple(Points.of(chosen) for chosen in given)
