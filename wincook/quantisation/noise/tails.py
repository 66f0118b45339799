"""What clipping costs, from the largest values of each channel: E[(V - T)²] over all V beyond a threshold T.

Channels have tails of one shape, in units of their own rms. As far as values were met their squares are summed; from
the largest few on, exceedances are exponential, as those of most laws are far out (Pickands, *Statistical Inference
Using Extreme Order Statistics*, Annals of Statistics 3 (1975); Balkema and de Haan, *Residual Life Time at Great Age*,
Annals of Probability 2 (1974)):

    E[(X - t)²; X > t] = p 2 b² exp(-(t - u) / b)        t ≥ u

with p the share of values above u, and b the mean of X - u there. So ranges can be longer than all that was met.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array

KEPT = 32  # values of each product and channel
_FITTED, _LEAST_FITTED, _SHARE = 64, 8, 1 / 64  # largest values of all channels together, and how many of all at most


@dataclass(frozen=True, slots=True, eq=False)
class Tail:
    """Of one side of a product's V: X = V / rms, the largest ones as `falling` -X, of `count` in all.

    `sums` (2, n + 1) are those of the first X, and of their squares. `furthest` (C,) is the largest V; `whole` (C,) is
    where X begins of which every larger one was kept. `fitted` of the largest X have the last at u, and b on average
    beyond it.
    """

    rms: Array
    falling: Array
    sums: Array
    count: int
    furthest: Array
    whole: Array
    fitted: int
    u: float
    b: float

    @classmethod
    def of(cls, kept: Array, rms: Array, tiles: int) -> Tail:
        """Of the largest V (C, kept), rms (C,), of so many tiles."""
        X = kept / rms[:, None]
        falling = np.sort(-X, axis=None)
        largest = -falling
        sums = np.stack([np.concatenate([[0], np.cumsum(largest**power)]) for power in (1, 2)])
        count = tiles * len(rms)
        fitted = min(_FITTED, max(_LEAST_FITTED, int(_SHARE * count)), len(largest))
        u = largest[fitted - 1]
        b = max(float(largest[:fitted].mean()) - u, np.finfo(np.float32).tiny)
        return cls(rms, falling, sums, count, kept.max(axis=1), X.min(axis=1), fitted, u, b)

    def beyond(self, thresholds: Array) -> Array:
        """E[(V - T)²; V > T] of thresholds T (…, C), in the square of V; infinite where too few values were kept."""
        t, u, b = thresholds / self.rms, self.u, self.b
        squares = self.fitted / self.count * 2 * b * b * np.exp(-np.maximum(t - u, 0) / b)
        is_unknown = (t < self.whole) & (t > 0)
        squares[is_unknown] = np.inf
        is_met = (t < u) & ~is_unknown
        met = t[is_met]
        above = np.searchsorted(self.falling, -met)  # how many are larger
        first, second = self.sums[:, above]
        squares[is_met] = np.maximum((second - 2 * met * first + met * met * above) / self.count, 0)
        return np.asarray(squares * np.square(self.rms))


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """The largest few of V, and of -V, of each channel and product: (C, P, n), in any order."""

    above: Array
    below: Array

    @classmethod
    def none(cls, channels: int, products: int) -> Ends:
        """Those of nothing."""
        nothing = np.empty((channels, products, 0), np.float32)
        return cls(nothing, nothing)

    def with_more(self, V: Array) -> Ends:
        """Those of more of V (tiles, C, P) as well. Sorting whole rows tells both at once, by vectors of numpy."""
        rising = np.moveaxis(V, 0, -1).copy(order="C")  # of direct convolution V is the caller's own image
        rising.sort(axis=-1)
        return Ends(_largest(self.above, rising[..., -KEPT:]), _largest(self.below, -rising[..., :KEPT]))


def _largest(kept: Array, more: Array) -> Array:
    """The largest of two arrays (C, P, n)."""
    together = np.concatenate([kept, more], axis=-1)
    if together.shape[-1] <= KEPT:
        return together
    together.sort(axis=-1)
    return np.ascontiguousarray(together[..., -KEPT:])
