"""e of each channel and the range of each product, where rounding and clipping make the least noise together.

In squares of V, for U of one size in all channels and a range from -l to h of V / e with so many levels:

    Σ_c e_c² ((h + l) / levels)² / 12 · (1 - zeros)        V is rounded
  + Σ_c E[(V - h e_c)²; V > h e_c] + E[(-V - l e_c)²; …]    V is clipped: see `tails`
  + (max_c |U| e_c / most)² / 12 Σ_c var(V_c) / e_c² · left   U is rounded: see `feedback`

The longer the range, the coarser the steps: 8 bits are best used where some 1e-5 of V are clipped. e = rms(V)^a; the
nearer a is to 1, the less unevenness is left to V, and the more comes to U. U are normal numbers there, as weights are
not known yet.

Where x is of integers and BT is too, V is a whole number of steps of x. Then a channel of steps as long as these is not
rounded at all; of uneven layers it is so for all but the largest channels, if that makes less noise together.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from wincook.arrays import Array
from wincook.quantisation.integers import Integers
from wincook.quantisation.noise.steps import step_of
from wincook.quantisation.noise.tails import Tail

EXPONENTS = (0.6, 0.7, 0.8, 0.9)
"""What rms(V) may be raised to, to make e of it."""

_LENGTHS = np.geomspace(1 / 4, 2, 48)  # of the ranges that are tried, of all that V reached
_FILTERS = 32  # that are drawn
_OF_ROUNDING = 1 / 12  # the variance, in steps


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """Of one product: e (C,), V / e from lowest to highest, what is clipped on average of V² (C,), and the noise."""

    equaliser: Array
    lowest: float
    highest: float
    clipped: Array
    noise: float


@dataclass(frozen=True, slots=True, eq=False)
class Product:
    """What is known of the V of one product: its tails above and below zero, and its variances `varying` (C,).

    `nonzero` is the share of V that is not zero, `left` what feedback leaves of the noise of U.
    """

    above: Tail
    below: Tail
    varying: Array
    nonzero: float
    left: float


@dataclass(frozen=True, slots=True)
class Quantiser:
    """The integers, by how much images reach further than those of the calibration, and which scales there are."""

    integers: Integers
    margin: float
    by_channel: bool
    powers_of_two: bool

    def ranges(self, product: Product) -> tuple[Range, ...]:
        """The one of a product that makes the least noise, for each exponent."""
        exponents = EXPONENTS if self.by_channel else (0.0,)
        return tuple(self._of_exponent(exponent, product) for exponent in exponents)

    def exact_ranges(self, ranges: Iterable[Range], product: Product, unit: float) -> tuple[Range, ...]:
        """These ranges with channels that are not rounded, of V that is a whole number of units; none without such."""
        if not self.by_channel or self.powers_of_two:
            return ()
        return tuple(self._without_rounding(each, product, unit) for each in ranges)

    def _of_exponent(self, exponent: float, product: Product) -> Range:
        above, below = product.above, product.below
        e = above.rms**exponent
        if self.powers_of_two:
            e = np.exp2(np.rint(np.log2(e)))
        reach = float(max((above.furthest / e).max(), (below.furthest / e).max()))
        longer = self.margin * reach * _LENGTHS
        is_balanced = self.integers.signed or not self.by_channel
        lower = longer if is_balanced else np.concatenate([[0.0], longer])
        further = self._further(product)
        clipped = [
            tail.beyond(ends[:, None] * e).sum(axis=1) for tail, ends in zip(further, (longer, lower), strict=True)
        ]
        if is_balanced:
            lower = lower * (1 if self.integers.signed else self.integers.middle / self.integers.reach)
            steps, beyond = self._step(-lower, longer), clipped[0] + clipped[1]
        else:
            steps, beyond = self._step(-lower, longer[:, None]), clipped[0][:, None] + clipped[1]
        noise = np.square(steps) * _OF_ROUNDING * product.nonzero * np.square(e).sum() + beyond
        high, *rest = np.unravel_index(int(noise.argmin()), noise.shape)
        low = rest[0] if rest else high
        of_U = self._noise_of_U(e, product).sum()
        return _range(e, float(0 - lower[low]), float(longer[high]), float(noise[(high, *rest)] + of_U), product)

    def _without_rounding(self, found: Range, product: Product, unit: float) -> Range:
        """The same range, with the e of each channel that is better off by steps of one unit."""
        (step,) = self._step(np.array([found.lowest]), np.array([found.highest]))
        above, below = self._further(product)

        def clipped_and_of_U(e: Array, largest: Array) -> Array:
            beyond = above.beyond(found.highest * e) + below.beyond(-found.lowest * e)
            return beyond + self._noise_of_U(e, product, largest)

        rounded, exact = found.equaliser, np.full_like(found.equaliser, unit / step)
        of_V = np.square(step * rounded) * _OF_ROUNDING * product.nonzero
        is_better = clipped_and_of_U(exact, rounded) < of_V + clipped_and_of_U(rounded, rounded)
        e = np.where(is_better & (exact <= rounded.max()), exact, rounded)
        noise = np.where(e == exact, 0, of_V) + clipped_and_of_U(e, e)
        return _range(e, found.lowest, found.highest, float(noise.sum()), product)

    def _further(self, product: Product) -> list[Tail]:
        """Tails above and below, of images that reach as far as the margin says."""
        return [replace(tail, rms=tail.rms * self.margin) for tail in (product.above, product.below)]

    def _noise_of_U(self, e: Array, product: Product, largest: Array | None = None) -> Array:
        """Of each channel (C,); `largest` is the e of all that the largest U e is of, if not this."""
        of_all = e if largest is None else largest
        square = np.square((_magnitudes(len(e)) * of_all).max(axis=1)).mean()
        return np.asarray(square / self.integers.most**2 * _OF_ROUNDING * product.varying / np.square(e) * product.left)

    def _step(self, lowest: Array, highest: Array) -> Array:
        return step_of(self.integers, lowest, highest, powers_of_two=self.powers_of_two)


def _range(e: Array, lowest: float, highest: float, noise: float, product: Product) -> Range:
    clipped = product.above.beyond(highest * e) + product.below.beyond(-lowest * e)
    return Range(e, lowest, highest, clipped, noise)


@lru_cache(maxsize=8)
def _magnitudes(channels: int) -> Array:
    """Of normal numbers, always the same: (filters, channels)."""
    return np.abs(np.random.default_rng(0).standard_normal((_FILTERS, channels)))
