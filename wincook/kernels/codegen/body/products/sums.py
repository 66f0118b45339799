"""The micro-kernel, for sums that are floats: each is one chain of steps in the order of the words, from zero."""

from __future__ import annotations

from functools import lru_cache
from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, ROWS, VECTORS
from wincook.kernels.codegen.body.gemm import add_chain, for_chains, walk_words
from wincook.kernels.codegen.body.lanes.vectors import VECTOR, at, constant, pointer
from wincook.machine_code import c_function


@lru_cache(maxsize=ROWS)
def micro_kernel(rows: int) -> Any:
    """The C function for so many tiles at once, of V, lines a block, U, words, M and its stride.

    V stands in blocks of LANES words, of as many lines of LANES words as are told. U has VECTORS vectors per word. The
    results go to lines `stride` floats apart.
    """
    multiply = _multiply(rows)

    def micro_kernel(V: int, lines: int, U: int, words: int, M: int, stride: int) -> None:
        multiply(V, lines, U, words, M, stride)

    micro_kernel.__name__ = micro_kernel.__qualname__ = f"micro_kernel_{rows}"
    return c_function(*[types.int64] * 6)(micro_kernel)


def _multiply(rows: int) -> Any:
    @intrinsic
    def multiply(typingctx: Any, V: Any, lines: Any, U: Any, words: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, lines, U, words, M, stride = arguments
            number = words.type
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            places = [at(builder, pointer(builder, M), builder.mul(stride, number(i))) for i in range(rows)]
            grid = [[at(builder, place, j * LANES) for j in range(VECTORS)] for place in places]

            def add(first: ir.Value, here: ir.Value) -> None:
                for total in chain.from_iterable(sums):
                    builder.store(constant(0.0), total)
                values = at(builder, pointer(builder, V), builder.mul(first, lines))
                weights = at(builder, pointer(builder, U), builder.mul(first, number(VECTORS * LANES)))
                ahead = at(builder, weights, builder.mul(words, number(VECTORS * LANES)))
                walk_words(builder, (values, lines, weights, ahead), here, sums)
                add_chain(builder, first, sums, grid)

            for_chains(builder, words, add)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return multiply
