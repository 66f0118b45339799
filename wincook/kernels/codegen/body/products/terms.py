"""How many channels each sum has."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.job import Geometry


@njit(inline="always", error_model="numpy")
def terms_of(geometry: Geometry) -> int:
    """The channels of x."""
    return geometry.channels


@njit(inline="always", error_model="numpy")
def terms_of_weights(sizes: tuple[int, ...]) -> int:
    """The same, of the sizes of weights, as `packed_sizes` tells them."""
    return sizes[1]
