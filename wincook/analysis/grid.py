"""The constant c of one rounding: variance c·u²·E[v²] for round-to-nearest.

A number v = s·2^e, 1 ≤ |s| < 2, is rounded to a multiple of 2u·2^e; if what is cut off is uniform, the error has the
variance u²·4^e/3, so c = E[4^e]/(3 E[v²]), which for log-uniform s is E[1/s²]/3 = 1/(8 ln 2) ≈ 0.180. Products and
sums tend to that law (Hamming, *On the distribution of numbers*, Bell Syst. Tech. J. 49 (1970), 1609); for normal v,
E[4^e] differs from it by at most 1/2 %, by the Mellin transform of the density at 2 + 2πi/ln 2.

What is cut off is uniform in general, but a sum of two numbers of the format is a multiple of the finer of their two
spacings. If N multiples make one spacing of the result, the error takes N equidistant values: nothing is lost for
N = 1, and the variance is 1 - 1/N² of the uniform one for odd N, and 1 + 2/N², ties being the largest errors, for even
N. So each sum has its own c, which depends on how large its summands are and how they are correlated; it is averaged
over normal summands of log-uniform size, by quadrature, once, and interpolated.
"""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.number import Number

Array = NDArray[Any]

ROUNDING = 1 / (8 * log(2))  # c of the module's text

FINEST = 5  # the largest odd part of a factor whose products are worth telling from numbers without a grid
_OCTAVES, _PER_OCTAVE = 8, 4  # ratios of the summands from 2^-8 to 2^8
_CORRELATIONS = 16  # steps from -1 to 1
_ANGLES, _SIZES = 90, 12  # points of the quadrature, over directions (a, b) and over one octave


def product_factor(constant: Number) -> float:
    """What c is of a number of the format times a constant, in units of `ROUNDING`; nothing for powers of two.

    >>> product_factor(Fraction(1, 4)), round(product_factor(Fraction(3)), 2), round(product_factor(Fraction(1, 3)), 2)
    (0.0, 1.22, 0.94)
    """
    if not isinstance(constant, Fraction):
        return 1.0
    odd, thirds = _odd_part(abs(constant.numerator)), _odd_part(constant.denominator)
    if odd == thirds:
        return 0.0
    significands = np.exp2((np.arange(1024) + 0.5) / 1024)
    products = significands * odd / thirds
    exponents = np.floor(np.log2(products))
    levels = thirds * np.exp2(np.maximum(exponents, 0.0))
    made = np.exp2(2 * exponents) * _of_uniform(levels) / 3
    return float(np.mean(made / products**2) / ROUNDING)


def sum_factor(odd: int, first: Array, second: Array, total: Array) -> Array:
    """What c is of sums of numbers and products, in units of `ROUNDING`.

    Args:
        odd: the constant of the product without its powers of two: 1 for a plain sum.
        first: the variance of the product, the constant included.
        second: that of the other number.
        total: that of the sum.

    Returns:
        The shape of the arguments. Where either summand is nothing the sum is a number of the format, or a product.
    """
    table = _table(odd)
    with np.errstate(divide="ignore", invalid="ignore"):
        octaves = 0.5 * np.log2(second / first)
        correlation = (total - first - second) / (2 * np.sqrt(first * second))
    octaves = np.nan_to_num(octaves, nan=0.0)
    x = (np.clip(octaves, -_OCTAVES, _OCTAVES) + _OCTAVES) * _PER_OCTAVE
    y = (np.clip(np.nan_to_num(correlation, nan=0.0), -1.0, 1.0) + 1) * (_CORRELATIONS / 2)
    i = np.minimum(x.astype(np.intp), table.shape[0] - 2)
    j = np.minimum(y.astype(np.intp), table.shape[1] - 2)
    x, y = x - i, y - j
    found: Array = (1 - x) * ((1 - y) * table[i, j] + y * table[i, j + 1])
    found += x * ((1 - y) * table[i + 1, j] + y * table[i + 1, j + 1])
    return found


def absorbed(made: Array, smaller: Array) -> Array:
    """The variance of rounding a sum whose smaller summand hardly reaches the last place of the other.

    Far below it, the summand is lost altogether, and its own variance is the error. For a normal summand of τ spacings
    E[(x - round x)²] = 1/12 + Σ_k (-1)^k exp(-2 π² k² τ²)/(π² k²); the harmonic sum is within a tenth of that.

    Args:
        made: the variance were what is cut off uniform.
        smaller: the variance of the summand.
    """
    return np.divide(made * smaller, made + smaller, out=np.zeros_like(made), where=made + smaller > 0)


def odd_part(constant: Number) -> int:
    """P where the constant is ±P · 2^k with odd P, 0 for zero and for what no power of two makes whole."""
    if not isinstance(constant, Fraction):
        return 0
    return _odd_part(abs(constant.numerator)) if _odd_part(constant.denominator) == 1 else 0


@lru_cache(maxsize=8)
def _table(odd: int) -> Array:
    """The factor by ratio of the summands and their correlation."""
    octaves = np.linspace(-_OCTAVES, _OCTAVES, 2 * _OCTAVES * _PER_OCTAVE + 1)[:, None, None, None]
    cosine = np.linspace(-1, 1, _CORRELATIONS + 1)[:, None, None]
    angles = (np.pi * (np.arange(_ANGLES) + 0.5) / _ANGLES)[:, None]
    sizes = (np.arange(_SIZES) + 0.5) / _SIZES
    first = np.cos(angles)
    second = np.exp2(octaves) * (cosine * np.cos(angles) + np.sqrt(1 - cosine**2) * np.sin(angles))
    total = first + second
    with np.errstate(divide="ignore"):
        of_first, of_second, of_total = (
            np.floor(np.log2(np.abs(values)) + sizes) for values in (first / odd, second, total)
        )
    levels = np.exp2(np.maximum(of_total - np.minimum(of_first, of_second), 0.0))
    made = np.sum(np.exp2(2 * (of_total - sizes)) * _of_uniform(levels), axis=(2, 3)) / _SIZES / 3
    size = np.sum(total**2, axis=(2, 3))
    return np.divide(made, size * ROUNDING, out=np.zeros_like(made), where=size > 1e-9)  # noqa: PLR2004 (cancelled)


def _of_uniform(levels: Array) -> Array:
    """The variance of rounding equidistant numbers, over that of rounding uniform ones, by their number per spacing."""
    return np.where(levels % 2 == 1, 1 - 1 / levels**2, 1 + 2 / levels**2)


def _odd_part(whole: int) -> int:
    return whole // (whole & -whole) if whole else 0
