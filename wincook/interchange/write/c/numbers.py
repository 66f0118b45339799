"""Types of C, and numbers in them as literals.

Fractions are quotients in double, and roots decimals in double, with the exact number in a comment. In float both are
rounded once more; where two roundings would not be as good as one, the float32 stands in hexadecimal.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from wincook.errors import FormatError
from wincook.exact.number import Number, nearest
from wincook.formats import FLOAT32, FLOAT64
from wincook.interchange.write.plain import symbolic

_LONGEST_DECIMAL = 10
_LARGEST_INTEGER = 2**53


@dataclass(frozen=True, slots=True)
class NumberType:
    """A type of C: how it is spelt, how a number is written in it, its function for an fma, its bits if it is whole."""

    spelt: str
    literal: Callable[[Number], str]
    fma: str
    bits: int

    @property
    def is_whole(self) -> bool:
        """Whether it holds integers alone."""
        return self.bits > 0

    @property
    def largest(self) -> int:
        """The largest integer, if it holds integers alone."""
        return (1 << self.bits - 1) - 1


def literal(number: Number) -> str:
    """An expression for the float32 nearest to a number, which `verify` reads back.

    >>> from fractions import Fraction
    >>> literal(Fraction(-5, 4)), literal(Fraction(1, 6)), literal(Fraction(10**18 + 1, 3))
    ('-1.25f', '(float)(1.0 / 6.0)', '(float)3.333333333333333e+17 /* 1000000000000000001/3 */')
    >>> literal(1 + Fraction(1, 2**24) + Fraction(1, 10**20))[:14]
    '0x1.000002p+0f'

    Raises:
        FormatError: the number is too large.
    """
    rounded = nearest(number, FLOAT32)
    value, double = float(rounded), float(nearest(number, FLOAT64))
    if len(repr(value)) <= _LONGEST_DECIMAL and Fraction(repr(value)) == number:
        return f"{value!r}f"
    if FLOAT32.nearest(Fraction(double)) != rounded:
        mantissa, exponent = value.hex().split("p")
        return f"{mantissa.rstrip('0').removesuffix('.')}p{exponent}f /* {symbolic(number)} */"
    quotient = _quotient(number)
    return f"(float)({quotient})" if quotient else f"(float){double!r} /* {symbolic(number)} */"


def double_literal(number: Number) -> str:
    """An expression for the float64 nearest to a number.

    >>> from fractions import Fraction
    >>> double_literal(Fraction(-5, 4)), double_literal(Fraction(1, 6)), double_literal(Fraction(10**18 + 1, 3))
    ('-1.25', '(1.0 / 6.0)', '3.333333333333333e+17 /* 1000000000000000001/3 */')

    Raises:
        FormatError: the number is too large.
    """
    value = float(nearest(number, FLOAT64))
    if len(repr(value)) <= _LONGEST_DECIMAL and Fraction(repr(value)) == number:
        return repr(value)
    quotient = _quotient(number)
    return f"({quotient})" if quotient else f"{value!r} /* {symbolic(number)} */"


def _quotient(number: Number) -> str:
    """A quotient of two numbers that double holds, if there is one: it is rounded once."""
    if isinstance(number, Fraction) and max(abs(number.numerator), number.denominator) <= _LARGEST_INTEGER:
        return f"{number.numerator}.0 / {number.denominator}.0"
    return ""


def _whole_literal(bits: int) -> Callable[[Number], str]:
    def literal(number: Number) -> str:
        if not isinstance(number, Fraction) or number.denominator != 1:
            raise FormatError(f"int{bits} holds whole numbers, not {number}; take float or double")
        if abs(number) >= 2 ** (bits - 1):
            raise FormatError(f"int{bits} is too small for {number}; take a larger type")
        return f"INT{bits}_C({number})"

    return literal


TYPES = {
    "float": NumberType("float", literal, "fmaf", 0),
    "double": NumberType("double", double_literal, "fma", 0),
    "int32": NumberType("int32_t", _whole_literal(32), "", 32),
    "int64": NumberType("int64_t", _whole_literal(64), "", 64),
}
