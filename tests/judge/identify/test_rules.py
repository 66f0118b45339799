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


@pytest.mark.parametrize(
    ("name", "entry", "reach"),
    [
        ("4 decimals", "0.5", "1/20000"),
        ("4 decimals, cut off", "0.5", "1/10000"),
        ("4 digits", "0.5", "1/20000"),
        ("4 digits", "0.0512", "1/200000"),
        ("4 digits", "-1.25", "1/2000"),
        ("4 digits", "25", "1/200"),
    ],
)
def test_how_far_a_number_may_be_from_its_decimals(name: str, entry: str, reach: str) -> None:
    """Half of the last place if it is rounded, and all of it if it is cut off."""
    assert rule(name, [["0.1234", "0.5"]]).reach(Fraction(entry)) == Fraction(reach)


def test_how_far_a_number_may_be_from_that_of_a_format() -> None:
    reaches = {str(fmt): of_format(fmt).reach(Fraction(-3, 2)) for fmt in FORMATS}
    assert reaches["float16"] == Fraction(3, 2) / 2**11
    assert reaches["bfloat16"] == Fraction(3, 2) / 2**8
    assert reaches["float8_e5m2"] == Fraction(3, 2) / 2**3


@pytest.mark.parametrize(("decimals", "known"), [(1, True), (9, True), (10, False)])
def test_decimals_go_up_to_nine(decimals: int, known: bool) -> None:
    rules = of_decimals(sympy.ImmutableMatrix([[1 + sympy.Rational(3, 10**decimals)]]))
    assert bool(rules) == known
    if known:
        assert [each.name for each in rules][:2] == [f"{decimals} decimals", f"{decimals} decimals, cut off"]
        assert rules[2].name == f"{decimals + 1} digits"


def test_halves_of_the_last_place_are_rounded_either_way_and_cut_off_one_way() -> None:
    half = Fraction("0.12345")
    four, cut = rule("4 decimals", [["0.1234"]]), rule("4 decimals, cut off", [["0.1234"]])
    assert four.takes(half, Fraction("0.1234"))
    assert four.takes(half, Fraction("0.1235"))
    assert cut.takes(half, Fraction("0.1234"))
    assert not cut.takes(half, Fraction("0.1235"))
    assert cut.takes(-half, Fraction("-0.1234"))
    assert not cut.takes(Fraction("0.1235"), Fraction("0.1234"))
    assert not four.takes(Fraction("0.12346"), Fraction("0.1234"))
    assert not cut.takes(-half, Fraction("0.1234"))
    assert not four.takes(Fraction("0.12341"), Fraction("0.12341"))
