"""How the variance of an error varies with the data: mean and standard deviation, in closed form.

Given the data, independent roundings leave y_i with an error of variance σ² = Σ_k w_k v_k² L_k², for values v_k and the
forms L_k by which their errors reach y_i. For a transform v_k is a form of g and L_k one of d, or the reverse; so

    E σ² = Σ_k w_k E v_k² E L_k²      E σ⁴ = Σ_kl w_k w_l E[v_k² v_l²] E[L_k² L_l²]

and each factor follows from the moments of one input or tap: E[v² v'²] = E v² E v'² + 2 (E v v')² + κ Σ_n a_n² a'_n²
for v = Σ_n a_n x_n, with the excess κ = E x⁴ - 3 (E x²)² (the moments of a sum by cumulants: Kendall and Stuart, *The
Advanced Theory of Statistics*, volume 1, chapter 12); means are treated as if the numbers were normal around them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.bounds.error_forms import Roundings, Structure
from wincook.analysis.bounds.standard_model import Rounding, Sums, can_round
from wincook.analysis.data.distributions import Law
from wincook.analysis.kronecker import kron
from wincook.analysis.prediction.rounding_constant import ROUNDING

Array = NDArray[Any]

BEFORE, WITHIN, AFTER = "before", "within", "after"  # the program of an axis, a rounding
_DRAWN = 1 << 17  # numbers from which the excess of a law is found


@dataclass(frozen=True, slots=True)
class Part:
    """Mean and standard deviation of a part of σ² over the data; of a sum they are at most the sums."""

    mean: float = 0.0
    deviation: float = 0.0

    def __add__(self, other: Part) -> Part:
        return Part(self.mean + other.mean, self.deviation + other.deviation)

    def __mul__(self, factor: float) -> Part:
        return Part(self.mean * factor, self.deviation * factor)


@dataclass(frozen=True, slots=True)
class Variable:
    """The moments of one input or tap, all of them independent and of one law."""

    mean: float
    variance: float
    excess: float

    @classmethod
    def input(cls, law: Law) -> Variable:
        """An input of a law."""
        drawn = law.draw_input(np.random.default_rng(0), (_DRAWN,))
        return cls(law.mean, law.variance, _excess(drawn - law.mean, law.variance))

    @classmethod
    def tap(cls, law: Law, taps: int) -> Variable:
        """A tap of a filter that has so many over all channels."""
        variance = law.filter_variance(taps)
        return cls(0.0, variance, _excess(law.draw_filter(np.random.default_rng(0), (_DRAWN,), taps), variance))

    def second(self, forms: Array) -> Array:
        """E[v v'] for all pairs of forms."""
        means = self.mean * forms.sum(-1)
        total: Array = self.variance * forms @ forms.T + np.multiply.outer(means, means)
        return total

    def fourth(self, forms: Array, second: Array) -> Array:
        """E[v² v'²] for all pairs of forms, from E[v v']."""
        squares, own, means = np.square(forms), np.diag(second), np.square(self.mean * forms.sum(-1))
        normal = np.multiply.outer(own, own) + 2 * np.square(second) - 2 * np.multiply.outer(means, means)
        total: Array = normal + self.excess * squares @ squares.T
        return total


@dataclass(frozen=True, slots=True)
class _Places:
    """Roundings along one axis, or of storing: w_k, the variances of underflow, and the moments of what is rounded."""

    axis: int
    relative: Array
    absolute: Array
    second: Array
    fourth: Array


class TransformSpread:
    """σ² of the roundings of one transform, and of storing it: values are forms of `own`, their reach of `other`."""

    def __init__(
        self, stage: tuple[Roundings, ...], operations: Rounding, storing: Rounding, own: Variable, other: Variable
    ) -> None:
        self.stage, self.other = stage, other
        self.places = []
        for axis in range(len(stage) + 1):
            rounding = operations if axis < len(stage) else storing
            forms = kron(self._each(axis, _forms))
            relative, underflows = (kron(self._each(axis, partial(_mask, which))) for which in (0, 1))
            weights = ROUNDING * rounding.u**2 * relative, rounding.eta**2 / 3 * underflows
            second = own.second(forms)
            self.places.append(_Places(axis, *weights, second, own.fourth(forms, second)))

    def at(self, i: tuple[int, ...]) -> Part:
        """For one channel, at one output."""
        total = Part()
        for places in self.places:
            if not places.relative.any() and not places.absolute.any():
                continue
            forms = kron(self._each(places.axis, _reach, i))
            second = self.other.second(forms)
            own, sizes = np.diag(second), np.diag(places.second)
            mean = float((places.relative * sizes) @ own)
            square = float(places.relative @ (places.fourth * self.other.fourth(forms, second)) @ places.relative)
            total += Part(mean + float(places.absolute @ own), sqrt(max(square - mean**2, 0.0)))
        return total

    def _each(self, axis: int, what: Callable[..., Array], i: tuple[int, ...] | None = None) -> list[Array]:
        """Of each axis what belongs to roundings along the given one: they come after some programs, before others."""
        places = [AFTER if b < axis else WITHIN if b == axis else BEFORE for b in range(len(self.stage))]
        rows = [()] * len(self.stage) if i is None else [(k,) for k in i]
        return [what(one, place, *row) for one, place, row in zip(self.stage, places, rows, strict=True)]


def product_spread(weights: Array, U: TransformSpread, V: TransformSpread, sums: Sums, channels: int) -> Part:
    """Σ_c Σ_j AT[i,j]² (products + sums), with M_c the sum of c independent products."""
    C, squares = channels, np.square(weights)
    stored_U, stored_V = U.places[-1], V.places[-1]
    covariance = stored_U.second * stored_V.second
    own = np.diag(covariance)
    size, pairs = float(squares @ own), np.multiply.outer(squares, squares)
    normal = 2 * float((pairs * np.square(covariance)).sum())
    single = float((pairs * (stored_U.fourth * stored_V.fourth - np.multiply.outer(own, own))).sum())
    # Cov(M_b², M_c²) = normal · a² + (single - normal) · a with a = min(b, c), summed over all b, c up to C.
    spread = normal * C * (C + 1) * (C * C + C + 1) / 6 + (single - normal) * C * (C + 1) * (2 * C + 1) / 6
    added = Part(size * (C * (C + 1) / 2 - sums.first_is_exact), sqrt(max(spread, 0.0)))
    made = Part(size * C, sqrt(max(single, 0.0) * C))
    underflow = C * (sums.sum.eta**2 + sums.product.eta**2) / 3 * float(squares.sum())
    return added * (ROUNDING * sums.sum.u**2) + made * (ROUNDING * sums.product.u**2) + Part(underflow)


def output_spread(
    stage: tuple[Roundings, ...], i: tuple[int, ...], operations: Rounding, storing: Rounding, g: Variable, d: Variable
) -> tuple[float, float]:
    """Mean of σ² of the output program for one channel; and of its underflow, for all channels."""
    relative = absolute = 0.0
    for axis in range(len(stage) + 1):
        # The first group are the sums M, stored.
        places = [AFTER if b < axis - 1 else WITHIN if b == axis - 1 else BEFORE for b in range(len(stage))]
        rounding = operations if axis else storing
        reach = [np.square(_reach(one, place, k)[:, 0]) for one, place, k in zip(stage, places, i, strict=True)]
        sizes = [_squares(_forms(one, place), one.taps) for one, place in zip(stage, places, strict=True)]
        masks = [[_mask(which, one, place) for one, place in zip(stage, places, strict=True)] for which in (0, 1)]
        both = [
            prod(float((r * mask) @ size[k]) for r, mask, size in zip(reach, masks[0], sizes, strict=True))
            for k in (0, 1)
        ]
        relative += ROUNDING * rounding.u**2 * g.variance * (d.variance * both[0] + d.mean**2 * both[1])
        absolute += rounding.eta**2 / 3 * prod(float(r @ mask) for r, mask in zip(reach, masks[1], strict=True))
    return relative, absolute


def constant_spread(parts: Structure, i: tuple[int, ...], g: Variable, d: Variable) -> float:
    """E of the square of what inexact constants change, for one channel."""
    axes = range(len(parts.found))
    form: Array = np.sum(
        [
            kron([(parts.found if b < a else parts.difference if b == a else parts.wanted)[b][i[b]] for b in axes])
            for a in axes
        ],
        axis=0,
    )
    return g.variance * float(d.variance * np.square(form).sum() + d.mean**2 * np.square(form.sum(1)).sum())


def _forms(one: Roundings, place: str) -> Array:
    if place == AFTER:
        return one.forms[list(one.program.outputs)]
    return one.forms[one.inputs :] if place == WITHIN else one.forms[: one.inputs]


def _reach(one: Roundings, place: str, i: int) -> Array:
    reach = one.unit[i] if place == AFTER else one.reach[i]
    first, last = {BEFORE: (0, one.inputs), WITHIN: (one.inputs, None), AFTER: (0, None)}[place]
    found: Array = reach[first:last]
    return found


def _mask(which: int, one: Roundings, place: str) -> Array:
    """1 where an operation can round (0) or underflow (1), and where there is none."""
    if place == WITHIN:
        return np.array([can_round(op)[which] for op in one.program.ops], dtype=np.float64)
    return np.ones(len(one.program.outputs) if place == AFTER else one.inputs)


def _squares(forms: Array, taps: int) -> tuple[Array, Array]:
    """Of forms of products g_s d_n: Σ_sn W², and Σ_s (Σ_n W)², which a mean of d needs."""
    tensors = forms.reshape(len(forms), taps, forms.shape[1] // taps)
    return np.square(forms).sum(1), np.square(tensors.sum(2)).sum(1)


def _excess(centred: Array, variance: float) -> float:
    return float(np.mean(centred**4)) - 3 * variance**2
