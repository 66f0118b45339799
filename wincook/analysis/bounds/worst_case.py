"""A rigorous bound on the error, for all data within a reach: every rounding goes to every output by its exact gain.

Let ŷ be what the algorithm gives in exact arithmetic, with the constants that the formats hold. Then

    computed y - y = (ŷ - y) + (computed y - ŷ),

and the first part is a bilinear form of d and g whose coefficients are known exactly: it is at most its 1-norm. For
the second, let ρ_k = (computed value k) - (operation k on the computed operands). Programs are linear, so

    computed U - U = Σ_k gain_k ρ_k,   and   |ρ_k| ≤ u (|v_k| + e_k) + η,

without any remainder: v_k is the exact value, at most the 1-norm of its form; e_k, how wrong the operands make it, is
bounded operation by operation (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 3.3) and
only enters in products of roundings; η is half the smallest number, where a product can underflow. With a and b for the
errors of U and V,

    Û V̂ - U V = a V + U b + a b:

a V is linear in the ρ_k of the filter program, and reaches y_i by a form of d (see `roundings`); U b likewise; a b is a
product of roundings again. Products and sums over the channels follow, then the output program. `docs/bounds.md` has
the proof step by step. It is evaluated in float64, with 2^-30 added for what that rounds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import nextafter, prod
from typing import Any

import numpy as np

from wincook.analysis.bounds.error_forms import Roundings, outputs_of, structure
from wincook.analysis.bounds.standard_model import (
    Rounding,
    can_round,
    can_underflow,
    of_operations,
    of_storing,
    of_sums,
)
from wincook.analysis.data.distributions import Law
from wincook.analysis.data.reach import Reach
from wincook.analysis.kronecker import along_axes, outer
from wincook.analysis.problem import Problem
from wincook.arguments import instance, real_number
from wincook.arrays import Array
from wincook.construct.subject import Subject
from wincook.errors import NotationError
from wincook.formats import Format
from wincook.log import timed
from wincook.precision import Precision
from wincook.program.ir import Op, terms
from wincook.stages import PerStage
from wincook.summation import Chains

_EVALUATED = 1 + 2.0**-30  # float64 loses less, in fewer than four million operations one after the other


@dataclass(frozen=True, slots=True, eq=False)
class ErrorBound:
    """The largest possible |computed y - y|, by what makes the error: shape of all, the outputs of a tile.

    `stages` are the roundings of each stage: of operations in `filter`, `input` and `output`, of storing in `U` and
    `V`, of products, and of their sums over the channels and of storing M in `accumulate`. `constants` is what inexact
    constants cost; `mixed` are the products of errors of both operands.
    """

    stages: PerStage[Array]
    constants: Array
    mixed: Array

    @property
    def per_output(self) -> Array:
        """The sum of all, rounded up."""
        with np.errstate(invalid="ignore"):
            total = (sum(self.stages.values()) + self.constants + self.mixed) * _EVALUATED
        return np.where(np.isnan(total), np.inf, total)

    @property
    def largest(self) -> float:
        """Over all outputs."""
        worst = float(np.max(self.per_output))
        return nextafter(worst, np.inf) if worst else 0.0


def error_bound(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    d_max: float | None = None,
    g_max: float | None = None,
) -> float:
    """The largest possible |computed y - y| for |d| ≤ d_max and |g| ≤ g_max, each stage in its format.

    It holds for all such data in the formats of their stages for which nothing overflows, and for no others. Formats
    that saturate do so unseen: where they may, the bound is infinite.

    Args:
        algorithm: a correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        law: whose reach stands for a d_max or g_max that is not given; for uniform data it is 1. The normal law has
            no end: of 10¹⁴ of its numbers hardly one lies beyond the reach.
        d_max: the largest |d|.
        g_max: the largest |g|.

    Raises:
        ShapeError: no channels.
        NotationError: a range that is not positive, or that the law does not tell.
        AlgorithmError, FormatError: as for `structure`.

    >>> print(f"{error_bound('F(2,3)', 'float32', channels=1) * 2**24:.1f}")  # in units of u
    31.0
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have rounding errors to bound")
    reach = Reach.of(problem)
    d_max, g_max = _limit("d_max", d_max, reach.d_max, problem), _limit("g_max", g_max, reach.g_max, problem)
    return bound_by_stage(problem, d_max, g_max).largest


def _limit(name: str, limit: float | None, reach: float, problem: Problem) -> float:
    """What is given, or how far the law reaches."""
    if limit is None and not reach:
        raise NotationError(f"law {problem.law.name} does not tell how far its numbers reach; give {name}")
    return real_number(name, reach if limit is None else limit, above=0)


def bound_by_stage(problem: Problem, d_max: float = 1.0, g_max: float = 1.0) -> ErrorBound:
    """The same for every output and stage.

    Args:
        problem: an algorithm in a precision.
        d_max: the largest |d|.
        g_max: the largest |g|.

    Raises:
        NotationError: no problem, or limits that are not positive numbers.
        FormatError: a format that cannot hold a constant.
    """
    problem = instance("problem", problem, Problem, "make it with Problem.of('F(2,3)')")
    return _bound_by_stage(problem, real_number("d_max", d_max, above=0), real_number("g_max", g_max, above=0))


@lru_cache(maxsize=256)
@timed("bound")
@np.errstate(invalid="ignore", over="ignore")
def _bound_by_stage(problem: Problem, d_max: float, g_max: float) -> ErrorBound:
    precision, channels, programs = problem.precision, problem.channels, problem.programs
    parts = structure(problem.algorithm, precision)
    U = _transformed(parts.filter, of_operations(precision.filter, programs.filter), g_max)
    V = _transformed(parts.input, of_operations(precision.input, programs.input), d_max)
    U_storing = of_storing(precision.filter, precision.U).error(U.size + U.error)
    V_storing = of_storing(precision.input, precision.V).error(V.size + V.error)
    U_error, V_error = U.error + U_storing, V.error + V_storing
    to_outputs = [np.abs(axis.reach[:, : axis.inputs, 0]) for axis in parts.output]

    size, wrong = U.size * V.size, U.size * V_error + U_error * V.size + U_error * V_error
    chains = Chains.of(channels, prod(problem.algorithm.tile.inputs), in_pairs=precision.in_pairs)
    multiplying, summing = _summed(size + wrong, precision, chains)
    M_error = channels * wrong + multiplying + summing
    M_storing = of_storing(precision.accumulate, precision.output).error(channels * size + M_error)
    y = _transformed(
        parts.output,
        of_operations(precision.output, programs.output),
        channels * d_max * g_max,
        M_error + M_storing,
    )
    stages = PerStage(
        filter=channels * d_max * U.reached,
        U=channels * d_max * along_axes([axis.unit_reached for axis in parts.filter], U_storing),
        input=channels * g_max * V.reached,
        V=channels * g_max * along_axes([axis.unit_reached for axis in parts.input], V_storing),
        product=along_axes(to_outputs, multiplying),
        accumulate=along_axes(to_outputs, summing + M_storing),
        output=y.reached,
    )
    shape = outputs_of(problem.algorithm)
    return ErrorBound(
        stages=stages.map(lambda error: np.reshape(error, shape)),
        constants=np.reshape(channels * d_max * g_max * parts.inexact, shape),
        mixed=np.reshape(channels * along_axes(to_outputs, U_error * V_error), shape),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Transformed:
    """What a transform gives: sizes of its exact outputs, their errors (crude), and what its roundings do to y."""

    size: Array
    error: Array
    reached: Array


def _transformed(stage: tuple[Roundings, ...], rounding: Rounding, scale: float, error: Any = 0.0) -> _Transformed:
    """Run the programs over [size, error] pairs, and send what each rounding adds to the outputs.

    Args:
        stage: the programs, one per axis.
        rounding: of their format.
        scale: how large the variables are.
        error: of what the first program reads, of the shape of the inputs.
    """
    error = np.broadcast_to(error, tuple(forms.inputs for forms in stage))
    reached: Any = 0.0
    for axis, forms in enumerate(stage):
        before = [np.array(other.norms[list(other.program.outputs)]) for other in stage[:axis]]
        after = [other.norms[: other.inputs] for other in stage[axis + 1 :]]
        size = scale * outer([*before, *after])
        errors, added = list(np.moveaxis(error, axis, 0)), []
        for op, norm in zip(forms.program.ops, forms.norms[forms.inputs :], strict=True):
            inherited = _inherited(op, errors)
            exact = norm * size + inherited
            added.append(rounding.error(exact, relative=can_round(op), underflows=can_underflow(op)))
            errors.append(inherited + added[-1])
        error = np.stack([errors[output] for output in forms.program.outputs], axis)
        local = np.moveaxis(np.reshape(added, (len(added), *size.shape)), 0, axis)
        reach = [other.unit_reached for other in stage[:axis]]
        reach += [forms.reached[:, forms.inputs :], *(other.reached[:, : other.inputs] for other in stage[axis + 1 :])]
        reached = reached + along_axes(reach, local)
    return _Transformed(scale * outer([forms.norms[list(forms.program.outputs)] for forms in stage]), error, reached)


def _inherited(op: Op, errors: list[Array]) -> Array:
    """How wrong an operation is made by its operands."""
    return sum((errors[value] * abs(float(constant)) for value, constant in terms(op)), np.zeros(()))


def _summed(size: Array, precision: Precision, chains: Chains) -> tuple[Array, Array]:
    """The errors of C products, and of their sums, for products of at most the given size.

    The first sum of a chain, to zero, only rounds what does not fit. A term is rounded k ≤ n times, of so many in its
    chain and of chains together, and (1 + u)^k - 1 ≤ k u / (1 - n u / 2) for n u < 2, since exp x ≤ (2 + x) / (2 - x);
    also, in one chain of any C, all is at most C u Σ|term|
    (Rump, *Error estimation of floating-point summation and dot product*, BIT 52 (2012): a sum is never further from
    a + b than the float a). A sum that underflows is exact for a term that is η off.
    """
    channels = chains.channels
    rounding = of_sums(precision)
    multiplying = rounding.product.error(size)
    u, eta = rounding.sum.u, rounding.sum.eta
    often = float(channels * (channels - rounding.first_is_exact))  # of several chains, it is more than is needed
    most = chains.length + chains.number - 1
    if most * u < 2:  # noqa: PLR2004 (see above)
        terms_rounded = chains.added[0] + sum(
            number * (length * (length + 1) / 2 - rounding.first_is_exact) for length, number in chains.lengths
        )
        often = min(often, terms_rounded / (1 - most * u / 2))
    terms = size + multiplying + eta
    summing = np.where(channels * terms > rounding.sum.largest, np.inf, channels * eta + u * often * terms)
    return channels * multiplying, summing
