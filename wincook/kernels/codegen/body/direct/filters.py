"""Weights as direct kernels take them: U, the sizes it goes with, and the micro-kernels that read it."""

from __future__ import annotations

from typing import Any

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import GROUP, LANES, ROWS
from wincook.kernels.codegen.body.direct.gather import NARROW, TOGETHER
from wincook.kernels.codegen.body.direct.packing import pack_filters
from wincook.kernels.codegen.body.direct.spread import spread_kernel
from wincook.kernels.codegen.body.direct.stages import CHANNELS_LAST, group_floats
from wincook.kernels.codegen.body.gemm import micro_kernel, number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry

PURPOSE = "direct convolution"


def packed_filters(weights: Any, groups: int) -> Any:
    """U as one array, of contiguous weights (K, C/groups, taps down, taps across).

    Raises:
        ValueError: other shapes, or groups that do not divide the filters.
    """
    if weights.ndim != 4 or 0 in weights.shape or groups < 1 or len(weights) % groups:  # noqa: PLR2004
        raise ValueError(f"weights must be (K, C, taps, taps) in groups that divide K, not {weights.shape}, {groups}")
    if NARROW and (weights.shape[1], len(weights) // groups) != GROUP:
        raise ValueError(f"groups must have {GROUP[0]} channels and {GROUP[1]} filters, not {weights.shape}, {groups}")
    U = aligned(filter_floats((*weights.shape, groups)))
    pack_filters(weights, U, groups)
    return frozen(U)


def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many floats U has, of weights of such sizes, as `packed_sizes` tells them."""
    filters, channels, down, across, groups = sizes
    terms = channels * down * across
    if NARROW:
        return -(-groups // TOGETHER) * terms * LANES
    floats: int = groups * group_floats.py_func(filters // groups, terms)
    return floats


def bias_floats(filters: int) -> int:
    """The bias is read in whole vectors, from any filter on."""
    return filters + LANES


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and their groups."""
    channels = geometry.channels // geometry.groups
    return (geometry.filters, channels, geometry.taps_down, geometry.taps_across, geometry.groups)


def micro_kernels(geometry: Geometry) -> list[int]:
    """The addresses of the micro-kernels for 1 to ROWS rows: those that are needed are compiled, others are 0."""
    pixels = geometry.batch * geometry.out_height * geometry.out_width
    panels = (min(geometry.panel, pixels), pixels % geometry.panel)
    needed = set()
    for lines in panels if CHANNELS_LAST else (geometry.filters // geometry.groups,):
        if lines:
            most = tallest.py_func(lines)
            needed |= {most, most - 1} if number_of_tallest.py_func(lines) * most < lines else {most}
    make = spread_kernel if NARROW else micro_kernel
    return [make(rows).address if rows in needed else 0 for rows in range(1, ROWS + 1)]
