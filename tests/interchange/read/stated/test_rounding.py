"""Floats that are an exact number rounded, and those that are merely near."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.formats import FLOAT32, FLOAT64
from wincook.interchange.read.stated.rounding import rounds


@given(st.fractions(-99, 99, max_denominator=999))
def test_the_nearest_float_and_no_other(value: Fraction) -> None:
    number = sympy.Rational(value.numerator, value.denominator)
    assert rounds(float(value), number, FLOAT64)
    assert not rounds(float(np.nextafter(float(value), 1e9)), number, FLOAT64)
    assert rounds(float(np.float32(float(value))), number, FLOAT32)


def test_what_no_format_holds_is_rounded_by_nothing() -> None:
    assert not rounds(1e308, sympy.Integer(10) ** 400, FLOAT64)
    assert rounds(0.7071067811865476, sympy.sqrt(2) / 2, FLOAT64)
