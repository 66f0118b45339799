"""The integers that U and V are in each quantised format, and how many products of them add up in 32 bits.

A sum over terms is Σ q_U (q_V - z) and a correction of 2^20 at most, and |q_V - z| has a reach. So no sum leaves 32
bits, whatever V is, if

    Σ |q_U| ≤ (2^31 - 1 - 2^20) / reach

for each filter and product. It is so up to 256 terms in int16 and 66,278 in int8, and for most filters of many more.
Where it is not, the scale of U grows, as `wincook.quantisation.quantise` says.

V loses more by rounding than U, whose errors are fed on (`noise.feedback`), so V has 13 bits in int16 and U 12. Direct
convolution has as many terms for each channel as the kernel has taps: there both have 12.
"""

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


INTEGERS = {"int8": Integers(0, 255, 127), "int16": Integers(-4095, 4095, 2047)}
"""By format, in tiles."""

_OF_DIRECT = INTEGERS | {"int16": Integers(-2047, 2047, 2047)}

MOST_TERMS = 2**20
"""Of a sum: Σ |q_U| fits into 32 bits, too, before it is known to be small enough."""

MOST_CORRECTED = 2**20
"""Of a sum: what errors of U make of the means of V is held within it."""

_LARGEST_SUM = 2**31 - 1 - MOST_CORRECTED
_REACH_OF_8_BITS = 255  # of x, from its zero point


def most_of_filter(integers: Integers, *, takes_x: bool = False) -> int:
    """The largest Σ |q_U| of a filter and product; V may be x itself, of 8 bits.

    >>> [most_of_filter(integers) // integers.most for integers in INTEGERS.values()]
    [66278, 256]
    """
    return _LARGEST_SUM // (_REACH_OF_8_BITS if takes_x else integers.highest)


def integers_of(format: object, *, direct: bool = False) -> Integers:
    """Those of a format, in tiles or in direct convolution.

    Raises:
        FormatError: one that has none.
    """
    return (_OF_DIRECT if direct else INTEGERS)[choice("quantised format", format, INTEGERS, FormatError)]
