"""Bounds in few digits."""

from __future__ import annotations

from decimal import ROUND_CEILING, Context


def rounded_up(bound: float, digits: int = 2) -> str:
    """A bound in few digits that do not fall below it.

    >>> rounded_up(0.12341)
    '0.13'
    """
    return f"{Context(prec=digits, rounding=ROUND_CEILING).create_decimal_from_float(bound):g}"
