"""Fields: the smallest that holds given numbers, and one form for each number."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, cbrt, root, sqrt
from sympy.polys.domains import QQ, QQ_I

from tests.golden import Golden
from wincook.errors import PointsError
from wincook.exact.field import common_field, simplest

a, b = sympy.symbols("a b")
small = st.integers(-6, 6)


@pytest.mark.parametrize(
    ("numbers", "field"),
    [
        ([], QQ),
        ([Rational(1, 2), sympy.Integer(3)], QQ),
        ([sympy.I / 2, sympy.Integer(1)], QQ_I),
        ([sqrt(8) / 3], QQ.algebraic_field(sqrt(2))),
        ([sqrt(2), sqrt(3), sqrt(6)], QQ.algebraic_field(sqrt(2), sqrt(3))),
        ([root(2, 4), sqrt(2), root(8, 4)], QQ.algebraic_field(root(2, 4))),
        ([sqrt(2) * sympy.I], QQ.algebraic_field(sympy.I, sqrt(2))),
        ([cbrt(2)], QQ.algebraic_field(cbrt(2))),
        ([1 / a, b], QQ.frac_field(a, b)),
        ([sqrt(2) * a], QQ.algebraic_field(sqrt(2)).frac_field(a)),
        ([a + sympy.I], QQ_I.frac_field(a)),
    ],
    ids=str,
)
def test_the_field_is_the_smallest(numbers: list[sympy.Expr], field: sympy.Domain) -> None:
    assert common_field(numbers) == field


@pytest.mark.slow
def test_roots_that_others_make_do_not_count() -> None:
    numbers = [sqrt(2), sqrt(3), sqrt(5), sqrt(6), sqrt(30)]
    field = common_field(numbers)
    assert field.mod.degree() == 8
    assert all(field.to_sympy(field.from_sympy(number)) == number for number in numbers)


@pytest.mark.parametrize(
    ("number", "named"),
    [
        (sympy.pi, "pi"),
        (sympy.pi * a, "pi"),
        (sympy.sin(1), "sin(1)"),
        (sympy.Float(0.5), "0.5"),
        (a * sympy.Float(0.5), "0.5"),
        (sqrt(a), "√(a)"),
        (1 / sqrt(a + 1), "(a+1)"),
        (2 ** sqrt(2), "2^(√2)"),
        (sqrt(1 - sqrt(2)), "√(1-√2)"),
        (sqrt(sympy.I), "√(i)"),
        (cbrt(-2), "(-2)^(1/3)"),
        (sympy.zoo, "zoo"),
        (sympy.nan, "nan"),
        (-sympy.oo, "-oo"),
        (sympy.Symbol("x"), "x"),
    ],
    ids=str,
)
def test_what_is_no_number_of_a_field_is_named(number: sympy.Expr, named: str) -> None:
    for function in (simplest, lambda value: common_field([value])):
        with pytest.raises(PointsError) as caught:
            function(number)
        assert named in str(caught.value)
        assert str(caught.value).endswith("is not made of fractions, i, real roots such as √2, and symbols")


@pytest.mark.parametrize("numbers", [list(map(sqrt, (2, 3, 5, 7))), [root(2, 32)], [root(2, 4), root(3, 4), sqrt(5)]])
def test_fields_that_are_too_large_are_refused_before_they_are_made(numbers: list[sympy.Expr], golden: Golden) -> None:
    with golden.raises(PointsError, match=r"3.*16"):
        common_field(numbers)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (sqrt(3 + 2 * sqrt(2)), 1 + sqrt(2)),
        (2 / (sqrt(5) - 1), (1 + sqrt(5)) / 2),
        (1 / sqrt(2), sqrt(2) / 2),
        (1 / (sqrt(2) + sqrt(3)), sqrt(3) - sqrt(2)),
        ((1 + sympy.I) ** 2, 2 * sympy.I),
        (1 / (1 + sympy.I), Rational(1, 2) - sympy.I / 2),
        ((a**2 - b**2) / (a - b), a + b),
        (1 / (b - a), -1 / (a - b)),
        (sqrt(2) * a / 2, a / sqrt(2)),
        ((a + 1) / (sqrt(2) * a + 2), sqrt(2) * (a + 1) / (2 * a + 2 * sqrt(2))),
        (1 / ((1 + sqrt(2)) * a + 1), (sqrt(2) - 1) / (a + sqrt(2) - 1)),
        ((a + sympy.I) * (a - sympy.I), a**2 + 1),
    ],
    ids=str,
)
def test_equal_numbers_have_one_form(value: sympy.Expr, other: sympy.Expr) -> None:
    assert simplest(value) == simplest(other)


@pytest.mark.slow
@given(small, small, small, small.filter(bool), st.sampled_from([sqrt(2), sqrt(5), sympy.I, a, sqrt(2) * a]))
def test_the_form_does_not_depend_on_the_way_there(p: int, q: int, r: int, s: int, theta: sympy.Expr) -> None:
    number = simplest((p + q * theta) / (s * theta))
    assert simplest(number) == number
    assert simplest(simplest(number + r) - r) == number
    assert simplest((p / theta + q) / s) == number
