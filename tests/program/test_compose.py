"""Composed programs apply the products of their matrices."""

from fractions import Fraction

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from wincook.program.compose import along_axes, then
from wincook.program.ir import operands
from wincook.program.linear_forms import Matrix, matrix_of
from wincook.program.programs import program_of

entries = st.sampled_from([Fraction(0), Fraction(1), Fraction(-1), Fraction(2), Fraction(-3, 4)])


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    row = st.tuples(*[entries] * columns)
    return st.tuples(*[row] * rows)


@pytest.mark.slow
@given(matrices(4, 3), matrices(2, 4))
def test_one_after_the_other_is_the_product(first: Matrix, second: Matrix) -> None:
    both = then(program_of(first, "d", "t"), program_of(second, "t", "V"))
    assert np.array_equal(np.array(matrix_of(both)), np.array(second) @ np.array(first))
    assert (both.source, both.target, both.inputs) == ("d", "V", 3)


@pytest.mark.slow
@given(matrices(4, 3), matrices(2, 4))
def test_what_no_output_needs_is_left_out(first: Matrix, second: Matrix) -> None:
    blind = tuple((*row[:3], Fraction(0)) for row in second)  # never reads the last
    program = then(program_of(first, "d", "t"), program_of(blind, "t", "V"))
    read = {value for op in program.ops for value in operands(op)} | set(program.outputs)
    assert read >= set(range(program.inputs, program.inputs + len(program.ops)))
    assert np.array_equal(np.array(matrix_of(program)), np.array(blind) @ np.array(first))


@pytest.mark.slow
@given(st.tuples(matrices(4, 3), matrices(2, 3), matrices(1, 2)))
def test_along_the_axes_is_the_kronecker_product(factors: tuple[Matrix, ...]) -> None:
    flat = along_axes([program_of(factor, "d", "V") for factor in factors])
    wanted = np.kron(np.kron(np.array(factors[0]), np.array(factors[1])), np.array(factors[2]))
    assert np.array_equal(np.array(matrix_of(flat)), wanted)


@pytest.mark.slow
@given(st.permutations(range(3)), matrices(4, 3), matrices(2, 3))
def test_axes_go_in_any_order(order: list[int], first: Matrix, second: Matrix) -> None:
    """The matrix is the same; the names are those of the first program, whichever axis goes first."""
    third: Matrix = ((Fraction(1), Fraction(2)),)
    programs = [program_of(first, "d", "V"), program_of(second, "g", "U"), program_of(third, "M", "y")]
    flat = along_axes(programs, order)
    wanted = np.kron(np.kron(np.array(first), np.array(second)), np.array(third))
    assert np.array_equal(np.array(matrix_of(flat)), wanted)
    assert (flat.source, flat.target, flat.inputs) == ("d", "V", 18)


def test_the_order_of_the_axes_says_how_many_operations_there_are() -> None:
    """A sum of three along one axis first leaves a third of the lines to the other."""
    add = program_of(((Fraction(1),) * 3,), "d", "V")
    copies = program_of(((Fraction(1), Fraction(1)), (Fraction(1), Fraction(-1))), "d", "V")
    assert [len(along_axes([add, copies], order).ops) for order in ([0, 1], [1, 0], None)] == [6, 10, 6]
