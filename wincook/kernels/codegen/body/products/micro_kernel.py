"""The micro-kernels as functions of C, one for each number of tiles; `sums` says how their products are added up."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from numba import types

from wincook.kernels.codegen.body.constants import ROWS
from wincook.kernels.codegen.body.products.sums import multiply_of
from wincook.machine_code import c_function


@lru_cache(maxsize=ROWS)
def micro_kernel(rows: int) -> Any:
    """The C function for so many tiles at once, of V, lines a block, U, words, M and its stride.

    V stands in blocks of LANES words, of as many lines of LANES words as are told. The results, floats, go to lines
    `stride` floats apart.
    """
    multiply = multiply_of(rows)

    def micro_kernel(V: int, lines: int, U: int, words: int, M: int, stride: int) -> None:
        multiply(V, lines, U, words, M, stride)

    micro_kernel.__name__ = micro_kernel.__qualname__ = f"micro_kernel_{rows}"
    return c_function(*[types.int64] * 6)(micro_kernel)
