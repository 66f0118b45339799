"""x into V, for LANES tiles side by side: down the columns, where tiles that overlap share them, then along the rows.

A row of x with the channels last is a row of single numbers as well: those of one column and channel are then so many
numbers of the next tile apart.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import INPUT_PROGRAMS, LANES, RANKS, ROWS, TILE_INPUTS
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.inputs import zero_of_x
from wincook.kernels.codegen.body.lanes.vectors import BYTES, at, load, pointer, run_program, store
from wincook.kernels.codegen.body.nested.transforms import STEPS, input_down
from wincook.kernels.codegen.body.shallow.interleave import deinterleaved
from wincook.kernels.codegen.body.shallow.products import CHANNELS_LAST, geometry_at, job_at, x_strides_at
from wincook.machine_code import c_function

SHARES = -(-TILE_INPUTS[1] // STEPS[1])  # tiles that read a column
WIDTH = STEPS[1] * (LANES + SHARES - 1)  # columns that are read


@lru_cache(maxsize=ROWS)
def load_kernel(channels: int) -> Any:
    """The C function of a job, x, V, a strip, and the row and column of x where the first of LANES tiles begins.

    What lies outside the image counts as zeros.
    """
    planes, together = (1, channels) if CHANNELS_LAST else (channels, 1)
    width = WIDTH * together  # numbers of a row
    line = width + LANES
    input_across = _input_across(channels, together)

    def load_kernel(job: int, x: int, V: int, strip: int, row: int, column: int) -> None:
        geometry, strides, zero = geometry_at(job), x_strides_at(job), zero_of_x(job_at(job))
        top, bottom = -row, geometry.height - row
        left = min(width, max(0, -column * together))
        right = max(left, min(width, (geometry.width - column) * together))
        for plane in range(planes):
            source = x + (plane * strides.channel + row * strides.row + column * together) * X_BYTES
            for j in range(0, left, LANES):
                input_down(x, 0, top, bottom, 0, strip + j * BYTES, line, zero)
            end = left
            for j in range(left, right, LANES):
                place = source + j * X_BYTES
                input_down(place, strides.row, top, bottom, right - j, strip + j * BYTES, line, zero)
                end = j + LANES
            for j in range(end, width, LANES):
                input_down(x, 0, top, bottom, 0, strip + j * BYTES, line, zero)
            for i in range(RANKS[0]):
                input_across(strip + i * line * BYTES, V + (plane * RANKS[0] + i) * LANES * BYTES)

    load_kernel.__name__ = load_kernel.__qualname__ = f"load_kernel_{channels}"
    return c_function(*[types.int64] * 6)(load_kernel)


@njit(inline="always", error_model="numpy")
def strip_floats(channels: int) -> int:
    """Of the strip: a row for each row of products, with room for a vector at its end."""
    return RANKS[0] * (WIDTH * (channels if CHANNELS_LAST else 1) + LANES)


def _input_across(channels: int, together: int) -> Any:
    """The intrinsic of the second program, from columns of so many channels `together` to V, which has them all."""
    step = STEPS[1] * together  # numbers from one tile to the next

    @intrinsic
    def input_across(typingctx: Any, source: Any, target: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            source, target = (pointer(builder, address) for address in arguments)
            inputs = []
            for share in range(SHARES):
                places = [at(builder, source, share * step + k * LANES) for k in range(step)]
                inputs += deinterleaved(builder, [load(builder, place) for place in places])
            for channel in range(together):
                values = inputs[channel::together][: TILE_INPUTS[1]]
                for j, vector in enumerate(run_program(builder, INPUT_PROGRAMS[1], values)):
                    store(builder, vector, at(builder, target, (j * channels + channel) * RANKS[0] * LANES))
            return context.get_dummy_value()

        return types.void(*[types.int64] * 2), generate

    return input_across
