"""The transforms, one axis at a time: each program is an intrinsic on LANES columns, channels or filters at once.

A program of one axis keeps its values in registers, which both programs of a large tile together do not. Where the
values between them are few, the outputs go through both at once.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import (
    FILTER_PROGRAMS,
    INPUT_PROGRAMS,
    LANES,
    OUTPUT_PROGRAMS,
    OUTPUTS,
    RANKS,
    RESIDUAL,
    TAPS,
    TILE_INPUTS,
    TILE_STRIDES,
    VECTORS,
)
from wincook.kernels.codegen.body.lanes.elements import (
    ADDED_BYTES,
    ADDED_FORMAT,
    STRIP_BYTES,
    STRIP_FORMAT,
    X_BYTES,
    read_all,
    write,
)
from wincook.kernels.codegen.body.lanes.finish import SIDE, finished, numbers_of_filters, pooled, requantised
from wincook.kernels.codegen.body.lanes.inputs import inputs_where
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    I1,
    MASK,
    at,
    first_lanes,
    load,
    pointer,
    run_program,
    store,
)

PRODUCTS = RANKS[0] * RANKS[1]
STEPS = (OUTPUTS[0] * TILE_STRIDES[0], OUTPUTS[1] * TILE_STRIDES[1])  # inputs from one tile to the next
FILTERS = VECTORS * LANES  # of one block
# Rows of G that are equal, as those of a phase of one tap, have one program between them: U holds what differs.
KEPT_PROGRAMS = tuple((ops, tuple(dict.fromkeys(outputs))) for ops, outputs in FILTER_PROGRAMS)
KEPT = (len(KEPT_PROGRAMS[0][1]), len(KEPT_PROGRAMS[1][1]))  # products along each axis that have filters of their own
DOWN, ACROSS = (
    [kept.index(value) for value in outputs]
    for (_, kept), (_, outputs) in zip(KEPT_PROGRAMS, FILTER_PROGRAMS, strict=True)
)
REGISTERS = max(16, 2 * LANES)  # of the processors with vectors of so many lanes
STORED = (OUTPUTS[0] // SIDE, OUTPUTS[1] // SIDE)  # outputs of a tile that are left of pooling
OUTPUTS_IN_REGISTERS = OUTPUTS[0] * RANKS[1] <= REGISTERS


def _places(builder: ir.IRBuilder, base: ir.Value, step: ir.Value, number: int, size: int = BYTES) -> list[ir.Value]:
    """So many pointers, `step` floats apart, or elements of another size."""
    return [at(builder, base, builder.mul(step, step.type(i)), size) for i in range(number)]


def transform_of(program: Any, inputs: int) -> Any:
    """The intrinsic of a program: vectors `step` floats apart in, vectors `target_step` floats apart out."""

    @intrinsic
    def transform(typingctx: Any, source: Any, step: Any, target: Any, target_step: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            source, step, target, target_step = arguments
            values = [load(builder, place) for place in _places(builder, pointer(builder, source), step, inputs)]
            results = run_program(builder, program, values)
            places = _places(builder, pointer(builder, target), target_step, len(results))
            for vector, place in zip(results, places, strict=True):
                store(builder, vector, place)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 4), generate

    return transform


output_down = transform_of(OUTPUT_PROGRAMS[0], RANKS[0])
filter_down = transform_of(KEPT_PROGRAMS[0], TAPS[0])
filter_along = transform_of(KEPT_PROGRAMS[1], TAPS[1])


@intrinsic
def input_down(
    typingctx: Any, source: Any, row: Any, top: Any, bottom: Any, number: Any, target: Any, target_step: Any, zero: Any
) -> Any:
    """The first program of the inputs, from TILE_INPUTS[0] rows of x that are `row` elements apart.

    Of the rows top..bottom-1 the first `number` lanes are read; all else is zero. The zero point of x is at an address.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, row, top, bottom, number, target, target_step, zero = arguments
        lanes, nothing = first_lanes(builder, number), ir.Constant(MASK, [I1(0)] * MASK.count)
        values = []
        for i, place in enumerate(_places(builder, pointer(builder, source), row, TILE_INPUTS[0], X_BYTES)):
            below, above = builder.icmp_signed("<=", top, row.type(i)), builder.icmp_signed("<", row.type(i), bottom)
            mask = builder.select(builder.and_(below, above), lanes, nothing)
            values.append(inputs_where(builder, place, mask, pointer(builder, zero)))
        places = _places(builder, pointer(builder, target), target_step, RANKS[0])
        for vector, place in zip(run_program(builder, INPUT_PROGRAMS[0], values), places, strict=True):
            store(builder, vector, place)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 8), generate


@intrinsic
def output_tile(typingctx: Any, source: Any, stride: Any, bias: Any, apart: Any, residual: Any, target: Any) -> Any:
    """y = AT M A, and what follows, for LANES filters: from products `stride` floats apart to a grid of outputs.

    The residual, a grid of elements of ADDED_FORMAT as large as AT M A, and the target, of elements of STRIP_FORMAT,
    are told as (address, elements to the next row, elements to the next column). A row of the residual is read before
    any place of it is written, as they may lie in one strip.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, stride, *others = arguments
        products = _places(builder, pointer(builder, source), stride, RANKS[0] * RANKS[1])
        columns = [
            run_program(builder, OUTPUT_PROGRAMS[0], [load(builder, place) for place in products[j :: RANKS[1]]])
            for j in range(RANKS[1])
        ]
        finish_rows(builder, [list(row) for row in zip(*columns, strict=True)], others)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4, residual, target), generate


@intrinsic
def output_rows(typingctx: Any, source: Any, bias: Any, apart: Any, residual: Any, target: Any) -> Any:
    """The second half of `output_tile`, for as many rows, one after another, as become one row of the target."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, *others = arguments
        values = [load(builder, at(builder, pointer(builder, source), i * LANES)) for i in range(SIDE * RANKS[1])]
        finish_rows(builder, [values[i : i + RANKS[1]] for i in range(0, len(values), RANKS[1])], others)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3, residual, target), generate


def finish_rows(builder: ir.IRBuilder, rows: list[list[ir.Value]], arguments: Any) -> None:
    """The second program of the outputs and what follows, for rows that are transformed down the columns."""
    bias, apart, residual, target = arguments
    of_filters = numbers_of_filters(builder, pointer(builder, bias), apart, load)
    residual_rows, residual_step = _rows(builder, residual, len(rows), ADDED_BYTES)
    target_rows, step = _rows(builder, target, len(rows) // SIDE, STRIP_BYTES)
    for i, start in enumerate(target_rows):
        outputs = []
        for k in range(i * SIDE, (i + 1) * SIDE):
            added = _places(builder, residual_rows[k], residual_step, OUTPUTS[1], ADDED_BYTES)
            vectors = run_program(builder, OUTPUT_PROGRAMS[1], rows[k])
            outputs.append(
                [
                    finished(builder, vector, of_filters, read_all(builder, place, ADDED_FORMAT) if RESIDUAL else None)
                    for vector, place in zip(vectors, added, strict=True)
                ]
            )
        places = _places(builder, start, step, STORED[1], STRIP_BYTES)
        for vector, place in zip(pooled(builder, outputs), places, strict=True):
            write(builder, requantised(builder, vector, of_filters), place, STRIP_FORMAT)


def _rows(builder: ir.IRBuilder, grid: ir.Value, number: int, size: int) -> tuple[list[ir.Value], ir.Value]:
    """Pointers to the rows of a grid, told as (address, elements to the next row, to the next column), and the last."""
    address, row, column = cgutils.unpack_tuple(builder, grid)
    return _places(builder, pointer(builder, address), row, number, size), column
