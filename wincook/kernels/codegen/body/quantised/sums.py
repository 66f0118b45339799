"""The products of whole numbers: M = s (z + V U), where z takes the zero points off and s is a scale for each filter.

A micro-kernel holds some tiles x VECTORS vectors of filters in registers. Each sum is exact, whatever the order: so
there is one chain of all channels.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, VECTORS
from wincook.kernels.codegen.body.gemm import walk_words
from wincook.kernels.codegen.body.lanes.vectors import VECTOR, at, load, pointer, store
from wincook.kernels.codegen.body.quantised.dots import SUM, words_at


def multiply_of(rows: int) -> Any:
    """The products of so many tiles.

    U has a line of starts of sums, as many lines of words as there are in V, and a line of scales; a line has VECTORS
    vectors.
    """

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
