"""Weights as nested kernels take them: U, the sizes it goes with, the micro-kernels that read it, and how to step."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import (
    HALF_FILTERS,
    IN_WORD,
    LANES,
    OUTPUTS,
    POINTS,
    ROWS,
    TAPS,
    TILE,
    TILE_STRIDES,
)
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.nested.half import half_kernel
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT
from wincook.kernels.codegen.body.products.blocks import filter_floats
from wincook.kernels.codegen.body.products.sums import micro_kernel
from wincook.machine_code import in_python

PURPOSE = f"{TILE} on {' and '.join(dict.fromkeys(POINTS))}" if POINTS else TILE
KNOWN_STEPS = (TILE_STRIDES, (1, 1))  # stride and dilation
PANEL_ROWS = 4  # micro-kernels one after another in a panel that nobody planned
row_kernel = half_kernel if HALF_FILTERS else micro_kernel  # by how many tiles it takes


def packed_filters(weights: Any, groups: int) -> Any:
    """U, (products, blocks of filters, words, filters of a block), of contiguous weights (K, C, *taps).

    Products with equal filters are there once. Half-transformed, U is (vectors of filters, rows of products, channels,
    taps along a row, filters of a vector).

    Raises:
        ValueError: other shapes, or more than one group.
    """
    if weights.shape[2:] != TAPS or 0 in weights.shape or groups != 1:
        raise ValueError(f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group, not {weights.shape}")
    filters, channels = weights.shape[:2]
    shape: tuple[int, ...] = (KEPT[0] * KEPT[1], -1, -(-channels // IN_WORD), FILTERS)
    if HALF_FILTERS:
        shape = (-1, KEPT[0], channels, TAPS[1], LANES)
    U = aligned(in_python(filter_floats)((*weights.shape, groups)))
    strip = aligned(PACKING_FLOATS)
    in_c = pack_filters.ctypes  # without the interpreter's lock
    in_c(weights.ctypes.data, U.ctypes.data, strip.ctypes.data, channels, filters)
    return frozen(U).reshape(shape)


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """The bias is read in whole blocks of filters."""
    return -(-filters // FILTERS) * FILTERS


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, *TAPS, 1)


def tile_count(geometry: Geometry) -> int:
    """Tiles of the whole batch."""
    return geometry.batch * -(-geometry.out_height // OUTPUTS[0]) * -(-geometry.out_width // OUTPUTS[1])


def panel_for(geometry: Geometry, threads: int) -> int:
    """Tiles of a panel that nobody planned: so few that each thread gets some."""
    return min(PANEL_ROWS, -(-tile_count(geometry) // (ROWS * threads))) * ROWS


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS tiles: those that the panels need are compiled, others are 0."""
    tiles = tile_count(geometry)
    needed = set()
    for panel in (min(geometry.panel, tiles), tiles % geometry.panel):
        if panel:
            most = in_python(tallest)(panel)
            needed |= {most, most - 1} if in_python(number_of_tallest)(panel) * most < panel else {most}
    return [row_kernel(rows).address if rows in needed else 0 for rows in range(1, ROWS + 1)]
