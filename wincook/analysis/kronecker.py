"""Kronecker products over the axes of a tile: what is nested is one vector, or one matrix, per axis."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def along_axes(matrices: Sequence[Array], tensor: Array) -> Array:
    """One matrix, of shape (m, n), applied to each axis of a tensor: (n_1, …, n_D) becomes (m_1, …, m_D).

    >>> along_axes([np.array([[1, 1]]), np.array([[1, -1]])], np.array([[1, 2], [3, 5]]))
    array([[-3]])
    """
    for matrix in matrices:  # each takes the first axis and puts its own last, so that all end where they began
        rest = tensor.shape[1:]
        tensor = (tensor.reshape(len(tensor), prod(rest)).T @ matrix.T).reshape(*rest, len(matrix))
    return tensor


def outer(vectors: Sequence[Array]) -> Array:
    """The tensor whose entries are products of one entry of each vector: shape (n_1, …, n_D); 1 of none.

    >>> outer([np.array([1, 2]), np.array([3, 5])])
    array([[ 3,  5],
           [ 6, 10]])
    """
    return reduce(np.multiply.outer, vectors, np.ones((), np.int64))


def kron(matrices: Sequence[Array]) -> Array:
    """The matrix of all axes together, the last running fastest: shape (m_1 ⋯ m_D, n_1 ⋯ n_D)."""
    return reduce(np.kron, matrices)
