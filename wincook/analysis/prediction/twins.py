"""How the errors of a + b and b - a go together: for numbers of very different sizes they are the same but for signs.

Let s be the finer spacing of the two results. If a is a multiple of s, it shifts b by whole spacings, so that both sums
round b alike; if b is, both round ±a. The errors are sawtooth functions of the finer summand, with Fourier coefficients
(-1)^k/(π k). If the coarser summand is a multiple of s/N only, the two are shifted by one of N/2 equidistant parts of
s, so that on the average only harmonics that N/2 divides are left: the covariance is 4/N² of the variance for N ≥ 4 and
all of it below. If one spacing is twice the other, the finer error meets every other harmonic of the coarser one: for
N ≤ 2 the covariance is -1/2 of the finer variance, and -1/2 + 3/L + 2/L² of it where the finer summand is a multiple of
s/L, with ties. Averages over the data are those of `rounding_constant`: normal summands of log-uniform size.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from wincook.analysis.prediction.rounding_constant import FINEST, ROUNDING, interpolated, of_uniform, quadrature
from wincook.arrays import Array


def twin_factor(odd: Array, first: Array, second: Array, total: Array) -> Array:
    """The covariance of the errors of `second ± first`, over ROUNDING · u² · (E first² + E second²).

    It is left out for constants of 3 and 5, where it is below 0.3: their shifts fall on more places.

    Args:
        odd: the constant of each first summand without its powers of two, as in `sum_factor`.
        first: the variance of the first summand, which has either sign: shape (pairs, ...).
        second: that of the other.
        total: that of their sum, not of the difference.
    """
    return interpolated(tables(), odd, first, second, total)


_NO_GRID = 2.0**40  # a first summand so fine that it has none


@lru_cache(maxsize=1)
def tables() -> Array:
    """One table for each odd constant up to the finest, and one for all others, as in `rounding_constant`."""
    plain, general = _table(1.0), _table(_NO_GRID)
    return np.stack([plain, *[np.zeros_like(plain)] * (FINEST // 2), general])


def _table(scale: float) -> Array:
    """The factor by ratio of the summands and their correlation; the first has the spacing of itself over a scale."""
    first, second, sizes, exponent = quadrature()
    of_first, of_second = exponent(first / scale), exponent(second)
    of_sum, of_difference = exponent(first + second), exponent(second - first)
    finer = np.minimum(of_sum, of_difference)
    multiples = np.exp2(np.maximum(finer - np.maximum(of_first, of_second), 0.0))
    levels = np.exp2(np.maximum(finer - np.minimum(of_first, of_second), 0.0))
    twice = np.where(levels > 1, -0.5 + 3 / levels + 2 / levels**2, 0.0)
    alike = np.where(of_sum == of_difference, of_uniform(levels), twice)
    shared = np.where(multiples > 2, 4 / multiples**2 * of_uniform(levels), alike)  # noqa: PLR2004 (see above)
    signs = np.where(of_first < of_second, -1.0, 1.0)
    covariance = np.mean(np.exp2(2 * (finer - sizes)) * shared * signs, axis=3).sum(axis=2) / 3
    size = np.sum(first**2 + second**2, axis=(2, 3))
    return np.asarray(covariance / (size * ROUNDING))
