"""Intervals of fractions, and the simplest fraction in one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from fractions import Fraction

import sympy

Ends = tuple[Fraction, Fraction]
Reach = Callable[[Fraction], Fraction]  # how far a number may be from the one found


def around(entry: Fraction, reach: Reach) -> Ends:
    """The numbers within reach of an entry."""
    return entry - reach(entry), entry + reach(entry)


def quotients(dividend: Ends, divisor: Ends) -> Ends:
    """All quotients; none, as an empty range, if the divisor may be zero."""
    if divisor[0] * divisor[1] <= 0:
        return Fraction(1), Fraction(0)
    ends = [x / y for x in dividend for y in divisor]
    return min(ends), max(ends)


def common(ranges: Iterable[Ends]) -> Ends | None:
    """What all ranges share."""
    lows, highs = zip(*ranges, strict=True)
    return (max(lows), min(highs)) if max(lows) <= min(highs) else None


def simplest_between(low: Fraction, high: Fraction) -> Fraction:
    """The fraction with the smallest denominator from low to high, and of these the smallest in magnitude.

    >>> simplest_between(Fraction(33, 100), Fraction(34, 100)), simplest_between(Fraction(-5, 2), Fraction(-9, 8))
    (Fraction(1, 3), Fraction(-2, 1))
    """
    if low <= 0 <= high:
        return Fraction(0)
    if high < 0:
        return -simplest_between(-high, -low)
    integer = -(-low.numerator // low.denominator)
    if integer <= high:
        return Fraction(integer)
    below = integer - 1
    return below + 1 / simplest_between(1 / (high - below), 1 / (low - below))


def fraction(entry: sympy.Rational) -> Fraction:
    """Of a rational number of sympy."""
    return Fraction(int(entry.p), int(entry.q))


def rational(number: Fraction) -> sympy.Rational:
    """And back."""
    return sympy.Rational(number.numerator, number.denominator)
