"""Bounds in few digits."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context

from wincook.arguments import real_number, whole_number
from wincook.errors import NotationError

_MOST_DIGITS = 17  # that tell every float64 from the others


def rounded_up(bound: float, digits: int = 2) -> str:
    """A bound in few digits that do not fall below it.

    Raises:
        NotationError: no number, or digits that are not 1 to 17.

    >>> rounded_up(0.12341)
    '0.13'
    """
    digits = whole_number("digits", digits, 1, _MOST_DIGITS, NotationError)
    bound = bound if isinstance(bound, float) else real_number("bound", bound)
    return f"{Context(prec=digits, rounding=ROUND_CEILING).create_decimal_from_float(bound):g}"
