"""What the next panel reads, fetched while the present one is multiplied: its rows of x that nobody has read before.

On large images they would come from memory, many short runs of it, just when the transform waits for them. A hint for
a line may be wrong or late; it reads nothing by itself.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LAYOUT, OUTPUTS, TILE_INPUTS
from wincook.kernels.codegen.body.job import Geometry, Strides
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.vectors import pointer, prefetch
from wincook.kernels.codegen.body.nested.transforms import STEPS

FETCHED = 64  # bytes at once: a cache line
WORTH_FETCHING = 1 << 23  # bytes of x: less of it is in some cache anyway, and hints take their time


class Ahead(NamedTuple):
    """Rows to fetch: `lines` cache lines from `place` on, and in all so many planes, `plane` bytes apart."""

    place: int
    planes: int
    plane: int
    lines: int


@njit(inline="always", error_model="numpy")
def rows_ahead(x: int, strides: Strides, geometry: Geometry, last: int, next_first: int, next_last: int) -> Ahead:
    """The rows of x for tiles next_first..next_last-1 that a panel which ended before tile `last` has not read."""
    channels, height, width = geometry.channels, geometry.height, geometry.width
    across = -(-geometry.out_width // OUTPUTS[1])
    down = -(-geometry.out_height // OUTPUTS[0])
    tile_row, next_row = (last - 1) // across, (next_last - 1) // across
    image = next_row // down
    begin = max(0, max(next_first // across - image * down, 0) * STEPS[0] - geometry.top)
    if tile_row // down == image:
        begin = max(begin, tile_row % down * STEPS[0] - geometry.top + TILE_INPUTS[0])
    end = min(height, next_row % down * STEPS[0] - geometry.top + TILE_INPUTS[0])
    is_large = geometry.batch * channels * height * width * X_BYTES > WORTH_FETCHING
    rows = max(0, end - begin) if is_large and next_first < next_last else 0
    lines = -(-rows * strides.row * X_BYTES // FETCHED)
    place = x + (image * strides.image + begin * strides.row) * X_BYTES
    if LAYOUT == "NHWC":
        return Ahead(place, 1, 0, lines)
    return Ahead(place, channels, strides.channel * X_BYTES, lines)


@njit(inline="always", error_model="numpy")
def fetch_share(ahead: Ahead, plane: int, line: int, share: int) -> tuple[int, int]:
    """Fetch the next `share` lines after (plane, line), as far as there are any; returns where to go on."""
    for _ in range(share):
        if plane < ahead.planes and line < ahead.lines:
            fetch(ahead.place + plane * ahead.plane + line * FETCHED)
            line += 1
            if line == ahead.lines:
                plane, line = plane + 1, 0
    return plane, line


@intrinsic
def fetch(typingctx: Any, address: Any) -> Any:
    """Ask for the cache line at an address."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        prefetch(builder, pointer(builder, arguments[0]))
        return context.get_dummy_value()

    return types.void(types.int64), generate
