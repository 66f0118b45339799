"""A bound that the error of one output exceeds with probability p at most, for data drawn by a law.

Assumptions. (1) Rounding errors have mean zero and are independent of one another, given the data (Higham and Mary, *A
new approach to probabilistic rounding error analysis*, SIAM J. Sci. Comput. 41 (2019), model 2.1). (2) Each is uniform
within half a unit in the last place of a log-uniform significand: of variance c u² v², with c = 0.180. (3) Products of
two or more roundings are left out. (4) Inputs and filters are independent and drawn by the law.

By 1 and 2 the error of an output, given the data, has no heavier tails than a normal variable of variance

    σ² = Σ_k c u² v_k² reach_k²,

with the forms of `roundings` (moment by moment: E m^-2j / (2j + 1) ≤ c^j (2j - 1)!! for log-uniform m). It varies with
the data, by the more the fewer channels there are; its mean s and its variance are fourth moments of the forms, in
closed form (see `spread`). (5) σ² is taken to have the moments of s X Y, where X and Y, for what filters and inputs
contribute, are independent gamma variables of mean 1 and one shape β, with (1 + 1/β)² = E σ⁴ / s²: exact for a single
product of normal data. Then, for every k,

    P(|error| > t) ≤ t^-2k E error^2k ≤ t^-2k Γ(k + 1/2) / √π (2 s)^k (Γ(β + k) / Γ(β) / β^k)².
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import exp, lgamma, log, pi, sqrt

import numpy as np

from wincook.analysis.bounds.error_forms import outputs_of, structure
from wincook.analysis.bounds.standard_model import of_operations, of_storing, of_sums
from wincook.analysis.bounds.variance_moments import (
    Part,
    TransformSpread,
    Variable,
    constant_spread,
    output_spread,
    product_spread,
)
from wincook.analysis.data.distributions import LAWS, Law
from wincook.analysis.data.draws import Signed
from wincook.analysis.dynamic_range.overflow import within_float64
from wincook.analysis.dynamic_range.unscaled import check_scaled
from wincook.analysis.kronecker import kron
from wincook.analysis.problem import Problem
from wincook.arguments import real_number
from wincook.arrays import Array
from wincook.construct.subject import Subject
from wincook.errors import NotationError
from wincook.formats import Format
from wincook.precision import Precision
from wincook.shown import brief

_NORMAL = 1e3  # mean over deviation of σ² beyond which the error is as good as normal
_MOMENTS = np.geomspace(0.5, 500, 400).tolist()  # half the orders of the moments tried


@dataclass(frozen=True, slots=True, eq=False)
class LikelyBound:
    """`largest` over the outputs of a tile; for each of them t, the mean s of σ², and s² / Var σ²."""

    largest: float
    per_output: Array
    variance: Array
    shape: Array

    __repr__ = brief

    def __str__(self) -> str:
        return f"{self.largest:.3g} at most, of outputs {self.per_output.shape}"


def likely_bound(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    p: float = 1e-9,
) -> LikelyBound:
    """What |computed y - y| at one output exceeds with probability p at most.

    For any of N outputs to exceed it, the probability is N p at most.

    Args:
        algorithm: a correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        law: how data are drawn; they must be independent.
        p: the probability for one output.

    Raises:
        NotationError: unknown law, p not between 0 and 1, or data that are not independent, as own arrays.
        ShapeError: no channels.
        FormatError: integers for data or matrices that are none.

    >>> from wincook.analysis.bounds.worst_case import error_bound
    >>> likely_bound("F(4x4,3x3)", "float32", 64).largest < error_bound("F(4x4,3x3)", "float32", 64) / 500
    True
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have a likely bound")
    return likely_bound_of(problem, real_number("p", p, above=0, below=1))


@within_float64("the algorithm")
def likely_bound_of(problem: Problem, p: float) -> LikelyBound:
    """The same for a problem that is checked already."""
    law = problem.law
    signed = any(isinstance(draw, Signed) for draw in (law.draw_input, law.draw_tap))
    if signed or law.input_moments or law.filter_moments:
        raise NotationError(
            f"law {law.name} draws numbers that depend on their place or neighbours, and a likely bound needs "
            f"independent ones; take the rigorous bound for the largest |d| and |g|, or a law: {', '.join(LAWS)}"
        )
    check_scaled(problem)
    parts = variances(problem)
    means, deviations = (np.array([getattr(part, name) for part in parts]) for name in ("mean", "deviation"))
    shapes = np.square(means / np.maximum(deviations, means / _NORMAL)) if means.any() else means
    tails = np.array([_tail(mean, shape, p) for mean, shape in zip(means, shapes, strict=True)])
    outputs = outputs_of(problem.algorithm)
    return LikelyBound(float(tails.max()), *(values.reshape(outputs) for values in (tails, means, shapes)))


def _tail(mean: float, shape: float, p: float) -> float:
    """The least t that Markov's inequality gives for a moment of the error."""
    if not mean:
        return 0.0
    beta = 1 / (sqrt(1 + 1 / shape) - 1)
    logarithms = (
        (
            log(1 / p)
            + k * log(2 * mean / beta**2)
            + lgamma(k + 0.5)
            - log(pi) / 2
            + 2 * (lgamma(beta + k) - lgamma(beta))
        )
        / (2 * k)
        for k in _MOMENTS
    )
    return exp(min(logarithms))


@lru_cache(maxsize=64)
def variances(problem: Problem) -> tuple[Part, ...]:
    """σ² at every output: over channels variances add, and so do the means of transforms."""
    precision, channels, programs, law = problem.precision, problem.channels, problem.programs, problem.law
    parts = structure(problem.algorithm, precision)
    g, d = Variable.tap(law, problem.taps), Variable.input(law)
    rounding = of_operations(precision.filter, programs.filter), of_storing(precision.filter, precision.U)
    U = TransformSpread(parts.filter, *rounding, g, d)
    rounding = of_operations(precision.input, programs.input), of_storing(precision.input, precision.V)
    V = TransformSpread(parts.input, *rounding, d, g)
    rounding = of_operations(precision.output, programs.output), of_storing(precision.accumulate, precision.output)
    sums = of_sums(precision)
    per_output = []
    for i in np.ndindex(*(len(axis.unit) for axis in parts.output)):
        transforms = U.at(i) + V.at(i)
        AT = kron([axis.reach[k, : axis.inputs, 0] for axis, k in zip(parts.output, i, strict=True)])
        relative, underflow = output_spread(parts.output, i, *rounding, g, d)
        constants = channels * constant_spread(parts, i, g, d)
        per_output.append(
            Part(channels * transforms.mean, sqrt(channels) * transforms.deviation)
            + product_spread(AT, U, V, sums, channels)
            + Part(channels * relative + underflow, sqrt(2 + 6 / channels) * channels * relative)
            + Part(constants, sqrt(2 / channels) * constants)
        )
    return tuple(per_output)
