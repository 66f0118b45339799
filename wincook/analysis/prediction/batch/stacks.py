"""The matrices of many sets of points, and figures that depend on them alone: growth and condition numbers."""

from __future__ import annotations

from math import inf

import numpy as np

from wincook.analysis.prediction.batch.sets import PointSets
from wincook.arrays import Array
from wincook.tile import Tile


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


def kappa(sets: PointSets) -> Array:
    """κ₂ of the square Vandermonde matrix of the finite points, without ∞; infinite for sets with factors."""
    if sets.factors.shape[1]:
        return np.full(len(sets), inf)
    powers = sets.points[:, :, None] ** np.arange(sets.points.shape[1])
    return _condition(powers)


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
