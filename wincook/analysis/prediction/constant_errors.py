"""The error of constants that a format cannot hold: the same at each place, in each channel, and along each axis.

A program with its constants rounded applies T + δT in place of T, so to first order y is off by

    δy = Σ AT [(δG g) ⊙ (BT d) + (G g) ⊙ (δBT d)] + δAT [(G g) ⊙ (BT d)],   each along one axis, summed over the axes.

Unlike roundings these terms are correlated. Per axis and pair of variants x, y (nothing off, or one matrix off)

    W[x, y]_i = Σ_kl A_x,ik (G_x S_g G_yᵀ ∘ B_x S_d B_yᵀ)_kl A_y,il

is a vector over outputs; E[δy²] is a sum of products of these over the axes, and E[y²] that of W[0, 0]. That and the
mean of y are taken from what y is, y_i = Σ_j g_j d_i+j: through matrices with large entries they would cancel to noise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import numpy as np

from wincook.analysis.kronecker import along_axes, outer
from wincook.analysis.prediction.moments import Moments
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.arrays import Array
from wincook.direct import convolve
from wincook.proof import ones
from wincook.tile import Tile

_EXACT, _FILTER, _INPUT, _OUTPUT = range(4)  # the variants of an axis: as it is, or with one matrix off
_STAGES = (_FILTER, _INPUT, _OUTPUT)


@dataclass(frozen=True, slots=True, eq=False)
class ConstantErrors:
    """E[y²] at each output, and the part of each stage in E[δy²]: what is shared by two stages, half to each."""

    size: Array
    filter: Array
    input: Array
    output: Array


@dataclass(frozen=True, slots=True, eq=False)
class _Variants:
    """G, BT and AT of one axis, each in four variants: shapes (4, R, r), (4, R, n) and (4, m, R)."""

    G: Array
    B: Array
    A: Array

    @classmethod
    def of(cls, filters: Forms, inputs: Forms, outputs: Forms) -> _Variants:
        """As they are, but for δG, δBT or δAT in the variant of its stage."""
        G, B, A = (np.stack([forms.matrix] * 4) for forms in (filters, inputs, outputs))
        G[_FILTER], B[_INPUT], A[_OUTPUT] = filters.slip, inputs.slip, outputs.slip
        return cls(G, B, A)

    @property
    def off(self) -> bool:
        """Whether some constant is."""
        return bool(self.G[_FILTER].any() or self.B[_INPUT].any() or self.A[_OUTPUT].any())


def windows(tile: Tile, *, joint: bool = False) -> list[Array]:
    """The input that each output takes each tap of, per axis, or along the one that all are joined to: shape (m, r)."""
    tiles = (tile,) if joint else tile.axes
    reads = ([l for _, _, l in ones(each, "correlation")] for each in tiles)
    return [np.reshape(inputs, (-1, prod(each.taps))) for inputs, each in zip(reads, tiles, strict=True)]


def constant_errors(
    filters: Sequence[Forms],
    inputs: Sequence[Forms],
    outputs: Sequence[Forms],
    g: Moments,
    d: Moments,
    channels: int,
    tile: Tile,
) -> ConstantErrors:
    """The output of a tile, and how wrong it is by the constants.

    Args:
        filters: the filter program of each axis, or of the one axis that all are joined to.
        inputs: the input programs.
        outputs: the output programs.
        g: the moments of the filters of one channel.
        d: the moments of the inputs of one channel.
        channels: C.
        tile: which input each output takes each tap of.
    """
    axes = [_Variants.of(*programs) for programs in zip(filters, inputs, outputs, strict=True)]
    taken = windows(tile, joint=len(axes) < tile.dimension)
    off = [any(axis.slip.any() for axis in stage) for stage in (filters, inputs, outputs)]
    shape = [axis.A.shape[1] for axis in axes]
    size, parts = np.zeros(shape), {stage: np.zeros(shape) for stage in _STAGES}
    for g_term, d_term in product(g.terms, d.terms):
        W = [_pairs(*axis) for axis in zip(axes, g_term, d_term, taken, strict=True)]
        size += channels * outer([w[_EXACT, _EXACT] for w in W])
        for stage in _STAGES:
            for vectors in _covariances(W, stage) if off[stage - 1] else ():
                parts[stage] += channels * outer(vectors)
    if g.mean.any() and d.mean.any():
        pairs = channels**2 - channels
        moved = {stage: _mean_moved(axes, stage, g.mean, d.mean) for stage in _STAGES}
        image, taps = d.mean.reshape(1, 1, *tile.inputs), g.mean.reshape(1, 1, *tile.taps)
        y_mean = convolve(image, taps, stride=tile.strides).reshape(shape)
        size += pairs * y_mean**2
        for stage in _STAGES:
            parts[stage] += pairs * moved[stage] * sum(moved.values())
    return ConstantErrors(size, *parts.values())


def _pairs(variants: _Variants, g: Array, d: Array, taken: Array) -> Array:
    """W: shape (4, 4, m)."""
    kept = slice(None if variants.off else 1)
    G, B, A = variants.G[kept], variants.B[kept], variants.A[kept]
    products = ((G @ g)[:, None] @ G.transpose(0, 2, 1)) * ((B @ d)[:, None] @ B.transpose(0, 2, 1))
    W = np.zeros((4, 4, A.shape[1]))
    W[: len(A), : len(A)] = np.sum((A[:, None] @ products) * A, axis=-1)
    W[_EXACT, _EXACT] = np.sum(g * d[taken[:, :, None], taken[:, None, :]], axis=(1, 2))
    return W


def _covariances(W: list[Array], stage: int) -> list[list[Array]]:
    """The products that make up the covariance of what one stage is off with what all are: one vector per axis each."""
    products = []
    for axis, other in product(range(len(W)), repeat=2):
        vectors = [w[_EXACT, _EXACT] for w in W]
        if axis == other:
            vectors[axis] = W[axis][stage, 1:].sum(axis=0)
        else:
            vectors[axis], vectors[other] = W[axis][stage, _EXACT], W[other][_EXACT, 1:].sum(axis=0)
        products.append(vectors)
    return products


def _mean_moved(axes: list[_Variants], stage: int, g: Array, d: Array) -> Array:
    """How far the constants of one stage move the mean of y."""
    moved = np.zeros([axis.A.shape[1] for axis in axes])
    for off in range(len(axes)):
        variant = [stage if place == off else _EXACT for place in range(len(axes))]
        G, B, A = ([getattr(axis, name)[v] for axis, v in zip(axes, variant, strict=True)] for name in ("G", "B", "A"))
        moved += along_axes(A, along_axes(G, g) * along_axes(B, d))
    return moved
