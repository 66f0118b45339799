"""Intervals of fractions, and the simplest fraction in one, against all fractions of small denominators."""

from __future__ import annotations

from fractions import Fraction

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.judge.identify.interval import around, common, fraction, quotients, rational, simplest_between

numbers = st.fractions(min_value=-9, max_value=9, max_denominator=20)
intervals = st.tuples(numbers, numbers).map(lambda ends: (min(ends), max(ends)))


@pytest.mark.slow
@given(intervals)
def test_no_simpler_fraction_lies_between(ends: tuple[Fraction, Fraction]) -> None:
    low, high = ends
    simplest = simplest_between(low, high)
    assert low <= simplest <= high
    for q in range(1, simplest.denominator + 1):
        candidates = [Fraction(p, q) for p in range(-9 * q, 9 * q + 1) if low <= Fraction(p, q) <= high]
        if q < simplest.denominator:
            assert not candidates
        else:
            assert abs(simplest) == min(map(abs, candidates))


@pytest.mark.slow
@given(intervals, intervals, st.fractions(0, 1), st.fractions(0, 1))
def test_quotients_hold_all_quotients(
    dividend: tuple[Fraction, Fraction], divisor: tuple[Fraction, Fraction], s: Fraction, t: Fraction
) -> None:
    low, high = quotients(dividend, divisor)
    if divisor[0] <= 0 <= divisor[1]:
        assert low > high  # none
        return
    x, y = (ends[0] + part * (ends[1] - ends[0]) for ends, part in ((dividend, s), (divisor, t)))
    assert low <= x / y <= high


@pytest.mark.slow
@given(st.lists(intervals, min_size=1, max_size=4), numbers)
def test_what_ranges_share_is_in_all_of_them(ranges: list[tuple[Fraction, Fraction]], number: Fraction) -> None:
    shared = common(ranges)
    in_all = all(low <= number <= high for low, high in ranges)
    assert in_all == (shared is not None and shared[0] <= number <= shared[1])


@given(numbers)
def test_fractions_go_to_sympy_and_back(number: Fraction) -> None:
    assert fraction(rational(number)) == number
    assert rational(number) == sympy.Rational(number.numerator, number.denominator)
    assert around(number, lambda _: Fraction(1, 2)) == (number - Fraction(1, 2), number + Fraction(1, 2))


@pytest.mark.parametrize(
    ("low", "high", "simplest"),
    [
        ("-5/2", "-1", "-1"),
        ("-1", "-1/3", "-1"),
        ("-2/5", "-1/3", "-1/3"),
        ("-1/7", "0", "0"),
        ("0", "1/7", "0"),
        ("2/5", "3/5", "1/2"),
        ("3/2", "3", "2"),
        ("2", "3", "2"),
        ("31/10", "319/100", "19/6"),
        ("5/7", "5/7", "5/7"),
    ],
)
def test_the_simplest_of_some_intervals(low: str, high: str, simplest: str) -> None:
    assert simplest_between(Fraction(low), Fraction(high)) == Fraction(simplest)


def test_quotients_and_what_is_shared_at_the_ends() -> None:
    one, two, three = map(Fraction, (1, 2, 3))
    assert quotients((-one, three), (two, three)) == (Fraction(-1, 2), Fraction(3, 2))
    assert quotients((one, two), (-three, -one)) == (-two, Fraction(-1, 3))
    for divisor in ((-one, one), (0 * one, one), (-one, 0 * one)):
        low, high = quotients((one, two), divisor)
        assert low > high
    assert common([(one, two), (two, three)]) == (two, two)
    assert common([(one, two), (Fraction(21, 10), three)]) is None
