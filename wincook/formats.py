"""Number formats, and exact rational numbers rounded into them.

A binary format with precision p rounds to the nearest multiple of 2^(e-p+1), ties to even, for values of
exponent e between `emin` and `emax`; the unit roundoff is u = 2^-p (Higham, *Accuracy and Stability of
Numerical Algorithms*, 2nd ed., section 2.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import ml_dtypes
import numpy as np

from wincook.errors import FormatError


@dataclass(frozen=True, slots=True)
class Format:
    """A binary floating-point format with gradual underflow.

    `precision` counts the significand bits, the hidden one included; `emin` and `emax` are the exponents of
    the smallest and largest normal numbers (1.x · 2^e); `dtype` is the numpy type that stores it.
    """

    name: str
    precision: int
    emin: int
    emax: int
    dtype: np.dtype[np.generic]

    @classmethod
    def of(cls, name: Format | str) -> Format:
        """The format itself, or the one of that name.

        Raises:
            FormatError: the name is unknown; the message lists the known ones.
        """
        if isinstance(name, Format):
            return name
        try:
            return FORMATS[name]
        except KeyError:
            raise FormatError(f"unknown format {name!r}; known are {', '.join(FORMATS)}") from None

    @property
    def unit_roundoff(self) -> Fraction:
        """u: the largest relative error of one rounding of a normal number."""
        return Fraction(1, 2**self.precision)

    @property
    def smallest(self) -> Fraction:
        """The smallest positive number, a subnormal one."""
        return Fraction(2) ** (self.emin - self.precision + 1)

    @property
    def largest(self) -> Fraction:
        """The largest finite number."""
        return (2 - Fraction(2) ** (1 - self.precision)) * Fraction(2) ** self.emax

    def nearest(self, value: Fraction) -> Fraction:
        """The number of this format nearest to an exact value, ties to even.

        Raises:
            FormatError: the value lies beyond the largest number.

        >>> FLOAT16.nearest(Fraction(1, 3))
        Fraction(1365, 4096)
        """
        if value == 0:
            return value
        magnitude = abs(value)
        exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
        if magnitude < Fraction(2) ** exponent:
            exponent -= 1
        spacing = Fraction(2) ** (max(exponent, self.emin) - self.precision + 1)
        rounded = round(value / spacing) * spacing
        if abs(rounded) > self.largest:
            raise FormatError(
                f"{value} is too large for {self.name}, whose largest number is {float(self.largest):.6g}"
            )
        return rounded

    def __str__(self) -> str:
        return self.name


FLOAT64 = Format("float64", 53, -1022, 1023, np.dtype(np.float64))
FLOAT32 = Format("float32", 24, -126, 127, np.dtype(np.float32))
BFLOAT16 = Format("bfloat16", 8, -126, 127, np.dtype(ml_dtypes.bfloat16))
FLOAT16 = Format("float16", 11, -14, 15, np.dtype(np.float16))

FORMATS = {entry.name: entry for entry in (FLOAT64, FLOAT32, BFLOAT16, FLOAT16)}
