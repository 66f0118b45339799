"""The transforms, one axis at a time: each program is an intrinsic on LANES columns, channels or filters at once.

A program of one axis keeps its values in registers, which both programs of a large tile together do not. Where the
values between them are few, the outputs go through both at once.
"""

from __future__ import annotations

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
    I1,
    MASK,
    at,
    first_lanes,
    load,
    masked_load,
    pointer,
    run_program,
    store,
)

REGISTERS = max(16, 2 * LANES)  # of the processors with vectors of so many lanes
OUTPUTS_IN_REGISTERS = OUTPUTS[0] * RANKS[1] <= REGISTERS


def _places(builder: ir.IRBuilder, base: ir.Value, step: ir.Value, number: int) -> list[ir.Value]:
    """So many pointers, `step` floats apart."""
    return [at(builder, base, builder.mul(step, step.type(i))) for i in range(number)]


def _transform(program: Any, inputs: int) -> Any:
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


input_along = _transform(INPUT_PROGRAMS[1], TILE_INPUTS[1])
output_down = _transform(OUTPUT_PROGRAMS[0], RANKS[0])
filter_down = _transform(FILTER_PROGRAMS[0], TAPS[0])
filter_along = _transform(FILTER_PROGRAMS[1], TAPS[1])


@intrinsic
def input_down(
    typingctx: Any, source: Any, row: Any, top: Any, bottom: Any, number: Any, target: Any, target_step: Any
) -> Any:
    """The first program of the inputs, from TILE_INPUTS[0] rows that are `row` floats apart.

    Of the rows top..bottom-1 the first `number` lanes are read; all else is zero.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, row, top, bottom, number, target, target_step = arguments
        lanes, nothing = first_lanes(builder, number), ir.Constant(MASK, [I1(0)] * MASK.count)
        values = []
        for i, place in enumerate(_places(builder, pointer(builder, source), row, TILE_INPUTS[0])):
            below, above = builder.icmp_signed("<=", top, row.type(i)), builder.icmp_signed("<", row.type(i), bottom)
            mask = builder.select(builder.and_(below, above), lanes, nothing)
            values.append(masked_load(builder, place, mask))
        places = _places(builder, pointer(builder, target), target_step, RANKS[0])
        for vector, place in zip(run_program(builder, INPUT_PROGRAMS[0], values), places, strict=True):
            store(builder, vector, place)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 7), generate


@intrinsic
def output_along(typingctx: Any, source: Any, bias: Any, target: Any, step: Any) -> Any:
    """The second program of the outputs, on lines one after another, and the bias of each filter added."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, bias, target, step = arguments
        values = [
            load(builder, place) for place in _places(builder, pointer(builder, source), step.type(LANES), RANKS[1])
        ]
        _finish_row(builder, values, load(builder, pointer(builder, bias)), pointer(builder, target), step)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4), generate


@intrinsic
def output_tile(typingctx: Any, source: Any, stride: Any, bias: Any, target: Any, row: Any, column: Any) -> Any:
    """Both programs of the outputs, with no memory between them: from products `stride` floats apart."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, stride, bias, target, row, column = arguments
        products = _places(builder, pointer(builder, source), stride, RANKS[0] * RANKS[1])
        columns = [
            run_program(builder, OUTPUT_PROGRAMS[0], [load(builder, place) for place in products[j :: RANKS[1]]])
            for j in range(RANKS[1])
        ]
        shift = load(builder, pointer(builder, bias))
        rows = _places(builder, pointer(builder, target), row, OUTPUTS[0])
        for values, start in zip(zip(*columns, strict=True), rows, strict=True):
            _finish_row(builder, list(values), shift, start, column)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 6), generate


def _finish_row(
    builder: ir.IRBuilder, values: list[ir.Value], shift: ir.Value, target: ir.Value, step: ir.Value
) -> None:
    """One row of outputs from values that are transformed down the columns."""
    results = run_program(builder, OUTPUT_PROGRAMS[1], values)
    for vector, place in zip(results, _places(builder, target, step, OUTPUTS[1]), strict=True):
        store(builder, builder.fadd(vector, shift), place)
