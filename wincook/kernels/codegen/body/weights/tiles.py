"""What code whose filters are transformed and no more says of dims that C gives."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import TAPS, TILE_STRIDES
from wincook.kernels.codegen.body.exported.structures import Dims, has_steps


@njit(inline="always", error_model="numpy")
def takes_filters(dims: Dims) -> bool:
    """Whether this code is for such taps and steps, of any number of channels."""
    is_same: bool = has_steps(dims, TAPS, TILE_STRIDES, (1, 1))
    return is_same


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in."""
    return 0
