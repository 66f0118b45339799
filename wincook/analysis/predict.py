"""The RMS error of an algorithm in closed form: no sampling.

Each rounding of a value v adds an independent error of variance c·u²·E[v²]; c = E[1/m²]/3 ≈ 0.180 for a
log-uniform significand m in [1, 2). A constant that the format cannot hold adds δ²·E[(constant·a)²] for its
relative error δ. Both propagate linearly through the rest of the program, the sum over the channels, and the
output transform.

A number stored in a narrower format is rounded once more, and so is a product that its format does not hold.

All second moments are kept as sums of Kronecker products, one matrix per axis: data that are independent from
place to place have the moments variance · I ⊗ I + mean² · J ⊗ J, a program turns S into T S Tᵀ along its axis, a
product of independent factors multiplies entry by entry, and the error made along one axis is independent from
place to place along the others. So nothing here is larger than one axis.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import log, prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.laws import Law
from wincook.bilinear import BilinearAlgorithm
from wincook.formats import Format
from wincook.number import Number, nearest
from wincook.precision import Precision
from wincook.program.interpret import linear_forms
from wincook.program.ir import Add, Fma, Mul, Neg, Program, Sub
from wincook.program.schedule import schedule, sizes

Array = NDArray[Any]
Moments = list[tuple[Array, ...]]  # a sum of terms, each the Kronecker product of one matrix per axis

WHOLE = 1 / 12  # the variance of rounding to integers
ROUNDING = (1 - 1 / 4) / 2 / log(2) / 3  # c of the module's text


@dataclass(frozen=True, slots=True)
class Prediction:
    """Predicted errors, in the units of y: over all outputs of a tile, and the share of each stage in rms².

    `underflow` warns that filters or inputs shrink below the normal numbers of the format, where rounding errors no
    longer shrink with them: the true error is then larger than predicted.
    """

    rms: float
    relative_rms: float
    filter_share: float
    input_share: float
    product_share: float
    output_share: float
    underflow: bool


def predict(algorithm: BilinearAlgorithm, precision: Precision | Format | str, channels: int, law: Law) -> Prediction:
    """The RMS error of y = Σ_c AT[(G g) ⊙ (BT d)], each stage in its format, products summed in channel order."""
    precision, programs = Precision.of(precision), schedule(algorithm)
    g_variance = law.filter_variance(channels * prod(algorithm.tile.taps))
    g_moments = _scaled([tuple(np.eye(r) for r in sizes(programs.filter))], g_variance)
    d_moments = _scaled([tuple(np.eye(n) for n in sizes(programs.input))], law.variance)
    if law.mean:
        d_moments += _scaled([tuple(np.ones((n, n)) for n in sizes(programs.input))], law.mean**2)

    U, U_error = _apply(programs.filter, g_moments, precision.filter)
    V, V_error = _apply(programs.input, d_moments, precision.input)
    U_error += _stored(U, precision.filter, precision.U)
    V_error += _stored(V, precision.input, precision.V)
    product = _hadamard(U, V)
    M = _scaled(product, channels)
    M_error = _summed(product, precision, channels)
    y, y_error = _apply(programs.output, M, precision.output)
    y_error += _through(programs.output, _stored(M, precision.accumulate, precision.output))

    filter_part = _mean_variance(_through(programs.output, _scaled(_hadamard(U_error, V), channels)))
    input_part = _mean_variance(_through(programs.output, _scaled(_hadamard(U, V_error), channels)))
    product_part = _mean_variance(_through(programs.output, M_error))
    output_part = _mean_variance(y_error)
    total = filter_part + input_part + product_part + output_part
    size = _mean_variance(y)
    return Prediction(
        rms=sqrt(total),
        relative_rms=sqrt(total / size),
        filter_share=filter_part / (total or 1),
        input_share=input_part / (total or 1),
        product_share=product_part / (total or 1),
        output_share=output_part / (total or 1),
        underflow=_underflows(U, precision.filter, precision.U) or _underflows(V, precision.input, precision.V),
    )


def _apply(programs: tuple[Program, ...], moments: Moments, fmt: Format) -> tuple[Moments, Moments]:
    """The moments of a transform's outputs, and those of the errors it makes."""
    matrices = [_matrix(program) for program in programs]
    errors: Moments = []
    for axis, program in enumerate(programs):
        for term in moments:
            before = [np.diag(np.diag(T @ S @ T.T)) for T, S in zip(matrices[:axis], term[:axis], strict=True)]
            after = [T @ np.diag(np.diag(S)) @ T.T for T, S in zip(matrices[axis + 1 :], term[axis + 1 :], strict=True)]
            errors.append((*before, _made_here(program, term[axis], fmt), *after))
    return _through(programs, moments), errors


def _stored(moments: Moments, computed: Format, stored: Format) -> Moments:
    """The errors of rounding numbers of one format to another; whole numbers are half a unit off at most."""
    if stored.holds(computed):
        return []
    if stored.is_integer:
        return [tuple(np.eye(len(S)) * (WHOLE if axis == 0 else 1.0) for axis, S in enumerate(moments[0]))]
    return _scaled(_diagonal(moments), _rounding(stored))


def _summed(product: Moments, precision: Precision, channels: int) -> Moments:
    """The errors of products and of their sums, of variance 1..C times that of one product, from the given format."""
    independent = _diagonal(product)
    bits = [precision.U.precision + precision.V.precision, precision.product.precision]
    exact = precision.product.is_exact or precision.product.is_integer or bits[0] <= bits[1]
    sums = channels * (channels + 1) / 2 - (1 if exact or not precision.fused else 0)
    errors = _scaled(independent, _rounding(precision.accumulate) * sums)
    if not precision.fused and not exact:
        errors += _scaled(independent, _rounding(precision.product) * channels)
    return errors


def _rounding(fmt: Format) -> float:
    """The variance of one rounding over the second moment of what is rounded; sums of integers stay exact."""
    return 0.0 if fmt.is_exact or fmt.is_integer else ROUNDING * float(fmt.unit_roundoff) ** 2


def _underflows(moments: Moments, *formats: Format) -> bool:
    least = _least(moments)
    return any(not fmt.is_exact and least < 2.0 ** (0 if fmt.is_integer else fmt.emin) for fmt in formats)


def _through(programs: tuple[Program, ...], moments: Moments) -> Moments:
    matrices = [_matrix(program) for program in programs]
    return [tuple(T @ S @ T.T for T, S in zip(matrices, term, strict=True)) for term in moments]


def _made_here(program: Program, S: Array, fmt: Format) -> Array:
    """Covariance, at the outputs, of the errors that one run of a program makes on inputs of moments S."""
    forms, gains = _forms(program), _gains(program)
    variances = np.einsum("vi,ij,vj->v", forms, S, forms)
    rounding = _rounding(fmt)
    total = np.zeros((len(program.outputs),) * 2)
    for value, op in enumerate(program.ops, start=program.inputs):
        made = 0.0
        match op:
            case Add() | Sub():
                made = rounding * variances[value]
            case Mul(a, constant):
                exact = not constant or _is_power_of_two(abs(float(constant)))
                made = 0.0 if exact else rounding * variances[value]
                made += _inexactness(constant, fmt) ** 2 * variances[a]
            case Fma(a, constant, _):
                made = rounding * variances[value] + _inexactness(constant, fmt) ** 2 * variances[a]
            case Neg():
                pass
        total += made * np.outer(gains[value], gains[value])
    return total


def _inexactness(constant: Number, fmt: Format) -> float:
    """What a format loses of a constant, absolute."""
    return 0.0 if fmt.is_exact else float(nearest(constant, fmt) - constant)


def _is_power_of_two(value: float) -> bool:
    return bool(np.frexp(value)[0] == 0.5)  # noqa: PLR2004 (frexp's significand of a power of two)


def _forms(program: Program) -> Array:
    """Every value as a combination of the inputs: shape (values, inputs)."""
    dense = np.zeros((program.inputs + len(program.ops), program.inputs))
    for value, form in enumerate(linear_forms(program)):
        for i, coefficient in form.items():
            dense[value, i] = float(coefficient)
    return dense


def _matrix(program: Program) -> Array:
    matrix: Array = _forms(program)[list(program.outputs)]
    return matrix


def _gains(program: Program) -> Array:
    """How a change of each value changes each output: shape (values, outputs), from the last value to the first."""
    gains = np.zeros((program.inputs + len(program.ops), len(program.outputs)))
    for index, value in enumerate(program.outputs):
        gains[value, index] += 1.0
    for i in reversed(range(len(program.ops))):
        gain = gains[program.inputs + i].copy()
        match program.ops[i]:
            case Add(a, b):
                gains[a] += gain
                gains[b] += gain
            case Sub(a, b):
                gains[a] += gain
                gains[b] -= gain
            case Neg(a):
                gains[a] -= gain
            case Mul(a, constant):
                gains[a] += float(constant) * gain
            case Fma(a, constant, b):
                gains[a] += float(constant) * gain
                gains[b] += gain
    return gains


def _scaled(moments: Moments, factor: float) -> Moments:
    return [(factor * first, *rest) for first, *rest in moments]


def _hadamard(one: Moments, other: Moments) -> Moments:
    """Moments of the product of independent factors."""
    return [tuple(a * b for a, b in zip(x, y, strict=True)) for x in one for y in other]


def _diagonal(moments: Moments) -> Moments:
    """The same variances, independent from place to place."""
    return [tuple(np.diag(np.diag(S)) for S in term) for term in moments]


def _mean_variance(moments: Moments) -> float:
    return float(np.mean(_variances(moments)))


def _least(moments: Moments) -> float:
    """The RMS of the smallest component."""
    return sqrt(float(np.min(_variances(moments))))


def _variances(moments: Moments) -> Array:
    tensors = [reduce(np.multiply.outer, [np.diag(S) for S in term]) for term in moments]
    total: Array = np.sum(tensors, axis=0)
    return total
