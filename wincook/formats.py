"""Number formats, and exact rational numbers rounded into them.

A binary format with precision p rounds to the nearest multiple of 2^(e-p+1), ties to even, for values of
exponent e between `emin` and `emax`; the unit roundoff is u = 2^-p (Higham, *Accuracy and Stability of
Numerical Algorithms*, 2nd ed., section 2.1). The integers up to ±(2^p - 1) are the format with one exponent,
emin = emax = p - 1: its spacing is 1 everywhere. The 8-bit floats are those of the Open Compute Project,
*OCP 8-bit Floating Point Specification (OFP8)*, revision 1.0 (2023).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

import ml_dtypes
import numpy as np

from wincook.arguments import choice, fraction
from wincook.errors import FormatError, quoted

Overflow = Literal["infinity", "nan", "saturate"]

_LONGEST_NAME = 100
_MOST_BITS = 10_000


@dataclass(frozen=True, slots=True)
class Format:
    """A binary format with gradual underflow, an integer format, or exact numbers.

    `precision` counts the significand bits, the hidden one included; `emin` and `emax` are the exponents of
    the smallest and largest normal numbers (1.x · 2^e); `dtype` is the numpy type that stores it. `overflow` says what
    becomes of values beyond the largest number, and `reserved` how many of the largest significands at `emax` are no
    numbers. Exact numbers have no precision and no exponents: all three are 0, and the dtype is object.
    """

    name: str
    precision: int
    emin: int
    emax: int
    dtype: np.dtype[np.generic]
    overflow: Overflow = "infinity"
    reserved: int = 0

    @classmethod
    def of(cls, name: Format | str | np.dtype[Any] | type) -> Format:
        """The format itself, or the one of that name in any case, or of that type of numpy.

        Names that other programs use are known too: see `official_name`.

        Raises:
            FormatError: the name is unknown; the message lists the known ones.
        """
        if isinstance(name, Format):
            return name
        if isinstance(name, np.dtype) or (isinstance(name, type) and issubclass(name, np.generic)):
            name = np.dtype(name).name
        official = official_name(name)
        known = isinstance(official, str) and official in FORMATS
        return FORMATS[choice("format", official if known else name, FORMATS, FormatError)]

    @property
    def is_exact(self) -> bool:
        """Whether nothing is ever rounded."""
        return self.dtype.hasobject

    @property
    def is_integer(self) -> bool:
        """Whether its numbers are whole."""
        return self.emin == self.emax and not self.is_exact

    @property
    def unit_roundoff(self) -> Fraction:
        """u: the largest relative error of one rounding of a normal number; 0 if exact."""
        return Fraction(0) if self.is_exact else Fraction(1, 2**self.precision)

    @property
    def smallest(self) -> Fraction:
        """The smallest positive number, a subnormal one; 0 if there is no smallest, for exact numbers."""
        return Fraction(0) if self.is_exact else Fraction(2) ** (self.emin - self.precision + 1)

    @property
    def smallest_normal(self) -> float:
        """The smallest magnitude that is held with all bits; 1 for integers, 0 for exact numbers.

        >>> FLOAT16.smallest_normal
        6.103515625e-05
        """
        if self.is_exact:
            return 0.0
        return 1.0 if self.is_integer else 2.0**self.emin

    @property
    def largest(self) -> Fraction:
        """The largest finite number.

        Raises:
            FormatError: exact numbers have none.
        """
        if self.is_exact:
            raise FormatError("exact numbers have no largest; ask a format that is not exact")
        return Fraction(2**self.precision - 1 - self.reserved) * Fraction(2) ** (self.emax - self.precision + 1)

    @property
    def saturating(self) -> Format:
        """The same numbers, where values too large become the largest one."""
        if self.overflow == "saturate":
            return self
        return replace(self, name=f"{self.name}-saturating", overflow="saturate")

    def holds(self, other: Format) -> bool:
        """Whether numbers of another format need no rounding here, as long as they do not overflow or underflow."""
        if self.is_exact or other.is_exact:
            return self.is_exact
        return self.precision >= other.precision and (other.is_integer or not self.is_integer)

    def nearest(self, value: Fraction) -> Fraction:
        """The number of this format nearest to an exact value, ties to even.

        Raises:
            FormatError: no finite number, or one beyond the largest, whatever `overflow` says: this is for constants.

        >>> FLOAT16.nearest(Fraction(1, 3))
        Fraction(1365, 4096)
        """
        if not isinstance(value, Fraction):
            value = fraction("value", value, FormatError)
        if value == 0 or self.is_exact:
            return value
        magnitude = abs(value)
        exponent = magnitude.numerator.bit_length() - magnitude.denominator.bit_length()
        if magnitude < Fraction(2) ** exponent:
            exponent -= 1
        spacing = Fraction(2) ** (max(exponent, self.emin) - self.precision + 1)
        rounded = round(value / spacing) * spacing
        if abs(rounded) > self.largest:
            raise FormatError(
                f"{_shown(value)} is too large for {self.name}, whose largest number is {float(self.largest):.6g}"
            )
        return rounded

    def __str__(self) -> str:
        return self.name


def _shown(value: Fraction) -> str:
    """A fraction in digits, unless there are so many that Python writes none."""
    return (
        str(value) if max(value.numerator.bit_length(), value.denominator.bit_length()) < _MOST_BITS else quoted(value)
    )


def official_name(name: object) -> object:
    """The name that wincook has for a format, or for a policy made of such names; anything else as it is.

    >>> official_name("FP16"), official_name("bf16-dot"), official_name("fp16-accumulate-fp32"), official_name("fp7")
    ('float16', 'bfloat16-dot', 'float16-accumulate-float32', 'fp7')
    """
    if not isinstance(name, str) or len(name) > _LONGEST_NAME:
        return name  # to be refused as it is
    words = name.strip().lower().removeprefix("torch.").split("-")
    return "-".join(ALIASES.get(word, word) for word in words)


def _integer(bits: int) -> Format:
    return Format(f"int{bits}", bits - 1, bits - 2, bits - 2, np.dtype(f"int{bits}"), "saturate")


FLOAT64 = Format("float64", 53, -1022, 1023, np.dtype(np.float64))
FLOAT32 = Format("float32", 24, -126, 127, np.dtype(np.float32))
TF32 = Format("tf32", 11, -126, 127, np.dtype(np.float32))  # in 32 bits, 13 of them unused
BFLOAT16 = Format("bfloat16", 8, -126, 127, np.dtype(ml_dtypes.bfloat16))
FLOAT16 = Format("float16", 11, -14, 15, np.dtype(np.float16))
FLOAT8_E5M2 = Format("float8_e5m2", 3, -14, 15, np.dtype(ml_dtypes.float8_e5m2))
FLOAT8_E4M3FN = Format("float8_e4m3fn", 4, -6, 8, np.dtype(ml_dtypes.float8_e4m3fn), "nan", reserved=1)
INT32, INT16, INT8 = _integer(32), _integer(16), _integer(8)
EXACT = Format("exact", 0, 0, 0, np.dtype(object))

FLOATS = {
    entry.name: entry
    for entry in (
        FLOAT64,
        FLOAT32,
        TF32,
        BFLOAT16,
        FLOAT16,
        FLOAT8_E5M2,
        FLOAT8_E5M2.saturating,
        FLOAT8_E4M3FN,
        FLOAT8_E4M3FN.saturating,
    )
}
FORMATS = FLOATS | {entry.name: entry for entry in (INT32, INT16, INT8, EXACT)}
ALIASES = {
    "fp64": "float64",
    "f64": "float64",
    "double": "float64",
    "fp32": "float32",
    "f32": "float32",
    "single": "float32",
    "float": "float32",
    "fp16": "float16",
    "f16": "float16",
    "half": "float16",
    "bf16": "bfloat16",
    "fp8": "float8_e4m3fn",  # as TensorRT and vLLM call it where nothing else is said
    "fp8_e4m3": "float8_e4m3fn",
    "fp8_e4m3fn": "float8_e4m3fn",
    "fp8_e5m2": "float8_e5m2",
    "float8_e4m3": "float8_e4m3fn",
    "e4m3": "float8_e4m3fn",
    "e4m3fn": "float8_e4m3fn",
    "e5m2": "float8_e5m2",
    "i8": "int8",
    "i16": "int16",
    "i32": "int32",
}
