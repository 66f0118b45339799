"""The three transforms of one tile, LANES channels or filters at a time: each a single intrinsic."""

from __future__ import annotations

from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import (
    FILTER_PROGRAMS,
    INPUT_PROGRAMS,
    LANES,
    OUTPUT_PROGRAMS,
    OUTPUTS,
    RANKS,
    TAPS,
    TILE_INPUTS,
)
from wincook.kernels.codegen.body.vectors import (
    at,
    first_lanes,
    load,
    masked_load,
    masked_store,
    pointer,
    run_programs,
    store,
    transpose,
)

# Rows of G that are equal, as those of a phase of one tap, have one program between them: U holds what differs.
KEPT_PROGRAMS = tuple((ops, tuple(dict.fromkeys(outputs))) for ops, outputs in FILTER_PROGRAMS)


def _grid(
    builder: ir.IRBuilder, base: ir.Value, size: tuple[int, int], row: ir.Value, column: ir.Value
) -> list[list[ir.Value]]:
    """Pointers to a grid of vectors, `row` and `column` floats apart."""
    places = []
    for i in range(size[0]):
        start = at(builder, base, builder.mul(row, row.type(i)))
        places.append([at(builder, start, builder.mul(column, column.type(j))) for j in range(size[1])])
    return places


def _scatter(builder: ir.IRBuilder, grid: list[list[ir.Value]], target: ir.Value, stride: ir.Value) -> None:
    """Store the vectors of a grid, row by row, `stride` floats apart."""
    base = pointer(builder, target)
    for number, vector in enumerate(chain.from_iterable(grid)):
        store(builder, vector, at(builder, base, builder.mul(stride, stride.type(number))))


def _up_to(builder: ir.IRBuilder, index: int, number: ir.Value) -> ir.Value:
    """The index, or the last one of so many."""
    last = builder.sub(number, number.type(1))
    inside = builder.icmp_signed("<", number.type(index), number)
    return builder.select(inside, number.type(index), last)


@intrinsic
def input_tile(typingctx: Any, source: Any, row: Any, column: Any, target: Any, stride: Any) -> Any:
    """V = BT d B for LANES channels: from a grid of inputs to RANKS products, `stride` floats apart."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, row, column, target, stride = arguments
        places = _grid(builder, pointer(builder, source), TILE_INPUTS, row, column)
        grid = [[load(builder, place) for place in line] for line in places]
        _scatter(builder, run_programs(builder, INPUT_PROGRAMS, grid), target, stride)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate


@intrinsic
def output_tile(typingctx: Any, source: Any, stride: Any, bias: Any, target: Any, row: Any, column: Any) -> Any:
    """y = AT M A + bias for LANES filters: from products `stride` floats apart to a grid of outputs."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, stride, bias, target, row, column = arguments
        base = pointer(builder, source)
        flat = [
            load(builder, at(builder, base, builder.mul(stride, stride.type(number))))
            for number in range(RANKS[0] * RANKS[1])
        ]
        grid = [flat[i * RANKS[1] : (i + 1) * RANKS[1]] for i in range(RANKS[0])]
        shift = load(builder, pointer(builder, bias))
        places = _grid(builder, pointer(builder, target), OUTPUTS, row, column)
        for line, vectors in zip(places, run_programs(builder, OUTPUT_PROGRAMS, grid), strict=True):
            for place, vector in zip(line, vectors, strict=True):
                store(builder, builder.fadd(vector, shift), place)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), generate


@intrinsic
def filter_tile(typingctx: Any, source: Any, target: Any, stride: Any) -> Any:
    """U = G g Gt for LANES filters, each kept once: taps LANES floats apart, results `stride` floats apart."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target, stride = arguments
        base = pointer(builder, source)
        places = _grid(builder, base, TAPS, source.type(TAPS[1] * LANES), source.type(LANES))
        grid = [[load(builder, place) for place in line] for line in places]
        _scatter(builder, run_programs(builder, KEPT_PROGRAMS, grid), target, stride)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate


@intrinsic
def turn(typingctx: Any, source: Any, source_row: Any, rows: Any, columns: Any, target: Any, target_row: Any) -> Any:
    """Write the transposition of `rows` × `columns` (each 1..LANES) floats as LANES whole lines.

    Lines beyond `columns` are zero; floats of a line beyond `rows` repeat the last row, and are for no one to use.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, source_row, rows, columns, target, target_row = arguments
        read, written = pointer(builder, source), pointer(builder, target)
        mask = first_lanes(builder, columns)
        vectors = [
            masked_load(builder, at(builder, read, builder.mul(source_row, _up_to(builder, i, rows))), mask)
            for i in range(LANES)
        ]
        for i, vector in enumerate(transpose(builder, vectors)):
            store(builder, vector, at(builder, written, builder.mul(target_row, rows.type(i))))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), generate


@intrinsic
def turn_back(
    typingctx: Any, source: Any, source_row: Any, rows: Any, columns: Any, target: Any, target_row: Any
) -> Any:
    """Read LANES rows whole, and write `rows` × `columns` floats of their transposition; nothing else."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, source_row, rows, columns, target, target_row = arguments
        read, written = pointer(builder, source), pointer(builder, target)
        vectors = [load(builder, at(builder, read, builder.mul(source_row, rows.type(i)))) for i in range(LANES)]
        mask = first_lanes(builder, columns)
        # Rows beyond the last go where the last goes, and before it, so that it has the last word.
        for i, vector in reversed(list(enumerate(transpose(builder, vectors)))):
            place = at(builder, written, builder.mul(target_row, _up_to(builder, i, rows)))
            masked_store(builder, vector, place, mask)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), generate


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
def copy_back(typingctx: Any, source: Any, number: Any, target: Any) -> Any:
    """Read LANES floats, write the first `number`."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, number, target = arguments
        vector = load(builder, pointer(builder, source))
        masked_store(builder, vector, pointer(builder, target), first_lanes(builder, number))
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3), generate
