"""U and V as integers, and the sums of their products: what quantised kernels compute, to the last bit.

All is in float32 but the sums, which are exact:

    q_V = clip(round(fma(V, m, z)))          m = 1 / (s e), the multiplier of the product and channel
    q_U = round(W / s_U)                     W = U / m,  s_U = max_c |W| / 127 for each filter and product
    M   = float32(Σ_c q_U (q_V - z)) s_U
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wincook.arrays import Array
from wincook.formats import FLOAT32
from wincook.program.rounding import fma
from wincook.quantisation.calibration import Calibration, power_of_two_above


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """q_U (K, C, P) and its scales s_U (K, P), in float32."""

    integers: Array
    scales: Array


def quantised_filters(U: Array, calibration: Calibration) -> Filters:
    """U (K, C, P) in float32; several taps of direct convolution may stand for each channel, one after the other."""
    W = U / _per_term(calibration.multiplier, U)
    largest = np.abs(W).max(axis=1, initial=0)
    scales = np.where(largest, largest, np.float32(calibration.integers.most)) / np.float32(calibration.integers.most)
    if calibration.powers_of_two:
        scales = power_of_two_above(scales)
    return Filters(np.rint(W / scales[:, None]), scales)


def nearest_inputs(V: Array, calibration: Calibration, multiplier: Array) -> Array:
    """V (tiles, C, P) in float32 as whole numbers, before they are clipped; channels as in `quantised_filters`.

    The multiplier is that of the calibration, or, where x is of integers, that times the scale of x.
    """
    return np.rint(fma(V, _per_term(multiplier, V), calibration.zero_point.astype(np.float32), FLOAT32))


def sums_of_products(filters: Filters, nearest: Array, calibration: Calibration) -> Array:
    """M (tiles, K, P) in float32."""
    integers = calibration.integers
    centred = np.clip(nearest, integers.lowest, integers.highest) - calibration.zero_point  # float64: sums are exact
    sums = np.matmul(centred.transpose(2, 0, 1), filters.integers.astype(np.float64).transpose(2, 1, 0))
    return sums.transpose(1, 2, 0).astype(np.float32) * filters.scales


def _per_term(multiplier: Array, values: Array) -> Array:
    """(P, C) as (C, P), each channel as often as it has terms."""
    return np.repeat(multiplier.T, values.shape[1] // multiplier.shape[1], axis=0)
