"""The one reader of numerals: 12, 0.3, .5, 5., 1e-1, 2.5E+3.

Notation, options and tables of other programs hold numbers, and all of them are read here. Digits are those of ASCII,
as in programs and data files. A value is a fraction, so that 0.1 is 1/10. Exponents are bounded before anything is
raised to their power: 1e999999999 costs nothing to refuse.
"""

from __future__ import annotations

import re
from fractions import Fraction

from wincook.arguments import words
from wincook.errors import NotationError, quoted

NUMERAL = r"(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?"
"""Without a sign, as a pattern for scanners: what it matches, `numeral` reads or refuses by its limits."""

# Every float64 has at most 767 significant digits, and an exponent of at most 324.
_MOST_DIGITS, _LARGEST_EXPONENT = 1000, 1000
_SIGNED = re.compile(rf"(?P<sign>[-+\N{{MINUS SIGN}}]?)(?P<digits>{NUMERAL})", re.ASCII)


def numeral(text: str) -> Fraction:
    """The exact value of a numeral, which may have a sign.

    Raises:
        NotationError: the text is no numeral, or has more than 1,000 digits or an exponent beyond ±1,000.

    >>> numeral("1e-1"), numeral("2.5E+3"), numeral(".5"), numeral("-5.")
    (Fraction(1, 10), Fraction(2500, 1), Fraction(1, 2), Fraction(-5, 1))
    """
    match = _SIGNED.fullmatch(words("number", text, "0.5").strip())
    if match is None:
        raise NotationError(f"cannot read {quoted(text)} as a number; write 12, -0.5 or 1e-3")
    mantissa, _, exponent = match["digits"].lower().partition("e")
    if len(mantissa) > _MOST_DIGITS:
        raise NotationError(f"cannot read {quoted(text)}: a number has at most {_MOST_DIGITS:,} digits")
    power = exponent.lstrip("+-0")
    if len(power) > len(str(_LARGEST_EXPONENT)) or int(power or "0") > _LARGEST_EXPONENT:
        raise NotationError(f"cannot read {quoted(text)}: an exponent is at most {_LARGEST_EXPONENT:,} in magnitude")
    value = Fraction(mantissa.removesuffix(".")) * Fraction(10) ** int(exponent or "0")
    return value if match["sign"] in {"", "+"} else -value


def whole(text: str) -> int:
    """The value of a numeral that is a whole number: 64, 1e6 and 2.0, but not 1/2 and not 1.5.

    Raises:
        NotationError: as `numeral`, or the value is no whole number.

    >>> whole("64"), whole("1e6")
    (64, 1000000)
    """
    value = numeral(text)
    if value.denominator != 1:
        raise NotationError(f"{quoted(text)} is no whole number; write 12 or 1e6")
    return value.numerator
