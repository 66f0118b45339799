"""One program for all axes: its matrix, and what it shares between them."""

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.construct import algorithm
from wincook.errors import AlgorithmError
from wincook.program import flat as module
from wincook.program.cost import additions_over_axes, cost
from wincook.program.flat import flat_program, kronecker, stages
from wincook.program.linear_forms import Matrix, matrix_of
from wincook.program.programs import exact, program_of
from wincook.program.style import BALANCED, Style
from wincook.program.sums import Sums

entries = st.sampled_from([Fraction(c) for c in ("0", "1", "-1", "2", "-3/4")])


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    return st.tuples(*[st.tuples(*[entries] * columns)] * rows)


@given(matrices(4, 3))
def test_stages_multiply_to_the_matrix(matrix: Matrix) -> None:
    first, second = stages(matrix)
    assert np.array_equal(np.array(second) @ np.array(first), np.array(matrix))


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(st.tuples(matrices(3, 2), matrices(2, 3)), st.sampled_from([BALANCED, Style("additions", "huffman")]))
def test_flat_programs_apply_the_kronecker_product(factors: tuple[Matrix, ...], style: Style) -> None:
    program = flat_program(factors, "d", "V", style)
    assert np.array_equal(np.array(matrix_of(program)), np.kron(*map(np.array, factors)))
    nested = [program_of(matrix, "d", "V", style) for matrix in factors]
    assert cost(program).sums <= min(additions_over_axes(nested, order) for order in ((0, 1), (1, 0)))


def test_irrational_matrices_have_flat_programs() -> None:
    root = sympy.sqrt(2)
    matrix = exact(sympy.ImmutableMatrix([[1, root], [1, -root]]))
    program = flat_program((matrix, matrix), "d", "V")
    assert cost(program).sums == 7
    assert matrix_of(program) == kronecker((matrix, matrix))


def test_a_broken_square_is_caught(monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    def swapped(sums: Sums) -> Sums:
        first, second, *others = sums.outputs
        return Sums(sums.inputs, sums.sums, (second, first, *others))

    monkeypatch.setattr(module, "share_squares", swapped)
    with golden.raises(AlgorithmError):
        flat_program([exact(algorithm("F(2,3)").axes[0].BT)] * 2, "d", "V")
