"""Bounds in few digits, never below themselves."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wincook.errors import NotationError
from wincook.exact import rounded_up


@given(st.fractions(min_value=0), st.integers(1, 17))
def test_a_bound_never_falls_and_rises_by_less_than_a_last_digit(bound: Fraction, digits: int) -> None:
    shown = Fraction(rounded_up(bound, digits))
    assert bound <= shown <= bound * (1 + Fraction(1, 10 ** (digits - 1)))


def test_a_fraction_just_above_a_decimal_is_not_rounded_to_it() -> None:
    assert rounded_up(Fraction(12, 100)) == "0.12"
    assert rounded_up(Fraction(12, 100) + Fraction(1, 10**40)) == "0.13"  # float64 is 0.12


def test_bounds_that_are_infinite_are_shown_and_others_refused() -> None:
    assert rounded_up(float("inf")) == "Infinity"
    for wrong in (None, "0.1", 1j, True):
        with pytest.raises(NotationError, match="bound"):
            rounded_up(wrong)  # type: ignore[arg-type]
