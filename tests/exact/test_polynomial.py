"""Polynomials as lists, against sympy's."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import QQ

from wincook.exact.notation import X
from wincook.exact.polynomial import Polynomial, divide, multiply, quotient, remainder

integers = st.integers(-9, 9).map(QQ)
polynomials = st.lists(integers, min_size=1, max_size=6)
monic = st.lists(integers, min_size=1, max_size=3).map(lambda low: [*low, QQ.one])


def of_sympy(ascending: Polynomial) -> sympy.Poly:
    return sympy.Poly([QQ.to_sympy(coefficient) for coefficient in reversed(ascending)], X, domain=QQ)


@pytest.mark.slow
@given(polynomials, polynomials)
def test_products_are_those_of_sympy(a: Polynomial, b: Polynomial) -> None:
    assert of_sympy(multiply(a, b, QQ)) == of_sympy(a) * of_sympy(b)
    assert len(multiply(a, b, QQ)) == len(a) + len(b) - 1


@pytest.mark.slow
@given(polynomials, monic)
def test_division_is_that_of_sympy(a: Polynomial, f: Polynomial) -> None:
    wanted_quotient, wanted_remainder = of_sympy(a).div(of_sympy(f))
    assert of_sympy(quotient(a, f, QQ) or [QQ.zero]) == wanted_quotient
    assert of_sympy(remainder(a, f, QQ)) == wanted_remainder
    assert divide(a, f, QQ) == (quotient(a, f, QQ), remainder(a, f, QQ))
    assert len(remainder(a, f, QQ)) == len(f) - 1
