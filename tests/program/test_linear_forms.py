"""Linear forms of every value, and their adjoint, against running the program."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from tests.program.drawn_programs import programs
from wincook.program.interpret import Exact, evaluate
from wincook.program.ir import Fma, Mul, Program
from wincook.program.linear_forms import accumulated, dense, linear_forms, linear_gains, matrix_of, rows_of
from wincook.program.programs import exact, program_of


def unit_responses(program: Program) -> list[list[Fraction]]:
    """The matrix by its columns: the outputs for each unit vector."""
    units = [[Fraction(int(i == j)) for i in range(program.inputs)] for j in range(program.inputs)]
    responses = [evaluate(program, unit, Exact()) for unit in units]
    return [list(row) for row in zip(*responses, strict=True)]


@pytest.mark.slow
@given(programs())
def test_matrix_of_holds_the_responses_to_unit_vectors(program: Program) -> None:
    matrix = matrix_of(program)
    assert [list(row) for row in matrix] == unit_responses(program)


@pytest.mark.slow
@given(programs())
def test_linear_forms_hold_every_value_without_zeros(program: Program) -> None:
    everything = Program("x", "y", program.inputs, program.ops, tuple(range(program.inputs + len(program.ops))))
    for form, row in zip(linear_forms(program), unit_responses(everything), strict=True):
        assert form == {i: c for i, c in enumerate(row) if c}


@pytest.mark.slow
@given(programs(), st.data())
def test_gains_are_what_a_change_of_one_value_does_to_the_outputs(program: Program, data: st.DataObject) -> None:
    """Run twice, the second time with one value raised by 1 where it is made."""
    changed = data.draw(st.integers(0, program.inputs + len(program.ops) - 1))
    inputs = [Fraction(i + 1) for i in range(program.inputs)]

    def run(step: int) -> list[Fraction]:
        values = [value + (step if place == changed else 0) for place, value in enumerate(inputs)]
        for place, op in enumerate(program.ops, start=program.inputs):
            (value,) = evaluate(Program("x", "y", place, (op,), (place,)), values, Exact())
            values.append(value + (step if place == changed else 0))
        return [values[output] for output in program.outputs]

    moved = {i: after - before for i, (before, after) in enumerate(zip(run(0), run(1), strict=True)) if after != before}
    assert linear_gains(program)[changed] == moved


def test_forms_and_gains_of_roots_are_exact() -> None:
    """√2 x + x, times √2: 2 + √2, and a zero that √2 · √2 - 2 makes is none."""
    axis = wc.algorithm("F(2,3)", "0, ±√2, ∞").axes[0]
    program = program_of(exact(axis.BT), "d", "V")
    assert matrix_of(program) == exact(axis.BT)
    root = next(number for number in exact(axis.AT)[1] if number not in {0, 1, -1})
    square = Program("x", "y", 1, (Mul(0, root), Mul(1, root), Fma(0, Fraction(-2), 2)), (3,))
    assert linear_forms(square)[2:] == [{0: Fraction(2)}, {}]
    assert linear_gains(square)[1] == {0: root}


def test_dense_forms_round_each_coefficient_once() -> None:
    third = Program("x", "y", 2, (Mul(1, Fraction(1, 3)), Mul(2, Fraction(1, 7)), Fma(0, Fraction(2), 3)), (4,))
    rows = dense(linear_forms(third), 2)
    assert rows.dtype == np.float64
    assert rows.tolist() == [[1, 0], [0, 1], [0, 1 / 3], [0, 1 / 21], [2, 1 / 21]]
    assert rows_of(linear_forms(third), 2)[4] == (Fraction(2), Fraction(1, 21))
    assert accumulated(1, [((0, Fraction(2)), (0, Fraction(-2)))])[1] == {}
