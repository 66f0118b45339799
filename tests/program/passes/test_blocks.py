"""Blocks of sums over three values, by the lines of a plane."""

from fractions import Fraction

from wincook.program.linear_forms import Matrix
from wincook.program.passes.blocks import share_lines
from wincook.program.sums import Sums, dot_products, matrix_of_sums


def matrix_of_rows(*rows: str) -> Matrix:
    return tuple(tuple(Fraction(word) for word in row.split()) for row in rows)


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


def test_the_filters_of_f43_take_five_additions() -> None:
    matrix = matrix_of_rows("1 0 0", "1 1 1", "1 -1 1", "1 2 4", "1 -2 4", "0 0 1")
    sums = share_lines(dot_products(matrix))
    assert additions(sums) == 5
    assert matrix_of_sums(sums) == matrix


def test_values_that_but_two_sums_read_belong_to_the_block() -> None:
    """x0 + x1 is shared, though x2 stands in two rows only: 2 + 2 + 1 additions as written."""
    matrix = matrix_of_rows("1 1 1", "1 1 -1", "1 1 0")
    sums = share_lines(dot_products(matrix))
    assert (additions(dot_products(matrix)), additions(sums)) == (5, 3)
    assert matrix_of_sums(sums) == matrix


def test_a_term_of_its_own_is_added_to_the_block() -> None:
    # The even rows of BT of F(6,3): three of three terms, one with d0 besides; 2 + 2 + 2 + 3 additions as written.
    matrix = matrix_of_rows("0 1 -17/4 1", "0 4 -5 1", "0 1/4 -5/4 1", "-1 21/4 -21/4 1")
    sums = share_lines(dot_products(matrix))
    assert (additions(dot_products(matrix)), additions(sums)) == (9, 8)
    assert matrix_of_sums(sums) == matrix


def test_multiples_within_a_block_are_no_additions() -> None:
    matrix = matrix_of_rows("1 2 3", "-2 -4 -6", "0 1 3/2", "1/2 1 3/2")
    sums = share_lines(dot_products(matrix))
    assert additions(sums) == 2
    assert matrix_of_sums(sums) == matrix
