"""The variance of the errors that are made: by the operations of a program, by storing, and by summing over channels.

One rounding to a normal number makes c·u²·E[v²] (see `rounding_constant`). Below the smallest such number, 2^emin,
the spacing no longer shrinks: there it makes u²·4^emin/3, or all of v where that is less, but for sums, which are exact
there (Hauser, *Handling floating-point exceptions in numeric programs*, ACM TOPLAS 18 (1996), 139). Values are taken as
normally distributed to tell how often that happens. Adding 0 is exact, too.
"""

from __future__ import annotations

from math import erfc, pi, sqrt

import numpy as np

from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import ROUNDING, absorbed, few_bits, interpolated, swallowed, tables
from wincook.analysis.prediction.twins import twin_factor
from wincook.arrays import Array
from wincook.formats import Format
from wincook.precision import Precision
from wincook.summation import Chains

_NOWHERE = np.zeros((), bool)
_TINY = 1e-300
_NEVER_SWALLOWED = 2.0**-20  # of u² C
_SUMS_ASKED = 16
_FAR = 1e6  # variances so many times that of 2^emin are hardly ever below it


def by_program(forms: Forms, sizes: Array, zero: Array | None, fmt: Format) -> Array:
    """Variances of the roundings of a program: shape (sums, products and twins, ...).

    What twins have in common counts as an error of its own, and no longer in the two: without the rest their
    variances may be below 0, but the errors that outputs see are not.

    Args:
        forms: the program.
        sizes: E[v²] of each of its values, at each place along the other axes: shape (values, ...).
        zero: the probability that the value is exactly 0, of the same shape, or nothing if none ever is.
        fmt: what is rounded to.
    """
    along = (slice(None), *(None,) * (sizes.ndim - 1))
    first, second, total = forms.scale[along] ** 2 * sizes[forms.left], sizes[forms.right], sizes[forms.sums]
    on_grid = (forms.odd == 1)[along]
    factors = interpolated(tables(), forms.odd, first, second, total)
    if zero is not None:
        total = total - zero[forms.left] * second - np.where(on_grid, zero[forms.right] * first, 0.0)
    plain = (np.abs(forms.scale) == 1)[along]
    of_sums = by_rounding(np.maximum(total, 0.0), fmt, factors, exact_below=plain)
    of_sums = absorbed(of_sums, np.where(on_grid, np.minimum(first, second), first))
    of_twins = _by_twins(forms, sizes, zero, factors * total, of_sums)
    for column in forms.twins.T:
        np.subtract.at(of_sums, column, of_twins)
    return np.concatenate([of_sums, by_rounding(sizes[forms.products], fmt, forms.factor[along]), of_twins])


def _by_twins(forms: Forms, sizes: Array, zero: Array | None, weights: Array, of_sums: Array) -> Array:
    """Covariances of the errors of twins: shape (twins, ...); their correlation is that of normal numbers.

    Args:
        forms: the program.
        sizes: E[v²] of each of its values.
        zero: the probability that the value is exactly 0, when the other summand is not rounded.
        weights: the variances of the errors of all sums over c·u², were their numbers normal and nothing absorbed.
        of_sums: what they are.
    """
    plus, minus = forms.twins.T
    swapped = forms.scale[plus] < 0
    plus, minus = np.where(swapped, minus, plus), np.where(swapped, plus, minus)
    along = (slice(None), *(None,) * (sizes.ndim - 1))
    left, right = forms.left[minus], forms.right[minus]  # a plain sum has them in either order
    first, second = forms.scale[minus][along] ** 2 * sizes[left], sizes[right]
    factors = twin_factor(forms.odd[minus], first, second, sizes[forms.sums[plus]])
    both = first + second if zero is None else first * (1 - zero[right]) + second * (1 - zero[left])
    alike = factors * both / np.maximum((weights[plus] + weights[minus]) / 2, _TINY)
    return np.asarray(np.clip(alike, -1, 1) * (of_sums[plus] + of_sums[minus]) / 2)


def by_rounding(sizes: Array, fmt: Format, factors: Array | float = 1.0, exact_below: Array = _NOWHERE) -> Array:
    """Variances of rounding to a float format, once.

    Args:
        sizes: E[v²] of what is rounded.
        fmt: the format; exact numbers and sums of integers are not rounded.
        factors: of c, for normal numbers.
        exact_below: whether numbers below the normal ones lose nothing.
    """
    if fmt.is_exact or fmt.is_integer:
        return np.zeros_like(sizes)
    u, least = float(fmt.unit_roundoff), fmt.smallest_normal
    noise: Array = ROUNDING * u**2 * factors * sizes
    low = sizes < _FAR * least**2
    if not low.any():
        return noise
    reach = least / np.sqrt(np.maximum(sizes[low], least**2 * u**4))
    above = _beyond(reach / sqrt(2)) + sqrt(2 / pi) * reach * np.exp(-(reach**2) / 2)
    lost = np.where(np.broadcast_to(exact_below, sizes.shape)[low], 0.0, np.minimum(u**2 * least**2 / 3, sizes[low]))
    noise[low] = noise[low] * above + lost * (1 - _beyond(reach / sqrt(2)))
    return noise


def by_storing(sizes: Array, computed: Format, stored: Format) -> Array:
    """Variances of rounding numbers of one format to another; what integers take is whole."""
    return np.zeros_like(sizes) if stored.holds(computed) else by_rounding(sizes, stored)


def by_summing(sizes: Array, means: Array, zero: Array | None, precision: Precision, chains: Chains) -> Array:
    """Variances of the sums of products, one after the other, and of the sums of chains.

    Sum k has the second moment k · size + (k² - k) · mean². Nothing is rounded where V is 0. A sum of two chains loses
    up to a sixth more than c u² of its second moment, for its summands are on one grid; that is 3 % of all, and left
    out.

    Args:
        sizes: the second moment of one product at each place.
        means: its mean.
        zero: the probability that V is exactly 0, or nothing.
        precision: the formats.
        chains: how so many channels are summed.
    """
    channels, (added, squares) = chains.channels, chains.added
    sums = sizes * added + means**2 * (squares - added)
    for length, number in chains.lengths:
        sums = sums + number * _of_chain(sizes, means, zero, precision, length)
    factors = _swallowing(sizes, means, precision.accumulate, chains.length)
    below = np.array(not precision.fused)
    return channels * by_rounding(sums / channels, precision.accumulate, factors, exact_below=below)


def _of_chain(sizes: Array, means: Array, zero: Array | None, precision: Precision, length: int) -> Array:
    """The second moments of what is rounded in one chain, all together."""
    C = length
    first = 0.0 if _is_exact(precision) else _of_one_product(precision)
    before = sizes * (C * (C - 1) / 2) + means**2 * (C * (C - 1) * (C - 2) / 3)
    after = sizes * (C - 1 + (first if precision.fused else 0.0)) + means**2 * (C * (C - 1))
    return np.asarray(after + (before if zero is None else (1 - zero) * before))


def by_multiplying(sizes: Array, precision: Precision, channels: int) -> Array:
    """Variances of the products of all channels, where each is rounded: an fma only rounds sums.

    Args:
        sizes: the second moment of one product at each place.
        precision: the formats.
        channels: C.
    """
    if precision.fused or _is_exact(precision):
        return np.zeros_like(sizes)
    return channels * by_rounding(sizes, precision.product, _of_one_product(precision))


def _is_exact(precision: Precision) -> bool:
    """Whether the format of products has the bits of all of them; `by_rounding` knows those that never round."""
    return precision.product.precision >= precision.U.precision + precision.V.precision


def _of_one_product(precision: Precision) -> float:
    """The factor of c of a product of numbers with few bits."""
    return few_bits(precision.U.precision, precision.V.precision, precision.product.precision)


def _swallowing(sizes: Array, means: Array, fmt: Format, channels: int) -> Array | float:
    """How much less a running sum is off where it swallows products: a mean over its sums, each by its size."""
    u2 = float(fmt.unit_roundoff) ** 2
    if channels == 1 or fmt.is_exact or u2 * channels < _NEVER_SWALLOWED:
        return 1.0
    k = channels * np.sqrt((np.arange(_SUMS_ASKED) + 0.5) / _SUMS_ASKED)
    k = k[(slice(None), *(None,) * sizes.ndim)]
    ratios = u2 * (k + np.maximum(k**2 - k, 0.0) * means**2 / np.maximum(sizes, _TINY))
    return np.asarray(np.mean(swallowed(ratios), axis=0))


_beyond = np.vectorize(erfc, otypes=[float])
