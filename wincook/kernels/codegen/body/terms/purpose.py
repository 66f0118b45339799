"""What direct kernels of whole numbers are for: their filters, and how they step."""

from __future__ import annotations

from wincook.kernels.codegen.body.job import Geometry

PURPOSE = "direct convolution"
KNOWN_STEPS = (None, None)  # stride and dilation: any
KNOWN_TAPS = None  # any, too


def packed_sizes(geometry: Geometry) -> tuple[int, ...]:
    """The shape of the weights that a layer takes, and its one group."""
    return (geometry.filters, geometry.channels, geometry.taps_down, geometry.taps_across, 1)
