"""How many terms each sum has: of each tap its channels, filled up so that LANES of them never leave a line of V.

Fewer than LANES are filled up to a power of two, more to a multiple of LANES.
"""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import IN_WORD, LANES
from wincook.kernels.codegen.body.job import Geometry


@njit(inline="always", error_model="numpy")
def terms_of_tap(channels: int) -> int:
    """The places of one tap."""
    if channels >= LANES:
        return -(-channels // LANES) * LANES
    places = IN_WORD
    while places < channels:
        places *= 2
    return places


@njit(inline="always", error_model="numpy")
def terms_of(geometry: Geometry) -> int:
    """The places of all taps."""
    terms: int = geometry.taps_down * geometry.taps_across * terms_of_tap(geometry.channels)
    return terms


@njit(inline="always", error_model="numpy")
def terms_of_weights(sizes: tuple[int, ...]) -> int:
    """The same, of the sizes of weights, as `packed_sizes` tells them."""
    terms: int = sizes[2] * sizes[3] * terms_of_tap(sizes[1])
    return terms
