"""Linear algebra modulo a prime, on arrays: int64 where the prime has at most 31 bits, Python's integers beyond."""

from __future__ import annotations

from typing import Any

import numpy as np

from wincook.arrays import Array

_LARGEST_PRIME = 1 << 31  # products of two residues fit int64


def array_of(numbers: list[Any], prime: int) -> Array:
    """Nested lists of integers as residues."""
    return np.array(numbers, dtype=np.int64 if prime < _LARGEST_PRIME else object)


def echelon(matrix: Array, prime: int) -> tuple[Array, list[int]]:
    """The reduced row echelon form without rows of zeros, and the columns of its pivots.

    >>> echelon(array_of([[2, 4, 1], [1, 2, 4]], 7), 7)
    (array([[1, 2, 4]]), [0])
    """
    rows = matrix % prime
    pivots: list[int] = []
    for column in range(rows.shape[1]):
        done = len(pivots)
        below = np.flatnonzero(rows[done:, column])
        if not below.size:
            continue
        rows[[done, done + below[0]]] = rows[[done + below[0], done]]
        rows[done] = rows[done] * pow(int(rows[done, column]), -1, prime) % prime
        others = rows[:, column].copy()
        others[done] = 0
        used = np.flatnonzero(others)
        rows[used] = (rows[used] - others[used, None] * rows[done]) % prime
        pivots.append(column)
        if len(pivots) == len(rows):
            break
    return rows[: len(pivots)], pivots


def rank(matrix: Array, prime: int) -> int:
    """How many rows are independent."""
    return len(echelon(matrix, prime)[1])


def annihilator(matrix: Array, prime: int) -> Array:
    """Independent rows n with n · matrix = 0, as many as there can be."""
    rows = len(matrix)
    unit = np.eye(rows, dtype=np.int64).astype(matrix.dtype)
    reduced, pivots = echelon(np.concatenate([matrix, unit], axis=1), prime)
    return reduced[sum(pivot < matrix.shape[1] for pivot in pivots) :, matrix.shape[1] :]


def times(a: Array, b: Array, prime: int) -> Array:
    """The product of two matrices."""
    total = np.zeros((len(a), b.shape[1]), a.dtype)
    for k in range(a.shape[1]):  # one term at a time, since a sum of products would overflow
        total += a[:, k, None] * b[k] % prime
    return total % prime


def solution(columns: Array, wanted: Array, prime: int) -> Array | None:
    """x with x · columns = wanted, zero where there is a choice; None if there is none. Rows are the unknowns'."""
    unknowns = len(columns)
    reduced, pivots = echelon(np.concatenate([columns.T, wanted[:, None]], axis=1), prime)
    if pivots and pivots[-1] == unknowns:
        return None
    x = np.zeros(unknowns, columns.dtype)
    x[pivots] = reduced[:, -1]
    return x
