"""A program that was changed in one place no longer applies its matrix, whatever passes made it."""

import dataclasses
from fractions import Fraction
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from wincook.construct import algorithm
from wincook.program.ir import Add, Fma, Mul, Op, Program, Sub
from wincook.program.linear_forms import linear_forms, matrix_of
from wincook.program.programs import programs_of
from wincook.program.style import Style

BASES = [
    program
    for tile, points in (
        ("F(2,3)", "0, ±1, ∞"),
        ("F(4,3)", "0, ±1, ±2, ∞"),
        ("F(3,4)", "0, ±5/8, ±3/2, ∞"),
        ("F(6,3)", "0, ±1, ±1/2, ±2, ∞"),
        ("F(3,3)", "1/3, ∞, -2, 1, 0"),
    )
    for style in (Style(), Style("additions"), Style("additions", "huffman", fma=False))
    for stage in ("filter", "input", "output")
    for program in getattr(programs_of(algorithm(tile, points), style), stage)
]


@given(st.sampled_from(BASES), st.data())
def test_a_changed_constant_changes_the_matrix(program: Program, data: st.DataObject) -> None:
    places = [i for i, op in enumerate(program.ops) if isinstance(op, (Mul, Fma))]
    assume(places)
    place = data.draw(st.sampled_from(places))
    op = program.ops[place]
    assert isinstance(op, (Mul, Fma))
    delta = data.draw(st.builds(Fraction, st.integers(1, 9), st.integers(1, 10**9)))
    mutant = replaced(program, place, dataclasses.replace(op, constant=op.constant + delta))
    assert matrix_of(mutant) != matrix_of(program)


@given(st.sampled_from(BASES), st.data())
def test_a_changed_operand_changes_the_matrix(program: Program, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(program.ops) - 1))
    op = program.ops[place]
    field = data.draw(st.sampled_from([field for field in ("a", "b") if hasattr(op, field)]))
    forms = linear_forms(program)
    earlier = [v for v in range(program.inputs + place) if forms[v] != forms[getattr(op, field)]]
    assume(earlier)
    other = data.draw(st.sampled_from(earlier))
    change: dict[str, Any] = {field: other}
    mutant = replaced(program, place, dataclasses.replace(op, **change))
    assert matrix_of(mutant) != matrix_of(program)


@given(st.sampled_from(BASES), st.data())
def test_an_addition_made_a_subtraction_changes_the_matrix(program: Program, data: st.DataObject) -> None:
    places = [i for i, op in enumerate(program.ops) if isinstance(op, (Add, Sub))]
    assume(places)
    place = data.draw(st.sampled_from(places))
    op = program.ops[place]
    assert isinstance(op, (Add, Sub))
    mutant = replaced(program, place, (Sub if isinstance(op, Add) else Add)(op.a, op.b))
    assert matrix_of(mutant) != matrix_of(program)


def replaced(program: Program, place: int, op: Op) -> Program:
    return dataclasses.replace(program, ops=(*program.ops[:place], op, *program.ops[place + 1 :]))
