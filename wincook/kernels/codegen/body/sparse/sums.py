"""The micro-kernel of sparse filters: it walks the words of channels that a list names, and leaves out all others.

Sums are chains over the words that are kept, in their order, as if there were no others; of none they are 0.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, VECTORS
from wincook.kernels.codegen.body.gemm import add_chain, for_chains
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    I8,
    I32,
    I64,
    VECTOR,
    at,
    constant,
    pointer,
    prefetch,
    store,
)
from wincook.kernels.codegen.body.products.float32 import SUM, dot, word_everywhere, words_at


def multiply_of(rows: int) -> Any:
    """The products of so many tiles; after its header, U has VECTORS vectors for each word that is kept."""

    @intrinsic
    def multiply(typingctx: Any, V: Any, lines: Any, U: Any, words: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, lines, U, _, M, stride = arguments
            kept, numbers, filters = _header(builder, pointer(builder, U))
            number = kept.type
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            places = [at(builder, pointer(builder, M), builder.mul(stride, number(i))) for i in range(rows)]
            grid = [[at(builder, place, j * LANES) for j in range(VECTORS)] for place in places]

            def add(first: ir.Value, here: ir.Value) -> None:
                for total in chain.from_iterable(sums):
                    builder.store(constant(0.0), total)
                weights = at(builder, filters, builder.mul(first, number(VECTORS * LANES)))
                ahead = at(builder, weights, builder.mul(kept, number(VECTORS * LANES)))
                lists = at(builder, numbers, first), weights, ahead
                _walk_list(builder, pointer(builder, V), lines, lists, here, sums)
                add_chain(builder, first, sums, grid)

            with builder.if_then(builder.icmp_signed("==", kept, number(0))):
                for place in chain.from_iterable(grid):
                    store(builder, constant(0.0), place)
            for_chains(builder, kept, add)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return multiply


def _header(builder: ir.IRBuilder, place: ir.Value) -> tuple[ir.Value, ir.Value, ir.Value]:
    """How many words are kept, and where their numbers and their filters begin."""
    kept, to_list, to_filters = (
        builder.load(builder.gep(place, [I64(i)], source_etype=I64), typ=I64, align=8) for i in range(3)
    )
    return kept, *(builder.gep(place, [offset], source_etype=I8) for offset in (to_list, to_filters))


def _walk_list(
    builder: ir.IRBuilder,
    V: ir.Value,
    lines: ir.Value,
    lists: tuple[ir.Value, ir.Value, ir.Value],
    kept: ir.Value,
    sums: list[list[ir.Value]],
) -> None:
    """One step of every sum for each word of a list; the filters that come next are fetched on the way.

    The lists are the numbers of the words, their filters, and what comes next.
    """
    numbers, U, U_next = lists
    with cgutils.for_range(builder, kept) as loop:
        offset = builder.mul(loop.index, kept.type(VECTORS * LANES))
        row, row_next = at(builder, U, offset), at(builder, U_next, offset)
        for j in range(VECTORS):
            prefetch(builder, at(builder, row_next, j * LANES))
        weights = [words_at(builder, at(builder, row, j * LANES)) for j in range(VECTORS)]
        number = builder.zext(builder.load(at(builder, numbers, loop.index), typ=I32, align=BYTES), I64)
        lane = builder.and_(number, I64(LANES - 1))
        block = builder.mul(builder.sub(number, lane), lines)
        word = at(builder, V, builder.add(block, lane))
        for i, totals in enumerate(sums):
            value = word_everywhere(builder, at(builder, word, i * LANES))
            for total, weight in zip(totals, weights, strict=True):
                builder.store(dot(builder, value, weight, builder.load(total, typ=SUM)), total)
