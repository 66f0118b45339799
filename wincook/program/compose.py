"""Programs put together as one straight line: one after the other, or one along each axis."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from math import prod

import numpy as np

from wincook.program.ir import Op, Program, operands, reading


def then(first: Program, second: Program) -> Program:
    """The second program applied to the outputs of the first: its matrix is the product of theirs."""
    ops = list(first.ops)
    outputs = _append(second, first.outputs, ops, first.inputs)
    return needed(replace(first, target=second.target, ops=tuple(ops), outputs=tuple(outputs)))


def with_inputs(program: Program, places: Sequence[int]) -> Program:
    """The same program, whose input number i is to be found at `places[i]`, a permutation."""
    ops: list[Op] = []
    outputs = _append(program, places, ops, program.inputs)
    return replace(program, ops=tuple(ops), outputs=tuple(outputs))


def needed(program: Program) -> Program:
    """The operations that some output depends on, in their order."""
    used = set(program.outputs)
    for value in reversed(range(program.inputs, program.inputs + len(program.ops))):
        if value in used:
            used.update(operands(program.ops[value - program.inputs]))
    number = list(range(program.inputs))
    ops: list[Op] = []
    for value, op in enumerate(program.ops, start=program.inputs):
        number.append(program.inputs + len(ops))
        if value in used:
            ops.append(reading(op, number))
    return replace(program, ops=tuple(ops), outputs=tuple(number[output] for output in program.outputs))


def along_axes(programs: Sequence[Program], order: Sequence[int] | None = None) -> Program:
    """One program along each axis: its matrix is the Kronecker product of theirs.

    Args:
        programs: one per axis. Inputs and outputs are numbered with the last axis fastest.
        order: which axis goes first, second, and so on; the first axis first if not given.
    """
    inputs = prod(program.inputs for program in programs)
    ops: list[Op] = []
    values = np.arange(inputs).reshape([program.inputs for program in programs])
    for axis in order or range(len(programs)):
        program = programs[axis]
        lines = np.moveaxis(values, axis, -1)
        done = np.empty((*lines.shape[:-1], len(program.outputs)), dtype=np.int64)
        for place in np.ndindex(*lines.shape[:-1]):
            done[place] = _append(program, lines[place].tolist(), ops, inputs)
        values = np.moveaxis(done, -1, axis)
    return Program(programs[0].source, programs[0].target, inputs, tuple(ops), tuple(values.ravel().tolist()))


def _append(program: Program, inputs: Iterable[int], ops: list[Op], first: int) -> list[int]:
    """Append the operations of a program that reads the given values; the values of its outputs."""
    values = list(inputs)
    for op in program.ops:
        values.append(first + len(ops))
        ops.append(reading(op, values))
    return [values[output] for output in program.outputs]
