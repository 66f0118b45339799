"""The loop over vectors of tiles: each is loaded, and goes through all filters."""

from __future__ import annotations

from numba import njit, types

from wincook.kernels.codegen.body.constants import LANES, LAYOUT, OUTPUTS, RANKS
from wincook.kernels.codegen.body.job import MICRO_KERNELS, TAKEN, Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call, take, word
from wincook.kernels.codegen.body.nested.transforms import PRODUCTS, STEPS
from wincook.kernels.codegen.body.shallow.inputs import STRIP_LINE, load_tiles
from wincook.kernels.codegen.body.shallow.outputs import LINE, geometry_at, job_at, x_strides_at
from wincook.machine_code import c_function

CHANNELS_LAST = LAYOUT == "NHWC"
STRIDED = True  # of x, the residual and y, only columns must be neighbours


@njit(inline="always", error_model="numpy")
def workspace_floats(geometry: Geometry) -> tuple[int, int]:
    """The floats of V and of the strip of inputs in one thread's workspace, each a multiple of a line."""
    V, strip = PRODUCTS * geometry.channels * LANES, RANKS[0] * STRIP_LINE
    return -(-V // LINE) * LINE, -(-strip // LINE) * LINE


@c_function(types.int64, types.int64)
def stripe(job: int, number: int) -> None:
    """One thread's share of a job: vectors of tiles while there are any that nobody took, in workspace `number`."""
    work, geometry, strides = job_at(job), geometry_at(job), x_strides_at(job)
    across = -(-geometry.out_width // (OUTPUTS[1] * LANES))
    down = -(-geometry.out_height // OUTPUTS[0])
    V_floats, strip_floats = workspace_floats(geometry)
    V = work.workspace + number * (V_floats + strip_floats) * BYTES
    strip = V + V_floats * BYTES
    kernel = word(job, MICRO_KERNELS + geometry.channels - 1)
    index = take(job, TAKEN)
    while index < geometry.batch * down * across:
        line, block = index // across, index % across
        image, tile_row, tile = line // down, line % down, block * LANES
        row, column = tile_row * STEPS[0] - geometry.top, tile * STEPS[1] - geometry.left
        load_tiles(work.x + image * strides.image * BYTES, strides, V, strip, geometry, row, column)
        call(kernel, (job, V, image, tile_row * OUTPUTS[0], tile * OUTPUTS[1]))
        index = take(job, TAKEN)
