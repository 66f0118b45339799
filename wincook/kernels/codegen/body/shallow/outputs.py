"""V through one filter after another into y, LANES tiles at once: all from the products to what follows in registers.

As in `gemm`, each product is one chain of fmas in channel order, starting from zero. When a column of products is
summed, it goes through the output transform down the column, and all columns then along the rows.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, OUTPUT_PROGRAMS, OUTPUTS, RANKS, RESIDUAL, ROWS
from wincook.kernels.codegen.body.job import GEOMETRY, STRIDES, Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled
from wincook.kernels.codegen.body.lanes.partial import load_everywhere
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    I1,
    I64,
    MASK,
    at,
    broadcast,
    constant,
    first_lanes,
    fma,
    load,
    masked_load,
    masked_store,
    pointer,
    prefetch,
    run_program,
    words_as,
)
from wincook.kernels.codegen.body.nested.transforms import ACROSS, DOWN, KEPT, STORED
from wincook.kernels.codegen.body.shallow.interleave import deinterleaved, interleaved
from wincook.machine_code import c_function

LINE = 64 // BYTES  # floats of a cache line
FILTERS_AHEAD = 4  # whose places in y are fetched

job_at, geometry_at = words_as(Job, 0), words_as(Geometry, GEOMETRY)
x_strides_at, residual_strides_at, y_strides_at = (
    words_as(Strides, STRIDES + number * len(Strides._fields)) for number in range(3)
)


@lru_cache(maxsize=ROWS)
def micro_kernel(channels: int) -> Any:
    """The C function for so many channels, of a job, V, the number of an image, and the row and column of its outputs.

    Outputs of LANES tiles start there, of all filters; those beyond the image are left out.
    """
    convolve = _convolve(channels)

    def micro_kernel(job: int, V: int, image: int, row: int, column: int) -> None:
        work, geometry = job_at(job), geometry_at(job)
        residual_strides, strides = residual_strides_at(job), y_strides_at(job)
        size = (geometry.out_height - row, geometry.out_width - column)
        y = work.y + (image * strides.image + row // SIDE * strides.row + column // SIDE) * BYTES
        residual = work.residual + (image * residual_strides.image + row * residual_strides.row + column) * BYTES
        for k in range(geometry.filters):
            U, bias = work.U + k * KEPT[0] * KEPT[1] * channels * BYTES, work.bias + k * BYTES
            added, target = (residual, residual_strides.row), (y, strides.row)
            ahead = min(FILTERS_AHEAD, geometry.filters - 1 - k) * strides.channel
            convolve(V, U, bias, work.apart, added, target, size, ahead)
            y += strides.channel * BYTES
            residual += residual_strides.channel * BYTES

    micro_kernel.__name__ = micro_kernel.__qualname__ = f"micro_kernel_{channels}"
    return c_function(*[types.int64] * 5)(micro_kernel)


def _convolve(channels: int) -> Any:
    """The intrinsic of one filter: STORED[0] rows of STORED[1] LANES outputs, from V of so many channels.

    The residual and the target are told as (address, floats to the next row). Of the outputs before pooling, those of
    the first rows and columns are in the image, by `size`; nothing else is touched. A row of the residual is read
    before any place of it is written. What stands `ahead` floats after the target is written soon.
    """

    @intrinsic
    def convolve(
        typingctx: Any, V: Any, U: Any, bias: Any, apart: Any, residual: Any, target: Any, size: Any, ahead: Any
    ) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, U, bias, apart, residual, target, size, ahead = arguments
            for start in _rows(builder, target, STORED[0]):
                for k in range(0, STORED[1] * LANES, LINE):
                    prefetch(builder, at(builder, at(builder, start, ahead), k), to_write=True)
            V, U = pointer(builder, V), pointer(builder, U)
            columns = [
                run_program(builder, OUTPUT_PROGRAMS[0], _products(builder, V, U, channels, j)) for j in range(RANKS[1])
            ]
            rows = [run_program(builder, OUTPUT_PROGRAMS[1], list(row)) for row in zip(*columns, strict=True)]
            of_filter = numbers_of_filters(builder, pointer(builder, bias), apart, load_everywhere)
            residuals = _rows(builder, residual, OUTPUTS[0])
            height, width = cgutils.unpack_tuple(builder, size)
            for i, start in enumerate(_rows(builder, target, STORED[0])):
                outputs = [
                    [
                        finished(builder, vector, of_filter, added)
                        for vector, added in zip(rows[k], _added(builder, residuals[k], k, height, width), strict=True)
                    ]
                    for k in range(i * SIDE, (i + 1) * SIDE)
                ]
                vectors = interleaved(builder, pooled(builder, outputs))
                masks = _masks(builder, i * SIDE, height, builder.sdiv(width, I64(SIDE)), STORED[1])
                for k, mask in enumerate(masks):
                    masked_store(builder, vectors[k], at(builder, start, k * LANES), mask)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 4, residual, target, size, types.int64), generate

    return convolve


def _products(builder: ir.IRBuilder, V: ir.Value, U: ir.Value, channels: int, column: int) -> list[ir.Value]:
    """A column of products: sums over the channels, one for each row."""
    sums = [constant(0.0)] * RANKS[0]
    for channel in range(channels):
        values = at(builder, V, (column * channels + channel) * RANKS[0] * LANES)
        filters = at(builder, U, (ACROSS[column] * channels + channel) * KEPT[0])
        for i, total in enumerate(sums):
            weight = broadcast(builder, builder.load(at(builder, filters, DOWN[i]), typ=F32, align=BYTES))
            sums[i] = fma(builder, load(builder, at(builder, values, i * LANES)), weight, total)
    builder.fence("seq_cst", "singlethread")  # no instruction: the next column is begun after this one
    return sums


def _rows(builder: ir.IRBuilder, grid: ir.Value, number: int) -> list[ir.Value]:
    """Pointers to the rows of a grid, told as (address, floats to the next row)."""
    address, row = cgutils.unpack_tuple(builder, grid)
    return [at(builder, pointer(builder, address), builder.mul(row, row.type(i))) for i in range(number)]


def _masks(builder: ir.IRBuilder, row: int, height: ir.Value, width: ir.Value, vectors: int) -> list[ir.Value]:
    """The lanes of so many vectors of a row that are among the first `width`; none of a row that is beyond `height`."""
    is_inside, nothing = builder.icmp_signed("<", I64(row), height), ir.Constant(MASK, [I1(0)] * LANES)
    left = [builder.sub(width, I64(k * LANES)) for k in range(vectors)]
    return [builder.select(is_inside, first_lanes(builder, number), nothing) for number in left]


def _added(
    builder: ir.IRBuilder, start: ir.Value, row: int, height: ir.Value, width: ir.Value
) -> list[ir.Value | None]:
    """A row of the residual as vectors of tiles, if there is one."""
    if not RESIDUAL:
        return [None] * OUTPUTS[1]
    masks = enumerate(_masks(builder, row, height, width, OUTPUTS[1]))
    return deinterleaved(builder, [masked_load(builder, at(builder, start, k * LANES), mask) for k, mask in masks])
