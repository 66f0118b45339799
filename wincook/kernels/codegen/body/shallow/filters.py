"""Weights as shallow kernels take them: U, and the sizes it goes with."""

from __future__ import annotations

from typing import Any

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import LANES, POINTS, ROWS, TAPS, TILE
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import KEPT
from wincook.kernels.codegen.body.shallow.outputs import micro_kernel

PURPOSE = f"{TILE} on {' and '.join(dict.fromkeys(POINTS))}" if POINTS else TILE
pack_in_c = pack_filters.ctypes  # without the interpreter's lock


def packed_filters(weights: Any, groups: int) -> Any:
    """U, (filters, columns of products, channels, rows of products), of contiguous weights (K, C, *taps).

    Products with equal filters are there once; filters are filled up with zeros to whole vectors.

    Raises:
        ValueError: other shapes, or more than one group.
    """
    filters, channels, *taps = weights.shape
    if tuple(taps) != TAPS or 0 in weights.shape or channels > ROWS or groups != 1:
        raise ValueError(
            f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group and at most {ROWS} channels, not "
            f"{weights.shape}"
        )
    floats = filter_floats((*weights.shape, groups))
    by_products, U, strip = aligned(floats), aligned(floats), aligned(PACKING_FLOATS)
    pack_in_c(weights.ctypes.data, by_products.ctypes.data, strip.ctypes.data, channels, filters)
    turned = by_products.reshape(*KEPT, -1, channels, LANES).transpose(2, 4, 1, 3, 0)
    U.reshape(turned.shape)[...] = turned
    return frozen(U).reshape(-1, KEPT[1], channels, KEPT[0])


def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many floats U has, of weights of such sizes, as `packed_sizes` tells them."""
    filters, channels, *_ = sizes
    return KEPT[0] * KEPT[1] * -(-filters // LANES) * LANES * channels


def bias_floats(filters: int) -> int:
    """The bias is read one by one."""
    return filters


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, *TAPS, 1)


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS channels: the one that is needed is compiled, others are 0."""
    channels = range(1, ROWS + 1)
    return [micro_kernel(number).address if number == geometry.channels else 0 for number in channels]
