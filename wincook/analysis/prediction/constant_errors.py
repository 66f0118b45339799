"""The error of constants that a format cannot hold: the same at each place, in each channel, and along each axis.

A program with its constants rounded applies T + δT in place of T, so to first order y is off by

    δy = Σ AT [(δG g) ⊙ (BT d) + (G g) ⊙ (δBT d)] + δAT [(G g) ⊙ (BT d)],   each along one axis, summed over the axes.

Unlike roundings these terms are correlated. Per axis and pair of variants x, y (nothing off, or one matrix off)

    W[x, y]_i = Σ_kl A_x,ik (G_x S_g G_yᵀ ∘ B_x S_d B_yᵀ)_kl A_y,il

is a vector over outputs; E[δy²] is a sum of products of these over the axes, and E[y²] that of W[0, 0]. That and the
mean of y are taken from what y is, y_i = Σ_j g_j d_i+j: through matrices with large entries they would cancel to noise.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.kronecker import along_axes, outer
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.tile import Tile

Array = NDArray[Any]
Variants = tuple[Array, Array, Array]  # G, BT and AT of one axis, each as it is, then with G, BT or AT off

STAGES = 3  # filter, input, output: the order of the variants


@dataclass(frozen=True, slots=True, eq=False)
class ConstantErrors:
    """E[y²] at each output, and the part of each stage in E[δy²]: what is shared by two stages, half to each."""

    size: Array
    parts: tuple[Array, ...]


def windows(tile: Tile, *, joint: bool = False) -> list[Array]:
    """The input that each output takes each tap of, per axis, or along the one that all are joined to: shape (m, r)."""
    axes = [np.add.outer(np.arange(m), np.arange(r)) for m, r in zip(tile.outputs, tile.taps, strict=True)]
    return [reduce(_joined, zip(axes, tile.inputs, strict=True))[0]] if joint else axes


def _joined(before: tuple[Array, int], after: tuple[Array, int]) -> tuple[Array, int]:
    (rows, _), (columns, width) = before, after
    places = rows[:, None, :, None] * width + columns[None, :, None, :]
    return places.reshape(len(rows) * len(columns), -1), width


def constant_errors(
    filters: Sequence[Forms],
    inputs: Sequence[Forms],
    outputs: Sequence[Forms],
    g: Moments,
    d: Moments,
    channels: int,
    taken: Sequence[Array],
) -> ConstantErrors:
    """The output of a tile, and how wrong it is by the constants.

    Args:
        filters: the filter program of each axis.
        inputs: the input programs.
        outputs: the output programs.
        g: the moments of the filters of one channel.
        d: the moments of the inputs of one channel.
        channels: C.
        taken: the windows of each axis.
    """
    axes = [_variants(*one) for one in zip(filters, inputs, outputs, strict=True)]
    off = [any(one.slip.any() for one in stage) for stage in (filters, inputs, outputs)]
    size, *parts = (np.zeros([len(A[0]) for _, _, A in axes]) for _ in range(1 + STAGES))
    for g_term, d_term in product(g.terms, d.terms):
        W = [_pairs(*one) for one in zip(axes, g_term, d_term, taken, strict=True)]
        size += channels * outer([w[0, 0] for w in W])
        for stage in range(STAGES):
            for vectors in _covariances(W, stage + 1) if off[stage] else ():
                parts[stage] += channels * outer(vectors)
    if g.mean.any() and d.mean.any():
        pairs = channels**2 - channels
        ways = [*_means(axes, g.mean, d.mean)]
        size += pairs * _correlation(g.mean, d.mean, taken) ** 2
        for stage in range(STAGES):
            parts[stage] += pairs * ways[stage] * sum(ways)
    return ConstantErrors(size, tuple(parts))


def _variants(filter_: Forms, input_: Forms, output: Forms) -> Variants:
    G, B, A = filter_.matrix, input_.matrix, output.matrix
    return np.stack([G, filter_.slip, G, G]), np.stack([B, B, input_.slip, B]), np.stack([A, A, A, output.slip])


def _pairs(variants: Variants, g: Array, d: Array, taken: Array) -> Array:
    """W: shape (4, 4, m)."""
    G, B, A = variants
    if not (G[1].any() or B[2].any() or A[3].any()):
        G, B, A = G[:1], B[:1], A[:1]
    products = ((G @ g)[:, None] @ G.transpose(0, 2, 1)) * ((B @ d)[:, None] @ B.transpose(0, 2, 1))
    found = np.zeros((1 + STAGES, 1 + STAGES, A.shape[1]))
    found[: len(A), : len(A)] = np.sum((A[:, None] @ products) * A, axis=-1)
    found[0, 0] = np.sum(g * d[taken[:, :, None], taken[:, None, :]], axis=(1, 2))
    return found


def _covariances(W: list[Array], stage: int) -> Iterator[list[Array]]:
    """The products that make up the covariance of what one stage is off with what all are."""
    for axis, other in product(range(len(W)), repeat=2):
        vectors = [w[0, 0] for w in W]
        if axis == other:
            vectors[axis] = W[axis][stage, 1:].sum(axis=0)
        else:
            vectors[axis], vectors[other] = W[axis][stage, 0], W[other][0, 1:].sum(axis=0)
        yield vectors


def _means(axes: list[Variants], g: Array, d: Array) -> Iterator[Array]:
    """How far each stage's constants move the mean of y."""
    for stage in range(1, 1 + STAGES):
        moved = np.zeros([len(A[0]) for _, _, A in axes])
        for off in range(len(axes)):
            chosen = [[matrices[stage if axis == off else 0] for matrices in one] for axis, one in enumerate(axes)]
            G, B, A = zip(*chosen, strict=True)
            moved += along_axes(A, along_axes(G, g) * along_axes(B, d))
        yield moved


def _correlation(g: Array, d: Array, taken: Sequence[Array]) -> Array:
    """Σ_j g_j d_i+j for each output i."""
    for axis, places in enumerate(taken):
        d = np.take(d, places, axis=2 * axis)
    return np.asarray(np.tensordot(d, g, (range(1, d.ndim, 2), range(g.ndim))))
