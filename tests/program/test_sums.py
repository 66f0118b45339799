"""Weighted sums: from a matrix, back to it, and in a sound order."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wincook.errors import AlgorithmError, NotationError
from wincook.program import share_columns, share_rows, share_terms
from wincook.program.ir import Terms
from wincook.program.linear_forms import Matrix
from wincook.program.passes.expand import expand
from wincook.program.sums import Sums, dot_products, matrix_of_sums, reorder, sums_of, without_copies

ONE, TWO, HALF = Fraction(1), Fraction(2), Fraction(1, 2)


def test_dot_products_list_the_terms_of_each_row_without_zeros() -> None:
    sums = dot_products(((ONE, Fraction(0), -HALF), (Fraction(0),) * 3))
    assert sums == Sums(3, (((0, ONE), (2, -HALF)), ()), (3, 4))


def test_matrix_of_sums_follows_shared_sums() -> None:
    # s = x0 + 2 x1; outputs: s/2 + x0, x1, s.
    sums = Sums(2, (((0, ONE), (1, TWO)), ((2, HALF), (0, ONE))), (3, 1, 2))
    assert matrix_of_sums(sums) == ((Fraction(3, 2), ONE), (Fraction(0), ONE), (ONE, TWO))


def test_a_term_that_stands_twice_counts_twice() -> None:
    assert matrix_of_sums(Sums(1, (((0, ONE), (0, TWO)),), (1,))) == ((Fraction(3),),)


REPEATED = Sums(3, (((0, ONE), (1, ONE), (0, TWO), (2, Fraction(0))), ((0, TWO), (1, HALF), (0, ONE))), (3, 4))


@pytest.mark.parametrize("share", [share_columns, share_rows, share_terms])
def test_passes_add_up_terms_that_stand_twice(share: Callable[[Sums], Sums]) -> None:
    three = Fraction(3)
    assert REPEATED.rows == {3: {0: three, 1: ONE}, 4: {0: three, 1: HALF}}
    assert matrix_of_sums(REPEATED) == ((three, ONE, Fraction(0)), (three, HALF, Fraction(0)))
    assert matrix_of_sums(share(REPEATED)) == matrix_of_sums(REPEATED)


@pytest.mark.parametrize(
    ("rows", "outputs", "words"),
    [
        ((((1, ONE),), ((3, ONE),)), (2,), "sum 1"),  # reads itself
        ((((0, 0.5),),), (2,), "sum 0"),
        ((((0, ONE),),), (3,), "outputs"),
        ((((0, ONE),),), (-1,), "outputs"),
        ([], (0,), "tuples"),
    ],
)
def test_sums_of_what_is_not_there_are_refused(rows: Any, outputs: Any, words: str) -> None:
    with pytest.raises(NotationError, match=words):
        Sums(2, rows, outputs)


@pytest.mark.parametrize(
    ("matrix", "words"),
    [([[1, 2], [3]], "rows of 2, 1 numbers"), ([[0.5]], "holds 0.5"), ([], "rows of no"), (3, "must be a sequence")],
)
def test_matrices_that_are_not_exact_are_refused(matrix: Any, words: str) -> None:
    with pytest.raises(AlgorithmError, match=words):
        dot_products(matrix)


def test_reorder_puts_each_sum_after_what_it_reads_and_drops_the_unread() -> None:
    sums: dict[int, Terms] = {5: ((9, ONE), (0, TWO)), 9: ((7, HALF),), 7: ((1, ONE),), 8: ((5, ONE),)}
    assert reorder(2, sums, [5, 0, 5]) == Sums(2, (((1, ONE),), ((2, HALF),), ((3, ONE), (0, TWO))), (4, 0, 4))


ENTRIES = [Fraction(c) for c in ("0", "1", "-1", "2", "1/2", "-4/3")]


def matrices(rows: int, columns: int) -> st.SearchStrategy[Matrix]:
    return st.tuples(*[st.tuples(*[st.sampled_from(ENTRIES)] * columns)] * rows)


@given(matrices(3, 4))
def test_a_program_is_sums_again(matrix: Matrix) -> None:
    program = expand(dot_products(matrix), "x", "y")
    assert matrix_of_sums(sums_of(program)) == matrix
    assert matrix_of_sums(without_copies(sums_of(program))) == matrix
