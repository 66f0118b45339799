"""Exact numbers from what Python programs hold."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook.errors import PointsError
from wincook.exact.conversion import exact, is_infinite


@given(st.fractions())
def test_fractions_of_every_kind_are_themselves(number: Fraction) -> None:
    wanted = sympy.Rational(number.numerator, number.denominator)
    assert exact(number) == exact(wanted) == wanted
    if abs(number) < 10**6 and number.denominator < 10**6:
        assert exact(str(number)) == wanted


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_taken_if_its_decimal_is_its_value(double: float) -> None:
    if Fraction(repr(double)) == Fraction(double):
        assert exact(double) == sympy.Rational(*double.as_integer_ratio())
    else:
        with pytest.raises(PointsError, match=r"is not .* exactly; write it as text"):
            exact(double)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=9))
def test_decimals_are_exact(number: Decimal) -> None:
    assert exact(number) == sympy.Rational(*number.as_integer_ratio())


@pytest.mark.parametrize(
    "value", [None, True, 1j, float("nan"), float("inf"), Decimal("NaN"), sympy.nan, sympy.oo, sympy.Float(0.5), [1]]
)
def test_what_is_not_exact_is_refused(value: Any, golden: Golden) -> None:
    with golden.raises(PointsError):
        exact(value)


def test_infinities_are_positive_ones() -> None:
    values: list[Any] = [float("inf"), np.float32("inf"), Decimal("inf"), sympy.oo]
    assert all(map(is_infinite, values))
    assert not any(map(is_infinite, [-value for value in values]))
    assert not any(map(is_infinite, [0, None, "inf", float("nan"), sympy.zoo]))
