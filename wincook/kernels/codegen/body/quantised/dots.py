"""Products of whole numbers: a word has four channels of 8 bits or two of 16, and sums have 32 bits and are exact.

V holds numbers without a sign where they have 8 bits, U has signs. Where the processor has no instruction for a step
of a sum, it adds the two products of a pair of 16 bits first (VPMADDWD), of which int8 is then made too. Where it has
neither, others give the same numbers, four or two products one after another.
"""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import FEATURES, FORMAT, IN_WORD, ISA, LANES
from wincook.kernels.codegen.body.lanes.vectors import BYTES, I32, INTEGERS, all_lanes, broadcast

SUM = INTEGERS
STRIPS = 1  # blocks of channels that go into V together
BITS = 32 // IN_WORD  # of a number
NUMBERS = ir.VectorType(ir.IntType(BITS), LANES * IN_WORD)
NATIVE = {16: "avx512vnni", 8: "avxvnni"}.get(LANES) in FEATURES  # whether the processor has the instruction
STEP = {"int8": "vpdpbusd", "int16": "vpdpwssd"}.get(FORMAT, "")
OF_PAIRS = {"avx512": "llvm.x86.avx512.pmaddw.d.512", "avx2": "llvm.x86.avx2.pmadd.wd"}.get(ISA, "")


def word_everywhere(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """One word of V in every lane."""
    return broadcast(builder, builder.load(place, typ=I32, align=BYTES))


def words_at(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """LANES words of U."""
    return builder.load(place, typ=INTEGERS, align=BYTES)


def dot(builder: ir.IRBuilder, word: ir.Value, weights: ir.Value, total: ir.Value) -> ir.Value:
    """The sums with the products of one more word."""
    if NATIVE:
        kind = ir.FunctionType(INTEGERS, [INTEGERS, NUMBERS, NUMBERS])
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.x86.avx512.{STEP}.{32 * LANES}")
        return builder.call(function, [total, builder.bitcast(word, NUMBERS), builder.bitcast(weights, NUMBERS)])
    if OF_PAIRS:
        kind = ir.FunctionType(INTEGERS, [NUMBERS, NUMBERS])
        function = cgutils.get_or_insert_function(builder.module, kind, OF_PAIRS)
        pairs = [builder.bitcast(words, NUMBERS) for words in (word, weights)]
        return builder.add(total, builder.call(function, pairs))
    for number in range(IN_WORD):
        value = _number_of(builder, word, number, is_signed=FORMAT != "int8")
        weight = _number_of(builder, weights, number, is_signed=True)
        total = builder.add(total, builder.mul(value, weight))
    return total


def _number_of(builder: ir.IRBuilder, words: ir.Value, number: int, *, is_signed: bool) -> ir.Value:
    """One number of each word, with 32 bits: moved to the top of the word, and from there to its end."""
    top = builder.shl(words, all_lanes(32 - (number + 1) * BITS))
    return (builder.ashr if is_signed else builder.lshr)(top, all_lanes(32 - BITS))
