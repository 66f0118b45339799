"""Iterated algorithms: a long convolution as a short one of blocks, each product of blocks again an algorithm.

With blocks of b taps, j = j1 + b j2, and b outputs, i = i1 + b i2, y[i] = Σ_j g[j] d[i + j] is a two-dimensional
correlation on D[l2, l1] = d[l1 + b l2], l1 < 2b - 1. So F(m,r) for blocks, nested with F(b,b), is F(bm, br) with

    AT = AT' ⊗ AT''      G = G' ⊗ G''      BT = (BT' ⊗ BT'') · (the windows of d).

Twice Karatsuba's F(2,2) takes 9 products for F(4,4), where the least is 7, but all its constants are 1 (Karatsuba and
Ofman, Soviet Physics Doklady 7 (1963); Nussbaumer 1982, section 3.3).
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

from sympy.polys.matrices import DomainMatrix

from wincook.arguments import instance, items, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.effort import check_products, check_tile
from wincook.construct.make.toom_cook import toom_cook
from wincook.errors import AlgorithmError, ShapeError
from wincook.exact.matrix import Rows, identity, kronecker, matrix, unit
from wincook.points import Points
from wincook.tile import Tile
from wincook.transforms import Factors, Transforms, in_one_field

_MOST_LEVELS = 31  # of at least two: no tile has more numbers


def iterated(tile: Tile | str, blocks: Sequence[int]) -> BilinearAlgorithm:
    """F(m,r) from nested short algorithms F(b,b) on default points, one for each block size, and F(m',r') outermost.

    Args:
        tile: F(m,r) in any number of axes; sizes that the blocks do not divide are filled up with zeros.
        blocks: b of each level, the innermost first; (2, 2, 2) is three levels of Karatsuba.

    Raises:
        ShapeError: a block below 2, or blocks larger than the filter or the outputs.

    >>> print(iterated("F(8,8)", (2, 2)))
    F(8,8), 27 multiplications
    """
    tile = Tile.of_unit_stride(tile, "are iterated")
    blocks = tuple(
        whole_number("a block", block, 2) for block in items("blocks", blocks, "(2, 2), the innermost first")
    )
    if not blocks:
        raise ShapeError("there are no blocks; give block sizes of at least 2, the innermost first")
    return BilinearAlgorithm(tile, (), tuple(_iterated_axis(axis, blocks) for axis in tile.axes))


def iterate(outer: Transforms, inner: Transforms) -> Transforms:
    """F(m,r) of blocks of size b, nested with F(b,b): together F(bm, br).

    Raises:
        AlgorithmError: no matrices, or the inner algorithm does not have as many outputs as taps.
    """
    outer, inner = (
        instance(name, axis, Transforms, "give Transforms(AT, G, BT)", AlgorithmError)
        for name, axis in (("outer", outer), ("inner", inner))
    )
    m, r, b = outer.AT.rows, outer.G.cols, inner.AT.rows
    for axis in (outer, inner):
        Tile.of_unit_stride(axis.tile, "are iterated")
    if inner.G.cols != b:
        raise AlgorithmError(f"the inner algorithm of an iterated one is F(b,b), not {inner.tile}")
    width, blocks = 2 * b - 1, m + r - 1
    AT, inner_AT, G, inner_G, BT, inner_BT = in_one_field(outer.AT, inner.AT, outer.G, inner.G, outer.BT, inner.BT)
    field = AT.domain
    windows = [unit(l1 + b * l2, b * (blocks + 1) - 1, field) for l2 in range(blocks) for l1 in range(width)]

    def along_axes(of_blocks: DomainMatrix, in_block: DomainMatrix) -> list[Rows]:
        """The one along the blocks first, then the other within them."""
        within = kronecker(identity(of_blocks.shape[0], field), in_block.to_list())
        return [within, kronecker(of_blocks.to_list(), identity(in_block.shape[1], field))]

    def matrices(factors: list[Rows]) -> Factors:
        return tuple(matrix(rows, len(rows[0]), field) for rows in factors)

    # AT is applied last, so its blocks are put together after they are made.
    A_factors = matrices(along_axes(AT.transpose(), inner_AT.transpose()))
    return Transforms.of_factors(
        tuple(factor.T for factor in reversed(A_factors)),
        matrices(along_axes(G, inner_G)),
        matrices([*along_axes(BT, inner_BT), windows]),
    )


def truncated(axis: Transforms, tile: Tile) -> Transforms:
    """The first outputs and taps of a larger algorithm; inputs and products that no longer take part are left out.

    Raises:
        AlgorithmError: no matrices, or those of a smaller tile.
        NotationError: no tile, or one of several axes.
    """
    axis = instance("axis", axis, Transforms, "give Transforms(AT, G, BT)", AlgorithmError)
    tile = Tile.of_unit_stride(Tile.of_one_axis(tile), "are cut from larger ones")
    if tile.outputs > axis.tile.outputs or tile.taps > axis.tile.taps:
        raise AlgorithmError(f"{axis.tile} is no larger than {tile}, and cannot be cut to it")
    m, r, n = (list(range(size)) for (size,) in (tile.outputs, tile.taps, tile.inputs))
    AT, G = axis.AT[: len(m), :], axis.G[:, : len(r)]
    used = [k for k in range(axis.multiplications) if any(AT[:, k]) and any(G[k, :])]
    return Transforms.of_factors(
        _extract(axis.AT_factors or (axis.AT,), m, used),
        _extract(axis.G_factors or (axis.G,), used, r),
        _extract(axis.BT_factors or (axis.BT,), used, n),
    )


def _extract(factors: Factors, rows: list[int], columns: list[int]) -> Factors:
    """Rows and columns of a product: rows of its first factor, columns of its last."""
    first, *rest = factors
    left = (first.extract(rows, list(range(first.cols))), *rest)
    return (*left[:-1], left[-1].extract(list(range(left[-1].rows)), columns))


def _iterated_axis(tile: Tile, blocks: Sequence[int]) -> Transforms:
    (m,), (r,) = tile.outputs, tile.taps
    if len(blocks) > _MOST_LEVELS:
        raise ShapeError(f"{len(blocks)} levels of blocks are more than {tile} has numbers; give fewer")
    step = prod(blocks)
    if step > max(m, r):
        raise ShapeError(f"blocks {tuple(blocks)} hold {step} numbers, more than {tile} has; give fewer or smaller")
    outermost = Tile((-(-m // step),), (-(-r // step),))
    check_tile(outermost)
    check_products(tile, prod(2 * b - 1 for b in blocks) * outermost.inputs[0])
    axis = toom_cook(outermost, Points.default(outermost.inputs[0]))
    for b in reversed(blocks):
        axis = iterate(axis, toom_cook(Tile((b,), (b,)), Points.default(2 * b - 1)))
    return truncated(axis, tile)
