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

import numpy as np

from wincook.analysis.bounds.error_forms import Roundings, Structure
from wincook.analysis.bounds.standard_model import Rounding, Sums, can_round, can_underflow
from wincook.analysis.data.distributions import Law
from wincook.analysis.kronecker import kron
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.arrays import Array
from wincook.program.ir import Op

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
        squares, sizes, means = np.square(forms), np.diag(second), np.square(self.mean * forms.sum(-1))
        normal = np.multiply.outer(sizes, sizes) + 2 * np.square(second) - 2 * np.multiply.outer(means, means)
        total: Array = normal + self.excess * squares @ squares.T
        return total


@dataclass(frozen=True, slots=True, eq=False)
class _Places:
    """Roundings along one axis, or of storing: w_k, the variances of underflow, and the moments of what is rounded."""

    axis: int
    relative: Array
    absolute: Array
    second: Array
    fourth: Array


class TransformSpread:
    """σ² of the roundings of one transform, and of storing it: values are forms of `read`, their reach of `other`."""

    def __init__(
        self, stage: tuple[Roundings, ...], operations: Rounding, storing: Rounding, read: Variable, other: Variable
    ) -> None:
        self.stage, self.other = stage, other
        self.places = []
        for axis in range(len(stage) + 1):
            rounding = operations if axis < len(stage) else storing
            forms = kron(self._each(axis, _forms))
            relative, underflows = (kron(self._each(axis, partial(_where, can))) for can in (can_round, can_underflow))
            weights = ROUNDING * rounding.u**2 * relative, rounding.eta**2 / 3 * underflows
            second = read.second(forms)
            self.places.append(_Places(axis, *weights, second, read.fourth(forms, second)))

    def at(self, i: tuple[int, ...]) -> Part:
        """For one channel, at one output."""
        total = Part()
        for places in self.places:
            if not places.relative.any() and not places.absolute.any():
                continue
            forms = kron(self._each(places.axis, _reach, i))
            second = self.other.second(forms)
            reach, sizes = np.diag(second), np.diag(places.second)
            mean = float((places.relative * sizes) @ reach)
            square = float(places.relative @ (places.fourth * self.other.fourth(forms, second)) @ places.relative)
            total += Part(mean + float(places.absolute @ reach), sqrt(max(square - mean**2, 0.0)))
        return total

    def _each(self, axis: int, what: Callable[..., Array], i: tuple[int, ...] | None = None) -> list[Array]:
        """Of each axis what belongs to roundings along the given one: they come after some programs, before others."""
        places = [AFTER if b < axis else WITHIN if b == axis else BEFORE for b in range(len(self.stage))]
        rows = [()] * len(self.stage) if i is None else [(k,) for k in i]
        return [what(roundings, place, *row) for roundings, place, row in zip(self.stage, places, rows, strict=True)]


def product_spread(weights: Array, U: TransformSpread, V: TransformSpread, sums: Sums, channels: int) -> Part:
    """Σ_c Σ_j AT[i,j]² (products + sums), with M_c the sum of c independent products."""
    C, squares = channels, np.square(weights)
    stored_U, stored_V = U.places[-1], V.places[-1]
    covariance = stored_U.second * stored_V.second
    sizes = np.diag(covariance)
    size, pairs = float(squares @ sizes), np.multiply.outer(squares, squares)
    normal = 2 * float((pairs * np.square(covariance)).sum())
    single = float((pairs * (stored_U.fourth * stored_V.fourth - np.multiply.outer(sizes, sizes))).sum())
    # Cov(M_b², M_c²) = normal · a² + (single - normal) · a with a = min(b, c), summed over all b, c up to C.
    spread = normal * C * (C + 1) * (C * C + C + 1) / 6 + (single - normal) * C * (C + 1) * (2 * C + 1) / 6
    rounded = C * (C + 1) / 2 - (1 if sums.first_is_exact else 0)
    added = Part(size * rounded, sqrt(max(spread, 0.0)))
    multiplied = Part(size * C, sqrt(max(single, 0.0) * C))
    underflow = C * (sums.sum.eta**2 + sums.product.eta**2) / 3 * float(squares.sum())
    return added * (ROUNDING * sums.sum.u**2) + multiplied * (ROUNDING * sums.product.u**2) + Part(underflow)


def output_spread(
    stage: tuple[Roundings, ...], i: tuple[int, ...], operations: Rounding, storing: Rounding, g: Variable, d: Variable
) -> tuple[float, float]:
    """Mean of σ² of the output program for one channel; and of its underflow, for all channels."""
    relative = absolute = 0.0
    for running in range(-1, len(stage)):  # before the programs of the axes, the sums M are stored
        places = [AFTER if b < running else WITHIN if b == running else BEFORE for b in range(len(stage))]
        rounding = storing if running < 0 else operations
        along = list(zip(stage, places, strict=True))
        reach = [np.square(_reach(axis, place, k)[:, 0]) for (axis, place), k in zip(along, i, strict=True)]
        weights = [r * _where(can_round, axis, place) for r, (axis, place) in zip(reach, along, strict=True)]
        squares = [_squares(_forms(axis, place), axis.taps) for axis, place in along]
        of_variance, of_mean = (
            prod(float(weight @ size[kind]) for weight, size in zip(weights, squares, strict=True)) for kind in (0, 1)
        )
        relative += ROUNDING * rounding.u**2 * g.variance * (d.variance * of_variance + d.mean**2 * of_mean)
        underflows = [_where(can_underflow, axis, place) for axis, place in along]
        absolute += rounding.eta**2 / 3 * prod(float(r @ mask) for r, mask in zip(reach, underflows, strict=True))
    return relative, absolute


def constant_spread(parts: Structure, i: tuple[int, ...], g: Variable, d: Variable) -> float:
    """E of the square of what inexact constants change, for one channel."""
    axes = range(len(parts.computed))
    of_axes = []
    for changed in axes:
        tensors = [
            parts.computed if axis < changed else parts.difference if axis == changed else parts.wanted for axis in axes
        ]
        of_axes.append(kron([tensors[axis][axis][i[axis]] for axis in axes]))
    form: Array = np.sum(of_axes, axis=0)
    return g.variance * float(d.variance * np.square(form).sum() + d.mean**2 * np.square(form.sum(1)).sum())


def _forms(axis: Roundings, place: str) -> Array:
    if place == AFTER:
        return axis.forms[list(axis.program.outputs)]
    return axis.forms[axis.inputs :] if place == WITHIN else axis.forms[: axis.inputs]


def _reach(axis: Roundings, place: str, i: int) -> Array:
    if place == AFTER:
        return np.asarray(axis.unit[i])
    return np.asarray(axis.reach[i, axis.inputs :] if place == WITHIN else axis.reach[i, : axis.inputs])


def _where(can: Callable[[Op], bool], axis: Roundings, place: str) -> Array:
    """1 where an operation can do something, and where there is none; else 0."""
    if place == WITHIN:
        return np.array([can(op) for op in axis.program.ops], dtype=np.float64)
    return np.ones(len(axis.program.outputs) if place == AFTER else axis.inputs)


def _squares(forms: Array, taps: int) -> tuple[Array, Array]:
    """Of forms of products g_s d_n: Σ_sn W², and Σ_s (Σ_n W)², which a mean of d needs."""
    tensors = forms.reshape(len(forms), taps, forms.shape[1] // taps)
    return np.square(forms).sum(1), np.square(tensors.sum(2)).sum(1)


def _excess(centred: Array, variance: float) -> float:
    return float(np.mean(centred**4)) - 3 * variance**2
