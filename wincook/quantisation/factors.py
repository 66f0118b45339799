"""What V is multiplied by before it is rounded, and what U is divided by for it: multipliers, as kernels have them.

    q_V = round(V f + z)             f = m · (scale of x, if x is of integers), m the multiplier of the calibration
    W   = U / divisor                divisor = m

V is made of x as it stands, less its zero point. Where x is of integers and BT is too, V is a whole number, and kernels
hold it in 16 bits, shifted to the left by as many bits as there is room for. Then

    q_V = (2^shift V F + 2^14) >> 15, plus z        F = round(2^(15 - shift) f), from 1 to 2^15 - 1
    divisor = F 2^(shift - 15) / (scale of x)

so that what F loses by being whole is in W, and nothing is lost.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array
from wincook.formats import FLOAT32
from wincook.program.integer_shift import integer_shift
from wincook.program.ir import Program
from wincook.program.rounding import fma
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.calibration import Calibration

_WITHOUT_FRACTIONS = np.float32(3 << 22)  # the last place of floats of this size is 1
_BITS = 15  # of F


@dataclass(frozen=True, slots=True, eq=False)
class Factors:
    """f or F (P, C), and divisors (P, C), in float32; the shift, where F is whole."""

    of_inputs: Array
    divisors: Array
    shift: int | None = None

    @classmethod
    def of(cls, calibration: Calibration, programs: tuple[Program, ...], x: np.dtype[np.generic]) -> Factors:
        """Those of a calibration, for inputs of a type that go through such programs."""
        multiplier = calibration.multiplier
        if x.name not in KINDS:
            return cls(multiplier, multiplier)
        scale = np.float32(calibration.x.scale)
        factors, shift = multiplier * scale, integer_shift(programs)
        if shift is None:
            return cls(factors, multiplier)
        step = np.float32(2.0 ** (_BITS - shift))
        whole = np.rint(np.clip(factors * step, np.float32(1), np.float32(2**_BITS - 1)))
        return cls(whole, whole * (1 / step) / scale, shift)


def without_rounding(factors: Factors) -> Array:
    """Of which products and channels q_V is V itself: (P, C). V is of whole numbers there.

    Where F would be 2^15 it is one less, which makes no difference to V that are held within 13 bits.
    """
    if factors.shift is None:
        return np.zeros_like(factors.of_inputs, dtype=bool)
    return np.asarray(factors.of_inputs == min(2 ** (_BITS - factors.shift), 2**_BITS - 1))


def nearest_integers(V: Array, factors: Array, zero_point: Array, shift: int | None) -> Array:
    """q_V of V (tiles, C, P) in float32, before it is held within its range; factors are (C, P).

    Without a shift V f + z is rounded once, ties to even, as a float that has no room for fractions.
    """
    if shift is None:
        lifted = _WITHOUT_FRACTIONS + zero_point.astype(np.float32)
        return np.asarray(fma(V, factors, lifted, FLOAT32) - _WITHOUT_FRACTIONS)
    products = (V.astype(np.int64) << shift) * factors.astype(np.int64)
    return np.asarray(((products + (1 << (_BITS - 1))) >> _BITS) + zero_point)


def requantised(y: Array, affine: Affine, kind: str) -> Array:
    """y in float32 as kernels write it in 8 bits: y · (1 / scale) + zero point, rounded once, ties to even, and held.

    >>> requantised(np.array([0.74, 1.0, -5, 999], np.float32), Affine(0.5, 3), "uint8").tolist()
    [4, 5, 0, 255]
    """
    lowest, highest = KINDS[kind]
    inverse = np.asarray(1 / np.float32(affine.scale))
    nearest = nearest_integers(y, inverse, np.asarray(affine.zero_point), None)
    return np.minimum(np.where(nearest > lowest, nearest, lowest), highest).astype(kind)
