"""Decimals taken for the exact numbers that they round: 0.041666667 for 1/24, 1.41421356 for √2.

A decimal of at most six digits stands for itself. A longer one stands for the fraction p/q, or surd p√k/q, that differs
from it by less than a unit of the last digit, or whose float32 or float64 does. Two fractions differ by at least
1/(q q'), so that among numbers less than u apart at most one has q ≤ Q = 1/√(2u), and by chance hardly one has q ≪ Q
(Hardy and Wright, *An Introduction to the Theory of Numbers*, chapters 3 and 11). Hence the order: fractions and surds
with q ≤ Q/16, then fractions with q ≤ Q/2, which every float is in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import lru_cache
from math import isqrt
from typing import Any

import numpy as np
import sympy

from wincook.errors import DataError, NotationError, quoted
from wincook.exact.numeral import numeral

Number = Any  # an int, a Fraction, or sympy's expression with square roots

_EXACT_DIGITS = 6
_MOST_DIGITS = 99
_LARGEST_EXPONENT = 30
_LARGEST = 10**_LARGEST_EXPONENT
_RADICANDS = (2, 3, 5, 6, 7, 10)
_ROOTS = [(k, Fraction(isqrt(k * 10**120), 10**60)) for k in _RADICANDS]
# Of numbers with one float32, or one float64, how far apart they are, relatively.
_ROUNDINGS: tuple[tuple[Fraction, Callable[[float], Any]], ...] = (
    (Fraction(1, 1 << 23), np.float32),
    (Fraction(1, 1 << 52), np.float64),
)
_SIMPLE, _ANY = (16, 1 << 16), (2, 1 << 26)  # the part of Q, and the largest denominator


@lru_cache(maxsize=4096)
def exact_number(text: str) -> tuple[Number, bool]:
    """The number that an unsigned decimal stands for, and whether it was found; if not, the decimal itself.

    >>> exact_number("0.25"), exact_number("0.041666667"), exact_number("0.70710678")
    ((Fraction(1, 4), True), (Fraction(1, 24), True), (sqrt(2)/2, True))
    >>> exact_number("0.1666"), exact_number("3.14159265")
    ((Fraction(833, 5000), True), (Fraction(62831853, 20000000), False))

    Raises:
        DataError: the text is no decimal, or too large or small for any algorithm.
    """
    try:
        exact = numeral(text)
    except NotationError as error:
        raise DataError(f"{quoted(text, 40)}, which is no number that is read") from error
    mantissa, _, exponent = text.lower().partition("e")
    digits, part = mantissa.replace(".", ""), mantissa.partition(".")[2]
    if not 1 / Fraction(_LARGEST) <= (exact or 1) < _LARGEST or abs(int(exponent or 0)) > _LARGEST_EXPONENT:
        raise DataError(f"{quoted(text)} is out of range; numbers go up to 1e{_LARGEST_EXPONENT}")
    if len(digits) > _MOST_DIGITS:
        raise DataError(f"{quoted(text)} has more than {_MOST_DIGITS} digits")
    if digits == text:
        return int(digits), True
    unit = Fraction(10) ** (int(exponent or 0) - len(part))
    if len(digits.lstrip("0")) <= _EXACT_DIGITS:
        return exact, True
    number = _fraction(exact, unit, _SIMPLE) or _surd(exact, unit, _SIMPLE) or _fraction(exact, unit, _ANY)
    return (exact, False) if number is None else (number, True)


def _fraction(exact: Fraction, unit: Fraction, limits: tuple[int, int]) -> Fraction | None:
    for largest, rounded in _searches(exact, unit, limits):
        simple = exact.limit_denominator(largest)
        if simple and _agree(exact, simple, unit, rounded):
            return simple
    return None


def _surd(exact: Fraction, unit: Fraction, limits: tuple[int, int]) -> sympy.Expr | None:
    for largest, rounded in _searches(exact, unit, limits):
        for k, root in _ROOTS:
            simple = (exact / root).limit_denominator(largest)
            if simple and _agree(exact, simple * root, unit, rounded):
                return sympy.Rational(simple.numerator, simple.denominator) * sympy.sqrt(k)
    return None


def _searches(exact: Fraction, unit: Fraction, limits: tuple[int, int]) -> Iterator[tuple[int, Callable[[float], Any]]]:
    """The largest denominator, and the rounding, where the decimal comes from a float32, then from a float64."""
    part, cap = limits
    for relative, rounded in _ROUNDINGS:
        largest = min(cap, isqrt(int(1 / (2 * max(unit, relative * exact)))) // part)
        if largest:
            yield largest, rounded


def _agree(exact: Fraction, value: Fraction, unit: Fraction, rounded: Callable[[float], Any]) -> bool:
    return abs(exact - value) < unit or abs(exact - Fraction(float(rounded(float(value))))) < unit
