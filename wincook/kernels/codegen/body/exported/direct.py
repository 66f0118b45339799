"""What direct kernels say of a layer that C describes: whether they compute it, their panels, their weights."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import GROUP, L2, LANES, ROWS
from wincook.kernels.codegen.body.direct.filters import row_kernel
from wincook.kernels.codegen.body.direct.gather import BLOCK, NARROW, SQUARE, TOGETHER, UNIT
from wincook.kernels.codegen.body.direct.stages import CHANNELS_LAST
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import copy_below, put_addresses
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.vectors import BYTES

WIDTH = TOGETHER * GROUP[1] if NARROW else BLOCK  # filters of a block, with the channels last

KERNELS = ROWS  # addresses that a job has: of the micro-kernels
put_kernels = put_addresses(row_kernel.__name__, KERNELS)


def functions_of_family() -> list[Any]:
    """What is called by name: the micro-kernels for 1 to ROWS rows."""
    return [row_kernel(rows) for rows in range(1, ROWS + 1)]


@njit(inline="always", error_model="numpy")
def knows(dims: Dims) -> bool:
    """Whether this code is for such groups."""
    if NARROW:
        return dims.channels == dims.groups * GROUP[0] and dims.filters == dims.groups * GROUP[1]
    return True


@njit(inline="always", error_model="numpy")
def terms_of_pixel(dims: Dims) -> int:
    """Floats of a pixel in memory to work in: the terms of a group, or of all groups where they are narrow."""
    taps = dims.taps_down * dims.taps_across
    if NARROW:
        return -(-dims.groups // TOGETHER) * LANES * taps
    return dims.channels // dims.groups * taps


@njit(inline="always", error_model="numpy")
def items_of(geometry: Geometry) -> int:
    """Panels of outputs, of each group: what can be computed one by one."""
    outputs = geometry.batch * (geometry.out_height // SIDE) * (geometry.out_width // SIDE)
    items: int = -(-outputs // geometry.panel) * (1 if NARROW else geometry.groups)
    return items


@njit(inline="always", error_model="numpy")
def panel_of(dims: Dims, out_height: int, out_width: int) -> int:
    """Outputs of a panel: those that are asked for, or as many as have terms that fit into half of L2."""
    outputs = dims.batch * (out_height // SIDE) * (out_width // SIDE)
    if dims.panel:
        return min(dims.panel, outputs)
    block = ROWS if CHANNELS_LAST else UNIT // SQUARE
    fitting: int = L2 // 2 // (terms_of_pixel(dims) * SQUARE * BYTES) // block
    blocks = -(-outputs // block)
    panels = -(-blocks // max(1, fitting))
    return min(outputs, -(-blocks // panels) * block)


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in."""
    return 0


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C/groups, *taps) into U, as `direct/packing` says."""
    channels, taps = dims.channels // dims.groups, dims.taps_down * dims.taps_across
    groups, filters = dims.groups, dims.filters // dims.groups
    if NARROW:  # the filters of all groups follow one another
        groups, filters = 1, dims.filters
    for group in range(groups):
        source = weights + group * filters * channels * taps * BYTES
        if CHANNELS_LAST:
            U = pack_lines(source, U, filters, channels, taps)
        else:
            U = pack_rows(source, U, filters, channels * taps)


@njit(inline="always", error_model="numpy")
def pack_lines(weights: int, U: int, filters: int, channels: int, taps: int) -> int:
    """One group with the channels last: [block of filters][tap, channel][filter]; where the next one goes."""
    for first in range(0, filters, WIDTH):
        for tap in range(taps):
            for channel in range(channels):
                for lane in range(BLOCK):
                    source = weights + (((first + lane) * channels + channel) * taps + tap) * BYTES
                    copy_below(source, U, lane, min(WIDTH, filters - first))
                    U += BYTES
    return U


@njit(inline="always", error_model="numpy")
def pack_rows(weights: int, U: int, filters: int, terms: int) -> int:
    """One group with the channels first: [group of filters][block of LANES terms][filter][term]; as `pack_lines`."""
    lines, tall = tallest(filters), number_of_tallest(filters)
    done = 0
    for number in range(-(-filters // ROWS)):
        rows = lines if number < tall else lines - 1
        for first in range(0, terms, LANES):
            for row in range(rows):
                for lane in range(LANES):
                    source = weights + ((done + row) * terms + first + lane) * BYTES
                    copy_below(source, U, lane, terms - first)
                    U += BYTES
        done += rows
    return U
