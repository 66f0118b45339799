from __future__ import annotations

from decimal import Decimal, getcontext
from fractions import Fraction
from math import isqrt

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.errors import DataError
from wincook.interchange.read.numbers.recognise import exact_number

fractions = st.builds(Fraction, st.integers(1, 300), st.integers(1, 300))


def digits(value: Fraction, number: int, *, cut: bool) -> str:
    """A decimal of so many significant digits."""
    getcontext().prec = 60
    exact = Decimal(value.numerator) / value.denominator
    getcontext().rounding = "ROUND_DOWN" if cut else "ROUND_HALF_EVEN"
    getcontext().prec = number
    return str(+exact) if "." in str(+exact) else f"{+exact}.0"


@given(fractions, st.integers(9, 30), st.booleans())
def test_fractions_are_found_from_nine_digits_rounded_or_cut(value: Fraction, number: int, cut: bool) -> None:
    assert exact_number(digits(value, number, cut=cut)) == (value, True)


@given(fractions, st.sampled_from([np.float32, np.float64]))
def test_fractions_are_found_from_floats_in_short_and_in_full(value: Fraction, kind: type) -> None:
    rounded = kind(float(value))
    for text in (str(rounded), str(float(rounded)), f"{Decimal(float(rounded)):f}"):
        assert exact_number(text)[0] == value


@given(st.integers(1, 12), st.integers(1, 12), st.sampled_from([2, 3, 5, 6, 7, 10]), st.sampled_from([10, 17]))
def test_surds_are_found(p: int, q: int, k: int, number: int) -> None:
    root = Fraction(isqrt(k * 10**100), 10**50)
    number, certain = exact_number(digits(root * p / q, number, cut=False))
    assert certain
    assert number == sympy.Rational(p, q) * sympy.sqrt(k)


@given(st.integers(0, 999_999), st.integers(0, 6))
def test_up_to_six_digits_stand_for_themselves(number: int, places: int) -> None:
    text = f"{Decimal(number).scaleb(-places):f}"
    assert exact_number(text) == (Fraction(text), True)


@pytest.mark.parametrize("text", ["3.14159265358979", "2.718281828", "0.5772156649", "1.618033988749895"])
def test_other_numbers_are_left_and_doubted(text: str) -> None:
    assert exact_number(text) == (Fraction(text), False)


@pytest.mark.parametrize(
    "text", ["", ".", "1e31", "1e400", "9" * 31, "9" * 100_000, "0." + "1" * 100, "1e" + "9" * 99, "-1"]
)
def test_what_no_algorithm_holds_is_refused(text: str) -> None:
    with pytest.raises(DataError) as caught:
        exact_number(text)
    assert len(str(caught.value)) < 120
