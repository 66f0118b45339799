"""The variance of the errors that are made: by the operations of a program, by storing, and by summing over channels.

One rounding to a normal number makes c·u²·E[v²] (see `wincook.analysis.grid`). Below the smallest such number, 2^emin,
the spacing no longer shrinks: there it makes u²·4^emin/3, or all of v where that is less, but for sums, which are exact
there (Hauser, *Handling floating-point exceptions in numeric programs*, ACM TOPLAS 18 (1996), 139). Values are taken as
normally distributed to tell how often that happens. Adding 0 is exact, too.
"""

from __future__ import annotations

from math import erfc, pi, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.forms import Forms
from wincook.analysis.grid import ROUNDING, absorbed, sum_factor
from wincook.formats import Format
from wincook.precision import Precision

Array = NDArray[Any]

WHOLE = 1 / 12  # the variance of rounding to integers
_NOWHERE = np.zeros((), bool)
_FAR = 1e6  # variances so many times that of 2^emin are hardly ever below it


def by_program(forms: Forms, sizes: Array, zero: Array | None, fmt: Format) -> Array:
    """Variances of the roundings of a program: shape (sums and products, ...).

    Args:
        forms: the program.
        sizes: E[v²] of each of its values, at each place along the other axes: shape (values, ...).
        zero: the probability that the value is exactly 0, of the same shape, or nothing if none ever is.
        fmt: what is rounded to.
    """
    along = (slice(None), *(None,) * (sizes.ndim - 1))
    first, second, total = forms.scale[along] ** 2 * sizes[forms.left], sizes[forms.right], sizes[forms.sums]
    on_grid = (forms.odd == 1)[along]
    factors = sum_factor(forms.odd, first, second, total)
    if zero is not None:
        total = total - zero[forms.left] * second - np.where(on_grid, zero[forms.right] * first, 0.0)
    plain = (np.abs(forms.scale) == 1)[along]
    of_sums = by_rounding(np.maximum(total, 0.0), fmt, factors, exact_below=plain)
    of_sums = absorbed(of_sums, np.where(on_grid, np.minimum(first, second), first))
    return np.concatenate([of_sums, by_rounding(sizes[forms.products], fmt, forms.factor[along])])


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
    u, least = float(fmt.unit_roundoff), 2.0**fmt.emin
    made: Array = ROUNDING * u**2 * factors * sizes
    low = sizes < _FAR * least**2
    if not low.any():
        return made
    reach = least / np.sqrt(np.maximum(sizes[low], least**2 * u**4))
    above = _beyond(reach / sqrt(2)) + sqrt(2 / pi) * reach * np.exp(-(reach**2) / 2)
    lost = np.where(np.broadcast_to(exact_below, sizes.shape)[low], 0.0, np.minimum(u**2 * least**2 / 3, sizes[low]))
    made[low] = made[low] * above + lost * (1 - _beyond(reach / sqrt(2)))
    return made


def by_storing(sizes: Array, computed: Format, stored: Format) -> Array:
    """Variances of rounding numbers of one format to another; whole numbers are half a unit off at most."""
    if stored.holds(computed):
        return np.zeros_like(sizes)
    return np.full_like(sizes, WHOLE) if stored.is_integer else by_rounding(sizes, stored)


def by_summing(sizes: Array, means: Array, zero: Array | None, precision: Precision, channels: int) -> Array:
    """Variances of products and of their sums, one after the other.

    Sum k has the second moment k · size + (k² - k) · mean². Nothing is rounded where V is 0.

    Args:
        sizes: the second moment of one product at each place.
        means: its mean.
        zero: the probability that V is exactly 0, or nothing.
        precision: the formats.
        channels: C.
    """
    C, bits = channels, precision.U.precision + precision.V.precision
    product = precision.product
    exact = product.is_exact or product.is_integer or bits <= product.precision
    before = sizes * (C * (C - 1) / 2) + means**2 * (C * (C - 1) * (C - 2) / 3)
    own = sizes * (C - 1 if exact or not precision.fused else C) + means**2 * (C * (C - 1))
    sums = own + (before if zero is None else (1 - zero) * before)
    made = C * by_rounding(sums / C, precision.accumulate, exact_below=np.array(not precision.fused))
    if not precision.fused and not exact:
        made += C * by_rounding(sizes, product)
    return made


_beyond = np.vectorize(erfc, otypes=[float])
