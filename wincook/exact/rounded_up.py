"""Bounds in few digits."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context, Decimal
from fractions import Fraction

from wincook.arguments import fraction, whole_number
from wincook.errors import NotationError

_MOST_DIGITS = 17  # that tell every float64 from the others


def rounded_up(bound: float | Fraction, digits: int = 2) -> str:
    """A bound in few digits that do not fall below it.

    Raises:
        NotationError: no number, or digits that are not 1 to 17.

    >>> rounded_up(0.12341), rounded_up(Fraction(12, 100) + Fraction(1, 10**40))
    ('0.13', '0.13')
    """
    digits = whole_number("digits", digits, 1, _MOST_DIGITS, NotationError)
    context = Context(prec=digits, rounding=ROUND_CEILING)
    if isinstance(bound, float):  # also an infinite one
        return f"{context.create_decimal_from_float(bound):g}"
    exact = fraction("bound", bound)
    return f"{context.divide(Decimal(exact.numerator), Decimal(exact.denominator)):g}"
