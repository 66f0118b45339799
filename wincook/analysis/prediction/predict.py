"""The RMS error of an algorithm in closed form: no sampling.

Each rounding of a value v adds an independent error of variance c·u²·E[v²], with c ≈ 0.180 in general (see
`rounding_constant`). It propagates linearly through the rest of the program, the product with the other operand,
the sum over the channels and the output transform: if U_k changes by gain_k where v changes by 1, output i has the
variance

    E[δy_i²] = C · Σ_v made_v · Σ_kl AT_ik gain_k E[V_k V_l] gain_l AT_il.

Constants that a format cannot hold are off by the same amount everywhere, so that their errors are correlated; they are
treated apart (`constant_errors`).

That roundings act like independent random numbers of mean zero is a model of them (Higham and Mary, *A new approach to
probabilistic rounding error analysis*, SIAM J. Sci. Comput. 41 (2019), A2815); `docs/prediction.md` compares it with
measurements.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod, sqrt
from typing import Any

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.dynamic_range.overflow import within_float64
from wincook.analysis.dynamic_range.unscaled import check_scaled
from wincook.analysis.kronecker import along_axes
from wincook.analysis.prediction import propagation
from wincook.analysis.prediction.caveats import caveats
from wincook.analysis.prediction.constant_errors import constant_errors
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_noise import by_multiplying, by_storing, by_summing
from wincook.analysis.problem import Problem
from wincook.arguments import instance
from wincook.arrays import Array
from wincook.construct.subject import Subject
from wincook.errors import ShapeError
from wincook.formats import Format
from wincook.log import timed
from wincook.precision import Precision
from wincook.program.ir import Program
from wincook.program.programs import Programs
from wincook.shown import brief
from wincook.stages import PerStage
from wincook.summation import Chains


@dataclass(frozen=True, slots=True)
class Prediction:
    """Predicted errors, in the units of y: over all outputs of a tile, and the share of each stage in rms².

    `positions` are the RMS errors of the single outputs, nested as the axes are. The `shares` add up to 1, but for an
    error of 0: those of `filter`, `input` and `output` hold the roundings of these programs and what their constants
    are off. `underflow` says that filters or inputs shrink below the normal numbers of their format. `caveats` tell
    that, and all else that makes a prediction less certain, in one sentence each.
    """

    rms: float
    relative_rms: float
    shares: PerStage[float]
    underflow: bool
    positions: tuple[Any, ...]
    caveats: tuple[str, ...]

    __repr__ = brief

    def __str__(self) -> str:
        return f"RMS error {self.rms:.3g}, relative {self.relative_rms:.3g}{', with underflow' * self.underflow}"


def predict(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    d_moments: Moments | None = None,
    g_moments: Moments | None = None,
) -> Prediction:
    """The RMS error of y = Σ_c AT[(G g) ⊙ (BT d)], each stage in its format, products summed in channel order.

    Args:
        algorithm: a correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C.
        law: how inputs and filters are drawn.
        d_moments: what one channel of inputs is like, in place of the law's.
        g_moments: what one channel of filters is like, in place of the law's.

    Raises:
        ShapeError: no channels, or moments of another shape than the tile's inputs or taps.
        FormatError: a format that cannot hold a constant, or integers for data of the law that are none.
        AlgorithmError, NotationError: as for `Problem`.

    >>> prediction = predict("F(4x4,3x3)", "float16", channels=64)
    >>> f"{prediction.relative_rms:.2g}", f"{prediction.shares.accumulate:.0%}"
    ('0.0062', '81%')
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have rounding errors to predict")
    return prediction_of(problem, d_moments=d_moments, g_moments=g_moments)


@timed("predict")
@within_float64("the algorithm")
def prediction_of(
    problem: Problem, *, d_moments: Moments | None = None, g_moments: Moments | None = None
) -> Prediction:
    """The same for a problem that is checked already."""
    check_scaled(problem)
    algorithm, precision, law, C = problem.algorithm, problem.precision, problem.law, problem.channels
    tile = algorithm.tile
    g = Moments.of_filters(law, tile.taps, C) if g_moments is None else _fitting(g_moments, tile.taps, "filters")
    d = Moments.of_inputs(law, tile.inputs) if d_moments is None else _fitting(d_moments, tile.inputs, "inputs")
    if algorithm.joint:
        g, d = g.joined(), d.joined()
    filters, inputs, outputs = _forms(problem.programs, precision)
    AT = [axis.matrix for axis in outputs]
    U, V = propagation.moments(filters, g.terms), propagation.moments(inputs, d.terms)
    M = tuple(tuple(a * b for a, b in zip(u, v, strict=True)) for u in U for v in V)
    mean = along_axes([axis.matrix for axis in filters], g.mean) * along_axes([axis.matrix for axis in inputs], d.mean)
    of_U, of_V, of_products = map(propagation.variances, (U, V, M))
    of_M = C * of_products + (C * C - C) * mean**2
    zero = propagation.zeros_of(inputs, d.zeros) if d.zeros else None

    constants = constant_errors(filters, inputs, outputs, g, d, C, tile)
    by_V, by_U = propagation.sights(AT, V), propagation.sights(AT, U)
    alone, of_outputs = propagation.sights(AT), propagation.sights([np.eye(len(A)) for A in AT])
    scaled = tuple((C * first, *rest) for first, *rest in M)
    shift = sqrt(C * C - C) * mean if mean.any() else None
    filter_error = propagation.error(filters, precision.filter, g.terms, by_V)
    input_error = propagation.error(inputs, precision.input, d.terms, by_U, zeros=d.zeros)
    output_error = propagation.error(outputs, precision.output, scaled, of_outputs, mean=shift)
    U_error = propagation.seen_outputs(by_V, by_storing(of_U, precision.filter, precision.U))
    V_error = propagation.seen_outputs(by_U, by_storing(of_V, precision.input, precision.V))
    M_error = propagation.seen_outputs(alone, by_storing(of_M, precision.accumulate, precision.output))
    of_multiplying = by_multiplying(of_products, precision, C)
    chains = Chains.of(C, prod(tile.inputs), in_pairs=precision.in_pairs)
    of_summing = by_summing(of_products, mean, zero, precision, chains) + of_multiplying
    variance = np.sum(
        (
            C * (filter_error.variance + U_error) + constants.filter,
            C * (input_error.variance + V_error) + constants.input,
            propagation.seen_outputs(alone, of_summing),
            output_error.variance + M_error + constants.output,
        ),
        axis=0,
    )
    total = float(np.mean(variance))
    product_error = propagation.seen_outputs(alone, of_multiplying)
    errors = PerStage(
        filter=C * filter_error.variance + constants.filter,
        U=C * U_error,
        input=C * input_error.variance + constants.input,
        V=C * V_error,
        product=product_error,
        accumulate=propagation.seen_outputs(alone, of_summing) - product_error,
        output=output_error.variance + M_error + constants.output,
    )
    underflow = _underflows(of_U, precision.filter, precision.U) or _underflows(of_V, precision.input, precision.V)
    peaks = PerStage(
        filter=filter_error.peak,
        U=float(np.max(of_U)),
        input=input_error.peak,
        V=float(np.max(of_V)),
        product=float(np.max(of_products)),
        accumulate=float(np.max(of_M)),
        output=max(output_error.peak, float(np.max(of_M))),
    )
    return Prediction(
        rms=sqrt(total),
        relative_rms=sqrt(total / float(np.mean(constants.size))),
        shares=errors.map(lambda error: float(np.mean(error)) / (total or 1.0)),
        underflow=underflow,
        positions=_nested(np.sqrt(variance).tolist()),
        caveats=caveats(precision, underflow=underflow, peaks=peaks),
    )


@lru_cache(maxsize=256)
def _forms(programs: Programs, precision: Precision) -> tuple[tuple[Forms, ...], ...]:
    """The programs of the filters, the inputs and the outputs, one per axis; axes that share a program share these."""

    def read(axes: tuple[Program, ...], fmt: Format) -> tuple[Forms, ...]:
        known = {program: Forms.of(program, fmt) for program in dict.fromkeys(axes)}
        return tuple(known[program] for program in axes)

    return (
        read(programs.filter, precision.filter),
        read(programs.input, precision.input),
        read(programs.output, precision.output),
    )


def _fitting(moments: Moments, shape: tuple[int, ...], name: str) -> Moments:
    moments = instance(f"moments of {name}", moments, Moments, "make them with Moments.independent(shape, variance)")
    if moments.shape != shape:
        raise ShapeError(f"moments of {name} have shape {moments.shape}, but the tile takes {shape}")
    return moments


def _underflows(sizes: Array, *formats: Format) -> bool:
    """Whether the smallest value typically lies below the normal numbers of a format; what integers hold is whole."""
    limit = max(0.0 if fmt.is_integer else fmt.smallest_normal for fmt in formats)
    return sqrt(float(np.min(sizes))) < limit


def _nested(values: Any) -> Any:
    return tuple(_nested(value) for value in values) if isinstance(values, list) else values
