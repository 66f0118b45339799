"""The products of whole numbers: M = s (z + V U), where z takes the zero points off and s is a scale for each filter.

A micro-kernel holds some tiles x VECTORS vectors of filters in registers. Each sum is exact, whatever the order: so
there is one chain of all channels.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, ROWS, VECTORS
from wincook.kernels.codegen.body.gemm import walk_words
from wincook.kernels.codegen.body.lanes.vectors import VECTOR, at, load, pointer, store
from wincook.kernels.codegen.body.quantised.dots import SUM, words_at
from wincook.machine_code import c_function


@lru_cache(maxsize=ROWS)
def micro_kernel(rows: int) -> Any:
    """The C function for so many tiles at once, of V, lines a block, U, words, M and its stride.

    V stands in blocks of LANES words, of as many lines of LANES words as are told. U has a line of starts of sums, as
    many lines of words as there are in V, and a line of scales; a line has VECTORS vectors. The results, floats, go to
    lines `stride` floats apart.
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
            sums = [[cgutils.alloca_once(builder, SUM) for _ in range(VECTORS)] for _ in range(rows)]
            starts = pointer(builder, U)
            weights = at(builder, starts, VECTORS * LANES)
            scales = at(builder, weights, builder.mul(words, number(VECTORS * LANES)))
            next_weights = at(builder, scales, 2 * VECTORS * LANES)
            for j in range(VECTORS):
                start = words_at(builder, at(builder, starts, j * LANES))
                for totals in sums:
                    builder.store(start, totals[j])
            walk_words(builder, (pointer(builder, V), lines, weights, next_weights), words, sums)
            factors = [load(builder, at(builder, scales, j * LANES)) for j in range(VECTORS)]
            results = pointer(builder, M)
            for i, totals in enumerate(sums):
                line = at(builder, results, builder.mul(stride, number(i)))
                for j, (total, factor) in enumerate(zip(totals, factors, strict=True)):
                    value = builder.sitofp(builder.load(total, typ=SUM), VECTOR)
                    store(builder, builder.fmul(value, factor), at(builder, line, j * LANES))
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return multiply
