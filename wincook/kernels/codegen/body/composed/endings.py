"""What follows the convolution, on a band of rows: vectors are of columns, or of filters with the channels last."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.composed.moves import CHANNELS_LAST
from wincook.kernels.codegen.body.constants import LANES, RESIDUAL, RESIDUAL_FORMAT, Y_FORMAT
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import (
    ELEMENT_BYTES,
    RESIDUAL_BYTES,
    Y_BYTES,
    narrowed,
    read,
    write_masked,
)
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled, requantised
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    I32,
    I64,
    at,
    broadcast,
    first_lanes,
    load,
    pointer,
)

Line = list[ir.Value]


@njit(inline="always", error_model="numpy")
def end_band(
    job: Job,
    geometry: Geometry,
    total: int,
    inner: Strides,
    residual: int,
    outer: Strides,
    y: int,
    strides: Strides,
    rows: int,
) -> None:
    """All numbers of a band of so many rows, before pooling, from `total` to y."""
    lines, across = rows // SIDE, geometry.out_width // SIDE
    outermost, middle, last = (lines, across, geometry.filters) if CHANNELS_LAST else (geometry.filters, lines, across)
    for a in range(outermost):
        for b in range(middle):
            for c in range(0, last, LANES):
                k, i, j = (c, a, b) if CHANNELS_LAST else (a, b, c)
                place = total + (k * inner.channel + i * SIDE * inner.row + j * SIDE * inner.column) * BYTES
                added = residual + (k * outer.channel + i * SIDE * outer.row + j * SIDE * outer.column) * RESIDUAL_BYTES
                target = y + (k * strides.channel + i * strides.row + j * strides.column) * Y_BYTES
                numbers = (place, inner.row, inner.column)
                more = (added, outer.row, outer.column)
                end_vector(numbers, more, job.bias + k * BYTES, job.apart, target, last - c)


@intrinsic
def end_vector(typingctx: Any, total: Any, residual: Any, bias: Any, apart: Any, y: Any, number: Any) -> Any:
    """LANES outputs of y, or as many as there are, from SIDE rows and columns.

    The numbers of a band and the residual are told as (address, elements to the next row, to the next column).
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        total, residual, bias, apart, y, number = arguments
        of_filters = numbers_of_filters(builder, pointer(builder, bias), apart, _read)
        numbers = _square(builder, total, "float32", None)
        added: list[list[Any]] = [[None] * SIDE] * SIDE
        if RESIDUAL:
            added = _square(builder, residual, RESIDUAL_FORMAT, number)
        rows = [
            [finished(builder, vector, of_filters, more) for vector, more in zip(*both, strict=True)]
            for both in zip(numbers, added, strict=True)
        ]
        vector = requantised(builder, pooled(builder, rows)[0], of_filters)
        mask = first_lanes(builder, number)
        write_masked(builder, narrowed(builder, vector, Y_FORMAT), pointer(builder, y), mask)
        return context.get_dummy_value()

    return types.void(total, residual, *[types.int64] * 4), generate


def _read(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """The numbers of LANES filters, or that of one filter in all lanes."""
    return load(builder, place) if CHANNELS_LAST else broadcast(builder, builder.load(place, typ=F32, align=BYTES))


def _square(builder: ir.IRBuilder, grid: ir.Value, name: str, number: ir.Value | None) -> list[Line]:
    """SIDE rows of SIDE vectors; of the last ones only what is needed for so many outputs is read, if that is told."""
    place, row, column = cgutils.unpack_tuple(builder, grid)
    size = ELEMENT_BYTES[name]
    lines = [at(builder, pointer(builder, place), builder.mul(row, I64(i)), size) for i in range(SIDE)]
    if CHANNELS_LAST:
        return [
            [_loaded(builder, at(builder, line, builder.mul(column, I64(j)), size), name, number) for j in range(SIDE)]
            for line in lines
        ]
    left = [
        None if number is None else builder.sub(builder.mul(number, I64(SIDE)), I64(j * LANES)) for j in range(SIDE)
    ]
    return [
        _parted(builder, [_loaded(builder, at(builder, line, j * LANES, size), name, left[j]) for j in range(SIDE)])
        for line in lines
    ]


def _loaded(builder: ir.IRBuilder, place: ir.Value, name: str, number: ir.Value | None) -> ir.Value:
    return load(builder, place) if number is None else read(builder, place, first_lanes(builder, number), name)


def _parted(builder: ir.IRBuilder, vectors: Line) -> Line:
    """Vectors of neighbouring columns as vectors of every SIDE-th column."""
    if SIDE == 1:
        return vectors
    kind = ir.VectorType(I32, LANES)
    picked = [ir.Constant(kind, [SIDE * lane + first for lane in range(LANES)]) for first in range(SIDE)]
    return [builder.shuffle_vector(*vectors, lanes) for lanes in picked]
