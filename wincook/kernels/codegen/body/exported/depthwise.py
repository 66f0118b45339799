"""What depthwise kernels say of a layer that C describes: whether they compute it, their bands, their weights."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import BLOCK, DILATION, L2, LANES, RING, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.places import ALL_TAPS, CHANNELS_LAST
from wincook.kernels.codegen.body.depthwise.ring import SPAN
from wincook.kernels.codegen.body.depthwise.stages import lines_of, rows_of_band
from wincook.kernels.codegen.body.exported.structures import Dims, has_steps
from wincook.kernels.codegen.body.exported.words import copy_below, copy_float, put_addresses
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES

KERNELS = 0  # addresses that a job has: none
put_kernels = put_addresses("", KERNELS)


def functions_of_family() -> list[Any]:
    """What is called by name: nothing."""
    return []


@njit(inline="always", error_model="numpy")
def knows(dims: Dims) -> bool:
    """Whether this code is for such filters."""
    return dims.groups == dims.channels and has_steps(dims, TAPS, STRIDE, DILATION)


@njit(inline="always", error_model="numpy")
def terms_of_pixel(dims: Dims) -> int:
    """Floats of a pixel in memory to work in: the inputs that it steps over, LANES of each."""
    return STRIDE[0] * STRIDE[1] * LANES


@njit(inline="always", error_model="numpy")
def items_of(geometry: Geometry) -> int:
    """Bands of rows: what can be computed one by one."""
    items: int = geometry.batch * lines_of(geometry) * -(-geometry.out_height // rows_of_band(geometry))
    return items


@njit(inline="always", error_model="numpy")
def panel_of(dims: Dims, out_height: int, out_width: int) -> int:
    """Rows of a band: those that are asked for, or as many as have a strip that fits into an eighth of L2, if any."""
    if dims.panel or RING:
        return min(dims.panel or out_height, out_height)
    row_bytes = (dims.width + dims.left + dims.right + LANES) * (LANES if CHANNELS_LAST else 1) * BYTES
    fitting = (L2 // 8 // row_bytes - SPAN) // STRIDE[0] + 1
    bands = -(-out_height // max(BLOCK[0], fitting - fitting % BLOCK[0]))
    band = -(-out_height // bands)
    return min(out_height, -(-band // BLOCK[0]) * BLOCK[0])


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in."""
    return 0


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, 1, *taps) into U: as they are, or with the channels last [block of filters][tap][filter]."""
    if CHANNELS_LAST:
        for first in range(0, dims.filters, LANES):
            for tap in range(ALL_TAPS):
                for lane in range(LANES):
                    source = weights + ((first + lane) * ALL_TAPS + tap) * BYTES
                    copy_below(source, U, lane, dims.filters - first)
                    U += BYTES
    else:
        for number in range(dims.filters * ALL_TAPS):
            copy_float(weights + number * BYTES, U + number * BYTES)
