"""U and V as integers, and the sums of their products: what quantised kernels compute, to the last bit.

All is in float32 but the sums, which are exact:

    q_V = clip(round(V m + z))      m = 1 / (s e), the multiplier of the product and channel
    q_U = round(W / s_U)            W = U / m,  s_U = max_c |W| / 127 for each filter and product
    M   = float32(Σ_c q_U (q_V - z)) s_U

Where N = Σ_c |q_U| is more than B, the most that 32 bits can take (see `integers`), s_U is multiplied by

    (2 N + n) / (2 B - 2 n)         n = #{q_U ≠ 0}

which is enough for any filter: |W| / s_U ≤ |q_U| + 1/2, and rounding adds 1/2 to each of n numbers again; what was zero
stays zero. In int16 filters of normal weights have N ≤ B up to some 2,000 terms, and lose less than a bit up to 4,000.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array
from wincook.quantisation.calibration import Calibration, power_of_two_above
from wincook.quantisation.factors import Factors, nearest_integers
from wincook.quantisation.integers import most_of_filter


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """q_U (K, C, P) and its scales s_U (K, P), in float32."""

    integers: Array
    scales: Array


def quantised_filters(
    U: Array, calibration: Calibration, divisors: Array | None = None, *, takes_x: bool = False
) -> Filters:
    """U (K, C, P) in float32; several taps of direct convolution may stand for each channel, one after the other.

    It is divided by the multipliers of the calibration, or by divisors (P, C) that kernels have in their place. Or it
    is for a V that is x itself, of 8 bits.
    """
    W = U / per_term(calibration.multiplier if divisors is None else divisors, U)
    largest = np.abs(W).max(axis=1, initial=0)
    scales = np.where(largest, largest, np.float32(calibration.integers.most)) / np.float32(calibration.integers.most)
    scales = power_of_two_above(scales) if calibration.powers_of_two else scales
    scales = scales * _raise_of(np.rint(W / scales[:, None]), most_of_filter(calibration.integers, takes_x=takes_x))
    scales = power_of_two_above(scales) if calibration.powers_of_two else scales
    return Filters(np.rint(W / scales[:, None]), scales)


def _raise_of(integers: Array, most: int) -> Array:
    """What scales (K, P) are multiplied by for q_U (K, C, P), in float32: 1 where sums fit."""
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
    inputs = inputs.astype(np.float64)  # in which sums are exact
    sums = np.matmul(inputs.transpose(2, 0, 1), filters.integers.astype(np.float64).transpose(2, 1, 0))
    return np.asarray(sums.transpose(1, 2, 0).astype(np.float32) * filters.scales)


def per_term(multiplier: Array, values: Array) -> Array:
    """(P, C) as (C, P), each channel as often as it has terms."""
    return np.repeat(multiplier.T, values.shape[1] // multiplier.shape[1], axis=0)
