"""Matrices and programs of whole numbers: exact ones, scaled by their common denominators."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain
from math import lcm

from wincook.errors import FormatError
from wincook.exact.number import Number
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub
from wincook.program.linear_forms import Matrix, linear_forms
from wincook.program.programs import program_of


def common_denominator(matrix: Matrix) -> int:
    """The least factor that makes all entries whole.

    Raises:
        FormatError: there is none, as entries are roots.
    """
    entries = list(chain.from_iterable(matrix))
    for entry in entries:
        if not isinstance(entry, Fraction):
            raise FormatError(f"no common denominator makes {entry} whole; take float or double")
    return lcm(*(entry.denominator for entry in entries if isinstance(entry, Fraction)))


def scaled(matrix: Matrix, factor: int) -> Matrix:
    """The matrix times a whole number."""
    return tuple(tuple(entry * factor for entry in row) for row in matrix)


def whole_program(matrix: Matrix, source: str, target: str) -> Program:
    """A program of whole constants for a whole matrix: what wincook finds, or, if that divides, plain sums."""
    found = program_of(matrix, source, target)
    return found if all(map(_is_whole, found.constants)) else _plain_sums(matrix, source, target)


def largest_gain(program: Program) -> int:
    """How often the largest input a value of a whole program holds at the most, products within an fma included."""
    gains = [sum(map(_size, form.values())) for form in linear_forms(program)]
    products = [_size(op.constant) * gains[op.a] for op in program.ops if isinstance(op, Fma)]
    return max([*gains, *products])


def _size(number: Number) -> int:
    return abs(number.numerator) if isinstance(number, Fraction) else 0


def _is_whole(number: Number) -> bool:
    return isinstance(number, Fraction) and number.denominator == 1


def _plain_sums(matrix: Matrix, source: str, target: str) -> Program:
    """Each row by itself, from left to right."""
    inputs = len(matrix[0])
    ops: list[Op] = []
    outputs = []
    for row in matrix:
        total = -1  # none yet
        for place, entry in enumerate(row):
            if entry == 0:
                continue
            if total < 0 and entry == 1:
                total = place
                continue
            ops.append(_term(place, entry) if total < 0 else _sum(total, place, entry))
            total = inputs + len(ops) - 1
        if total < 0:
            ops.append(Mul(0, Fraction(0)))
            total = inputs + len(ops) - 1
        outputs.append(total)
    return Program(source, target, inputs, tuple(ops), tuple(outputs))


def _term(place: int, entry: Number) -> Op:
    return Neg(place) if entry == -1 else Mul(place, entry)


def _sum(total: int, place: int, entry: Number) -> Op:
    if entry in {1, -1}:
        return Add(total, place) if entry == 1 else Sub(total, place)
    return Fma(place, entry, total)
