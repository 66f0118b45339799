"""What shallow kernels say of a layer that C describes: whether they compute it, their panels, their weights."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import LANES, OUTPUTS, ROWS, TAPS, TILE_STRIDES
from wincook.kernels.codegen.body.exported.structures import Dims, has_steps
from wincook.kernels.codegen.body.exported.words import WORD, address_of, copy_below, put_addresses, room
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import KEPT
from wincook.kernels.codegen.body.shallow.inputs import load_kernel
from wincook.kernels.codegen.body.shallow.products import CHANNELS_LAST, KEPT_PRODUCTS
from wincook.kernels.codegen.body.shallow.stages import tile_kernel

KERNELS = 2 * ROWS  # addresses that a job has: of the tile kernels, and of what loads V for them

put_tile_kernels, put_load_kernels = put_addresses("tile_kernel", ROWS), put_addresses("load_kernel", ROWS)
packing_place = address_of("pack_filters")
packing_room = room(PACKING_FLOATS // 2)
products_room = room(KEPT_PRODUCTS * LANES // 2)


def functions_of_family() -> list[Any]:
    """What is called by name: the filter transform, and the kernels for 1 to ROWS channels."""
    numbers = range(1, ROWS + 1)
    return [pack_filters, *map(tile_kernel, numbers), *map(load_kernel, numbers)]


@njit(inline="always", error_model="numpy")
def put_kernels(target: int) -> None:
    """Write the addresses that a job ends with."""
    put_tile_kernels(target)
    put_load_kernels(target + ROWS * WORD)


@njit(inline="always", error_model="numpy")
def knows(dims: Dims) -> bool:
    """Whether this code is for such filters, and for so few channels."""
    return dims.groups == 1 and dims.channels <= ROWS and has_steps(dims, TAPS, TILE_STRIDES, (1, 1))


@njit(inline="always", error_model="numpy")
def terms_of_pixel(dims: Dims) -> int:
    """Floats of a pixel in memory to work in, beside its channels and filters."""
    return 1


@njit(inline="always", error_model="numpy")
def items_of(geometry: Geometry) -> int:
    """Vectors of tiles: what can be computed one by one."""
    across = -(-geometry.out_width // (OUTPUTS[1] * LANES))
    items: int = geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * across
    return items


@njit(inline="always", error_model="numpy")
def panel_of(dims: Dims, out_height: int, out_width: int) -> int:
    """Tiles of a panel: those of a vector, whatever is asked for."""
    return LANES


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in."""
    return 0


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U, as `shallow/products` says: one filter and channel after another.

    Filters that fill up the last vector are zeros.
    """
    filters, channels = dims.filters, dims.channels
    products, strip = products_room(), packing_room()
    for k in range(-(-filters // LANES) * LANES):
        for channel in range(channels):
            if k < filters:
                source = weights + (k * channels + channel) * TAPS[0] * TAPS[1] * BYTES
                call(packing_place(), (source, products, strip, 1, 1))
            for i in range(KEPT[0]):
                for j in range(KEPT[1]):
                    place = (j * channels + channel) * KEPT[0] + i
                    if CHANNELS_LAST:
                        place = (k // LANES * KEPT_PRODUCTS * channels + place) * LANES + k % LANES
                    else:
                        place += k * KEPT_PRODUCTS * channels
                    copy_below(products + (i * KEPT[1] + j) * LANES * BYTES, U + place * BYTES, k, filters)
