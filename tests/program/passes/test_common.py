"""Pairs of terms in one ratio, summed once."""

from fractions import Fraction

from wincook.program.linear_forms import Matrix
from wincook.program.passes.common import share_terms
from wincook.program.sums import Sums, dot_products


def matrix_of_rows(*rows: str) -> Matrix:
    return tuple(tuple(Fraction(word) for word in row.split()) for row in rows)


def additions(sums: Sums) -> int:
    return sum(len(terms) - 1 for terms in sums.sums if terms)


def test_a_pair_in_one_ratio_is_summed_once() -> None:
    # x0 + 2 x1 stands in all rows, times 1, 3 and -1.
    sums = share_terms(dot_products(matrix_of_rows("1 2 0", "3 6 1", "-1 -2 5")))
    assert sums.sums[0] == ((0, Fraction(1)), (1, Fraction(2)))
    assert additions(sums) == 3


def test_pairs_are_shared_again_once_they_are_terms() -> None:
    sums = share_terms(dot_products(matrix_of_rows("1 1 1 0", "2 2 2 1", "1 1 1 -1")))
    assert additions(sums) == 2 + 2
