"""Exact numbers from what Python programs hold: integers, fractions, decimals, numbers of numpy and sympy, and text."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from math import isfinite, isinf
from numbers import Rational
from typing import Any

import numpy as np
import sympy

from wincook.errors import PointsError, quoted
from wincook.exact.field import simplest
from wincook.exact.notation import read

_VALID = "give a fraction, or text such as 1/2, 0.3 or √2/2"


def exact(value: Any) -> sympy.Expr:
    """The number in its one form.

    A float is taken where its decimal is its value, as for 0.5 or 3.0. The float 0.1 is not 1/10, and is refused.

    Raises:
        PointsError: it is no number, not finite, or a float that is not what it prints as.
        NotationError: text that cannot be read.

    >>> exact("1e-1"), exact(Fraction(1, 2)), exact(-0.75)
    (1/10, 1/2, -3/4)
    """
    if isinstance(value, str):
        return simplest(read(value))
    if isinstance(value, Rational) and not isinstance(value, bool):
        return sympy.Rational(int(value.numerator), int(value.denominator))
    if isinstance(value, Decimal) and value.is_finite():
        return sympy.Rational(*value.as_integer_ratio())
    if isinstance(value, (float, np.floating)) and isfinite(value):
        return _decimal(float(value), value)
    if isinstance(value, sympy.Expr) and not value.has(sympy.Float, sympy.oo, sympy.zoo, sympy.nan, -sympy.oo):
        return simplest(value)
    raise PointsError(f"{quoted(value)} is not exact; {_VALID}")


def is_infinite(value: Any) -> bool:
    """Whether the value is +∞ of some kind: of Python, numpy or sympy.

    >>> is_infinite(float("inf")), is_infinite(sympy.oo), is_infinite(1)
    (True, True, False)
    """
    if isinstance(value, (float, np.floating, Decimal)):
        return isinf(value) and bool(value > 0)
    return isinstance(value, sympy.Expr) and bool(value == sympy.oo)


def _decimal(double: float, value: Any) -> sympy.Expr:
    number = Fraction(double)
    if double != value or Fraction(repr(double)) != number:
        raise PointsError(
            f"the float {value} is not {double!r} exactly; write it as text '{double!r}' or as a Fraction"
        )
    return sympy.Rational(number.numerator, number.denominator)
