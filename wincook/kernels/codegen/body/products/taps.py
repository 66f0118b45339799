"""The taps of weights, before the filter transform."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import LANES, TAPS
from wincook.kernels.codegen.body.lanes.vectors import BYTES
from wincook.kernels.codegen.body.nested.moves import copy, turn

SQUARE = LANES * LANES
TAP_FLOATS = -(-TAPS[0] * TAPS[1] // LANES) * SQUARE  # all taps of LANES filters, in whole squares


@njit(inline="always", error_model="numpy")
def gather_taps(weights: int, strip: int, half: int, lane: int, channel: int, channels: int, filters: int) -> None:
    """All taps of LANES filters of one channel into the strip, a vector of filters for each; zeros beyond the filters.

    `half` holds a square of LANES x LANES floats.
    """
    taps = TAPS[0] * TAPS[1]
    for tap in range(0, taps, LANES):
        for i in range(LANES):
            number = min(LANES, taps - tap) if lane + i < filters else 0
            source = weights + (((lane + i) * channels + channel) * taps + tap) * BYTES
            copy(source, number, half + i * LANES * BYTES)
        turn(half, strip + tap * LANES * BYTES)
