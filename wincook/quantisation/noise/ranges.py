"""e of each channel and the range of each product, where rounding and clipping make the least noise together.

In squares of V, for U of one size in all channels and a range from -l to h of V / e with so many levels:

    Σ_c e_c² ((h + l) / levels)² / 12 · (1 - zeros)        V is rounded
  + Σ_c E[(V - h e_c)²; V > h e_c] + E[(-V - l e_c)²; …]    V is clipped: see `tails`
  + (max_c |U| e_c / most)² / 12 Σ_c var(V_c) / e_c² · left   U is rounded: see `feedback`

The longer the range, the coarser the steps: 8 bits are best used where some 1e-5 of V are clipped. e = rms(V)^a; the
nearer a is to 1, the less unevenness is left to V, and the more comes to U. U are normal numbers there, as weights are
not known yet.
"""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class Quantiser:
    """The integers, by how much images reach further than those of the calibration, and which scales there are."""

    integers: Integers
    margin: float
    by_channel: bool
    powers_of_two: bool

    def best_range(self, above: Tail, below: Tail, varying: Array, nonzero: float, left: float) -> Range:
        """The range of one product whose V has these tails above and below zero, and variances `varying` (C,).

        `nonzero` is the share of V that is not zero, `left` what feedback leaves of the noise of U.
        """
        exponents = EXPONENTS if self.by_channel else (0.0,)
        further = [replace(tail, rms=tail.rms * self.margin) for tail in (above, below)]
        several = (self._of_exponent(exponent, above, below, further, varying, nonzero, left) for exponent in exponents)
        return min(several, key=lambda each: each.noise)

    def _of_exponent(
        self,
        exponent: float,
        above: Tail,
        below: Tail,
        further: list[Tail],
        varying: Array,
        nonzero: float,
        left: float,
    ) -> Range:
        """That of one e, of these tails and those of images that reach further."""
        e = above.rms**exponent
        if self.powers_of_two:
            e = np.exp2(np.rint(np.log2(e)))
        reach = float(max((above.furthest / e).max(), (below.furthest / e).max()))
        longer = self.margin * reach * _LENGTHS
        is_balanced = self.integers.signed or not self.by_channel
        lower = longer if is_balanced else np.concatenate([[0.0], longer])
        clipped = [
            tail.beyond(ends[:, None] * e).sum(axis=1) for tail, ends in zip(further, (longer, lower), strict=True)
        ]
        if is_balanced:
            lower = lower * (1 if self.integers.signed else self.integers.middle / self.integers.reach)
            steps, beyond = self._step(-lower, longer), clipped[0] + clipped[1]
        else:
            steps, beyond = self._step(-lower, longer[:, None]), clipped[0][:, None] + clipped[1]
        noise = np.square(steps) * _OF_ROUNDING * nonzero * np.square(e).sum() + beyond
        high, *rest = np.unravel_index(int(noise.argmin()), noise.shape)
        low = rest[0] if rest else high
        largest = np.square((_magnitudes(len(e)) * e).max(axis=1)).mean()
        of_U = largest / self.integers.most**2 * _OF_ROUNDING * (varying / np.square(e)).sum() * left
        highest, lowest = longer[high], 0 - lower[low]
        return Range(
            e,
            float(lowest),
            float(highest),
            above.beyond(highest * e) + below.beyond(-lowest * e),
            float(noise[(high, *rest)] + of_U),
        )

    def _step(self, lowest: Array, highest: Array) -> Array:
        return step_of(self.integers, lowest, highest, powers_of_two=self.powers_of_two)


@lru_cache(maxsize=8)
def _magnitudes(channels: int) -> Array:
    """Of normal numbers, always the same: (filters, channels)."""
    return np.abs(np.random.default_rng(0).standard_normal((_FILTERS, channels)))
