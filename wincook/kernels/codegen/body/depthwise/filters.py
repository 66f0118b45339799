"""Weights as depthwise kernels take them, the sizes they go with, and how to step."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import BLOCK, DILATION, LANES, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.places import ALL_TAPS, CHANNELS_LAST
from wincook.kernels.codegen.body.depthwise.stages import workspace_floats
from wincook.kernels.codegen.body.job import Geometry
from wincook.machine_code import in_python

PURPOSE = f"depthwise convolution with {TAPS[0]}x{TAPS[1]} taps and stride {STRIDE[0]}x{STRIDE[1]}"

KNOWN_STEPS = (STRIDE, DILATION)
KNOWN_TAPS = TAPS
PANEL_FLOATS = 1 << 15  # of a strip in a band that nobody planned: an eighth of a usual L2


def packed_filters(weights: Any, groups: int) -> Any:
    """U, (filters, taps), or (blocks of filters, taps, filters of a block), of weights (K, 1, *taps).

    Raises:
        ValueError: other shapes, or groups that do not divide the filters.
    """
    if weights.shape[1:] != (1, *TAPS) or groups < 1 or len(weights) % groups:
        raise ValueError(f"weights must be (K, 1, {TAPS[0]}, {TAPS[1]}) in groups, not {weights.shape}, {groups}")
    taps = weights.reshape(-1, ALL_TAPS)
    U = aligned(in_python(filter_floats)((*weights.shape, groups)))
    if not CHANNELS_LAST:
        U[:] = taps.ravel()
        return frozen(U)
    blocks = -(-len(taps) // LANES)
    packed = U.reshape(blocks, ALL_TAPS, LANES)
    packed[...] = 0
    for start in range(0, len(taps), LANES):
        block = taps[start : start + LANES]
        packed[start // LANES, :, : len(block)] = block.T
    return frozen(U)


@njit(inline="always", error_model="numpy")
def filter_floats(sizes: tuple[int, ...]) -> int:
    """How many floats U has, of weights of such sizes, as `packed_sizes` tells them."""
    return (-(-sizes[0] // LANES) * LANES if CHANNELS_LAST else sizes[0]) * ALL_TAPS


@njit(inline="always", error_model="numpy")
def bias_floats(filters: int) -> int:
    """The bias is read in whole vectors."""
    return -(-filters // LANES) * LANES


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and their groups."""
    return (geometry.filters, 1, *TAPS, geometry.groups)


def parts_for(geometry: Geometry, threads: int) -> tuple[int, int]:
    """Rows of a band that nobody planned, halved until the strip fits into a cache, and one share."""
    blocks = -(-geometry.out_height // BLOCK[0])
    while blocks > 1 and in_python(workspace_floats)(geometry._replace(panel=blocks * BLOCK[0]))[0] > PANEL_FLOATS:
        blocks = -(-blocks // 2)
    return blocks * BLOCK[0], 1


def micro_kernels(geometry: Geometry) -> list[int]:
    """None: a block of outputs is computed in place."""
    return []
