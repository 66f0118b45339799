"""Exact arithmetic: the quotients of languages, powers, roots, and limits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.errors import DataError
from wincook.interchange.read.numbers.arithmetic import cut_quotient, floor_quotient, operate, power, root

integers = st.integers(-999, 999)


@given(integers, integers.filter(bool))
def test_quotients_are_cut_towards_zero_in_c_and_downwards_in_python(a: int, b: int) -> None:
    assert cut_quotient(a, b) == int(Fraction(a, b))
    assert floor_quotient(a, b) == a // b


@pytest.mark.slow
@given(st.fractions(max_denominator=99), st.fractions(max_denominator=99))
def test_operations_are_those_of_fractions(a: Fraction, b: Fraction) -> None:
    assert (operate("+", a, b), operate("-", a, b), operate("*", a, b)) == (a + b, a - b, a * b)
    if b:
        assert operate("/", a, b) == a / b


def test_roots_are_surds_and_have_limits() -> None:
    assert root(Fraction(9, 4)) == Fraction(3, 2)
    assert operate("/", 1, operate("+", 1, root(2))) == sympy.sqrt(2) - 1
    assert (power(2, -3), power(2, Fraction(1, 2))) == (Fraction(1, 8), sympy.sqrt(2))


@pytest.mark.parametrize(
    ("operation", "operands"),
    [(root, (-1,)), (root, (10**7,)), (power, (2, 65)), (power, (0, -1)), (cut_quotient, (1, 0))],
)
def test_what_no_table_holds_is_refused(operation: Callable[..., Any], operands: tuple[int, ...]) -> None:
    with pytest.raises(DataError):
        operation(*operands)
