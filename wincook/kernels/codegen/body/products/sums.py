"""The micro-kernel, for sums that are floats: each is one chain of steps in the order of the words, from zero."""

from __future__ import annotations

from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, VECTORS
from wincook.kernels.codegen.body.gemm import add_chain, for_chains, walk_words
from wincook.kernels.codegen.body.lanes.vectors import VECTOR, at, constant, pointer


def multiply_of(rows: int) -> Any:
    """The products of so many tiles; U has VECTORS vectors for each word."""

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
