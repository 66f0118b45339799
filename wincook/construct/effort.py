"""How many operations a construction takes, counted from sizes alone, and held against the ceiling.

The constants are measured. A residue of x^i is one division step after another, so that the parts of a tile take
n (m² + r²) / 2 of them. The proof is counted too, m r n² products for n points: what cannot be proven need not be made.
The matrices of joint and iterated sets are products, multiplied out.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from wincook.arguments import items, real_number, whole_number
from wincook.ceiling import check_work
from wincook.errors import PointsError
from wincook.points import Points
from wincook.tile import Tile

_STEP, _ENTRY, _BYTES = 20, 2, 400
_MOST = 10**60  # multiplications; no tile has more


def check_tile(tile: Tile, times: int = 1) -> None:
    """See that a tile can be constructed and proven on fractions, before as many points are made.

    Raises:
        LimitError: it would take too long.
    """
    tile, times = Tile.of(tile), whole_number("times", times)
    check_work(f"{tile}", times * sum(map(_steps, tile.axes)))


def check_sets(tile: Tile, sets: Sequence[Points]) -> None:
    """See that a tile can be constructed on its points.

    Raises:
        LimitError: it would take too long, in a field of many roots or symbols.
        PointsError: not one set of points for each axis.
    """
    tile = Tile.of(tile)
    sets = [Points.of(points) for points in items("sets", sets, "one set of points for each axis", PointsError)]
    if len(sets) != tile.dimension:
        raise PointsError(f"{tile} has {tile.dimension} axes, but {len(sets)} point sets were given")
    work = sum(
        _steps(axis) * points.weight + 3 * points.conversion for axis, points in zip(tile.axes, sets, strict=True)
    )
    check_work(f"{tile} on these points", work)


def check_products(tile: Tile, multiplications: int) -> None:
    """See that the matrices of an axis with so many products can be multiplied out and proven.

    Raises:
        LimitError: it would take too long, or too much memory.
    """
    tile, multiplications = Tile.of_one_axis(tile), whole_number("multiplications", multiplications, most=_MOST)
    (m,), (r,), (n,) = tile.outputs, tile.taps, tile.inputs
    memory = _BYTES * multiplications * (m + r + n)
    check_work(f"{tile} in {multiplications} multiplications", multiplications * m * r * n, memory)


def check_joint(tile: Tile, multiplications: int, weight: float = 1) -> None:
    """See that the matrices of a set for all axes can be multiplied out.

    Raises:
        LimitError: it would take too long, or too much memory.
    """
    tile, multiplications = Tile.of(tile), whole_number("multiplications", multiplications, most=_MOST)
    weight = real_number("weight", weight, least=1)
    rows, columns = max(multiplications, prod(tile.inputs)), prod(tile.inputs)
    check_work(f"the joint set of {tile}", _ENTRY * weight * rows * columns**2, _BYTES * rows * columns)


def _steps(axis: Tile) -> float:
    (m,), (r,), (n,) = axis.outputs, axis.taps, axis.inputs
    return _STEP * n * (m * m + r * r + n) / 2 + m * r * n * n
