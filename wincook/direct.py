"""Direct convolution: slow, obvious, and the judge of everything else.

"Convolution" is correlation, as networks use it: y[i] = Σ_j g[j] d[i + j] along every axis. The element type
decides the arithmetic: Python integers and fractions (object arrays) are exact, float64 is the usual reference.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def correlate(d: Array, g: Array) -> Array:
    """Every position at which the filter lies wholly inside the input.

    Args:
        d: the input, shape (..., n_1, ..., n_D).
        g: the filter, shape (..., r_1, ..., r_D); leading axes broadcast against those of `d`.

    Returns:
        y of shape (..., m_1, ..., m_D), m = n - r + 1, in the element type that d·g has.

    >>> correlate(np.array([1, 2, 3, 4]), np.array([1, 0, -1]))
    array([-2, -2])
    """
    return _correlate(d, g, min(d.ndim, g.ndim))


def convolve(x: Array, weights: Array, padding: tuple[tuple[int, int], ...]) -> Array:
    """A layer in the plainest words: zero padding, then a correlation summed over the channels.

    Args:
        x: (N, C, *size).
        weights: (K, C, *kernel).
        padding: (before, after) per axis of the image.

    Returns:
        (N, K, *out) with out = size + before + after - kernel + 1.
    """
    dimension = x.ndim - 2
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    channels = _correlate(padded[:, None], weights[None], dimension)
    total: Array = channels.sum(axis=2)
    return total


def _correlate(d: Array, g: Array, dimension: int) -> Array:
    taps = g.shape[g.ndim - dimension :]
    outputs = [n - r + 1 for n, r in zip(d.shape[d.ndim - dimension :], taps, strict=True)]
    total: Array | None = None
    for tap in np.ndindex(*taps):
        window: tuple[Any, ...] = (..., *(slice(j, j + m) for j, m in zip(tap, outputs, strict=True)))
        weight = g[(..., *tap)]
        term = np.reshape(weight, (*weight.shape, *(1,) * dimension)) * d[window]
        total = term if total is None else total + term
    assert total is not None  # noqa: S101 (every filter has a tap)
    return total
