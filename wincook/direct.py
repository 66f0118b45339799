"""Direct convolution: slow, obvious, and the judge of everything else.

"Convolution" is correlation, as networks use it: y[i] = Σ_j g[j] d[i + j] along every axis. The element type
decides the arithmetic: Python integers and fractions (object arrays) are exact, float64 is the usual reference.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.errors import ShapeError

Array = NDArray[Any]


def correlate(d: Array, g: Array) -> Array:
    """Every position at which the filter lies wholly inside the input.

    Args:
        d: the input, shape (..., n_1, ..., n_D); leading axes are samples.
        g: one filter, shape (r_1, ..., r_D).

    Returns:
        y of shape (..., m_1, ..., m_D), m = n - r + 1, in the element type that d·g has.

    Raises:
        ShapeError: the filter does not fit into the input.

    >>> correlate(np.array([1, 2, 3, 4]), np.array([1, 0, -1]))
    array([-2, -2])
    """
    return _correlate(d, g, g.ndim)


def convolve(x: Array, weights: Array, padding: tuple[tuple[int, int], ...]) -> Array:
    """A layer in the plainest words: zero padding, then a correlation summed over the channels.

    Args:
        x: (N, C, *size).
        weights: (K, C, *kernel).
        padding: (before, after) per axis of the image.

    Returns:
        (N, K, *out) with out = size + before + after - kernel + 1.

    Raises:
        ShapeError: the filter does not fit into the padded image.
    """
    dimension = x.ndim - 2
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    channels = _correlate(padded[:, None], weights[None], dimension)
    total: Array = channels.sum(axis=2)
    return total


def _correlate(d: Array, g: Array, dimension: int) -> Array:
    inputs, taps = d.shape[d.ndim - dimension :], g.shape[g.ndim - dimension :]
    if len(inputs) < len(taps) or any(not 1 <= r <= n for n, r in zip(inputs, taps, strict=True)):
        raise ShapeError(f"a filter of {taps} does not fit into an input of {inputs}")
    outputs = [n - r + 1 for n, r in zip(inputs, taps, strict=True)]
    total: Array = np.zeros((), dtype=np.result_type(d, g))
    for tap in np.ndindex(*taps):
        window: tuple[Any, ...] = (..., *(slice(j, j + m) for j, m in zip(tap, outputs, strict=True)))
        weight = g[(..., *tap)]
        term = np.reshape(weight, (*weight.shape, *(1,) * dimension)) * d[window]
        total = total + term
    return total
