"""From a tile and its points to an exact algorithm."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.bilinear import BilinearAlgorithm
from wincook.construct.crt import toom_cook
from wincook.errors import PointsError
from wincook.points import Points
from wincook.tile import Tile

__all__ = ["algorithm", "toom_cook"]


def algorithm(tile: Tile | str, points: Points | str | Sequence[Points | str] | None = None) -> BilinearAlgorithm:
    """The Toom-Cook algorithm of a tile, one axis nested in the other.

    Args:
        tile: `F(m,r)` in one or more dimensions.
        points: m + r - 1 points for every axis alike; or a sequence of sets, one per axis (in text, sets may
            be parted by `;`). Left out, each axis takes `Points.default`.

    Raises:
        NotationError: the tile or a point cannot be read.
        PointsError: repeated points, or a number that does not fit an axis.

    >>> f43 = algorithm("F(4x4,3x3)", points="0, ±1, ±2, ∞")
    >>> f43.multiplications, f43.tile.direct_multiplications
    (36, 144)
    >>> print(f43.verify())
    F(4x4,3x3) with 36 multiplications: 144 identities hold exactly
    """
    tile = Tile.of(tile)
    sets = _points_per_axis(tile, points)
    return BilinearAlgorithm(
        tile, sets, tuple(toom_cook(axis, chosen) for axis, chosen in zip(tile.axes, sets, strict=True))
    )


def _points_per_axis(tile: Tile, points: Points | str | Sequence[Points | str] | None) -> tuple[Points, ...]:
    if points is None:
        return tuple(Points.default(n) for n in tile.inputs)
    if isinstance(points, str) and ";" in points:
        points = points.split(";")
    if isinstance(points, (Points, str)):
        return (Points.of(points),) * tile.dimension
    if len(points) != tile.dimension:
        raise PointsError(f"{tile} has {tile.dimension} axes, but {len(points)} point sets were given")
    return tuple(Points.of(chosen) for chosen in points)
