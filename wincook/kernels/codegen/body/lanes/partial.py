"""Parts of vectors: read where there is something, and written where there is room.

What moves is elements of x, which become floats; `zero` is the address of their zero point, if they have one.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, RESIDUAL
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled
from wincook.kernels.codegen.body.lanes.inputs import input_at, inputs_at, inputs_where
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    I32,
    I64,
    at,
    broadcast,
    load,
    masked_load,
    masked_store,
    pointer,
    store,
)

EVEN = list(range(0, 2 * LANES, 2))


def lanes_of(builder: ir.IRBuilder, first: ir.Value, last: ir.Value) -> ir.Value:
    """A mask of the lanes first..last-1."""
    numbers = ir.Constant(ir.VectorType(I32, LANES), list(range(LANES)))
    low, high = (_everywhere(builder, number) for number in (first, last))
    return builder.and_(builder.icmp_signed(">=", numbers, low), builder.icmp_signed("<", numbers, high))


def _everywhere(builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
    number = builder.trunc(number, I32)
    start = builder.insert_element(ir.Constant(ir.VectorType(I32, LANES), ir.Undefined), number, I32(0))
    return builder.shuffle_vector(start, start, ir.Constant(ir.VectorType(I32, LANES), [0] * LANES))


@intrinsic
def move(typingctx: Any, source: Any, first: Any, last: Any, target: Any, begin: Any, end: Any, zero: Any) -> Any:
    """Write the lanes begin..end-1 of a vector: those of first..last-1 are read, the others are zero."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, first, last, target, begin, end, zero = arguments
        mask = lanes_of(builder, first, last)
        vector = inputs_where(builder, pointer(builder, source), mask, pointer(builder, zero))
        masked_store(builder, vector, pointer(builder, target), lanes_of(builder, begin, end))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7), generate


@intrinsic
def move_all(typingctx: Any, source: Any, target: Any, zero: Any) -> Any:
    """Copy a vector."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target, zero = (pointer(builder, address) for address in arguments)
        store(builder, inputs_at(builder, source, zero), target)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@intrinsic
def move_whole(typingctx: Any, source: Any, first: Any, last: Any, target: Any, zero: Any) -> Any:
    """Write a vector: the lanes first..last-1 are read, the others are zero."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, first, last, target, zero = arguments
        mask = lanes_of(builder, first, last)
        vector = inputs_where(builder, pointer(builder, source), mask, pointer(builder, zero))
        store(builder, vector, pointer(builder, target))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate


@intrinsic
def move_even(typingctx: Any, source: Any, first: Any, last: Any, target: Any, begin: Any, end: Any, zero: Any) -> Any:
    """As `move`, but lane i is read from place 2 i."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, first, last, target, begin, end, zero = arguments
        two, one = I64(2), I64(1)
        low = builder.mul(first, two)
        high = builder.sub(builder.mul(last, two), one)  # the last one that is read
        halves = []
        for start in (0, LANES):
            mask = lanes_of(builder, builder.sub(low, I64(start)), builder.sub(high, I64(start)))
            half = at(builder, pointer(builder, source), start, X_BYTES)
            halves.append(inputs_where(builder, half, mask, pointer(builder, zero)))
        vector = builder.shuffle_vector(*halves, ir.Constant(ir.VectorType(I32, LANES), EVEN))
        masked_store(builder, vector, pointer(builder, target), lanes_of(builder, begin, end))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7), generate


@intrinsic
def move_float(typingctx: Any, source: Any, target: Any, zero: Any) -> Any:
    """Copy one number."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target, zero = (pointer(builder, address) for address in arguments)
        builder.store(input_at(builder, source, zero), target, align=BYTES)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@intrinsic
def finish_pixels(
    typingctx: Any,
    sums: Any,
    bias: Any,
    apart: Any,
    residual: Any,
    residual_row: Any,
    target: Any,
    begin: Any,
    end: Any,
) -> Any:
    """y = M, and what follows, for the outputs begin..end-1 of a vector, all of one filter.

    Where squares are pooled, a vector of sums of each pixel of the squares stands after that of the one before.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        sums, bias, apart, residual, residual_row, target, begin, end = arguments
        of_filters = numbers_of_filters(builder, pointer(builder, bias), apart, load_everywhere)
        rows = []
        for i in range(SIDE):
            line = at(builder, pointer(builder, residual), builder.mul(residual_row, I64(i)))
            added = _load_apart(builder, line, begin, end) if RESIDUAL else [None] * SIDE
            places = [at(builder, pointer(builder, sums), (i * SIDE + j) * LANES) for j in range(SIDE)]
            rows.append(
                [
                    finished(builder, load(builder, place), of_filters, vector)
                    for place, vector in zip(places, added, strict=True)
                ]
            )
        _store_part(builder, pooled(builder, rows)[0], pointer(builder, target), begin, end)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 8), generate


@intrinsic
def finish_filters(
    typingctx: Any, sums: Any, line: Any, bias: Any, apart: Any, residual: Any, target: Any, number: Any
) -> Any:
    """y = M, and what follows, for the first `number` filters of a vector, all of one output.

    Where squares are pooled, sums of the pixels of a square are lines, so many floats apart. The residual is told as
    (address, floats to the next row, floats to the next column).
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        sums, line, bias, apart, residual, target, number = arguments
        address, row, column = cgutils.unpack_tuple(builder, residual)
        of_filters = numbers_of_filters(builder, pointer(builder, bias), apart, load)
        rows: list[list[ir.Value]] = [[] for _ in range(SIDE)]
        for i, j in product(range(SIDE), range(SIDE)):
            place = at(builder, pointer(builder, sums), builder.mul(line, I64(i * SIDE + j)))
            floats = builder.add(builder.mul(row, I64(i)), builder.mul(column, I64(j)))
            source = at(builder, pointer(builder, address), floats)
            added = _load_part(builder, source, I64(0), number) if RESIDUAL else None
            rows[i].append(finished(builder, load(builder, place), of_filters, added))
        _store_part(builder, pooled(builder, rows)[0], pointer(builder, target), I64(0), number)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, residual, *[types.int64] * 2), generate


def load_everywhere(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """One float in every lane."""
    return broadcast(builder, builder.load(place, typ=F32, align=BYTES))


def _load_part(builder: ir.IRBuilder, source: ir.Value, begin: ir.Value, end: ir.Value) -> ir.Value:
    """Read the lanes begin..end-1."""
    return masked_load(builder, source, lanes_of(builder, begin, end))


def _load_apart(builder: ir.IRBuilder, source: ir.Value, begin: ir.Value, end: ir.Value) -> list[ir.Value]:
    """The pixels of the lanes begin..end-1: of a row as it is, or, of squares, all first ones and all second ones."""
    if SIDE == 1:
        return [_load_part(builder, source, begin, end)]
    first, last = (builder.mul(lane, I64(SIDE)) for lane in (begin, end))
    halves = [
        _load_part(builder, at(builder, source, start), builder.sub(first, I64(start)), builder.sub(last, I64(start)))
        for start in (0, LANES)
    ]
    kind = ir.VectorType(I32, LANES)
    return [builder.shuffle_vector(*halves, ir.Constant(kind, [lane + odd for lane in EVEN])) for odd in range(SIDE)]


def _store_part(builder: ir.IRBuilder, vector: ir.Value, target: ir.Value, begin: ir.Value, end: ir.Value) -> None:
    """Write the lanes begin..end-1; a whole vector at once."""
    number = builder.sub(end, begin)
    with builder.if_else(builder.icmp_signed("==", number, I64(LANES))) as (whole, part):
        with whole:
            store(builder, vector, target)
        with part:
            masked_store(builder, vector, target, lanes_of(builder, begin, end))
