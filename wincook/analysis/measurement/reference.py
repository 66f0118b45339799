"""What measured errors are measured against: exact convolution of a few tiles, and a reference that is nearly so.

The reference is direct convolution in float64, or in double-double where a stage is wider than float32: Ogita, Rump
and Oishi, *Accurate sum and dot product*, SIAM J. Sci. Comput. 26 (2005), algorithm 5.3.
"""

from __future__ import annotations

from fractions import Fraction
from math import isfinite
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.direct import convolve
from wincook.formats import FLOAT32, FLOAT64, Format
from wincook.precision import Precision
from wincook.program import rounding

Index = tuple[Any, ...]

_LETTERS = "wxyz"  # the axes of a tile


def reference(d: Array, g: Array, precision: Precision, strides: tuple[int, ...]) -> tuple[Array, Array]:
    """Direct convolution as high + low, both of shape (tiles, m_1, ...).

    Args:
        d: inputs of shape (tiles, C, n_1, ...).
        g: filters of shape (tiles, C, r_1, ...).
        precision: what is to be judged.
        strides: inputs from one output to the next, per axis.
    """
    d, g = d.astype(np.float64), g.astype(np.float64)
    wide = any(map(_is_wide, precision.values()))
    return _in_double_double(d, g, strides) if wide else _in_float64(d, g, strides)


def exact(d: Array, g: Array, strides: tuple[int, ...]) -> Array:
    """Direct convolution in integers, by the oracle: an object array of fractions, (tiles, m_1, ...)."""
    (d_integers, d_scale), (g_integers, g_scale) = _integers(d), _integers(g)
    tiles = len(d)
    sums = convolve(d_integers.reshape(1, -1, *d.shape[2:]), g_integers, stride=strides, groups=tiles)[0]
    scale = d_scale * g_scale
    fractions = np.frompyfunc(lambda value: Fraction(int(value), scale), 1, 1)(sums)
    return np.asarray(fractions, dtype=object)


def differences(values: Array, fractions: Array) -> Array:
    """values - fractions, rounded once, at the end; infinities and NaN stay."""

    def difference(value: Any, fraction: Fraction) -> float:
        return float(Fraction(value) - fraction) if isfinite(value) else float(value)

    plain = values if values.dtype == object else values.astype(np.float64)
    return np.asarray(np.frompyfunc(difference, 2, 1)(plain, fractions), dtype=np.float64)


def _in_float64(d: Array, g: Array, strides: tuple[int, ...]) -> tuple[Array, Array]:
    axes = _LETTERS[: g.ndim - 2]
    high: Array | None = None
    for window, weights in _taps(d, g, strides):
        term = np.einsum(f"nc{axes},nc->n{axes}", window, weights)
        high = term if high is None else np.add(high, term, out=high)
    assert high is not None  # noqa: S101 (a filter has taps)
    return high, np.zeros_like(high)


def _in_double_double(d: Array, g: Array, strides: tuple[int, ...]) -> tuple[Array, Array]:
    high = low = np.zeros(())
    for window, weights in _taps(d, g, strides):
        for channel in range(d.shape[1]):
            weight = weights[:, channel].reshape(-1, *(1,) * (g.ndim - 2))
            product, product_error = rounding.two_product(window[:, channel], weight)
            high, sum_error = rounding.two_sum(high, product)
            low = low + (product_error + sum_error)
    return high, low


def _taps(d: Array, g: Array, strides: tuple[int, ...]) -> list[tuple[Array, Array]]:
    """Each tap of the filters (tiles, C), with the inputs that it meets (tiles, C, m_1, ...)."""
    lengths = [n - r + 1 for n, r in zip(d.shape[2:], g.shape[2:], strict=True)]
    pairs = []
    for tap in np.ndindex(*g.shape[2:]):
        place: Index = (..., *(slice(j, j + n, s) for j, n, s in zip(tap, lengths, strides, strict=True)))
        pairs.append((d[place], g[(..., *tap)]))
    return pairs


def _is_wide(fmt: Format) -> bool:
    return fmt.is_exact or fmt.precision > FLOAT32.precision


def _integers(values: Array) -> tuple[Array, int]:
    """Binary numbers as whole multiples of a power of two, exactly: the multiples, and one over that power."""
    significands, exponents = np.frexp(values.astype(np.float64))
    whole = np.ldexp(significands, FLOAT64.precision).astype(np.int64)
    least = min(FLOAT64.precision, int(exponents.min(initial=FLOAT64.precision, where=whole != 0)))
    shift = FLOAT64.precision - least
    integers = np.left_shift(whole.astype(object), (exponents - least).clip(0).astype(object))
    return np.asarray(integers, dtype=object), 2**shift
