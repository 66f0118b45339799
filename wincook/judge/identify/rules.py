"""Ways of rounding: to the formats of floats, to decimals and to digits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from math import floor
from typing import NamedTuple

import sympy

from wincook.errors import FormatError
from wincook.formats import FLOATS, Format
from wincook.judge.identify.interval import Reach, fraction

FORMATS = tuple(FLOATS[name] for name in ("float8_e5m2", "float8_e4m3fn", "bfloat16", "float16", "tf32", "float32"))

_MOST_DECIMALS = 9
_POWERS_OF_TEN = tuple(Fraction(10) ** -digits for digits in range(_MOST_DECIMALS + 1))


class Rule(NamedTuple):
    """A way of rounding: its name, whether it takes a number to an entry, and how far off it is at most."""

    name: str
    takes: Callable[[Fraction, Fraction], bool]
    reach: Reach


def of_format(fmt: Format) -> Rule:
    """To the nearest number of a format."""

    def takes(number: Fraction, entry: Fraction) -> bool:
        try:
            return fmt.nearest(number) == entry
        except FormatError:  # beyond its largest number
            return False

    return Rule(str(fmt), takes, lambda entry: abs(entry) * fmt.unit_roundoff)


def of_decimals(matrix: sympy.ImmutableMatrix) -> list[Rule]:
    """To as many decimals as the matrix has, rounded or cut, and to as many digits."""
    entries = [abs(fraction(entry)) for entry in matrix if entry]
    units = [unit for unit in _POWERS_OF_TEN if all((entry / unit).denominator == 1 for entry in entries)]
    if not entries or not units or units[0] == 1:
        return []
    unit, decimals = units[0], _POWERS_OF_TEN.index(units[0])
    digits = max(len(str(int(entry / unit)).strip("0")) for entry in entries)

    def last_place(entry: Fraction) -> Fraction:
        above = next((place for place, power in enumerate(_POWERS_OF_TEN) if abs(entry) >= power), _MOST_DECIMALS)
        exponent = len(str(floor(abs(entry)))) if abs(entry) >= 1 else 1 - above
        return Fraction(10) ** (exponent - digits)

    return [
        Rule(
            f"{decimals} decimals",
            lambda number, entry: _whole(entry, unit) and 2 * abs(number - entry) <= unit,
            lambda _: unit / 2,
        ),
        Rule(
            f"{decimals} decimals, cut off",
            lambda number, entry: _whole(entry, unit) and number * entry >= 0 and 0 <= abs(number) - abs(entry) < unit,
            lambda _: unit,
        ),
        Rule(
            f"{digits} digits",
            lambda number, entry: _whole(entry, last_place(entry)) and 2 * abs(number - entry) <= last_place(entry),
            lambda entry: last_place(entry) / 2,
        ),
    ]


def _whole(entry: Fraction, unit: Fraction) -> bool:
    return (entry / unit).denominator == 1
