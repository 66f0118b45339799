"""The matrices of many sets of points, and figures that depend on them alone: growth and condition numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, prod, sqrt

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.arrays import Array
from wincook.tile import Tile

_LARGEST_OF_U, _LARGEST_OF_V = 2.6, 3.7  # standard deviations


def stacks(axis: Tile, sets: PointSets) -> tuple[Array, Array, Array]:
    """AT, G and BT of each set, in float64; NaN where two points are the same.

    Args:
        axis: a tile of one axis.
        sets: of degree m + r - 1.

    Returns:
        shapes (sets, m, R), (sets, R, r) and (sets, R, n).
    """
    from wincook.analysis.prediction.batch.matrices import all_transforms  # noqa: PLC0415 (numba starts slowly)

    (m,), (r,), (n,) = axis.outputs, axis.taps, axis.inputs
    R = sets.multiplications
    A, G, B = np.empty((len(sets), m, R)), np.empty((len(sets), R, r)), np.empty((len(sets), R, n))
    all_transforms(sets.points, sets.factors, sets.infinity, A, G, B)
    return A, G, B


def growth(axis: Tile, sets: PointSets) -> Array:
    """max_i Σ_k |AT_ik| ‖G_k‖₁ ‖BT_k‖₁: how much larger than y the products may be; worst-case bounds grow with it.

    Barabasz, Anderson, Soodhalter and Gregg, ACM TOMS 46 (2020), section 4. Infinite where two points are the same.
    """
    A, G, B = stacks(axis, sets)
    products = np.abs(G).sum(axis=2) * np.abs(B).sum(axis=2)
    return _finite((np.abs(A) @ products[:, :, None])[:, :, 0].max(axis=1))


def spread(axis: Tile, sets: PointSets) -> Array:
    """The longest row of G over the shortest, times the same of BT: what a format has to span for U and V."""
    _, G, B = stacks(axis, sets)
    product = np.ones(len(sets))
    for matrices in (G, B):
        lengths = np.linalg.norm(matrices, axis=2)
        product *= lengths.max(axis=1) / lengths.min(axis=1)
    return _finite(product)


def quantised(axes: Sequence[Tile], sets: Sequence[PointSets], law: Law) -> Array:
    """The noise of int8 in the Winograd domain over the signal: an RMS, about, for scales by filter and tap.

    A step is the largest magnitude over 127, and makes an error of variance step²/12. Of U the largest is taken to be
    2.6 standard deviations, as of 64 channels; of V its mean and 3.7 deviations, as of 64 tiles of 64 channels.

    Args:
        axes: the axes of the tile.
        sets: for each axis.
        law: how inputs are drawn.
    """
    mean, deviation = abs(law.mean), sqrt(law.variance)
    parts = np.ones((3, len(sets[0])))  # the mean of Σ AT² ‖G‖² times ‖BT‖², |BT 1| ‖BT‖, and (BT 1)²
    for axis, batch in zip(axes, sets, strict=True):
        A, G, B = stacks(axis, batch)
        seen = np.square(A).mean(axis=1) * np.square(G).sum(axis=2)
        lengths, sums = np.linalg.norm(B, axis=2), np.abs(B.sum(axis=2))
        for place, factor in enumerate((lengths**2, sums * lengths, sums**2)):
            parts[place] *= (seen * factor).sum(axis=1)
    white, mixed, constant = parts
    of_filters = _LARGEST_OF_U**2 * (deviation**2 * white + mean**2 * constant)
    of_inputs = (
        mean**2 * constant + 2 * _LARGEST_OF_V * mean * deviation * mixed + _LARGEST_OF_V**2 * deviation**2 * white
    )
    signal = (mean**2 + deviation**2) * prod(axis.taps[0] for axis in axes)
    return _finite(np.sqrt((of_filters + of_inputs) / (12 * 127**2 * signal)))


def kappa(sets: PointSets) -> Array:
    """κ₂ of the square Vandermonde matrix of the finite points, without ∞; infinite for sets with factors."""
    if sets.factors.shape[1]:
        return np.full(len(sets), inf)
    powers = sets.points[:, :, None] ** np.arange(sets.points.shape[1])
    twice = (np.diff(np.sort(sets.points, axis=1), axis=1) == 0).any(axis=1)
    return np.where(twice, inf, _condition(powers))


def balanced_kappa(axis: Tile, sets: PointSets) -> Array:
    """κ₂(A) κ₂(G) κ₂(B) of one axis, the rows of G and BT and the columns of AT scaled to length 1."""
    product = np.ones(len(sets))
    A, G, B = stacks(axis, sets)
    for matrices in (A.transpose(0, 2, 1), G, B):
        lengths = np.linalg.norm(matrices, axis=2, keepdims=True)
        product *= _condition(matrices / lengths)
    return product


def _condition(matrices: Array) -> Array:
    singular = np.full(matrices.shape[0], inf)
    regular = np.isfinite(matrices).all(axis=(1, 2))
    if regular.any():
        values = np.linalg.svd(matrices[regular], compute_uv=False)
        with np.errstate(divide="ignore"):
            singular[regular] = values[:, 0] / values[:, -1]
    return singular


def _finite(values: Array) -> Array:
    return np.where(np.isfinite(values), values, inf)
