"""A vector of filters of two channels into U, as words of bfloat16."""

from __future__ import annotations

from numba import njit

from wincook.kernels.codegen.body.constants import LANES
from wincook.kernels.codegen.body.products.pairs import join


@njit(inline="always", error_model="numpy")
def put_line(source: int, target: int) -> None:
    """LANES words of U, of the even channels and, behind them, the odd ones."""
    join(source, LANES, target)
