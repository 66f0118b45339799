"""x into V, for LANES tiles side by side: down the columns, where tiles that overlap share them, then along the rows.

V  [column of products][channel][row of products][tile]
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import INPUT_PROGRAMS, LANES, RANKS, TILE_INPUTS
from wincook.kernels.codegen.body.job import Geometry, Strides
from wincook.kernels.codegen.body.lanes.vectors import BYTES, at, load, pointer, run_program, store
from wincook.kernels.codegen.body.nested.transforms import STEPS, input_down
from wincook.kernels.codegen.body.shallow.interleave import deinterleaved

SHARES = -(-TILE_INPUTS[1] // STEPS[1])  # tiles that read a column
WIDTH = STEPS[1] * (LANES + SHARES - 1)  # columns that are read
STRIP_LINE = WIDTH + LANES  # floats from one row of products to the next


@njit(inline="always", error_model="numpy")
def load_tiles(x: int, strides: Strides, V: int, strip: int, geometry: Geometry, row: int, column: int) -> None:
    """Input transforms of LANES tiles, of which the first begins at (row, column) of an image, into V.

    What lies outside the image counts as zeros.
    """
    channels = geometry.channels
    top, bottom = -row, geometry.height - row
    left = min(WIDTH, max(0, -column))
    right = max(left, min(WIDTH, geometry.width - column))
    for channel in range(channels):
        source = x + (channel * strides.channel + row * strides.row + column) * BYTES
        for j in range(0, left, LANES):
            input_down(x, 0, top, bottom, 0, strip + j * BYTES, STRIP_LINE)
        end = left
        for j in range(left, right, LANES):
            input_down(source + j * BYTES, strides.row, top, bottom, right - j, strip + j * BYTES, STRIP_LINE)
            end = j + LANES
        for j in range(end, WIDTH, LANES):
            input_down(x, 0, top, bottom, 0, strip + j * BYTES, STRIP_LINE)
        for i in range(RANKS[0]):
            target = V + (channel * RANKS[0] + i) * LANES * BYTES
            input_across(strip + i * STRIP_LINE * BYTES, target, channels * RANKS[0] * LANES)


@intrinsic
def input_across(typingctx: Any, source: Any, target: Any, target_step: Any) -> Any:
    """The second program of the inputs, from WIDTH columns to products `target_step` floats apart."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target, step = arguments
        columns, inputs = pointer(builder, source), []
        for share in range(SHARES):
            places = [at(builder, columns, share * STEPS[1] + k * LANES) for k in range(STEPS[1])]
            inputs += deinterleaved(builder, [load(builder, place) for place in places])
        for j, vector in enumerate(run_program(builder, INPUT_PROGRAMS[1], inputs[: TILE_INPUTS[1]])):
            store(builder, vector, at(builder, pointer(builder, target), builder.mul(step, step.type(j))))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate
