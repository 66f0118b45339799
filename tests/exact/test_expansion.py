"""Sizes of expressions that are multiplied out, against those that sympy multiplies out."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.errors import LimitError, PointsError
from wincook.exact.expansion import check_terms, degree_of

a, b, c = sympy.symbols("a b c")
sums = st.recursive(
    st.sampled_from([a, b, c, sympy.Integer(2)]),
    lambda inner: st.builds(lambda x, y: x + y, inner, inner) | st.builds(lambda x, y: x * y, inner, inner),
    max_leaves=6,
)


@given(sums)
def test_the_degree_is_no_less_than_that_of_the_product(value: sympy.Expr) -> None:
    assert degree_of(value) >= sympy.Poly(value, a, b, c).total_degree()


def test_degrees_of_fractions() -> None:
    assert degree_of((a + b) ** 3) == 3
    assert degree_of(1 / (a + b) ** 3) == 3
    assert degree_of(a / b + 1 / c) == 2
    assert degree_of(sympy.Rational(1, 2)) == 0


@pytest.mark.slow
def test_a_thousand_terms_are_the_most(golden: Golden) -> None:
    check_terms((a + b + c) ** 8, "(a+b+c)^8")
    assert len(sympy.Poly((a + b + c) ** 8).terms()) == 45
    with golden.raises(LimitError, match=r"'\(a\+b\+c\)\^50'.*2\.3e\+04"):
        check_terms((a + b + c) ** 50, "(a+b+c)^50")
    assert len(sympy.Poly((a + b + c) ** 50).terms()) == 1326  # fewer than of any polynomial of that degree


def test_what_is_no_expression_is_refused(golden: Golden) -> None:
    with golden.raises(PointsError, match="value = 3"):
        degree_of(3)
