"""Correctly rounded +, × and fma on numpy arrays, in any of the formats.

All is computed in float64 and rounded once. A product of two numbers of at most 24 bits is exact there; a sum may
not be, but the extra rounding is harmless (float64 has more than twice their bits plus two: Figueroa, *When is double
rounding innocuous?*, 1995). An fma has no such room, so its sum is first rounded to odd, after which rounding to the
format is the only rounding that shows (Boldo and Melquiond, *Emulation of FMA and correctly rounded sums*, IEEE Trans.
Computers 57 (2008); float64 itself by their algorithm 1).

A value of exponent e is rounded to p bits by adding and subtracting 2^(e+53-p): the last place of that sum is the
spacing 2^(e-p+1) of the format, and float64 breaks its ties to even (Rump, Ogita and Oishi, *Accurate floating-point
summation, part I*, SIAM J. Sci. Comput. 31 (2008), section 3).
"""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.errors import FormatError
from wincook.formats import EXACT, FLOAT32, FLOAT64, Format
from wincook.precision import Precision

Array = NDArray[Any]

_SPLIT = float(2**27 + 1)
_EXPONENT = np.int64(0x7FF << 52)
_SIGN_PLACE = np.int64(63)
# Where the error-free transformations of float64 neither overflow nor lose bits to underflow.
_SAFE_PRODUCT, _SAFE_SUM, _SAFE_FACTOR = 2.0**-968, 2.0**1021, 2.0**995

_overflow_is_a_result = np.errstate(over="ignore", invalid="ignore")


def carrier(fmt: Format) -> np.dtype[np.generic]:
    """The numpy type in which numbers of the format are carried through a computation; fractions are objects."""
    if fmt.is_exact:
        return fmt.dtype
    return FLOAT32.dtype if fmt.precision <= FLOAT32.precision else FLOAT64.dtype


@_overflow_is_a_result
def round_to(values: Array, fmt: Format) -> Array:
    """Round floats, integers or fractions into the format, once; the result is in its carrier.

    Values too large become what the format's `overflow` says; NaN stays NaN.

    Raises:
        FormatError: infinities or NaN, where the format is exact.

    >>> round_to(np.array([0.1, 2.5, -300.0]), Format.of("int8"))
    array([   0.,    2., -127.], dtype=float32)
    >>> round_to(np.array([0.1, 464.0, 465.0]), Format.of("float8_e4m3fn"))
    array([1.015625e-01, 4.480000e+02,          nan], dtype=float32)
    """
    if fmt.is_exact:
        return _fractions(values)
    if values.dtype == EXACT.dtype:
        values = _from_fractions(values, fmt)
    if fmt in (FLOAT64, FLOAT32):
        return values.astype(fmt.dtype)
    return _rounded(values, fmt)


@_overflow_is_a_result
def add(a: Array, b: Array, fmt: Format) -> Array:
    """a + b, rounded once. Here and below, operands have at most the bits of the format."""
    return round_to(_wide(a, fmt) + _wide(b, fmt), fmt)


@_overflow_is_a_result
def multiply(a: Array, b: Any, fmt: Format) -> Array:
    """a · b, rounded once."""
    return round_to(_wide(a, fmt) * _wide(b, fmt), fmt)


@_overflow_is_a_result
def fma(a: Array, b: Any, c: Array, fmt: Format) -> Array:
    """a · b + c, rounded once."""
    x, y, z = _wide(a, fmt), _wide(b, fmt), _wide(c, fmt)
    if fmt.is_exact:
        return x * y + z
    if fmt == FLOAT64:
        return _fma_float64(*np.broadcast_arrays(x, y, z))
    return round_to(_to_odd(*two_sum(x * y, z)), fmt)


def accumulate(M: Array, U: Array, V: Array, policy: Precision) -> Array:
    """M + U · V as the policy has it: by one fma, or the product rounded first."""
    if policy.fused:
        return fma(U, V, M, policy.accumulate)
    return add(M, multiply(U, V, policy.product), policy.accumulate)


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


def _wide(values: Any, fmt: Format) -> Array:
    return _fractions(np.asarray(values)) if fmt.is_exact else np.asarray(values, np.float64)


def _rounded(values: Array, fmt: Format) -> Array:
    """By the second paragraph of the module's text, subnormal numbers with the spacing of `emin`."""
    magnitude = np.abs(values, out=np.empty(values.shape), dtype=np.float64)
    shift = (magnitude.view(np.int64) & _EXPONENT).view(np.float64)
    np.clip(shift, 2.0**fmt.emin, 2.0**fmt.emax, out=shift)
    shift *= 2.0 ** (FLOAT64.precision - fmt.precision)
    magnitude += shift
    magnitude -= shift
    largest = float(fmt.largest)
    magnitude[magnitude > largest] = {"infinity": inf, "nan": nan, "saturate": largest}[fmt.overflow]
    signed = np.copysign(magnitude, values, out=magnitude)
    if fmt.is_integer:
        signed += 0.0  # integers have no -0
    return signed.astype(carrier(fmt))


def _fma_float64(a: Array, b: Array, c: Array) -> Array:
    """Boldo and Melquiond's algorithm 1; outside its domain by the plain formula, or else by fractions."""
    high, low = two_product(a, b)
    low_high, low_low = two_sum(c, low)
    total, error = two_sum(high, low_high)
    result = np.asarray(total + _to_odd(*two_sum(low_low, error)))
    size = np.abs(high)
    safe = (size >= _SAFE_PRODUCT) & (size <= _SAFE_SUM) & (np.abs(c) <= _SAFE_SUM)
    safe &= (np.abs(a) <= _SAFE_FACTOR) & (np.abs(b) <= _SAFE_FACTOR)
    if not safe.all():
        rest = ~safe
        result[rest] = _fma_anywhere(a[rest], b[rest], c[rest])
    return result


def _fma_anywhere(a: Array, b: Array, c: Array) -> Array:
    result = a * b + c  # is right for zeros, with their signs, for infinities and NaN
    rare = (a != 0) & (b != 0) & np.isfinite(a) & np.isfinite(b) & np.isfinite(c)
    result[rare] = round_to(fma(a[rare], b[rare], c[rare], EXACT), FLOAT64)
    return result


def _to_odd(near: Array, error: Array) -> Array:
    """near + error, cut to float64 towards zero, with a last bit of 1 if anything was lost; infinities and NaN stay."""
    bits, inexact = near.view(np.int64), np.abs(error) > 0
    towards_zero = ((bits ^ error.view(np.int64)) >> _SIGN_PLACE) * inexact  # -1 where near was rounded up
    odd: Array = ((bits + towards_zero) | inexact).view(np.float64)
    return odd


def _fractions(values: Array) -> Array:
    """Numbers as exact fractions, in an object array."""
    if values.dtype == EXACT.dtype:
        return values
    if not np.isfinite(values).all():
        raise FormatError("exact numbers have neither infinities nor NaN; give finite values, or choose a float format")
    return np.asarray(_to_fractions(values), dtype=object)


def _from_fractions(values: Array, fmt: Format) -> Array:
    """Fractions in float64: rounded to nearest for float64 itself, to odd for narrower formats."""
    near = np.asarray(_to_floats(values), np.float64)
    return near if fmt == FLOAT64 else _to_odd(near, np.asarray(_compare(values, near), np.float64))


def _to_float(value: Fraction) -> float:
    try:
        return float(value)
    except OverflowError:
        return inf if value > 0 else -inf


_to_fractions = np.frompyfunc(lambda value: Fraction(float(value)), 1, 1)
_to_floats = np.frompyfunc(_to_float, 1, 1)
_compare = np.frompyfunc(lambda value, near: (value > near) - (value < near), 2, 1)
