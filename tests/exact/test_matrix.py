"""Matrices of exact elements, against sympy's own."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import QQ

from wincook.exact.matrix import Rows, identity, inverse, kronecker, matrix, times, transposed, unit

fractions = st.fractions(max_denominator=5).map(lambda number: QQ(number.numerator, number.denominator))


def rows(height: int, width: int) -> st.SearchStrategy[Rows]:
    return st.lists(st.lists(fractions, min_size=width, max_size=width), min_size=height, max_size=height)


def of_sympy(entries: Rows) -> sympy.ImmutableMatrix:
    return matrix(entries, len(entries[0]), QQ)


@pytest.mark.slow
@given(rows(2, 3), rows(3, 2))
def test_products_are_those_of_sympy(a: Rows, b: Rows) -> None:
    assert of_sympy(times(a, b, QQ)) == of_sympy(a) * of_sympy(b)
    assert of_sympy(kronecker(a, b)) == sympy.kronecker_product(of_sympy(a), of_sympy(b))
    assert of_sympy(transposed(a)) == of_sympy(a).T


@pytest.mark.slow
@given(rows(3, 3).filter(lambda entries: of_sympy(entries).det() != 0))
def test_the_inverse_is_that_of_sympy(a: Rows) -> None:
    assert of_sympy(inverse(a, QQ)) == of_sympy(a).inv()
    assert times(a, inverse(a, QQ), QQ) == identity(3, QQ)


def test_unit_rows_are_those_of_the_identity() -> None:
    assert [unit(place, 3, QQ) for place in range(3)] == identity(3, QQ)
    assert of_sympy(identity(3, QQ)) == sympy.eye(3)
