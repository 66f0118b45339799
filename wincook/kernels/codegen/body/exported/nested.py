"""What nested kernels say of a layer that C describes: whether they compute it, their panels, their weights."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import HALF_FILTERS, IN_WORD, L2, OUTPUTS, ROWS
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import put_addresses
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.transforms import KEPT, PRODUCTS
from wincook.kernels.codegen.body.products.terms import terms_of_weights
from wincook.kernels.codegen.body.weights.tiles import takes_filters

TILES_PER_FILTER_READ = 42  # as `wincook.kernels.plans.tiles.blocking` has it

KERNELS = ROWS  # addresses that a job has: of the micro-kernels
put_kernels = put_addresses("half_kernel" if HALF_FILTERS else "micro_kernel", KERNELS)


@njit(inline="always", error_model="numpy")
def knows(dims: Dims) -> bool:
    """Whether this code is for such filters."""
    return dims.groups == 1 and takes_filters(dims)


@njit(inline="always", error_model="numpy")
def terms_of_pixel(dims: Dims) -> int:
    """Words of a pixel in memory to work in, beside its filters: what its sums have, at most one for each channel."""
    terms: int = terms_of_weights((dims.filters, dims.channels, dims.taps_down, dims.taps_across, 1))
    return terms


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
    words = -(-terms_of_pixel(dims) // IN_WORD)
    tile_bytes = PRODUCTS * (words + dims.filters) * BYTES
    filter_bytes = KEPT[0] * KEPT[1] * words * dims.filters * BYTES
    wanted: int = max(ROWS, L2 // 4 // tile_bytes, TILES_PER_FILTER_READ if filter_bytes > L2 // 2 else 0)
    panels = -(-tiles // wanted)
    share = -(-tiles // panels)
    return min(-(-share // ROWS) * ROWS, tiles)
