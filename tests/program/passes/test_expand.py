"""Sums as operations: where they start, and what each term becomes."""

from fractions import Fraction

import pytest

from wincook.program.passes.expand import expand
from wincook.program.passes.order import as_written
from wincook.program.sums import dot_products


@pytest.mark.parametrize(
    ("row", "text"),
    [
        ([1, 1], "y0 = x0 + x1"),
        ([-1, 1], "y0 = x1 - x0"),
        ([1, -1], "y0 = x0 - x1"),
        ([2, 1], "y0 = fma(x0, 2, x1)"),
        ([1], "y0 = x0"),
        ([-1], "y0 = -x0"),
        ([3], "y0 = x0 · 3"),
        ([0], "y0 = x0 · 0"),
        ([2, 3], "t0 = x0 · 2\ny0 = fma(x1, 3, t0)"),
        ([-1, 3], "t0 = x1 · 3\ny0 = t0 - x0"),
    ],
)
def test_expand_starts_from_the_term_that_costs_least(row: list[int], text: str) -> None:
    assert str(expand(as_written(dot_products((tuple(map(Fraction, row)),))), "x", "y")) == text
