"""Composed programs apply the products of their matrices."""

from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from wincook.program.compose import along_axes, then
from wincook.program.interpret import Matrix, matrix_of
from wincook.program.ir import operands
from wincook.program.schedule import program_of

entries = st.sampled_from([Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-3, 4)])


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    row = st.tuples(*[entries] * columns)
    return st.tuples(*[row] * rows)


@given(matrices(4, 3), matrices(2, 4))
def test_one_after_the_other_is_the_product(first: Matrix, second: Matrix) -> None:
    both = then(program_of(first, "d", "t"), program_of(second, "t", "V"))
    assert np.array_equal(np.array(matrix_of(both)), np.array(second) @ np.array(first))
    assert (both.source, both.target, both.inputs) == ("d", "V", 3)


@given(matrices(4, 3), matrices(2, 4))
def test_what_no_output_needs_is_left_out(first: Matrix, second: Matrix) -> None:
    blind = tuple((*row[:3], Fraction(0)) for row in second)  # never reads the last
    program = then(program_of(first, "d", "t"), program_of(blind, "t", "V"))
    read = {value for op in program.ops for value in operands(op)} | set(program.outputs)
    assert read >= set(range(program.inputs, program.inputs + len(program.ops)))
    assert np.array_equal(np.array(matrix_of(program)), np.array(blind) @ np.array(first))


@given(st.tuples(matrices(4, 3), matrices(2, 3), matrices(1, 2)))
def test_along_the_axes_is_the_kronecker_product(factors: tuple[Matrix, ...]) -> None:
    flat = along_axes([program_of(factor, "d", "V") for factor in factors])
    wanted = np.kron(np.kron(np.array(factors[0]), np.array(factors[1])), np.array(factors[2]))
    assert np.array_equal(np.array(matrix_of(flat)), wanted)
