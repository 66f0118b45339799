"""Common factors, multiplied after adding."""

from fractions import Fraction

from wincook.program.linear_forms import Matrix
from wincook.program.passes.expand import expand
from wincook.program.passes.factor import factor
from wincook.program.sums import dot_products


def matrix_of_rows(*rows: str) -> Matrix:
    return tuple(tuple(Fraction(word) for word in row.split()) for row in rows)


def test_one_common_magnitude_is_multiplied_after_adding() -> None:
    matrix = ((Fraction(1, 6), Fraction(1, 6), Fraction(-1, 6)),)
    assert str(expand(factor(dot_products(matrix)), "x", "y")).splitlines() == [
        "t0 = x0 + x1",
        "t1 = t0 - x2",
        "y0 = t1 · 1/6",
    ]


def test_sums_of_two_magnitudes_have_no_common_factor() -> None:
    sums = dot_products(matrix_of_rows("2 3", "-2 3"))
    assert factor(sums) == sums
