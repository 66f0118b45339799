"""Correctly rounded +, × and fma on numpy arrays, in any of the formats.

float32 and float64 add and multiply by themselves. All else is computed in float64, or in float32 for formats of few
bits, and rounded once. A product of two numbers of p bits is exact there; a sum may not be, but with 2p + 2 bits the
extra rounding is harmless (Figueroa, *When is double rounding innocuous?*, 1995). An fma has no such room: where its
wide sum looks like a tie, the sum is rounded to odd instead, after which rounding to the format is the only rounding
that shows (Boldo and Melquiond, *Emulation of FMA and correctly rounded sums*, IEEE Trans. Computers 57 (2008); float64
itself by their algorithm 1).

A value of exponent e is rounded to p bits by adding and subtracting 2^(e+q-p), in a type of q bits: the last place of
that sum is the spacing 2^(e-p+1) of the format, and the type breaks its ties to even (Rump, Ogita and Oishi, *Accurate
floating-point summation, part I*, SIAM J. Sci. Comput. 31 (2008), section 3).
"""

from __future__ import annotations

from fractions import Fraction
from math import inf, nan
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import FormatError
from wincook.formats import EXACT, FLOAT32, FLOAT64, Format
from wincook.precision import Precision

_NATIVE = (FLOAT64, FLOAT32)
_SPLIT = float(2**27 + 1)
_FEW_BITS, _FEW_EXPONENTS = 11, 60  # float32 has room for their products, sums and roundings
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
    if fmt in _NATIVE:
        return values.astype(fmt.dtype, copy=False)
    return _rounded(values, fmt)


@_overflow_is_a_result
def add(a: Array, b: Array, fmt: Format) -> Array:
    """a + b, rounded once. Here and below, operands have at most the bits of the format."""
    if _is_native(fmt, a, b):
        return np.asarray(a + b)
    return round_to(_wide(a, fmt) + _wide(b, fmt), fmt)


@_overflow_is_a_result
def multiply(a: Array, b: Any, fmt: Format) -> Array:
    """a · b, rounded once."""
    if _is_native(fmt, a, b):
        return np.asarray(a * b)
    return round_to(_wide(a, fmt) * _wide(b, fmt), fmt)


@_overflow_is_a_result
def fma(a: Array, b: Any, c: Array, fmt: Format) -> Array:
    """a · b + c, rounded once."""
    x, y, z = _wide(a, fmt), _wide(b, fmt), _wide(c, fmt)
    if fmt.is_exact:
        return x * y + z
    if fmt == FLOAT64:
        return _fma_float64(*np.broadcast_arrays(x, y, z))
    product = np.asarray(x * y)
    total = np.asarray(product + z)
    doubtful = _ties(total, fmt)
    if doubtful.any():
        error = two_sum(product, z)[1]
        doubtful &= error != 0
        if doubtful.any():
            total[doubtful] = _to_odd(total[doubtful], np.asarray(error)[doubtful])
    return round_to(total, fmt)


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


def _is_native(fmt: Format, *operands: Any) -> bool:
    """Whether numpy's own operation is that of the format."""
    return fmt in _NATIVE and all(operand.dtype == fmt.dtype for operand in operands)


def _wide(values: Any, fmt: Format) -> Array:
    """Operands in the type that the format is computed in."""
    if fmt.is_exact:
        return _fractions(np.asarray(values))
    return np.asarray(values, np.float32 if _is_small(fmt) else np.float64)


def _is_small(fmt: Format) -> bool:
    return fmt.precision <= _FEW_BITS and fmt.emax <= _FEW_EXPONENTS


def _ties(total: Array, fmt: Format) -> Array:
    """Where a number may lie halfway between two of a narrower format; below `emin` that is anywhere."""
    if fmt.is_integer:  # whole numbers add up to whole numbers, or saturate
        return np.zeros(total.shape, bool)
    bits, wide = _bits(total)
    lost = wide.precision - fmt.precision
    ties: Array = (bits & ((1 << lost) - 1)) == 1 << (lost - 1)
    small = np.abs(total) < fmt.smallest_normal
    if small.any():
        ties |= small & (total != 0)
    return ties


def _bits(values: Array) -> tuple[Array, Format]:
    """Floats seen as integers, and their format."""
    return (values.view(np.int32), FLOAT32) if values.dtype == np.float32 else (values.view(np.int64), FLOAT64)


def _rounded(values: Array, fmt: Format) -> Array:
    """By the last paragraph of the module's text, subnormal numbers with the spacing of `emin`."""
    wide_type = np.float32 if values.dtype == np.float32 and _is_small(fmt) else np.float64
    magnitude = np.abs(values, out=np.empty_like(values, wide_type), dtype=wide_type)
    bits, wide = _bits(magnitude)
    shift = (bits & -(1 << (wide.precision - 1))).view(magnitude.dtype)  # the exponent alone: a power of two
    np.clip(shift, 2.0**fmt.emin, 2.0**fmt.emax, out=shift)
    shift *= 2.0 ** (wide.precision - fmt.precision)
    magnitude += shift
    magnitude -= shift
    largest = float(fmt.largest)
    magnitude[magnitude > largest] = {"infinity": inf, "nan": nan, "saturate": largest}[fmt.overflow]
    signed = np.copysign(magnitude, values, out=magnitude)
    if fmt.is_integer:
        signed += 0.0  # integers have no -0
    return signed.astype(carrier(fmt), copy=False)


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
    """near + error, cut towards zero, with a last bit of 1 if anything was lost; infinities and NaN stay."""
    (bits, wide), inexact = _bits(near), np.abs(error) > 0
    sign = wide.dtype.itemsize * 8 - 1
    towards_zero = np.where(inexact, (bits ^ _bits(error)[0]) >> sign, 0)  # -1 where near was rounded up
    odd: Array = ((bits + towards_zero) | inexact).view(near.dtype)
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
