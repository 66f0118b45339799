"""What follows the sums of a block of outputs, and their way to y: residual, activation and pooling in registers.

With the channels last, the outputs of a square are vectors of their own. With the channels first they are lanes of
two rows, which are picked apart.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import LANES, LAYOUT, RESIDUAL, Y_FORMAT
from wincook.kernels.codegen.body.depthwise.places import Outputs
from wincook.kernels.codegen.body.lanes.elements import Y_BYTES, narrowed, write_masked
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled, requantised
from wincook.kernels.codegen.body.lanes.partial import EVEN, lanes_of, load_everywhere
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    I32,
    I64,
    at,
    constant,
    load,
    masked_load,
    pointer,
)

Grid = list[list[ir.Value]]
Size = tuple[ir.Value, ir.Value, ir.Value]  # rows, columns of vectors, and lanes of the last of these


def unpacked(builder: ir.IRBuilder, packed: ir.Value) -> Outputs:
    """The values of what compiled code hands over."""
    outputs = Outputs(*cgutils.unpack_tuple(builder, packed))
    residual, y = (tuple(cgutils.unpack_tuple(builder, grid)) for grid in (outputs.residual, outputs.y))
    return outputs._replace(residual=residual, y=y)


def from_row(builder: ir.IRBuilder, outputs: Outputs, row: ir.Value) -> Outputs:
    """Those from a row on, which is the first of a square where squares are pooled."""

    def below(grid: tuple[ir.Value, ...], rows: ir.Value, size: int) -> tuple[ir.Value, ...]:
        address, down, across = grid
        return builder.add(address, builder.mul(builder.mul(rows, down), I64(size))), down, across

    row_of_y = builder.sdiv(row, I64(SIDE))
    return outputs._replace(residual=below(outputs.residual, row, BYTES), y=below(outputs.y, row_of_y, Y_BYTES))


def finish_block(
    builder: ir.IRBuilder, sums: Grid, outputs: Outputs, rows: ir.Value, columns: ir.Value, lanes: ir.Value
) -> None:
    """What follows the sums of a block, and the first rows × columns of it to their places."""
    read = load if LAYOUT == "NHWC" else load_everywhere
    of_filters = numbers_of_filters(builder, pointer(builder, outputs.bias), outputs.apart, read)
    added = _residuals(builder, outputs.residual, sums, (rows, columns, lanes))
    vectors = [
        [finished(builder, total, of_filters, added.get((i, j))) for j, total in enumerate(totals)]
        for i, totals in enumerate(sums)
    ]
    if SIDE > 1:
        vectors = _pooled(builder, vectors)
        rows = builder.sdiv(rows, I64(SIDE))
        columns, lanes = _pooled_size(builder, columns, lanes)
    elements = [
        [narrowed(builder, requantised(builder, vector, of_filters), Y_FORMAT) for vector in row] for row in vectors
    ]
    _write_outputs(builder, elements, _places(builder, outputs.y, elements, Y_BYTES), (rows, columns, lanes))


def _residuals(builder: ir.IRBuilder, residual: Any, sums: Grid, size: Size) -> dict[tuple[int, int], ir.Value]:
    """Those of the first rows × columns of a block, zeros elsewhere; none in code without residual."""
    if not RESIDUAL:
        return {}
    return {
        (i, j): masked_load(builder, place, _mask(builder, (i, j), *size))
        for (i, j), place in _places(builder, residual, sums, BYTES).items()
    }


def _places(builder: ir.IRBuilder, grid: Any, vectors: Grid, size: int) -> dict[tuple[int, int], ir.Value]:
    """Pointers to where vectors of a block lie, of elements of so many bytes."""
    address, row, column = grid
    return {
        (i, j): at(
            builder,
            pointer(builder, address),
            builder.add(builder.mul(row, I64(i)), builder.mul(column, I64(j))),
            size,
        )
        for i, j in product(range(len(vectors)), range(len(vectors[0])))
    }


def _pooled(builder: ir.IRBuilder, outputs: Grid) -> Grid:
    """Squares of outputs as one."""
    if LAYOUT != "NHWC":
        outputs = [_apart(builder, row) for row in outputs]
    return [pooled(builder, outputs[i : i + SIDE]) for i in range(0, len(outputs), SIDE)]


def _apart(builder: ir.IRBuilder, row: list[ir.Value]) -> list[ir.Value]:
    """Of each two vectors, the even lanes of both as one, then the odd ones."""
    row = row + [constant(0.0)] * (len(row) % SIDE)
    pairs = zip(row[::SIDE], row[1::SIDE], strict=True)
    places = [ir.Constant(ir.VectorType(I32, LANES), [lane + first for lane in EVEN]) for first in range(SIDE)]
    return [builder.shuffle_vector(*pair, chosen) for pair in pairs for chosen in places]


def _pooled_size(builder: ir.IRBuilder, columns: ir.Value, lanes: ir.Value) -> tuple[ir.Value, ir.Value]:
    """The columns of vectors that are left, and the lanes of the last."""
    if LAYOUT == "NHWC":
        return builder.sdiv(columns, I64(SIDE)), lanes
    before = builder.mul(builder.sub(columns, I64(1)), I64(LANES))
    width = builder.sdiv(builder.add(before, lanes), I64(SIDE))
    whole = builder.sdiv(builder.sub(width, I64(1)), I64(LANES))
    return builder.add(whole, I64(1)), builder.sub(width, builder.mul(whole, I64(LANES)))


def _write_outputs(builder: ir.IRBuilder, vectors: Grid, places: dict[tuple[int, int], ir.Value], size: Size) -> None:
    """Vectors of elements to their places: all of a whole block, those within of another.

    No way branches for a vector: LLVM would move its sum there, and sums that are computed one by one wait for their
    own results. In a block that is whole but for its last lanes, only these need masks.
    """
    rows, columns, lanes = size
    many = (len(vectors), len(vectors[0]))
    whole = [builder.icmp_signed(">=", number, I64(most)) for number, most in zip((rows, columns), many, strict=True)]
    with builder.if_else(builder.and_(*whole)) as (within, some):
        with within, builder.if_else(builder.icmp_signed(">=", lanes, I64(LANES))) as (all_lanes, not_all):
            with all_lanes:
                for (i, j), place in places.items():
                    builder.store(vectors[i][j], place, align=Y_BYTES)
            with not_all:
                mask = lanes_of(builder, I64(0), lanes)
                for (i, j), place in places.items():
                    if LAYOUT == "NHWC" or j == many[1] - 1:
                        write_masked(builder, vectors[i][j], place, mask)
                    else:
                        builder.store(vectors[i][j], place, align=Y_BYTES)
        with some:
            for (i, j), place in places.items():
                write_masked(builder, vectors[i][j], place, _mask(builder, (i, j), *size))


def _mask(
    builder: ir.IRBuilder, at_place: tuple[int, int], rows: ir.Value, columns: ir.Value, lanes: ir.Value
) -> ir.Value:
    """The lanes of a vector that are within the first rows × columns, and `lanes` of the last column.

    With the channels last, all columns have as many filters.
    """
    i, j = at_place
    left = builder.sub(columns, I64(j))
    inner = lanes if LAYOUT == "NHWC" else I64(LANES)
    number = builder.select(builder.icmp_signed(">", left, I64(1)), inner, lanes)
    inside = builder.and_(builder.icmp_signed("<", I64(i), rows), builder.icmp_signed(">", left, I64(0)))
    return lanes_of(builder, I64(0), builder.select(inside, number, I64(0)))
