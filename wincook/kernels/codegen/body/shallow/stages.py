"""The loop over vectors of tiles: each is loaded, and goes through all filters."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numba import njit, types

from wincook.kernels.codegen.body.constants import LANES, OUTPUTS, ROWS
from wincook.kernels.codegen.body.job import MICRO_KERNELS, TAKEN, Geometry
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call, take, word
from wincook.kernels.codegen.body.nested.transforms import PRODUCTS, STEPS
from wincook.kernels.codegen.body.shallow.columns import LINE, columns_kernel
from wincook.kernels.codegen.body.shallow.inputs import strip_floats
from wincook.kernels.codegen.body.shallow.pixels import STRIP_ROW, pixels_kernel
from wincook.kernels.codegen.body.shallow.products import CHANNELS_LAST, geometry_at, job_at, x_strides_at
from wincook.machine_code import c_function


@lru_cache(maxsize=ROWS)
def tile_kernel(channels: int) -> Any:
    """The C function that takes LANES tiles of so many channels from V through all filters."""
    return pixels_kernel(channels) if CHANNELS_LAST else columns_kernel(channels)


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int, int, int]:
    """The floats of V and of the strips of inputs and of a tile of outputs, each a multiple of a line."""
    V, strip = PRODUCTS * geometry.channels * LANES, strip_floats(geometry.channels)
    return -(-V // LINE) * LINE, -(-strip // LINE) * LINE, -(-OUTPUTS[0] * STRIP_ROW // LINE) * LINE


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: vectors of tiles while there are any that nobody took, in workspace `number`."""
    work, geometry, strides = job_at(job), geometry_at(job), x_strides_at(job)
    across = -(-geometry.out_width // (OUTPUTS[1] * LANES))
    down = -(-geometry.out_height // OUTPUTS[0])
    V_floats, strip_size, out_size = workspace_floats(geometry)
    V = work.workspace + number * (V_floats + strip_size + out_size) * BYTES
    strip = V + V_floats * BYTES
    out_strip = strip + strip_size * BYTES
    kernel = word(job, MICRO_KERNELS + geometry.channels - 1)
    loader = word(job, MICRO_KERNELS + ROWS + geometry.channels - 1)
    total = min(geometry.batch * down * across, work.end)
    index = take(job, TAKEN)
    while index < total:
        line, block = index // across, index % across
        image, tile_row, tile = line // down, line % down, block * LANES
        row, column = tile_row * STEPS[0] - geometry.top, tile * STEPS[1] - geometry.left
        call(loader, (job, work.x + image * strides.image * X_BYTES, V, strip, row, column))
        call(kernel, (job, V, out_strip, image, tile_row * OUTPUTS[0], tile * OUTPUTS[1]))
        index = take(job, TAKEN)
