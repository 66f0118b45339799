"""The matrices of many sets of points, and figures that depend on them alone: growth and condition numbers."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf, prod

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.arrays import Array
from wincook.quantisation.integers import Integers
from wincook.tile import Tile

_LARGEST_OF_U, _REACH_OF_8_BITS, _REACH_OF_13_BITS = 2.6, 4.2, 6.2  # standard deviations
_NUMBERS = 1 << 20  # at once


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


def quantised(axes: Sequence[Tile], sets: Sequence[PointSets], law: Law, integers: Integers) -> Array:
    """The noise of products of integers over the signal, an RMS, about, with the scales of a calibration.

    A step makes an error of variance step²/12. Of U, by filter and product, it is the largest magnitude over the most;
    that is taken to be 2.6 standard deviations, as of 64 channels. The mean of V is corrected; feedback is left out.
    V of a product reaches from its mean 4.2 deviations down and up, or 6.2 with 13 bits, as far as is best for normal
    numbers with a margin, but to zero at least.

    Args:
        axes: the axes of the tile.
        sets: for each axis.
        law: how inputs are drawn.
        integers: what U and V are.
    """
    noise = np.empty(len(sets[0]))
    at_once = max(1, _NUMBERS // prod(batch.multiplications for batch in sets))
    for first in range(0, len(noise), at_once):
        part = np.arange(first, min(first + at_once, len(noise)))
        noise[part] = _noise([(axis, batch.where(part)) for axis, batch in zip(axes, sets, strict=True)], law, integers)
    signal = (law.mean**2 + law.variance) * prod(axis.taps[0] for axis in axes)
    return _finite(np.sqrt(noise / (12 * signal)))


def _noise(axes: Sequence[tuple[Tile, PointSets]], law: Law, integers: Integers) -> Array:
    """Twelve times the mean of (y_q - y)² of one channel, for filters of variance 1: (sets,)."""
    seen = squares = sums = np.ones((len(axes[0][1]), 1))  # AT² ‖G‖², ‖BT‖² and BT 1, of each product of the tile
    for axis, batch in axes:
        A, G, B = stacks(axis, batch)
        seen = _outer(seen, np.square(A).mean(axis=1) * np.square(G).sum(axis=2))
        squares, sums = _outer(squares, np.square(B).sum(axis=2)), _outer(sums, B.sum(axis=2))
    mean, deviation = law.mean * sums, np.sqrt(law.variance * squares)
    reach = _REACH_OF_13_BITS if integers.signed else _REACH_OF_8_BITS
    highest, lowest = np.maximum(mean + reach * deviation, 0), np.minimum(mean - reach * deviation, 0)
    if integers.signed:
        of_inputs = np.maximum(highest, -lowest) / integers.reach
    else:
        of_inputs = (highest - lowest) / (integers.highest - integers.lowest)
    of_filters = (_LARGEST_OF_U / integers.most * deviation) ** 2
    return np.asarray((seen * (np.square(of_inputs) + of_filters)).sum(axis=1))


def _outer(left: Array, right: Array) -> Array:
    """The products of each row with each of the other: (sets, R S)."""
    return np.asarray((left[:, :, None] * right[:, None, :]).reshape(len(left), -1))


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
