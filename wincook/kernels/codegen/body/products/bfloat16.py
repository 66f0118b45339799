"""Products of bfloat16: a word is two channels, and each step of a sum adds both products to a float32.

The instruction adds the product of the odd channel by an fma, then that of the even one. Numbers smaller than all
normal ones count as zeros, sums too, and rounding is to nearest, ties to even. Where the processor lacks it, the same
is done in single steps: then no such numbers are in U and V, which are made of rounded ones.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import LANES
from wincook.kernels.codegen.body.lanes.elements import (
    ROUNDS_TO_BFLOAT16,
    BFloat,
    flushed,
    rounded_to_bfloat16,
)
from wincook.kernels.codegen.body.lanes.vectors import BYTES, I32, INTEGERS, VECTOR, at, broadcast, fma

SUM = VECTOR
STRIPS = 2  # blocks of channels that go into V together
HAS_DOT = ROUNDS_TO_BFLOAT16
BITS = 16  # of a channel in a word
UPPER = -0x10000  # bits of the odd channel


def word_everywhere(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """One word of V in every lane."""
    return broadcast(builder, builder.load(place, typ=I32, align=BYTES))


def words_at(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """LANES words of U."""
    return builder.load(place, typ=INTEGERS, align=BYTES)


def dot(builder: ir.IRBuilder, word: ir.Value, weights: ir.Value, total: ir.Value) -> ir.Value:
    """The sums with the products of one more word."""
    if HAS_DOT:
        pairs = ir.VectorType(BFloat(), 2 * LANES)
        kind = ir.FunctionType(VECTOR, [VECTOR, pairs, pairs])
        function = cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.avx512bf16.dpbf16ps.512")
        return builder.call(function, [total, builder.bitcast(word, pairs), builder.bitcast(weights, pairs)])
    for channel in (_odd, _even):
        bits = builder.bitcast(fma(builder, channel(builder, word), channel(builder, weights), total), INTEGERS)
        total = builder.bitcast(flushed(builder, bits), VECTOR)
    return total


def _odd(builder: ir.IRBuilder, words: ir.Value) -> ir.Value:
    return builder.bitcast(builder.and_(words, INTEGERS([UPPER] * LANES)), VECTOR)


def _even(builder: ir.IRBuilder, words: ir.Value) -> ir.Value:
    return builder.bitcast(builder.shl(words, INTEGERS([BITS] * LANES)), VECTOR)


def put_in_V(builder: ir.IRBuilder, vectors: list[ir.Value], place: ir.Value) -> None:
    """LANES channels of one tile, or twice as many."""
    if len(vectors) == STRIPS and HAS_DOT:
        kind = ir.FunctionType(ir.VectorType(BFloat(), STRIPS * LANES), [VECTOR] * STRIPS)
        name = "llvm.x86.avx512bf16.cvtne2ps2bf16.512"
        function = cgutils.get_or_insert_function(builder.module, kind, name)
        builder.store(builder.call(function, vectors[::-1]), place, align=2)
        return
    for number, vector in enumerate(vectors):
        builder.store(rounded_to_bfloat16(builder, vector), at(builder, place, number * LANES, 2), align=2)
