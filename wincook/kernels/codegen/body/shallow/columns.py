"""V through one filter after another into y, LANES tiles at once, in images with the channels first.

All from the products to what follows stays in registers. Shuffles put the outputs of neighbouring tiles side by side.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import (
    LANES,
    OUTPUT_PROGRAMS,
    OUTPUTS,
    RESIDUAL,
    RESIDUAL_FORMAT,
    Y_FORMAT,
)
from wincook.kernels.codegen.body.lanes.elements import RESIDUAL_BYTES, Y_BYTES, narrowed, read, write_masked
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled, requantised
from wincook.kernels.codegen.body.lanes.partial import load_everywhere
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    I1,
    I64,
    MASK,
    at,
    first_lanes,
    pointer,
    prefetch,
    run_program,
)
from wincook.kernels.codegen.body.nested.transforms import STORED
from wincook.kernels.codegen.body.shallow.interleave import deinterleaved, interleaved
from wincook.kernels.codegen.body.shallow.products import (
    KEPT_PRODUCTS,
    geometry_at,
    job_at,
    residual_strides_at,
    transformed_down,
    y_strides_at,
)
from wincook.machine_code import c_function

LINE = 64 // Y_BYTES  # outputs of a cache line
FILTERS_AHEAD = 4  # whose places in y are fetched


def columns_kernel(channels: int) -> Any:
    """The C function of a job, V, a strip that is not used, an image, and the row and column of its outputs.

    Outputs of LANES tiles start there, of all filters; those beyond the image are left out.
    """
    convolve = _convolve(channels)

    def tile_kernel(job: int, V: int, strip: int, image: int, row: int, column: int) -> None:
        work, geometry = job_at(job), geometry_at(job)
        residual_strides, strides = residual_strides_at(job), y_strides_at(job)
        size = (geometry.out_height - row, geometry.out_width - column)
        y = work.y + (image * strides.image + row // SIDE * strides.row + column // SIDE) * Y_BYTES
        place = image * residual_strides.image + row * residual_strides.row + column
        residual = work.residual + place * RESIDUAL_BYTES
        for k in range(geometry.filters):
            U, bias = work.U + k * KEPT_PRODUCTS * channels * BYTES, work.bias + k * BYTES
            added, target = (residual, residual_strides.row), (y, strides.row)
            ahead = min(FILTERS_AHEAD, geometry.filters - 1 - k) * strides.channel
            convolve(V, U, bias, work.apart, added, target, size, ahead)
            y += strides.channel * Y_BYTES
            residual += residual_strides.channel * RESIDUAL_BYTES

    tile_kernel.__name__ = tile_kernel.__qualname__ = f"tile_kernel_{channels}"
    return c_function(*[types.int64] * 6)(tile_kernel)


def _convolve(channels: int) -> Any:
    """The intrinsic of one filter: STORED[0] rows of STORED[1] LANES outputs, from V of so many channels.

    The residual and the target are told as (address, elements to the next row). Of the outputs before pooling, those of
    the first rows and columns are in the image, by `size`; nothing else is touched. A row of the residual is read
    before any place of it is written. What stands `ahead` elements after the target is written soon.
    """

    @intrinsic
    def convolve(
        typingctx: Any, V: Any, U: Any, bias: Any, apart: Any, residual: Any, target: Any, size: Any, ahead: Any
    ) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, U, bias, apart, residual, target, size, ahead = arguments
            for start in _lines(builder, target, STORED[0], Y_BYTES):
                for k in range(0, STORED[1] * LANES, LINE):
                    prefetch(builder, at(builder, at(builder, start, ahead, Y_BYTES), k, Y_BYTES), to_write=True)
            rows = [run_program(builder, OUTPUT_PROGRAMS[1], row) for row in transformed_down(builder, V, U, channels)]
            of_filter = numbers_of_filters(builder, pointer(builder, bias), apart, load_everywhere)
            residuals = _lines(builder, residual, OUTPUTS[0], RESIDUAL_BYTES)
            height, width = cgutils.unpack_tuple(builder, size)
            for i, start in enumerate(_lines(builder, target, STORED[0], Y_BYTES)):
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
                    elements = narrowed(builder, requantised(builder, vectors[k], of_filter), Y_FORMAT)
                    write_masked(builder, elements, at(builder, start, k * LANES, Y_BYTES), mask)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 4, residual, target, size, types.int64), generate

    return convolve


def _lines(builder: ir.IRBuilder, grid: ir.Value, number: int, size: int) -> list[ir.Value]:
    """Pointers to the rows of a grid, told as (address, elements to the next row)."""
    address, row = cgutils.unpack_tuple(builder, grid)
    return [at(builder, pointer(builder, address), builder.mul(row, row.type(i)), size) for i in range(number)]


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
    places = [at(builder, start, k * LANES, RESIDUAL_BYTES) for k in range(OUTPUTS[1])]
    masks = _masks(builder, row, height, width, OUTPUTS[1])
    vectors = [read(builder, place, mask, RESIDUAL_FORMAT) for place, mask in zip(places, masks, strict=True)]
    return deinterleaved(builder, vectors)
