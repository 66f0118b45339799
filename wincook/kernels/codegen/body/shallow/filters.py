"""Weights as shallow kernels take them: U, and the sizes it goes with."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import LANES, POINTS, ROWS, TAPS, TILE, TILE_STRIDES
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import KEPT
from wincook.kernels.codegen.body.shallow.inputs import load_kernel
from wincook.kernels.codegen.body.shallow.products import CHANNELS_LAST
from wincook.kernels.codegen.body.shallow.stages import tile_kernel
from wincook.machine_code import in_python

PURPOSE = f"{TILE} on {' and '.join(dict.fromkeys(POINTS))}" if POINTS else TILE
KNOWN_STEPS = (TILE_STRIDES, (1, 1))  # stride and dilation
KNOWN_TAPS = TAPS


def packed_filters(weights: Any, groups: int) -> Any:
    """U as `shallow/products` says, of contiguous weights (K, C, *taps), with zeros for filters that fill up a vector.

    Raises:
        ValueError: other shapes, or more than one group.
    """
    filters, channels, *taps = weights.shape
    if tuple(taps) != TAPS or 0 in weights.shape or channels > ROWS or groups != 1:
        raise ValueError(
            f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group and at most {ROWS} channels, not "
            f"{weights.shape}"
        )
    floats = in_python(filter_floats)((*weights.shape, groups))
    by_products, U, strip = aligned(floats), aligned(floats), aligned(PACKING_FLOATS)
    in_c = pack_filters.ctypes  # without the interpreter's lock
    in_c(weights.ctypes.data, by_products.ctypes.data, strip.ctypes.data, channels, filters)
    order = (2, 1, 3, 0, 4) if CHANNELS_LAST else (2, 4, 1, 3, 0)
    turned = by_products.reshape(*KEPT, -1, channels, LANES).transpose(order)
    U.reshape(turned.shape)[...] = turned
    return frozen(U).reshape(turned.shape if CHANNELS_LAST else (-1, KEPT[1], channels, KEPT[0]))


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many floats U has, of weights of such sizes, as `packed_sizes` tells them."""
    floats: int = KEPT[0] * KEPT[1] * -(-sizes[0] // LANES) * LANES * sizes[1]
    return floats


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """The bias is read one by one, or in whole vectors."""
    return -(-filters // LANES) * LANES if CHANNELS_LAST else filters


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, *TAPS, 1)


def parts_for(geometry: Geometry, threads: int) -> tuple[int, int]:
    """Tiles of a panel that nobody planned, those of a vector, and one share."""
    return LANES, 1


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the tile kernels for 1 to ROWS channels, and of what loads V for them.

    The one that is needed of each is compiled, others are 0.
    """
    return [
        kernel(channels).address if channels == geometry.channels else 0
        for kernel in (tile_kernel, load_kernel)
        for channels in range(1, ROWS + 1)
    ]
