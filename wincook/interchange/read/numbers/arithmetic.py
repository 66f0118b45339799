"""Exact arithmetic on integers, fractions and square roots, with a limit to how large numbers grow."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import sympy

from wincook.errors import DataError
from wincook.interchange.read.numbers.recognise import Number

_MOST_BITS = 512
_MOST_TERMS = 4
_LARGEST_EXPONENT = 64
_LARGEST_RADICAND = 10**6

_OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


def operate(sign: str, a: Number, b: Number) -> Number:
    """The sum, difference, product or quotient.

    >>> operate("/", 1, 6), operate("*", sympy.sqrt(2), Fraction(1, 2))
    (Fraction(1, 6), sqrt(2)/2)

    Raises:
        DataError: division by zero, or a result too large to come from any algorithm.
    """
    if sign == "/" and not b:
        raise DataError("it divides by zero")
    if isinstance(a, sympy.Expr) or isinstance(b, sympy.Expr):
        value = _OPERATIONS[sign](exact(a), exact(b))
        return _simplest(sympy.radsimp(value) if sign == "/" and exact(b).is_Add else value)
    value = Fraction(a) / b if sign == "/" else _OPERATIONS[sign](a, b)
    return _bounded(value)


def cut_quotient(a: int, b: int) -> int:
    """The quotient of two integers in C: towards zero."""
    if not b:
        raise DataError("it divides by zero")
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def floor_quotient(a: Number, b: Number) -> int:
    """The quotient as Python's // has it: the largest integer not above."""
    if not b:
        raise DataError("it divides by zero")
    if isinstance(a, sympy.Expr) or isinstance(b, sympy.Expr):
        raise DataError("the quotient of roots is not cut")
    return int(Fraction(a) // Fraction(b))


def power(base: Number, exponent: Number) -> Number:
    """A rational number to a whole power, or the root for the exponent 1/2.

    Raises:
        DataError: any other exponent.
    """
    if exponent == Fraction(1, 2):
        return root(base)
    if not isinstance(exponent, int) or abs(exponent) > _LARGEST_EXPONENT or isinstance(base, sympy.Expr):
        raise DataError(f"the power {exponent} is not taken; whole ones up to {_LARGEST_EXPONENT} and 0.5 are")
    if not base and exponent < 0:
        raise DataError("it divides by zero")
    return _bounded(Fraction(base) ** exponent if exponent < 0 else base**exponent)


def root(value: Number) -> Number:
    """The square root of a fraction.

    Raises:
        DataError: a negative number, one that is itself a root, or large terms.
    """
    if isinstance(value, sympy.Expr) or value < 0 or max(_sizes(value)) > _LARGEST_RADICAND:
        raise DataError(f"the root of {value} is not taken; those of small fractions are")
    surd = sympy.sqrt(exact(value))
    return Fraction(int(surd.p), int(surd.q)) if surd.is_Rational else surd


def exact(value: Number) -> sympy.Expr:
    """A number as sympy's."""
    return sympy.Rational(value.numerator, value.denominator) if isinstance(value, Fraction) else sympy.sympify(value)


def _simplest(value: sympy.Expr) -> Number:
    value = sympy.expand(value)
    terms = value.as_coefficients_dict()
    if len(terms) > _MOST_TERMS:
        raise DataError(f"a sum of more than {_MOST_TERMS} roots")
    for coefficient in terms.values():
        _bounded(Fraction(int(coefficient.p), int(coefficient.q)))
    return Fraction(int(value.p), int(value.q)) if value.is_Rational else value


def _bounded(value: int | Fraction) -> int | Fraction:
    if max(_sizes(value)).bit_length() > _MOST_BITS:
        raise DataError(f"a number of more than {_MOST_BITS} bits")
    return value


def _sizes(value: int | Fraction) -> tuple[int, int]:
    return abs(value.numerator), value.denominator
