"""U and V as integers, and the sums of their products: what quantised kernels compute, to the last bit.

All is in float32 but the sums, which are exact:

    q_V = clip(round(V m + z))      m = 1 / (s e), the multiplier of the product and channel
    q_U = round(W / s_U)            W = U' / m,  s_U = max_c |W| / most for each filter and product
    M   = float32(Σ_c q_U (q_V - z) + correction) s_U

U' is U with what the products before it erred, see `noise.feedback`. The correction takes off what errors of U make of
the mean of V, once for all tiles (Nagel, van Baalen, Blankevoort and Welling, *Data-Free Quantization Through Weight
Equalization and Bias Correction*, ICCV 2019):

    dU = U - q_U s_U m              correction = round(Σ_c dU E[V] / s_U)

Each term of it is held within the range of q_V, and the sum within MOST_CORRECTED.

Where N = Σ_c |q_U| is more than B, the most that 32 bits can take (see `integers`), s_U is multiplied by

    (2 N + n) / (2 B - 2 n)         n = #{q_U ≠ 0}

which is enough for any filter: |W| / s_U ≤ |q_U| + 1/2, and rounding adds 1/2 to each of n numbers again; what was zero
stays zero. In int16 filters of normal weights have N ≤ B up to some 2,000 terms, and lose less than a bit up to 4,000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array
from wincook.program.ir import Program
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.factors import Factors, nearest_integers
from wincook.quantisation.integers import MOST_CORRECTED, Integers, most_of_filter
from wincook.quantisation.noise.feedback import Feedback
from wincook.quantisation.noise.steps import power_of_two_above

_PARTS = 16  # bits, of a step of the sums


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """q_U (K, C, P) and its scales s_U (K, P) in float32, corrections (K, P) of integers, and errors dU (K, C, P)."""

    integers: Array
    scales: Array
    corrections: Array
    errors: Array


@np.errstate(over="ignore", invalid="ignore")
def quantised_filters(
    U: Array,
    calibration: Calibration,
    outputs: tuple[Program, ...],
    divisors: Array | None = None,
    *,
    takes_x: bool = False,
) -> Filters:
    """U (K, C, P) in float32; several taps of direct convolution may stand for each channel, one after the other.

    It is divided by the multipliers of the calibration, or by divisors (P, C) that kernels have in their place. Or it
    is for a V that is x itself, of 8 bits. `outputs` is the output transform, to which errors of products are added up.
    If float32 does not hold U, scales are not finite, as in kernels.
    """
    divided_by = per_term(calibration.multiplier if divisors is None else divisors, U)
    centres, spreads = (per_term(each, U) for each in (calibration.centres, calibration.spreads))
    feedback = Feedback.of(outputs, calibration.statistics)
    integers, errors, seen = np.empty_like(U), np.empty_like(U), list[Array]()
    scales = np.empty((len(U), U.shape[2]), np.float32)
    for weights, product in zip(feedback.weights, feedback.order, strict=True):
        made_up = np.zeros_like(U[..., product])
        for weight, error in zip(weights[: len(seen)], seen, strict=True):
            made_up += weight * error
        W = (U[..., product] + made_up / spreads[:, product]) / divided_by[:, product]
        scales[:, product] = _scales(W, calibration, takes_x=takes_x)
        whole = np.rint(W / scales[:, product, None])
        integers[..., product] = whole
        errors[..., product] = U[..., product] - whole * scales[:, product, None] * divided_by[:, product]
        seen.append(errors[..., product] * spreads[:, product])
    corrections = _corrections(errors * centres / scales[:, None], calibration.integers)
    return Filters(integers, scales, corrections, errors)


def _corrections(lost: Array, integers: Integers) -> Array:
    """Of terms (K, C, P) in steps of the sums: whole numbers of 2^-16, so that their sum is the same in any order."""
    most = np.float32(integers.highest << _PARTS)
    parts = np.rint(lost * np.float32(1 << _PARTS))
    held = np.minimum(np.where(parts > -most, parts, -most), most).astype(np.int64)
    steps = (held.sum(axis=1) + (1 << (_PARTS - 1))) >> _PARTS
    return np.asarray(np.clip(steps, -MOST_CORRECTED, MOST_CORRECTED))


def _scales(W: Array, calibration: Calibration, *, takes_x: bool) -> Array:
    """Of each filter (K,), for one product W (K, C)."""
    most = np.float32(calibration.integers.most)
    largest = np.abs(W).max(axis=1, initial=0)
    scales = np.where(largest, largest, most) / most
    scales = power_of_two_above(scales) if calibration.powers_of_two else scales
    scales = scales * _raise_of(np.rint(W / scales[:, None]), most_of_filter(calibration.integers, takes_x=takes_x))
    return power_of_two_above(scales) if calibration.powers_of_two else scales


def _raise_of(integers: Array, most: int) -> Array:
    """What scales (K,) are multiplied by for q_U (K, C), in float32: 1 where sums fit."""
    total, number = np.abs(integers).sum(axis=1, dtype=np.int64), np.count_nonzero(integers, axis=1)
    raised = (2 * total + number).astype(np.float32) / (2 * (most - number)).astype(np.float32)
    return np.where(total > most, raised, np.float32(1))


def nearest_inputs(V: Array, calibration: Calibration, factors: Factors) -> Array:
    """V (tiles, C, P) in float32 as whole numbers, before they are clipped; channels as in `quantised_filters`."""
    return nearest_integers(V, per_term(factors.of_inputs, V), calibration.zero_point, factors.shift)


def centred(nearest: Array, calibration: Calibration) -> Array:
    """q_V - z (tiles, C, P) of whole numbers, which are held within their range; what is not a number is the lowest."""
    integers = calibration.integers
    held = np.where(nearest > integers.lowest, nearest, integers.lowest)
    return np.asarray(np.minimum(held, integers.highest) - calibration.zero_point)


def sums_of_products(filters: Filters, inputs: Array) -> Array:
    """M (tiles, K, P) in float32, of inputs (tiles, C, P) less their zero points: whole numbers."""
    sums = whole_sums(filters.integers, inputs) + filters.corrections
    return np.asarray(sums.astype(np.float32) * filters.scales)


def whole_sums(filters: Array, inputs: Array) -> Array:
    """Σ_c (tiles, K, P) of whole numbers (K, C, P) and (tiles, C, P), exactly."""
    inputs = inputs.astype(np.float64)  # in which sums are exact
    sums = np.matmul(inputs.transpose(2, 0, 1), filters.astype(np.float64).transpose(2, 1, 0))
    return np.asarray(sums.transpose(1, 2, 0))


def per_term(multiplier: Array, values: Array) -> Array:
    """(P, C) as (C, P), each channel as often as it has terms."""
    return np.repeat(multiplier.T, values.shape[1] // multiplier.shape[1], axis=0)
