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

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context
from functools import lru_cache
from math import nextafter, sqrt
from typing import Any

import numpy as np

from wincook.analysis.bounds.error_forms import Roundings, along_axes, outer, outputs_of, structure
from wincook.analysis.bounds.standard_model import Rounding, can_round, of_operations, of_storing, of_sums
from wincook.arguments import real_number, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, algorithm_of
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Sub
from wincook.program.programs import programs_of

_EVALUATED = 1 + 2.0**-30  # float64 loses less, in fewer than four million operations one after the other


@dataclass(frozen=True, slots=True)
class ErrorBound:
    """The largest possible |computed y - y|, by the stage that makes the error: shape of all, the outputs of a tile.

    `constants` is what inexact constants cost; `filter` and `input` the roundings of the transforms and of storing U
    and V; `mixed` the products of both; `product` the products, their sums over the channels and storing M; `output`
    the last transform.
    """

    constants: Array
    filter: Array
    input: Array
    mixed: Array
    product: Array
    output: Array

    @property
    def per_output(self) -> Array:
        """The sum of all stages, rounded up."""
        with np.errstate(invalid="ignore"):
            total = (self.constants + self.filter + self.input + self.mixed + self.product + self.output) * _EVALUATED
        return np.where(np.isnan(total), np.inf, total)

    @property
    def largest(self) -> float:
        """Over all outputs."""
        worst = float(np.max(self.per_output))
        return nextafter(worst, np.inf) if worst else 0.0


def error_bound(
    algorithm: Subject,
    precision: Precision | Format | str,
    channels: int,
    d_max: float = 1.0,
    g_max: float = 1.0,
) -> float:
    """The largest possible |computed y - y| for |d| ≤ d_max and |g| ≤ g_max, each stage in its format.

    It holds for all such data in the formats of their stages for which nothing overflows, and for no others: normal
    data, say, leave |d| ≤ 1 with every third number (`reach` tells how far a law reaches). Formats
    that saturate do so unseen: where they may, the bound is infinite.

    Raises:
        ShapeError: no channels.
        NotationError: a range that is not positive.
        AlgorithmError, FormatError: as for `structure`.

    >>> from wincook.construct import algorithm
    >>> f23 = algorithm("F(2,3)")
    >>> rounded_up(error_bound(f23, "float32", channels=1) * 2**24)  # in units of u
    '32'
    """
    d_max, g_max = real_number("d_max", d_max, above=0), real_number("g_max", g_max, above=0)
    channels = whole_number("channels", channels)
    return bound_by_stage(algorithm_of(algorithm), Precision.of(precision), channels, d_max, g_max).largest


@lru_cache(maxsize=256)
@np.errstate(invalid="ignore", over="ignore")
def bound_by_stage(
    algorithm: BilinearAlgorithm, precision: Precision, channels: int, d_max: float = 1.0, g_max: float = 1.0
) -> ErrorBound:
    """The same for every output and stage."""
    parts, programs = structure(algorithm, precision), programs_of(algorithm)
    U = _transformed(parts.filter, of_operations(precision.filter, programs.filter), g_max)
    V = _transformed(parts.input, of_operations(precision.input, programs.input), d_max)
    filter_error, U_error = _with_storing(U, parts.filter, precision.filter, precision.U)
    input_error, V_error = _with_storing(V, parts.input, precision.input, precision.V)
    to_outputs = [np.abs(one.reach[:, : one.inputs, 0]) for one in parts.output]

    size, wrong = U.size * V.size, U.size * V_error + U_error * V.size + U_error * V_error
    summed = _summed(size + wrong, precision, channels)
    M_error = channels * wrong + summed
    storing = of_storing(precision.accumulate, precision.output).error(channels * size + M_error)
    y = _transformed(
        parts.output,
        of_operations(precision.output, programs.output),
        channels * d_max * g_max,
        M_error + storing,
    )
    stages = (
        channels * d_max * g_max * parts.inexact,
        channels * d_max * filter_error,
        channels * g_max * input_error,
        channels * along_axes(to_outputs, U_error * V_error),
        along_axes(to_outputs, summed + storing),
        y.reached,
    )
    return ErrorBound(*(stage.reshape(outputs_of(algorithm)) for stage in stages))


def norm_bound(algorithm: BilinearAlgorithm, precision: Precision | Format | str, channels: int) -> float:
    """The bound from norms of the matrices alone, to first order: for comparison, not rigorous.

    ‖error‖₁ ≤ ‖AT‖₁ ‖G‖_F ‖BT‖_F ‖g‖₂ ‖d‖₂ (α + β + γ + C) u, per channel, where each axis adds its α, β, γ: one more
    than the longest row of AT, G and BT has entries (Barabasz, Anderson, Soodhalter and Gregg, ACM TOMS 46 (2020),
    section 4; their n-D form by Kronecker products). u is the largest of the stages.
    """
    precision = Precision.of(precision)
    size, roundings = 1.0, channels
    for axis in algorithm.axes:
        AT, G, BT = (np.array(matrix.evalf(), dtype=np.float64) for matrix in (axis.AT, axis.G, axis.BT))
        size *= np.abs(AT).sum(axis=0).max() * np.linalg.norm(G) * np.linalg.norm(BT)
        size *= sqrt(G.shape[1] * BT.shape[1])
        roundings += sum(int(np.count_nonzero(matrix, axis=1).max()) + 1 for matrix in (AT, G, BT))
    stages = (precision.filter, precision.input, precision.U, precision.V, precision.accumulate, precision.output)
    u = max(float(fmt.unit_roundoff) for fmt in stages)
    return float(channels * size * roundings * u)


def rounded_up(bound: float, digits: int = 2) -> str:
    """A bound in few digits that do not fall below it.

    >>> rounded_up(0.12341)
    '0.13'
    """
    return f"{Context(prec=digits, rounding=ROUND_CEILING).create_decimal_from_float(bound):g}"


@dataclass(frozen=True, slots=True)
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
    error = np.broadcast_to(error, tuple(one.inputs for one in stage))
    reached: Any = 0.0
    for axis, one in enumerate(stage):
        before = [np.array(other.norms[list(other.program.outputs)]) for other in stage[:axis]]
        after = [other.norms[: other.inputs] for other in stage[axis + 1 :]]
        size = scale * outer([*before, *after])
        errors, made = list(np.moveaxis(error, axis, 0)), []
        for op, norm in zip(one.program.ops, one.norms[one.inputs :], strict=True):
            inherited = _inherited(op, errors)
            relative, underflows = can_round(op)
            made.append(rounding.error(norm * size + inherited, relative=relative, underflows=underflows))
            errors.append(inherited + made[-1])
        error = np.stack([errors[output] for output in one.program.outputs], axis)
        local = np.moveaxis(np.reshape(made, (len(made), *size.shape)), 0, axis)
        reach = [other.unit_reached for other in stage[:axis]]
        reach += [one.reached[:, one.inputs :], *(other.reached[:, : other.inputs] for other in stage[axis + 1 :])]
        reached = reached + along_axes(reach, local)
    return _Transformed(scale * outer([one.norms[list(one.program.outputs)] for one in stage]), error, reached)


def _inherited(op: Op, errors: list[Array]) -> Array:
    """How wrong an operation is made by its operands."""
    match op:
        case Add(a, b) | Sub(a, b):
            return errors[a] + errors[b]
        case Neg(a):
            return errors[a]
        case Mul(a, constant):
            return errors[a] * abs(float(constant))
        case Fma(a, constant, b):
            return errors[a] * abs(float(constant)) + errors[b]


def _with_storing(
    made: _Transformed, stage: tuple[Roundings, ...], computed: Format, stored: Format
) -> Iterator[Array]:
    """What reaches y of the errors of a transform and of storing what it gives, and these errors themselves."""
    rounded = of_storing(computed, stored).error(made.size + made.error)
    yield made.reached + along_axes([one.unit_reached for one in stage], rounded)
    yield made.error + rounded


def _summed(size: Array, precision: Precision, channels: int) -> Array:
    """The errors of C products and of the chain of their sums, for products of at most the given size.

    The first sum, to zero, only rounds what does not fit. A term is rounded k ≤ C times, and (1 + u)^k - 1 ≤
    k u / (1 - C u / 2) for C u < 2, since exp x ≤ (2 + x) / (2 - x); also, for any C, all is at most C u Σ|term|
    (Rump, *Error estimation of floating-point summation and dot product*, BIT 52 (2012): a sum is never further from
    a + b than the float a). A sum that underflows is exact for a term that is η off.
    """
    rounding = of_sums(precision)
    made = rounding.product.error(size)
    u, eta = rounding.sum.u, rounding.sum.eta
    often = float(channels * (channels - rounding.first_is_exact))
    if channels * u < 2:  # noqa: PLR2004 (see above)
        often = min(often, (channels * (channels + 1) / 2 - rounding.first_is_exact) / (1 - channels * u / 2))
    terms = size + made + eta
    error = channels * (made + eta) + u * often * terms
    return np.where(channels * terms > rounding.sum.largest, np.inf, error)
