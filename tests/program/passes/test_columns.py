"""Sums and differences of two inputs, shared."""

from fractions import Fraction

from wincook.construct import algorithm
from wincook.program.cost import cost
from wincook.program.passes.columns import share_columns
from wincook.program.passes.expand import expand
from wincook.program.passes.order import as_written
from wincook.program.programs import exact
from wincook.program.sums import Sums, dot_products, matrix_of_sums


def operations(sums: Sums) -> int:
    return cost(expand(as_written(sums), "x", "y")).operations


def test_pairs_of_columns_are_added_and_subtracted_once() -> None:
    # AT of F(4,3) on 0, ±1, ±2, ∞: by hand, 2 sums, 2 differences, and 6 more operations.
    AT = exact(algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0].AT)
    shared = share_columns(dot_products(AT))
    ones = Fraction(1)
    assert [terms for terms in shared.sums if len(terms) == 2 and all(v < 6 for v, _ in terms)] == [
        ((1, ones), (2, ones)),
        ((3, ones), (4, ones)),
        ((1, ones), (2, -ones)),
        ((3, ones), (4, -ones)),
    ]
    assert (operations(dot_products(AT)), operations(shared)) == (14, 10)


def test_a_pair_that_saves_nothing_is_passed_over() -> None:
    """x0 and x1 differ, x1 ± x2 stand twice each."""
    matrix = tuple(tuple(map(Fraction, row)) for row in ((3, 1, 1), (5, 2, 2), (0, 1, -1), (1, 3, -3)))
    sums = dot_products(matrix)
    shared = share_columns(sums)
    assert matrix_of_sums(shared) == matrix
    assert sum(len(terms) - 1 for terms in shared.sums) < sum(len(terms) - 1 for terms in sums.sums)
