"""Scale and zero point of an array of small integers: the numbers of x and y of a quantised layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arguments import choice, real_number, whole_number
from wincook.arrays import Array, real_array
from wincook.errors import DataError

KINDS = {"uint8": (0, 255), "int8": (-128, 127)}
"""The integers that x and y may be, and their ranges."""

_LEAST = 2.0**-126  # the smallest number that float32 holds with all bits, as it does one over it


@dataclass(frozen=True, slots=True)
class Affine:
    """Integers q that stand for the real numbers scale * (q - zero_point).

    >>> Affine(0.5, 3).real(np.array([3, 5], np.uint8)).tolist()
    [0.0, 1.0]

    Raises:
        DataError: a scale that is zero, negative or not finite, in float32 too, or a zero point beyond 8 bits.
    """

    scale: float
    zero_point: int = 0

    def __post_init__(self) -> None:
        scale = real_number("scale", self.scale, above=0, error=DataError)
        if not _LEAST <= scale <= 1 / _LEAST:
            raise DataError(
                f"scale = {scale:g} is beyond what float32 divides by; it must be from {_LEAST:.2g} to {1 / _LEAST:.2g}"
            )
        object.__setattr__(self, "scale", scale)
        point = whole_number("zero_point", self.zero_point, KINDS["int8"][0], KINDS["uint8"][1], DataError)
        object.__setattr__(self, "zero_point", point)

    @classmethod
    def covering(cls, lowest: float, highest: float, kind: str = "uint8") -> Affine:
        """The finest scale whose integers reach from the lowest to the highest number; zero is exact.

        Raises:
            DataError: numbers that are not finite, or both zero, so that there is no scale.
            NotationError: an unknown kind of integers.

        >>> Affine.covering(-1, 4)
        Affine(scale=0.0196078431372549, zero_point=51)
        """
        least, most = KINDS[choice("kind of integers", kind, KINDS)]
        low = min(0.0, real_number("lowest", lowest, error=DataError))
        high = max(0.0, real_number("highest", highest, error=DataError))
        if low == high:
            raise DataError("numbers that are all zero have no scale; give other data")
        scale = (high - low) / (most - least)
        return cls(scale, round(least - low / scale))

    def quantised(self, values: Array, kind: str = "uint8") -> Array:
        """The nearest integers, ties to even, of that kind; those beyond its range become its ends.

        Raises:
            NotationError: an unknown kind of integers.
            DataError: NaN, or no real numbers.
        """
        least, most = KINDS[choice("kind of integers", kind, KINDS)]
        numbers = np.rint(real_array("values", values) / self.scale) + self.zero_point
        if np.isnan(numbers).any():
            raise DataError("NaN is no integer; give numbers")
        return np.asarray(np.clip(numbers, least, most), kind)

    def real(self, integers: Array) -> Array:
        """The numbers that integers stand for, in float32."""
        difference = real_array("integers", integers).astype(np.float32) - np.float32(self.zero_point)
        return np.asarray(difference * np.float32(self.scale))
