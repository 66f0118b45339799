"""One set of points for every axis, from what users give: one for all, one for each, or none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wincook.arguments import is_sequence, items, whole_number
from wincook.atlas.lookup import points_for
from wincook.construct.effort import check_sets, check_tile
from wincook.errors import PointsError, quoted
from wincook.formats import FLOAT32, Format
from wincook.points import Points
from wincook.precision import Precision
from wincook.tile import Tile

Given = Points | str | Sequence[Any] | Iterable[Any] | None
"""Points, text, a list of points, or a list of sets, one per axis, each of these kinds."""


def points_per_axis(
    tile: Tile | str, given: Given, format: Precision | Format | str = "float32", extra: int = 0
) -> tuple[Points, ...]:
    """The points of each axis.

    Args:
        tile: in any number of axes.
        given: a set for every axis alike, as `Points`, text or a list of points; or one per axis, in text parted by
            `;`. In a list of texts each is a set, if there are as many as axes. None takes those of the atlas.
        format: what the points of the atlas are for: a format of all stages, or a policy.
        extra: products of these points beyond m + r - 1 on each axis.

    Raises:
        PointsError: too many or too few sets, or points that are none; a format or extra products beside points that
            are given; so many extra products that the atlas has no points.
        FormatError: an unknown format.
        NotationError: text that cannot be read.
        LimitError: a tile that would take too long, or a field in which it does.

    >>> [str(points) for points in points_per_axis(Tile.parse("F(1x2,2x3)"), "0, ∞; 0, ±1, ∞")]
    ['0, ∞', '0, ±1, ∞']
    """
    tile = Tile.of_unit_stride(tile, "take points along each axis")
    check_tile(tile)
    if given is None:
        sets = points_for(tile, format, extra)
    else:
        sets = sets_per_axis(tile, given)
        _check_unasked(given, format, extra)
    check_sets(tile, sets)
    return sets


def sets_per_axis(tile: Tile | str, given: Any) -> tuple[Points, ...]:
    """The sets that are given, one for each axis; how long a construction on them takes is not asked.

    Raises:
        PointsError: too many or too few sets, or points that are none.
        NotationError: text that cannot be read.
    """
    tile = Tile.of_unit_stride(tile, "take points along each axis")
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


def _check_unasked(given: Any, format: Precision | Format | str, extra: int) -> None:
    """See that the atlas is asked for nothing where points are given."""
    precision, extra = Precision.of(format), whole_number("extra", extra, 0)
    if extra or precision != Precision.uniform(FLOAT32):
        asked = f"extra = {extra}" if extra else f"format = {precision}"
        raise PointsError(f"{asked} asks for points of the atlas, but points {quoted(given)} are given; leave one out")
