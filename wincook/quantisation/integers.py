"""The integers that U and V are in each quantised format."""

from __future__ import annotations

from dataclasses import dataclass

from wincook.arguments import choice
from wincook.errors import FormatError


@dataclass(frozen=True, slots=True)
class Integers:
    """V is from `lowest` to `highest`, and U from -`most` to `most`.

    An unsigned V may lie unevenly about zero, as its zero point says; a signed one has the zero point 0.
    """

    lowest: int
    highest: int
    most: int

    @property
    def signed(self) -> bool:
        """Whether V is."""
        return self.lowest < 0

    @property
    def middle(self) -> int:
        """The zero point of a V that reaches as far above zero as below."""
        return (self.lowest + self.highest + 1) // 2

    @property
    def reach(self) -> int:
        """How far a V may be from the middle, above and below."""
        return self.highest - self.middle


INTEGERS = {"int8": Integers(0, 255, 127), "int16": Integers(-2047, 2047, 2047)}
"""By format. Products of 12 bits in `int16` may be summed over 512 channels in 32 bits."""


def integers_of(format: object) -> Integers:
    """Those of a format.

    Raises:
        FormatError: one that has none.
    """
    return INTEGERS[choice("quantised format", format, INTEGERS, FormatError)]
