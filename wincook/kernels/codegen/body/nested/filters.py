"""Weights as nested kernels take them: U, the sizes it goes with, and the micro-kernels that read it."""

from __future__ import annotations

from typing import Any

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import (
    HALF_FILTERS,
    LANES,
    OUTPUTS,
    POINTS,
    ROWS,
    TAPS,
    TILE,
)
from wincook.kernels.codegen.body.gemm import micro_kernel, number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.nested.half import half_kernel
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT

PURPOSE = f"{TILE} on {' and '.join(dict.fromkeys(POINTS))}" if POINTS else TILE
pack_in_c = pack_filters.ctypes  # without the interpreter's lock


def packed_filters(weights: Any, groups: int) -> Any:
    """U, (products, blocks of filters, channels, filters of a block), of contiguous weights (K, C, *taps).

    Products with equal filters are there once. Half-transformed, U is (vectors of filters, rows of products, channels,
    taps along a row, filters of a vector).

    Raises:
        ValueError: other shapes, or more than one group.
    """
    if weights.shape[2:] != TAPS or 0 in weights.shape or groups != 1:
        raise ValueError(f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group, not {weights.shape}")
    filters, channels = weights.shape[:2]
    shape: tuple[int, ...] = (KEPT[0] * KEPT[1], -1, channels, FILTERS)
    if HALF_FILTERS:
        shape = (-1, KEPT[0], channels, TAPS[1], LANES)
    U = aligned(filter_floats((*weights.shape, groups)))
    strip = aligned(PACKING_FLOATS)
    pack_in_c(weights.ctypes.data, U.ctypes.data, strip.ctypes.data, channels, filters)
    return frozen(U).reshape(shape)


def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many floats U has, of weights of such sizes, as `packed_sizes` tells them."""
    filters, channels, *_ = sizes
    products = KEPT[0] * TAPS[1] if HALF_FILTERS else KEPT[0] * KEPT[1]
    return products * -(-filters // FILTERS) * FILTERS * channels


def bias_floats(filters: int) -> int:
    """The bias is read in whole blocks of filters."""
    return -(-filters // FILTERS) * FILTERS


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, *TAPS, 1)


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS tiles: those that the panels need are compiled, others are 0."""
    tiles = geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])
    needed = set()
    for panel in (min(geometry.panel, tiles), tiles % geometry.panel):
        if panel:
            most = tallest.py_func(panel)
            needed |= {most, most - 1} if number_of_tallest.py_func(panel) * most < panel else {most}
    kernel = half_kernel if HALF_FILTERS else micro_kernel
    return [kernel(rows).address if rows in needed else 0 for rows in range(1, ROWS + 1)]
