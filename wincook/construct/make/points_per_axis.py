"""One set of points for every axis, from what users give: one for all, one for each, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wincook.arguments import is_sequence, items
from wincook.construct.effort import check_sets, check_tile
from wincook.errors import PointsError
from wincook.points import Points
from wincook.tile import Tile

Given = Points | str | Sequence[Any] | Iterable[Any] | None
"""Points, text, a list of points, or a list of sets, one per axis, each of these kinds."""


def points_per_axis(tile: Tile | str, given: Given) -> tuple[Points, ...]:
    """The points of each axis.

    Args:
        tile: in any number of axes.
        given: a set for every axis alike, as `Points`, text or a list of points; or one per axis, in text parted by
            `;`. In a list of texts each is a set, if there are as many as axes. None takes `Points.default`.

    Raises:
        PointsError: too many or too few sets, or points that are none.
        NotationError: text that cannot be read.
        LimitError: a tile that would take too long, or a field in which it does.

    >>> [str(points) for points in points_per_axis(Tile.parse("F(1x2,2x3)"), "0, ∞; 0, ±1, ∞")]
    ['0, ∞', '0, ±1, ∞']
    """
    tile = Tile.of(tile)
    check_tile(tile)
    sets = tuple(map(Points.default, tile.inputs)) if given is None else sets_per_axis(tile, given)
    check_sets(tile, sets)
    return sets


def sets_per_axis(tile: Tile, given: Any) -> tuple[Points, ...]:
    """The sets that are given, one for each axis; how long a construction on them takes is not asked.

    Raises:
        PointsError: too many or too few sets, or points that are none.
        NotationError: text that cannot be read.
    """
    if isinstance(given, str) and ";" in given:
        given = given.split(";")
    elif isinstance(given, (Points, str)):
        return (Points.of(given),) * tile.dimension
    listed = items("points", given, "(0, 1, -1, 'inf'), or text such as '0, ±1, ∞'", PointsError)
    if not all(map(_may_be_set, listed)) or (tile.dimension == 1 and not any(map(_is_set, listed))):
        return (Points(listed),) * tile.dimension
    if len(listed) != tile.dimension:
        if listed and not any(map(_is_set, listed)):
            return (Points(listed),) * tile.dimension
        raise PointsError(f"{tile} has {tile.dimension} axes, but {len(listed)} point sets were given")
    return tuple(Points.of(chosen) for chosen in listed)


def _is_set(item: Any) -> bool:
    """Whether it is a set of points, and no point."""
    return isinstance(item, Points) or (isinstance(item, str) and "," in item) or is_sequence(item)


def _may_be_set(item: Any) -> bool:
    return isinstance(item, str) or _is_set(item)
