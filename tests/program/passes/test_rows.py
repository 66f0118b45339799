"""Even and odd parts of two rows, shared."""

from fractions import Fraction

import pytest

from wincook.program.cost import cost
from wincook.program.passes.expand import expand
from wincook.program.passes.factor import factor
from wincook.program.passes.order import as_written
from wincook.program.passes.rows import _starts_better, share_rows
from wincook.program.sums import Sums, dot_products


def operations(sums: Sums) -> int:
    return cost(expand(as_written(sums), "x", "y")).operations


def test_pairs_of_rows_share_even_and_odd_parts() -> None:
    # (1,2,4,8) and (1,-2,4,-8): e = x0 + 4 x2 and o = 2 x1 + 8 x3, then e + o and e - o.
    matrix = tuple(tuple(Fraction(c) for c in row) for row in ([1, 2, 4, 8], [1, -2, 4, -8]))
    assert (operations(dot_products(matrix)), operations(share_rows(dot_products(matrix)))) == (6, 5)
    # Factoring turns o into x1 + 4 x3.
    assert operations(factor(share_rows(dot_products(matrix)))) == 4


def test_a_single_odd_term_is_no_sum_of_its_own() -> None:
    # (1,2,4) and (1,-2,4): e = x0 + 4 x2, then fma(x1, ±2, e).
    matrix = tuple(tuple(Fraction(c) for c in row) for row in ([1, 2, 4], [1, -2, 4]))
    assert operations(share_rows(dot_products(matrix))) == 3


@pytest.mark.parametrize(
    ("opposite", "better"),
    [
        ([], True),
        ([1], True),
        ([-1], False),
        ([-2, 1], True),
        ([2, -1], False),
        ([2, -3], True),
        ([-2, 3], False),
        ([1, -1], True),
        ([-1, 1], False),
    ],
)
def test_odd_parts_start_from_one_and_else_from_what_is_positive(opposite: list[int], better: bool) -> None:
    even = ((0, Fraction(1)), (1, Fraction(-1)))
    first, second = (
        (*even, *((value, Fraction(sign * c)) for value, c in enumerate(opposite, start=2))) for sign in (1, -1)
    )
    assert _starts_better(first, second) == better
