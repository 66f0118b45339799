"""Moves between arrays and strips of whole vectors: squares turned, parts of vectors copied."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, RESIDUAL_FORMAT, Y_FORMAT
from wincook.kernels.codegen.body.lanes.elements import (
    ADDED_BYTES,
    ADDED_FORMAT,
    STRIP_BYTES,
    STRIP_FORMAT,
    Y_BYTES,
    narrowed,
    read,
    read_as_they_are,
    vector_of,
    write_masked,
)
from wincook.kernels.codegen.body.lanes.vectors import (
    I64,
    at,
    first_lanes,
    masked_load,
    pointer,
    store,
    transposed,
)


@intrinsic
def turn(typingctx: Any, source: Any, target: Any) -> Any:
    """Transpose a square of LANES × LANES floats, lines one after another in both."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        read, written = (pointer(builder, address) for address in arguments)
        for i, vector in enumerate(transposed(builder, read)):
            store(builder, vector, at(builder, written, i * LANES))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@intrinsic
def turn_back(typingctx: Any, source: Any, rows: Any, columns: Any, target: Any, target_row: Any) -> Any:
    """Transpose a square of LANES × LANES floats, and write the first `rows` × `columns` to y, each at least 1."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, rows, columns, target, target_row = arguments
        written, last = pointer(builder, target), builder.sub(rows, I64(1))
        mask = first_lanes(builder, columns)
        # Rows beyond the last go where the last goes, and before it, so that it has the last word.
        for i, vector in reversed(list(enumerate(transposed(builder, pointer(builder, source))))):
            row = builder.select(builder.icmp_signed("<", I64(i), rows), I64(i), last)
            place = at(builder, written, builder.mul(target_row, row), Y_BYTES)
            write_masked(builder, narrowed(builder, vector, Y_FORMAT), place, mask)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate


@intrinsic
def copy(typingctx: Any, source: Any, number: Any, target: Any) -> Any:
    """Read `number` floats, write LANES: the rest zero."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, number, target = arguments
        vector = masked_load(builder, pointer(builder, source), first_lanes(builder, number))
        store(builder, vector, pointer(builder, target))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@intrinsic
def copy_residual(typingctx: Any, source: Any, number: Any, target: Any) -> Any:
    """Read `number` elements of a residual, write LANES of ADDED_FORMAT: the rest zero."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, number, target = arguments
        as_added = read_as_they_are if ADDED_FORMAT == RESIDUAL_FORMAT else read  # which makes floats
        elements = as_added(builder, pointer(builder, source), first_lanes(builder, number), RESIDUAL_FORMAT)
        builder.store(elements, pointer(builder, target), align=ADDED_BYTES)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@intrinsic
def copy_back(typingctx: Any, source: Any, number: Any, target: Any) -> Any:
    """Read LANES elements of a strip, write the first `number`."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, number, target = arguments
        elements = builder.load(pointer(builder, source), typ=vector_of(STRIP_FORMAT), align=STRIP_BYTES)
        write_masked(builder, elements, pointer(builder, target), first_lanes(builder, number))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate
