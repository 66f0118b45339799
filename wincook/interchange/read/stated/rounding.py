"""Which floats are exact numbers rounded: nearest in their format, and not merely near."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

import sympy

from wincook.errors import WincookError
from wincook.exact.field import common_field
from wincook.exact.number import nearest, number_of
from wincook.formats import Format


def rounds(value: float, number: sympy.Expr, fmt: Format) -> bool:
    """Whether a finite float is the number of a format nearest to an exact real one.

    >>> from wincook.formats import FLOAT64
    >>> rounds(0.1, sympy.Rational(1, 10), FLOAT64), rounds(1.414, sympy.sqrt(2), FLOAT64)
    (True, False)
    """
    try:
        return _nearest(number, fmt) == Fraction(value)
    except WincookError:  # beyond the largest number of the format
        return False


@lru_cache(maxsize=4096)
def _nearest(number: sympy.Expr, fmt: Format) -> Fraction:
    if number.is_Rational:
        return fmt.nearest(Fraction(int(number.p), int(number.q)))
    return nearest(number_of(number, common_field([number])), fmt)
