"""Products of float32: a word is one channel, and each step of a sum is one fma."""

from __future__ import annotations

from llvmlite import ir

from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, VECTOR, broadcast, fma, load, store

SUM = VECTOR
STRIPS = 1  # blocks of channels that go into V together


def word_everywhere(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """One word of V in every lane."""
    return broadcast(builder, builder.load(place, typ=F32, align=BYTES))


def words_at(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """LANES words of U."""
    return load(builder, place)


def dot(builder: ir.IRBuilder, word: ir.Value, weights: ir.Value, total: ir.Value) -> ir.Value:
    """The sums with the products of one more word."""
    return fma(builder, word, weights, total)


def put_in_V(builder: ir.IRBuilder, vectors: list[ir.Value], place: ir.Value) -> None:
    """LANES channels of one tile."""
    store(builder, vectors[0], place)
