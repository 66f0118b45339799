"""The constant c of one rounding: variance c·u²·E[v²] for round-to-nearest.

A number v = s·2^e, 1 ≤ |s| < 2, is rounded to a multiple of 2u·2^e; if what is cut off is uniform, the error has the
variance u²·4^e/3, so c = E[4^e]/(3 E[v²]), which for log-uniform s is E[1/s²]/3 = 1/(8 ln 2) ≈ 0.180 (Barlow and
Bareiss, *On roundoff error distributions in floating point and logarithmic arithmetic*, Computing 34 (1985), 325).
Products tend to that law (Hamming, *On the distribution of numbers*, Bell Syst. Tech. J. 49 (1970), 1609), sums do not
(Scheidt and Schelin, *Distributions of floating point numbers*, Computing 38 (1987), 315); but for normally distributed
v, as sums of many terms are, c is within 1/2 % of it whatever their size.

What is cut off is uniform in general, but a sum of two numbers of the format is a multiple of the finer of their two
spacings. If N multiples make one spacing of the result, the error takes N equidistant values: nothing is lost for
N = 1, and the variance is 1 - 1/N² of the uniform one for odd N, and 1 + 2/N², ties being the largest errors, for even
N. So each sum has its own c, which depends on how large its summands are and how they are correlated; it is averaged
over normal summands of log-uniform size, by quadrature, once, and interpolated.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from math import log
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from wincook.arrays import Array, real_array
from wincook.errors import DataError, ShapeError, quoted
from wincook.exact.number import Number

ROUNDING = 1 / (8 * log(2))  # c of the module's text

FINEST = 5  # the largest odd part of a factor whose products are worth telling from numbers without a grid
GENERAL = FINEST // 2 + 1  # the place of the table of all other factors, after those of 1, 3 and 5
OCTAVES = 8  # ratios of the summands from 2^-8 to 2^8
_PER_OCTAVE = 4
_CORRELATIONS = 16  # steps from -1 to 1
_FEW_BITS = 7  # beyond, what is cut off is as good as uniform
_TINY, _LARGEST = 1e-300, 1e150
_CANCELLED = 1e-9
_ANGLES, _SIZES = 90, 12  # points of the quadrature, over directions (a, b) and over one octave


def product_factor(constant: Number) -> float:
    """What c is of a number of the format times a constant, in units of `ROUNDING`; nothing for powers of two.

    Times P · 2^k, a number has N = 2^e spacings to one of the result, 2^e < P < 2^(e+1), and twice as many from the
    next power of two on. With the variances 1 + 2/N², the mean over log-uniform numbers is 1 + 2/P².

    >>> product_factor(Fraction(1, 4)), product_factor(Fraction(5)), product_factor(Fraction(1, 3))
    (0.0, 1.08, 1.0)
    """
    odd = odd_part(constant)
    return 1.0 - odd if odd <= 1 else 1.0 + 2.0 / odd**2


def sum_factor(odd: ArrayLike, first: ArrayLike, second: ArrayLike, total: ArrayLike) -> Array:
    """What c is of sums of a product and a number, in units of `ROUNDING`.

    Args:
        odd: the constant of each product without its powers of two: 1 for a plain sum, 0 if there is no such constant.
        first: the variance of the product, the constant included: shape (sums, ...).
        second: that of the number.
        total: that of the sum.

    Raises:
        DataError: no real numbers, NaN, or constants that are even.
        ShapeError: variances of different shapes, or not as many constants as sums.

    >>> sum_factor([1, 0], [1.0, 1.0], [1.0, 1.0], [2.0, 2.0]).round(2)
    array([1.18, 1.  ])
    """
    odds, *variances = (
        _finite(name, values) for name, values in (("odd", odd), ("first", first), ("second", second), ("total", total))
    )
    shapes = {variance.shape for variance in variances}
    if len(shapes) > 1 or not variances[0].ndim or odds.shape != variances[0].shape[:1]:
        raise ShapeError(
            f"odd {odds.shape} and variances {', '.join(map(str, sorted(shapes)))} do not fit; give variances of one "
            "shape, and a constant for each entry of its first axis"
        )
    if not np.all((odds == 0) | (odds % 2 == 1)):
        raise DataError(f"odd = {quoted(odd)} must hold odd integers, or 0 where there is no such constant")
    return interpolated(tables(), np.minimum(odds, FINEST + 2).astype(np.int64), *variances)


def _finite(name: str, values: ArrayLike) -> Array:
    array = np.asarray(real_array(name, values), np.float64)
    if not np.all(np.abs(array) <= _LARGEST):
        raise DataError(f"{name} holds NaN or numbers beyond {_LARGEST:g}; scale the data")
    return array


def interpolated(all_tables: Array, odd: Array, first: Array, second: Array, total: Array) -> Array:
    """Of each sum the entry in the table of its constant, by the ratio of its summands and their correlation."""
    kind = np.where((odd > 0) & (odd <= FINEST), odd // 2, GENERAL).reshape(-1, *(1,) * (first.ndim - 1))
    first, second = np.maximum(first, _TINY), np.maximum(second, _TINY)
    octaves = np.minimum(np.maximum(0.5 * (np.log2(second) - np.log2(first)), -OCTAVES), OCTAVES)
    correlation = np.minimum(np.maximum((total - first - second) / (2 * np.sqrt(first) * np.sqrt(second)), -1.0), 1.0)
    x, y = (octaves + OCTAVES) * _PER_OCTAVE, (correlation + 1) * (_CORRELATIONS / 2)
    i = np.minimum(x.astype(np.intp), all_tables.shape[1] - 2)
    j = np.minimum(y.astype(np.intp), all_tables.shape[2] - 2)
    x, y = x - i, y - j
    low = (1 - y) * all_tables[kind, i, j] + y * all_tables[kind, i, j + 1]
    high = (1 - y) * all_tables[kind, i + 1, j] + y * all_tables[kind, i + 1, j + 1]
    return np.asarray((1 - x) * low + x * high)


def absorbed(uniform: Array, smaller: Array) -> Array:
    """The variance of rounding a sum whose smaller summand hardly reaches the last place of the other.

    Far below it, the summand is lost altogether, and its own variance is the error. For a normal summand of τ spacings
    E[(x - round x)²] = 1/12 + Σ_k (-1)^k exp(-2 π² k² τ²)/(π² k²); the harmonic sum is within a tenth of that.

    Args:
        uniform: the variance were what is cut off uniform.
        smaller: the variance of the summand.
    """
    both = np.maximum(uniform + smaller, _TINY)
    return np.asarray(uniform * (smaller / both))


def swallowed(ratio: Array) -> Array:
    """What c is of adding one more product to a sum of many, in units of `ROUNDING`.

    A product far below the last place of the sum is lost, and is the error itself. Products of two normal numbers are
    mostly small: E[(x - round x)²] = s² (1/12 + Σ_k (-1)^k/(π² k²) φ(2πk/s)) for the spacing s, with the characteristic
    function φ(t) = 1/√(1 + t²) of such a product of variance 1.

    Args:
        ratio: u² E[sum²] over the second moment of the product.

    >>> swallowed(np.array([1e-6, 1 / 8, 1.0, 2.0])).round(2)
    array([1.  , 0.85, 0.62, 0.5 ])
    """
    ratios, factors = _swallowed()
    return np.asarray(np.interp(np.log2(np.maximum(ratio, _TINY)), ratios, factors))


@lru_cache(maxsize=1)
def _swallowed() -> tuple[Array, Array]:
    """Logarithms of ratios, and the factors, for normal sums of log-uniform size."""
    ratios = np.arange(-24.0, 12.5, 0.5)
    sums = np.array([NormalDist().inv_cdf(0.5 + (i + 0.5) / 400) for i in range(200)])[:, None]
    sizes = (np.arange(_SIZES) + 0.5) / _SIZES
    k = np.arange(1, 65)
    factors = []
    for ratio in ratios:
        spacing = 2 * np.exp2(np.floor(np.log2(sums) + ratio / 2 + sizes) - sizes)[..., None]
        lost = np.sum((-1.0) ** k / (np.pi * k) ** 2 / np.sqrt(1 + (2 * np.pi * k / spacing) ** 2), axis=-1)
        variance = np.mean(spacing[..., 0] ** 2 * (1 / 12 + lost))
        factors.append(variance / (ROUNDING * 2.0**ratio * np.mean(sums**2)))
    return ratios, np.array(factors)


@lru_cache(maxsize=64)
def few_bits(first: int, second: int, kept: int) -> float:
    """What c is of a product of two numbers of few bits, in units of `ROUNDING`, averaged over log-uniform numbers.

    >>> round(few_bits(3, 3, 3), 2), few_bits(24, 24, 24)
    (0.92, 1.0)
    """
    if max(first, second) > _FEW_BITS:
        return 1.0
    (a, of_a), (b, of_b) = _significands(first), _significands(second)
    weights, products = np.multiply.outer(of_a, of_b), np.multiply.outer(a, b)
    spacing = np.exp2(np.floor(np.log2(products)) + 1 - kept)
    off = np.round(products / spacing) * spacing / products - 1  # ties to even
    return float(np.sum(weights * off**2) / (ROUNDING * 4.0**-kept))


def _significands(bits: int) -> tuple[Array, Array]:
    """The significands of so many bits, and the probability that a log-uniform number is rounded to each."""
    integers = np.arange(2 ** (bits - 1), 2**bits, dtype=np.float64)
    below = np.where(integers == integers[0], 1 / 4, 1 / 2)  # numbers below a power of two are closer
    return integers / integers[0], np.log2((integers + 1 / 2) / (integers - below))


def odd_part(constant: Number) -> int:
    """P where the constant is ±P · 2^k with odd P, 0 for zero and for what no power of two makes whole."""
    if not isinstance(constant, Fraction) or constant.denominator & (constant.denominator - 1):
        return 0
    numerator = abs(constant.numerator)
    return numerator // (numerator & -numerator) if numerator else 0


@lru_cache(maxsize=1)
def tables() -> Array:
    """One table for each odd constant up to the finest, and one of ones for all others."""
    of_odds = [_table(odd) for odd in range(1, FINEST + 1, 2)]
    return np.stack([*of_odds, np.ones_like(of_odds[0])])


def _table(odd: int) -> Array:
    """The factor by ratio of the summands and their correlation."""
    first, second, sizes, exponent = quadrature()
    total = first + second
    of_first, of_second, of_total = exponent(first / odd), exponent(second), exponent(total)
    levels = np.exp2(np.maximum(of_total - np.minimum(of_first, of_second), 0.0))
    variance = np.mean(np.exp2(2 * (of_total - sizes)) * of_uniform(levels), axis=3).sum(axis=2) / 3
    size = np.sum(total**2, axis=(2, 3))
    return np.asarray(np.where(size > _CANCELLED, variance / np.maximum(size * ROUNDING, _TINY), 0.0))


def quadrature() -> tuple[Array, Array, Array, Callable[[Array], Array]]:
    """Two summands over ratios, correlations and directions; sizes in one octave; and exponents at each of these."""
    octaves = np.linspace(-OCTAVES, OCTAVES, 2 * OCTAVES * _PER_OCTAVE + 1)[:, None, None, None]
    cosine = np.linspace(-1, 1, _CORRELATIONS + 1)[:, None, None]
    angles = (np.pi * (np.arange(_ANGLES) + 0.5) / _ANGLES)[:, None]
    sizes = (np.arange(_SIZES) + 0.5) / _SIZES
    first = np.cos(angles)
    second = np.exp2(octaves) * (cosine * np.cos(angles) + np.sqrt(1 - cosine**2) * np.sin(angles))

    def exponent(values: Array) -> Array:
        with np.errstate(divide="ignore"):
            return np.asarray(np.floor(np.log2(np.abs(values)) + sizes))

    return first, second, sizes, exponent


def of_uniform(levels: Array) -> Array:
    """The variance of rounding equidistant numbers, over that of rounding uniform ones, by their number per spacing."""
    return np.where(levels % 2 == 1, 1 - 1 / levels**2, 1 + 2 / levels**2)
