"""What nested kernels are for: their filters, and how they step."""

from __future__ import annotations

from wincook.kernels.codegen.body.constants import POINTS, TAPS, TILE, TILE_STRIDES
from wincook.kernels.codegen.body.job import Geometry

PURPOSE = f"{TILE} on {' and '.join(dict.fromkeys(POINTS))}" if POINTS else TILE
KNOWN_STEPS = (TILE_STRIDES, (1, 1))  # stride and dilation
KNOWN_TAPS = TAPS


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, *TAPS, 1)
