"""What is asked of a batch of sets, and the errors of whole tiles from the figures of their axes.

The data are white, or white and a constant (mean zero: only the first, t = 1). Then each axis a has a few figures
(`axis_errors`): β, what y sees of errors as large as the products; ω, of the errors made along the axis by filters,
inputs or outputs; r, the size of y; and γ and δ, what constants that the format cannot hold do to y² and with y. Errors
made along axis a count β … ω … r for filters and inputs, over the axes before, a, and after it; r … ω … β for outputs;
β for all axes for products; and constants Σ_a γ_a Π r + Σ_a≠b δ_a δ_b Π r. Left out are underflow, zeros in the data
but along the first axis, and what products of one number by several constants of one significand have in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, prod
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.analysis.prediction.batch.stacks import stacks
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.analysis.prediction.rounding_noise import by_multiplying, by_storing, by_summing
from wincook.arguments import whole_number
from wincook.arrays import Array
from wincook.errors import FormatError, ShapeError
from wincook.formats import FLOATS, Format
from wincook.points import Points
from wincook.precision import Precision
from wincook.summation import Chains
from wincook.tile import Tile

_MOST_INPUTS, _MOST_AXES = 1 << 10, 16
_MOST_OUTPUTS = 1 << 16  # of a tile, for figures of each output
_DEVIATIONS = 4  # that typical values keep within
_SLACK = 1e-9  # of limits, for what float64 rounds

Sets = ArrayLike | PointSets | Sequence[Points | str] | tuple[PointSets, ...]
"""An array of the finite points of sets with ∞, `PointSets` of one kind, exact sets, or `PointSets` for each axis."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Of one axis: what `axis_errors` gives, the operations, and the second moments of U and V (sets, 2, R)."""

    errors: Array
    counts: Array
    sizes: Array


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is asked, checked: the sets of each of the different axes."""

    tile: Tile
    sets: tuple[PointSets, ...]
    precision: Precision
    channels: int
    law: Law

    @classmethod
    def of(
        cls, tile: Tile | str, points: Sets, policy: Precision | Format | str, channels: int, law: Law | str
    ) -> Question:
        """The question that the arguments of `predict_batch` ask, whose errors these are."""
        tile = Tile.of_unit_stride(tile, "are predicted in batches of point sets")
        precision, law = Precision.of(policy), Law.of(law)
        channels = whole_number("channels", channels)
        if tile.dimension > _MOST_AXES or max(tile.inputs) > _MOST_INPUTS:
            raise ShapeError(
                f"{tile} cannot be predicted in batches; take a tile of at most {_MOST_AXES} axes of at most "
                f"{_MOST_INPUTS} inputs each, such as F(4x4,3x3)"
            )
        for stage, fmt in precision.items():
            if fmt.is_exact or fmt.is_integer:
                raise FormatError(
                    f"{stage}={fmt} makes no rounding errors of floats; choose a float format: {', '.join(FLOATS)}"
                )
        axes = tuple(dict.fromkeys(tile.axes))
        sets = _sets(points, len(axes))
        for axis, batch in zip(axes, sets, strict=True):
            if batch.degree != axis.inputs[0]:
                raise ShapeError(
                    f"sets of degree {batch.degree} do not fit {axis}; give sets of degree {axis.inputs[0]}, ∞ "
                    f"included, or an array of shape (sets, {axis.inputs[0] - 1}), ∞ left out"
                )
        if len({len(batch) for batch in sets}) > 1:
            raise ShapeError(f"{' and '.join(str(len(batch)) for batch in sets)} sets; give as many for each axis")
        return cls(tile, sets, precision, channels, law)

    @property
    def shares(self) -> Array:
        """The variance and the squared mean of the inputs, or only the first."""
        return np.array([self.law.variance, self.law.mean**2][: 2 if self.law.mean else 1])

    def figures(self, place: int, zeros: float = 0.0, limit: float = inf, statistic: int = 0) -> Figures:
        """Of one of the different axes, along which so many of the inputs are exactly 0; β is limited."""
        from wincook.analysis.prediction.batch.axis_errors import Asked, Roundings, axis_errors  # noqa: PLC0415 (numba)
        from wincook.analysis.prediction.batch.rounding import rounding_of  # noqa: PLC0415 (numba)

        axis, sets = tuple(dict.fromkeys(self.tile.axes))[place], self.sets[place]
        counts = np.zeros((len(sets), 3, 2), np.int64)
        sizes = np.zeros((len(sets), 2, sets.multiplications))
        errors = axis_errors(
            sets.points,
            sets.factors,
            sets.infinity,
            (axis.outputs[0], axis.taps[0]),
            Asked(len(self.shares), statistic, limit),
            Roundings(
                rounding_of(self.precision.filter.precision),
                rounding_of(self.precision.input.precision, zeros),
                rounding_of(self.precision.output.precision),
            ),
            counts,
            sizes,
        )
        return Figures(errors, counts, sizes)

    def variances(self, statistic: int, limit: float = inf) -> Array:
        """E[δy²] over E[y²] of each output, or for the first statistic the mean over all: shape (sets, outputs).

        Where the statistic is beyond the limit, it may be infinite.
        """
        if statistic and prod(self.tile.outputs) > _MOST_OUTPUTS:
            raise ShapeError(f"{self.tile} has more than {_MOST_OUTPUTS} outputs; ask for the rms")
        first, *rest = (tuple(dict.fromkeys(self.tile.axes)).index(axis) for axis in self.tile.axes)
        zeros = Moments.of_inputs(self.law, (1,)).zeros  # later axes transform sums, which are hardly ever 0
        beta = self._limit(limit)
        places = {*rest, *([] if zeros else [first])}
        figures = {place: self.figures(place, 0.0, beta, statistic) for place in places}
        with_zeros = self.figures(first, zeros, beta, statistic) if zeros else figures[first]
        axes = [with_zeros.errors, *(figures[place].errors for place in rest)]
        beyond = ~np.all([np.isfinite(errors[:, 0, 0, 0]) for errors in axes], axis=0)
        for errors in axes:
            errors[beyond] = 0.0
        shares, total = self.shares, np.zeros(1)
        for t, share in enumerate(shares):
            total = total + share * self._of_kind([errors[:, t] for errors in axes])
        if zeros and self.tile.dimension == 1:
            total = total - self._nothing_added(zeros, statistic)
        total[beyond] = inf
        size = float(shares.sum()) * prod(self.tile.taps)
        return np.asarray(total / size)

    def _nothing_added(self, zeros: float, statistic: int) -> Array:
        """What summing loses nothing of, where a whole V is 0, along a single axis: shape (sets, outputs)."""
        A, G, B = stacks(self.tile, self.sets[0])
        V = self.law.variance * np.square(B).sum(axis=2) + self.law.mean**2 * np.square(B.sum(axis=2))
        of_products = np.square(G).sum(axis=2) * V * zeros ** np.count_nonzero(B, axis=2)
        seen = (np.square(A) @ of_products[:, :, None])[:, :, 0]
        white, chains = np.ones(1), self._chains
        sums = (by_summing(white, 0 * white, zero, self.precision, chains)[0] for zero in (None, white))
        always, never = (total / chains.channels for total in sums)
        return np.asarray((always - never) * (seen if statistic else seen.mean(axis=1, keepdims=True)))

    def _limit(self, limit: float) -> float:
        """Where one axis exceeds this mean β, all axes being alike, the error of the products alone exceeds a limit."""
        if len(self.sets) > 1 or limit == inf:
            return inf
        shares = self.shares
        of_products = self._of_products * shares[0] / shares.sum()
        dimension = self.tile.dimension
        return float((limit**2 * prod(self.tile.taps) / of_products) ** (1 / dimension) * (1 + _SLACK))

    @property
    def _of_products(self) -> float:
        """The variance of storing U and V, of multiplying and of summing, over β."""
        policy, C, white = self.precision, self.channels, np.ones(1)
        total = by_summing(white, 0 * white, None, policy, self._chains) / C + by_multiplying(white, policy, C) / C
        for computed, stored in ((policy.filter, policy.U), (policy.input, policy.V)):
            total = total + by_storing(white, computed, stored)
        return float(total[0])

    @property
    def _chains(self) -> Chains:
        return Chains.of(self.channels, prod(self.tile.inputs), in_pairs=self.precision.in_pairs)

    def amplification(self) -> Array:
        """What y sees of errors as large as the products, relative to y."""
        figures = [self.figures(place).errors for place in range(len(self.sets))]
        places = [tuple(dict.fromkeys(self.tile.axes)).index(axis) for axis in self.tile.axes]
        shares = self.shares
        betas = [np.prod([figures[place][:, t, 0, 0] for place in places], axis=0) for t in range(len(shares))]
        total = sum(share * beta for share, beta in zip(shares, betas, strict=True))
        return np.asarray(np.sqrt(total / (shares.sum() * prod(self.tile.taps))))

    def out_of_range(self) -> Array:
        """Whether typical values leave the range of their formats."""
        of_axis = [self.figures(place).sizes for place in range(len(self.sets))]
        sizes = [of_axis[tuple(dict.fromkeys(self.tile.axes)).index(axis)] for axis in self.tile.axes]
        filters, inputs = self.law.filter_variance(self.channels * prod(self.tile.taps)), float(self.shares.sum())
        policy = self.precision
        least = [prod((size[:, side].min(axis=1) for size in sizes), start=np.ones(1)) for side in (0, 1)]
        low = np.sqrt(least[0] * filters) < max(policy.filter.smallest_normal, policy.U.smallest_normal)
        low |= np.sqrt(least[1] * inputs) < max(policy.input.smallest_normal, policy.V.smallest_normal)
        products = prod((np.max(size[:, 0] * size[:, 1], axis=1) for size in sizes), start=np.ones(1))
        largest = np.sqrt(self.channels * products * filters * inputs)
        high = _DEVIATIONS * largest > min(float(policy.accumulate.largest), float(policy.output.largest))
        return np.asarray(low | high)

    def _of_kind(self, axes: Sequence[Array]) -> Array:
        """E[δy²] on data of one kind, given the figures of each axis: shape (sets, outputs)."""
        from wincook.analysis.prediction.batch import axis_errors as places  # noqa: PLC0415 (numba)

        policy, D = self.precision, len(axes)
        u_filter, u_input, u_output = (
            ROUNDING * float(fmt.unit_roundoff) ** 2 for fmt in (policy.filter, policy.input, policy.output)
        )
        betas = [axis[:, places.PRODUCTS] for axis in axes]
        taps = [np.full_like(beta, float(r)) for beta, r in zip(betas, self.tile.taps, strict=True)]
        variance = self._of_products * _outer(betas)
        for a in range(D):
            omega = u_filter * axes[a][:, places.FILTERS] + u_input * axes[a][:, places.INPUTS]
            variance = variance + _outer([*betas[:a], omega, *taps[a + 1 :]])
            variance += _outer([*taps[:a], u_output * axes[a][:, places.OUTPUTS], *betas[a + 1 :]])
            variance += _outer([*taps[:a], axes[a][:, places.CONSTANTS], *taps[a + 1 :]])
            for b in range(D):
                if a != b:
                    mixed = list(taps)
                    mixed[a], mixed[b] = axes[a][:, places.WITH_CONSTANTS], axes[b][:, places.WITH_CONSTANTS]
                    variance += _outer(mixed)
        return np.asarray(variance)


def _sets(points: Any, axes: int) -> tuple[PointSets, ...]:
    """The sets of each axis, as arrays."""
    if isinstance(points, tuple) and points and all(isinstance(batch, PointSets) for batch in points):
        given = points
    elif isinstance(points, PointSets):
        given = (points,)
    elif isinstance(points, (list, tuple)) and any(isinstance(chosen, (str, Points)) for chosen in points):
        given = (PointSets.of(points),)
    else:
        given = (PointSets.of_points(points),)
    if len(given) != axes:
        raise ShapeError(f"{len(given)} batches of sets for {axes} different axes; give a tuple of one each")
    return given


def _outer(axes: Sequence[Array]) -> Array:
    """The products of one figure for each axis: of shapes (sets, outputs) to (sets, all outputs)."""
    total, *rest = axes
    for axis in rest:
        total = (total[:, :, None] * axis[:, None, :]).reshape(len(total), -1)
    return total
