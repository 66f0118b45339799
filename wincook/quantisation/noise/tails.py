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
    """Of one side of a product's V: X = V / rms, the largest ones in falling order, of `count` in all.

    `sums` (2, n + 1) are those of the first X, and of their squares. `furthest` (C,) is the largest V; `whole` (C,) is
    where X begins of which every larger one was kept.
    """

    rms: Array
    largest: Array
    sums: Array
    count: int
    furthest: Array
    whole: Array

    @classmethod
    def of(cls, kept: Array, rms: Array, tiles: int) -> Tail:
        """Of the largest V (kept, C), rms (C,), of so many tiles."""
        X = kept / rms
        largest = -np.sort(-X, axis=None)
        sums = np.stack([np.concatenate([[0], np.cumsum(largest**power)]) for power in (1, 2)])
        return cls(rms, largest, sums, tiles * len(rms), kept.max(axis=0), X.min(axis=0))

    def beyond(self, thresholds: Array) -> Array:
        """E[(V - T)²; V > T] of thresholds T (…, C), in the square of V; infinite where too few values were kept."""
        t = thresholds / self.rms
        fitted = min(_FITTED, max(_LEAST_FITTED, int(_SHARE * self.count)), len(self.largest))
        u = self.largest[fitted - 1]
        b = max(float(self.largest[:fitted].mean()) - u, np.finfo(np.float32).tiny)
        squares = fitted / self.count * 2 * b * b * np.exp(-np.maximum(t - u, 0) / b)
        is_unknown = (t < self.whole) & (t > 0)
        squares[is_unknown] = np.inf
        is_met = (t < u) & ~is_unknown
        met = t[is_met]
        above = np.searchsorted(-self.largest, -met)  # how many are larger
        first, second = self.sums[:, above]
        squares[is_met] = np.maximum((second - 2 * met * first + met * met * above) / self.count, 0)
        return np.asarray(squares * np.square(self.rms))


def furthest(kept: Array, values: Array) -> Array:
    """The KEPT largest of some (n, C, P) and more of them, in any order."""
    together = np.concatenate([kept, values])
    return together if len(together) <= KEPT else np.partition(together, -KEPT, axis=0)[-KEPT:]
