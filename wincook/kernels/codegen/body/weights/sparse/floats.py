"""A vector of filters of one channel into U."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import LANES
from wincook.kernels.codegen.body.exported.words import copy_float
from wincook.kernels.codegen.body.lanes.vectors import BYTES


@njit(inline="always", error_model="numpy")
def put_line(source: int, target: int) -> None:
    """LANES words of U."""
    for lane in range(LANES):
        copy_float(source + lane * BYTES, target + lane * BYTES)
