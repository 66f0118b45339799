"""What follows the sums of a block of outputs, and their way to y: residual, activation and pooling in registers.

With the channels last, the outputs of a square are vectors of their own. With the channels first they are lanes of two
rows, which are picked apart.
"""

from __future__ import annotations

from itertools import product

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import BLOCK, LANES, LAYOUT, RESIDUAL
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled
from wincook.kernels.codegen.body.lanes.partial import EVEN, lanes_of, load_everywhere
from wincook.kernels.codegen.body.lanes.vectors import (
    I32,
    I64,
    VECTOR,
    at,
    constant,
    load,
    masked_load,
    masked_store,
    pointer,
    store,
)

STORED = (BLOCK[0] // SIDE, -(-BLOCK[1] // SIDE))  # rows and columns of vectors of y
Grid = list[list[ir.Value]]


def finish_block(
    builder: ir.IRBuilder,
    sums: Grid,
    bias: ir.Value,
    apart: ir.Value,
    residual: ir.Value,
    target: ir.Value,
    rows: ir.Value,
    columns: ir.Value,
    lanes: ir.Value,
) -> None:
    """What follows the sums of a block, and the first rows × columns of it to their places.

    Residual and target are told as (address, floats to the next row, floats to the next column).
    """
    read = load if LAYOUT == "NHWC" else load_everywhere
    of_filters = numbers_of_filters(builder, pointer(builder, bias), apart, read)
    added = _residuals(builder, residual, rows, columns, lanes)
    outputs = [
        [
            finished(builder, builder.load(total, typ=VECTOR), of_filters, added.get((i, j)))
            for j, total in enumerate(totals)
        ]
        for i, totals in enumerate(sums)
    ]
    if SIDE > 1:
        outputs = _pooled(builder, outputs)
        rows = builder.sdiv(rows, I64(SIDE))
        columns, lanes = _pooled_size(builder, columns, lanes)
    places = _places(builder, target, STORED)
    _write_outputs(builder, {(i, j): (outputs[i][j], place) for (i, j), place in places.items()}, rows, columns, lanes)


def _residuals(
    builder: ir.IRBuilder, residual: ir.Value, rows: ir.Value, columns: ir.Value, lanes: ir.Value
) -> dict[tuple[int, int], ir.Value]:
    """Those of the first rows × columns of a block, zeros elsewhere; none in code without residual."""
    if not RESIDUAL:
        return {}
    return {
        (i, j): masked_load(builder, place, _mask(builder, (i, j), rows, columns, lanes))
        for (i, j), place in _places(builder, residual, BLOCK).items()
    }


def _places(builder: ir.IRBuilder, grid: ir.Value, size: tuple[int, int]) -> dict[tuple[int, int], ir.Value]:
    """Pointers to the vectors of a grid."""
    address, row, column = cgutils.unpack_tuple(builder, grid)
    return {
        (i, j): at(
            builder, pointer(builder, address), builder.add(builder.mul(row, I64(i)), builder.mul(column, I64(j)))
        )
        for i, j in product(*map(range, size))
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


def _write_outputs(
    builder: ir.IRBuilder,
    outputs: dict[tuple[int, int], tuple[ir.Value, ir.Value]],
    rows: ir.Value,
    columns: ir.Value,
    lanes: ir.Value,
) -> None:
    """Vectors to their places: all of a whole block, those within of another.

    Neither way branches for a vector: LLVM would move its sum there, and sums that are computed one by one wait for
    their own results.
    """
    whole = [builder.icmp_signed(">=", size, I64(most)) for size, most in zip((rows, columns), STORED, strict=True)]
    all_lanes = builder.icmp_signed(">=", lanes, I64(LANES))
    with builder.if_else(builder.and_(builder.and_(*whole), all_lanes)) as (all_within, some):
        with all_within:
            for vector, place in outputs.values():
                store(builder, vector, place)
        with some:
            for (i, j), (vector, place) in outputs.items():
                masked_store(builder, vector, place, _mask(builder, (i, j), rows, columns, lanes))


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
