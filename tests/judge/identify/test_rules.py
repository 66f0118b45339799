"""Ways of rounding, against numpy's formats and Python's own rounding of decimals."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.judge.identify.rules import FORMATS, Rule, of_decimals, of_format

numbers = st.fractions(min_value=-9, max_value=9, max_denominator=99)


@given(numbers, st.sampled_from(["float16", "bfloat16", "float32"]))
def test_a_format_takes_a_number_to_what_numpy_rounds_it_to(number: Fraction, name: str) -> None:
    rule = next(of_format(fmt) for fmt in FORMATS if str(fmt) == name)
    kind = getattr(ml_dtypes, name, None) or getattr(np, name)
    entry = Fraction(float(kind(np.float64(number))))  # float64 is fine enough not to round twice here
    if Fraction(float(number)) == number or abs(entry - number) * 2 < abs(number) / 2**9:
        assert rule.takes(number, entry) or abs(number - entry) > rule.reach(entry) * Fraction(99, 100)
    assert not rule.takes(number, entry + abs(entry) / 2 + 1)


def rule(name: str, matrix: list[list[str]]) -> Rule:
    entries = sympy.ImmutableMatrix([[sympy.Rational(entry) for entry in row] for row in matrix])
    return next(rule for rule in of_decimals(entries) if rule.name == name)


@pytest.mark.slow
@given(st.fractions(min_value=0, max_value=9, max_denominator=99))
def test_decimals_are_rounded_or_cut_as_decimals_are(number: Fraction) -> None:
    decimal = Decimal(number.numerator) / Decimal(number.denominator)
    matrix = [["0.0001", "1"]]
    rounded = Fraction(decimal.quantize(Decimal("0.0001"), ROUND_HALF_UP))
    cut = Fraction(decimal.quantize(Decimal("0.0001"), ROUND_DOWN))
    assert rule("4 decimals", matrix).takes(number, rounded)
    assert rule("4 decimals, cut off", matrix).takes(number, cut)
    assert not rule("4 decimals", matrix).takes(number, rounded + Fraction(1, 10_000))
    assert not rule("4 decimals, cut off", matrix).takes(number, cut + Fraction(1, 10_000))
    assert rule("4 decimals", matrix).reach(rounded) == Fraction(1, 20_000)


def test_digits_count_from_the_first() -> None:
    digits = rule("3 digits", [["0.00125", "0.5"]])
    assert digits.takes(Fraction(1, 7), Fraction("0.143"))
    assert digits.takes(Fraction(1, 700), Fraction("0.00143"))
    assert not digits.takes(Fraction(1, 7), Fraction("0.1429"))


@pytest.mark.parametrize("matrix", [[["1", "2"]], [["1/3"]], [["0"]]])
def test_integers_and_other_fractions_have_no_decimals(matrix: list[list[str]]) -> None:
    assert of_decimals(sympy.ImmutableMatrix([[sympy.Rational(entry) for entry in row] for row in matrix])) == []
