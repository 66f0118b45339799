"""Correctly rounded +, × and fma on numpy arrays, in any of the formats.

Numbers of the 16-bit formats are carried in float32, which adds and multiplies them with one harmless extra
rounding (its precision is at least twice theirs plus two: Figueroa, *When is double rounding innocuous?*,
1995). An fma has no such room, so its exact sum is first rounded to odd in float64, after which rounding to the
format is the only rounding that shows (Boldo and Melquiond, *Emulation of FMA and correctly rounded sums*,
IEEE Trans. Computers 57 (2008), algorithm 1).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.formats import FLOAT32, FLOAT64, Format

Array = NDArray[Any]

_SPLIT = float(2**27 + 1)

_overflow_is_a_result = np.errstate(over="ignore", invalid="ignore")


def carrier(fmt: Format) -> np.dtype[np.generic]:
    """The numpy type in which numbers of the format are carried through a computation."""
    return FLOAT64.dtype if fmt == FLOAT64 else FLOAT32.dtype


@_overflow_is_a_result
def round_to(values: Array, fmt: Format) -> Array:
    """Round float64 or float32 values into the format; the result is in its carrier.

    Values too large become infinite, as in the arithmetic that is imitated.
    """
    if fmt in (FLOAT64, FLOAT32):
        return values.astype(fmt.dtype)
    narrow = _odd_float32(values) if values.dtype == FLOAT64.dtype else values
    return narrow.astype(fmt.dtype).astype(np.float32)


@_overflow_is_a_result
def add(a: Array, b: Array, fmt: Format) -> Array:
    """a + b, rounded once."""
    return round_to(a + b, fmt)


@_overflow_is_a_result
def multiply(a: Array, b: Array | np.generic, fmt: Format) -> Array:
    """a · b, rounded once."""
    return round_to(a * b, fmt)


@_overflow_is_a_result
def fma(a: Array, b: Array | np.generic, c: Array, fmt: Format) -> Array:
    """a · b + c, rounded once.

    In float64, a product must be 0 or lie between 2^-968 and the largest number, and its factors below 2^996.
    """
    if fmt == FLOAT64:
        return _fma_float64(a, np.asarray(b), c)
    product = np.asarray(a, np.float64) * np.asarray(b, np.float64)
    return round_to(_add_to_odd(product, np.asarray(c, np.float64)), fmt)


def two_sum(a: Array, b: Array) -> tuple[Array, Array]:
    """The rounded sum and its exact error (Knuth; Higham, section 4.3)."""
    total = a + b
    virtual = total - a
    return total, (a - (total - virtual)) + (b - virtual)


def two_product(a: Array, b: Array) -> tuple[Array, Array]:
    """The rounded float64 product and its exact error (Dekker 1971), for factors below 2^996."""
    product = a * b
    a_high, b_high = (_high_half(a), _high_half(b))
    a_low, b_low = a - a_high, b - b_high
    return product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low)


def _high_half(a: Array) -> Array:
    shifted = _SPLIT * a
    high: Array = shifted - (shifted - a)
    return high


def _fma_float64(a: Array, b: Array, c: Array) -> Array:
    high, low = two_product(a, b)
    low_high, low_low = two_sum(c, low)
    total, error = two_sum(high, low_high)
    exact = total + _add_to_odd(low_low, error)
    # The error terms know neither infinities nor the sign of zero; the plain formula gets just these right.
    return np.where(np.isfinite(exact) & (exact != 0), exact, a * b + c)


def _add_to_odd(a: Array, b: Array) -> Array:
    """a + b in float64, rounded to odd: an inexact sum gets a last bit of 1, towards its error."""
    total, error = two_sum(a, b)
    return _make_odd(total, np.sign(error), np.int64)


def _odd_float32(values: Array) -> Array:
    near = values.astype(np.float32)
    return _make_odd(near, np.sign(values - near).astype(np.float32), np.int32)


def _make_odd(near: Array, towards: Array, bits: type[np.signedinteger[Any]]) -> Array:
    """Step an even, inexact number one place towards what was lost; finite numbers only."""
    inexact_and_even = (towards != 0) & (near.view(bits) & 1 == 0) & np.isfinite(near)
    return np.where(inexact_and_even, np.nextafter(near, np.copysign(np.inf, towards).astype(near.dtype)), near)
