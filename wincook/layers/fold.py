"""Batch normalisation folded into the layer before it.

γ_k (y_k - μ_k) / √(σ²_k + ε) + β_k is linear in y_k, so its factor s_k = γ_k / √(σ²_k + ε) can go into filter k, and
the rest into the bias: b'_k = (b_k - μ_k) s_k + β_k (Ioffe and Szegedy, arXiv 1502.03167, algorithm 1; Jacob et al.,
arXiv 1712.05877, section 3.2). It costs nothing when the layer runs.
"""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from math import isqrt
from typing import Any

import numpy as np

from wincook.arguments import flag, fraction
from wincook.arrays import Array, real_array
from wincook.errors import DataError, ShapeError


def fold_batch_norm(
    weights: Array,
    bias: Array | None,
    mean: Array,
    variance: Array,
    gamma: Array,
    beta: Array,
    epsilon: Any = 1e-5,
    *,
    transposed: bool = False,
) -> tuple[Array, Array]:
    """Weights and bias of the one layer that does what a layer and its batch normalisation do.

    Args:
        weights: (K, C/groups, *kernel), or (C, K/groups, *kernel) of a transposed layer.
        bias: (K,), or None for zeros.
        mean: μ, (K,).
        variance: σ², (K,).
        gamma: γ, (K,).
        beta: β, (K,).
        epsilon: ε.
        transposed: whether the weights are those of a transposed layer.

    Returns:
        Weights and bias. If the weights are an object array of integers and fractions, and every σ² + ε is the square
        of a fraction, both are exact: object arrays of fractions. Otherwise they are computed in float64, and rounded
        to the weights' type if that is a floating one.

    Raises:
        ShapeError: a statistic that is not one number per filter.
        DataError: a statistic that is not finite, σ² + ε that is not positive, or weights that are not real numbers.
        NotationError: a `transposed` that is neither true nor false.
    """
    weights, transposed = real_array("weights", weights, exact=True), flag("transposed", transposed)
    if weights.ndim < 2 or not weights.size:  # noqa: PLR2004 (filters and channels)
        raise ShapeError(f"weights have shape {weights.shape}; they must have filters, channels and a kernel")
    mean = real_array("mean", mean, exact=True)
    filters = mean.size if transposed else len(weights)
    read = partial(_fractions, filters=filters)
    spread = read("variance", variance) + fraction("epsilon", epsilon, DataError)
    if min(spread) <= 0:
        raise DataError(f"variance + epsilon is {float(min(spread))} at the least; it must be positive")
    root = np.array([_root(value) for value in spread], object)
    mu, g, b = read("mean", mean), read("gamma", gamma), read("beta", beta)
    start = 0 * mu if bias is None else read("bias", bias)
    w, kind = weights, weights.dtype
    if weights.dtype != object or None in root:
        try:
            mu, g, b, start, w, spread = (values.astype(np.float64) for values in (mu, g, b, start, weights, spread))
        except OverflowError:
            raise DataError("a statistic or a weight lies beyond the range of float64; scale them") from None
        root = np.sqrt(spread)
        kind = np.dtype(np.float64) if weights.dtype.kind in "iubO" else weights.dtype
    scale = g / root
    folded = w * _per_filter(scale, w, transposed=transposed)
    shift = (start - mu) * scale + b
    return folded.astype(kind), shift.astype(kind)


def _fractions(name: str, values: Array, filters: int) -> Array:
    """One fraction per filter: finite floating-point numbers are fractions too."""
    array = real_array(name, values, exact=True)
    if array.shape != (filters,):
        raise ShapeError(f"{name} has shape {array.shape}; it must be {(filters,)}, one number per filter")
    try:
        return np.array([Fraction(value) for value in array.astype(object)], object)
    except (TypeError, ValueError, OverflowError) as error:
        raise DataError(f"{name} must hold finite real numbers: {error}") from error


def _root(value: Fraction) -> Fraction | None:
    """The square root, where it is a fraction."""
    root = Fraction(isqrt(value.numerator), isqrt(value.denominator))
    return root if root * root == value else None


def _per_filter(scale: Array, weights: Array, *, transposed: bool) -> Array:
    """One factor per filter, shaped to multiply the weights."""
    ones = (1,) * (weights.ndim - 2)
    if not transposed:
        return scale.reshape(-1, 1, *ones)
    channels, filters_of_group = weights.shape[:2]
    groups, rest = divmod(len(scale), filters_of_group)
    if rest or channels % groups:
        raise ShapeError(
            f"weights {weights.shape} of a transposed layer do not fit {len(scale)} filters: the second number must "
            "divide the filters, into groups that divide the channels"
        )
    per_group = scale.reshape(groups, filters_of_group)
    return per_group.repeat(channels // groups, axis=0).reshape(*weights.shape[:2], *ones)
