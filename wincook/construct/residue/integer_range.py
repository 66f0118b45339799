"""Ranges of integers, as a residue system has to know them: `int8`, `uint8`, `-8..7`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from wincook.arguments import whole_number, words
from wincook.arrays import Array, real_array
from wincook.errors import DataError, FormatError, NotationError, quoted

_NOTATION = re.compile(r"\s*([+-]?\d{1,20})\s*\.\.\s*([+-]?\d{1,20})\s*")
_NAMED = {
    name: (int(np.iinfo(name).min), int(np.iinfo(name).max))
    for name in ("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64")
}


@dataclass(frozen=True, slots=True)
class Span:
    """All integers from `least` to `most`, both included.

    >>> span = Span.of("int8")
    >>> print(span, span.magnitude)
    -128..127 128

    Raises:
        FormatError: the range is empty, or int64 does not hold it.
    """

    least: int
    most: int

    def __post_init__(self) -> None:
        for name in ("least", "most"):
            object.__setattr__(
                self, name, whole_number(f"{name} of a range", getattr(self, name), -(2**70), 2**70, FormatError)
            )
        if self.least > self.most:
            raise FormatError(f"range {self} is empty; write the smaller number first, as in -8..7")
        widest = _NAMED["int64"]
        if not widest[0] <= self.least <= self.most <= widest[1]:
            raise FormatError(f"range {self} is wider than int64; arrays of integers cannot hold it")

    @classmethod
    def of(cls, span: Span | str) -> Span:
        """The range itself, or the one that the text denotes: an integer type of numpy, or two numbers.

        Raises:
            NotationError: the text is neither.
        """
        if isinstance(span, Span):
            return span
        span = words("range", span, "-8..7")
        if span.strip() in _NAMED:
            return cls(*_NAMED[span.strip()])
        match = _NOTATION.fullmatch(span.replace("\N{MINUS SIGN}", "-"))
        if match is None:
            raise NotationError(
                f"cannot read {quoted(span)} as a range of integers: write -8..7, or {', '.join(_NAMED)}"
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def signed(cls, bits: int) -> Span:
        """All signed integers of so many bits, two's complement.

        >>> print(Span.signed(8))
        -128..127

        Raises:
            FormatError: fewer bits than one, or more than 64.
        """
        bits = whole_number("bits", bits, 1, 64, FormatError)
        return cls(-(1 << (bits - 1)), (1 << (bits - 1)) - 1)

    @property
    def magnitude(self) -> int:
        """The largest absolute value."""
        return max(abs(self.least), abs(self.most))

    def checked(self, values: Any, name: str) -> Array:
        """An array of integers within the range.

        Raises:
            DataError: other elements; names the array and an integer outside.
        """
        array = real_array(name, values, exact=True)
        if not np.issubdtype(array.dtype, np.integer):
            raise DataError(f"{name} holds {array.dtype}; it must hold integers of a numpy type, such as int8")
        for extreme in (array.min(), array.max()) if array.size else ():
            if not self.least <= int(extreme) <= self.most:
                raise DataError(f"{name} holds {extreme}, outside of the declared range {self}; declare a wider one")
        return array

    def __str__(self) -> str:
        return f"{self.least}..{self.most}"
