"""V through one block of filters after another into y, a tile at a time, in images with the channels last.

Vectors are of LANES filters, as they stand in y: whole tiles go there directly, others by way of a strip.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, OUTPUTS, RESIDUAL
from wincook.kernels.codegen.body.lanes.elements import ADDED_STEP, RESIDUAL_BYTES, Y_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.outputs import empty_strip, fill_out_strip
from wincook.kernels.codegen.body.nested.transforms import STORED, finish_rows
from wincook.kernels.codegen.body.shallow.products import (
    KEPT_PRODUCTS,
    geometry_at,
    job_at,
    residual_strides_at,
    transformed_down,
    y_strides_at,
)
from wincook.machine_code import c_function

STRIP_ROW = OUTPUTS[1] * LANES  # floats of the strip of one tile


def pixels_kernel(channels: int) -> Any:
    """The C function of a job, V, the strip of a tile, an image, and the row and column of its outputs.

    Outputs of LANES tiles start there, of all filters; those beyond the image are left out.
    """
    convolve = _convolve_tile(channels)

    def tile_kernel(job: int, V: int, strip: int, image: int, row: int, column: int) -> None:
        work, geometry = job_at(job), geometry_at(job)
        residual_strides, strides = residual_strides_at(job), y_strides_at(job)
        y = work.y + image * strides.image * Y_BYTES
        residual = work.residual + image * residual_strides.image * RESIDUAL_BYTES
        for tile in range(min(LANES, -(-(geometry.out_width - column) // OUTPUTS[1]))):
            here = column + tile * OUTPUTS[1]
            is_inside = row + OUTPUTS[0] <= geometry.out_height and here + OUTPUTS[1] <= geometry.out_width
            for lane in range(0, geometry.filters, LANES):
                U, bias = work.U + lane * KEPT_PRODUCTS * channels * BYTES, work.bias + lane * BYTES
                is_direct = is_inside and lane + LANES <= geometry.filters
                added, target = (strip, STRIP_ROW * ADDED_STEP, LANES * ADDED_STEP), (strip, STRIP_ROW, LANES)
                if is_direct:
                    place = row * residual_strides.row + here * residual_strides.column + lane
                    added = (residual + place * RESIDUAL_BYTES, residual_strides.row, residual_strides.column)
                    place = row // SIDE * strides.row + here // SIDE * strides.column + lane
                    target = (y + place * Y_BYTES, strides.row, strides.column)
                elif RESIDUAL:
                    fill_out_strip(added, residual, residual_strides, strip, geometry, lane, row, here, OUTPUTS[1])
                convolve(V + tile * BYTES, U, bias, work.apart, added, target)
                if not is_direct:
                    empty_strip(strip, STRIP_ROW, y, strides, geometry, lane, row // SIDE, here // SIDE, STORED[1])

    tile_kernel.__name__ = tile_kernel.__qualname__ = f"tile_kernel_{channels}"
    return c_function(*[types.int64] * 6)(tile_kernel)


def _convolve_tile(channels: int) -> Any:
    """The intrinsic of one tile and LANES filters; the residual and the target are told as for `output_tile`."""

    @intrinsic
    def convolve(typingctx: Any, V: Any, U: Any, bias: Any, apart: Any, residual: Any, target: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, U, *others = arguments
            finish_rows(builder, transformed_down(builder, V, U, channels), others)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 4, residual, target), generate

    return convolve
