"""What nested kernels say of a layer that C describes: whether they compute it, their panels, their weights."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import (
    HALF_FILTERS,
    L2,
    OUTPUTS,
    ROWS,
    TAPS,
    TILE_STRIDES,
)
from wincook.kernels.codegen.body.exported.structures import Dims, has_steps
from wincook.kernels.codegen.body.exported.words import address_of, put_addresses, room
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call
from wincook.kernels.codegen.body.nested.filters import row_kernel
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import KEPT, PRODUCTS

TILES_PER_FILTER_READ = 42  # as `wincook.kernels.plans.plan` has it

KERNELS = ROWS  # addresses that a job has: of the micro-kernels
put_kernels = put_addresses("half_kernel" if HALF_FILTERS else "micro_kernel", KERNELS)
packing_place = address_of("pack_filters")
packing_room = room(PACKING_FLOATS // 2)


def functions_of_family() -> list[Any]:
    """What is called by name: the filter transform, and the micro-kernels for 1 to ROWS tiles."""
    return [pack_filters, *(row_kernel(rows) for rows in range(1, ROWS + 1))]


@njit(inline="always", error_model="numpy")
def knows(dims: Dims) -> bool:
    """Whether this code is for such filters."""
    return dims.groups == 1 and has_steps(dims, TAPS, TILE_STRIDES, (1, 1))


@njit(inline="always", error_model="numpy")
def terms_of_pixel(dims: Dims) -> int:
    """Floats of a pixel in memory to work in, beside its channels and filters."""
    return 1


@njit(inline="always", error_model="numpy")
def tiles_of(batch: int, out_height: int, out_width: int) -> int:
    """Tiles that cover the outputs."""
    tiles: int = batch * -(-out_height // OUTPUTS[0]) * -(-out_width // OUTPUTS[1])
    return tiles


@njit(inline="always", error_model="numpy")
def items_of(geometry: Geometry) -> int:
    """Panels: what can be computed one by one."""
    tiles: int = tiles_of(geometry.batch, geometry.out_height, geometry.out_width)
    return -(-tiles // geometry.panel)


@njit(inline="always", error_model="numpy")
def panel_of(dims: Dims, out_height: int, out_width: int) -> int:
    """Tiles of a panel: those that are asked for, or a quarter of L2, or what hides the reading of large filters."""
    tiles: int = tiles_of(dims.batch, out_height, out_width)
    if dims.panel:
        return min(dims.panel, tiles)
    if HALF_FILTERS:
        return tiles
    tile_bytes = PRODUCTS * (dims.channels + dims.filters) * BYTES
    filter_bytes = KEPT[0] * KEPT[1] * dims.channels * dims.filters * BYTES
    wanted: int = max(ROWS, L2 // 4 // tile_bytes, TILES_PER_FILTER_READ if filter_bytes > L2 // 2 else 0)
    panels = -(-tiles // wanted)
    share = -(-tiles // panels)
    return min(-(-share // ROWS) * ROWS, tiles)


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U."""
    call(packing_place(), (weights, U, packing_room(), dims.channels, dims.filters))
