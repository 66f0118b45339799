"""Long filters as sums of short ones: y[i] = Σ_q Σ_J w[q + J] x[i + q + J], over the first taps q of the sub-kernels.

F(m,r) needs m + r - 1 products a tile, and its error grows quickly with m + r - 1; so beyond some size it is better to
add up sub-kernels (Huang et al., arXiv 2002.00552). In t sub-kernels, r taps need r + t (m - 1) products
a tile. Where the cost of a tile is the product of the costs of its axes, as with multiplications, the sum over all
pairs of sub-kernels is the product of the sums per axis: each axis can be split by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product
from math import inf, isfinite

from wincook.arguments import whole_number
from wincook.ceiling import check_work
from wincook.errors import ShapeError
from wincook.layers.lattice import Piece
from wincook.layers.reduction import Reduction, reduction_of
from wincook.layers.sizes import PerAxis, per_axis
from wincook.tile import Tile

_PER_CHOICE = 30  # operations, as `ceiling` counts them
_MOST_INPUTS = 8  # as for the kernels: beyond, float32 loses two digits and more


def multiplications(tile: Tile) -> float:
    """The cost of a one-dimensional tile: m + r - 1, and infinite beyond 8 inputs, where float32 loses digits."""
    (inputs,) = tile.inputs
    return inputs if inputs <= _MOST_INPUTS else inf


def split(reduction: Reduction, outputs: PerAxis, cost: Callable[[Tile], float] = multiplications) -> Reduction:
    """Split the filters of all parts into the sub-kernels that cost least.

    Args:
        reduction: of any layer.
        outputs: m of the tiles that are to compute it, one number or one per axis.
        cost: of a one-dimensional tile; infinite where there shall be none.

    Raises:
        ShapeError: no reduction, numbers that are not whole, or no sub-kernel with a finite cost.
    """
    reduction = reduction_of(reduction)
    m = per_axis("outputs", outputs, reduction.layer.dimension)
    parts = (
        replace(part, axes=axes)
        for part in reduction.parts
        for axes in product(*(_split_piece(piece, m_, cost) for piece, m_ in zip(part.axes, m, strict=True)))
    )
    return replace(reduction, parts=tuple(parts))


def split_taps(taps: int, outputs: int, cost: Callable[[Tile], float] = multiplications) -> tuple[int, ...]:
    """The numbers of taps, longest first, whose tiles F(outputs, ·) cost least in sum; of equals, the most even.

    >>> split_taps(7, outputs=4), split_taps(7, outputs=2)
    ((4, 3), (7,))

    Raises:
        ShapeError: numbers that are not whole, more taps than can be split in a minute, or no sub-kernel with a
            finite cost.
    """
    taps, outputs = whole_number("taps", taps), whole_number("outputs", outputs)
    check_work(f"{taps} taps in sub-kernels", _PER_CHOICE * taps**2, error=ShapeError)
    prices = {r: cost(Tile((outputs,), (r,))) for r in range(1, taps + 1)}
    best: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for total in range(1, taps + 1):
        choices = [
            (best[total - r][0] + price, tuple(sorted((*best[total - r][1], r), reverse=True)))
            for r, price in prices.items()
            if r <= total
        ]
        best.append(min(choices, key=lambda choice: (choice[0], len(choice[1]), choice[1])))
    if not isfinite(best[taps][0]):
        raise ShapeError(
            f"{taps} taps cannot be split into tiles F({outputs},r) of finite cost; take fewer outputs, or another cost"
        )
    return best[taps][1]


def _split_piece(piece: Piece, outputs: int, cost: Callable[[Tile], float]) -> tuple[Piece, ...]:
    first, parts = 0, []
    for number in split_taps(len(piece.w), outputs, cost):
        parts.append(piece.taps(first, number))
        first += number
    return tuple(parts)
