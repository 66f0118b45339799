"""Small dense matrices, compiled: loops over contiguous rows, which vectorise."""

from __future__ import annotations

from wincook.analysis.prediction.batch.rounding import compiled
from wincook.arrays import Array


@compiled
def turn(X: Array, turned: Array) -> None:
    """The transpose."""
    for k in range(len(X)):
        for j in range(X.shape[1]):
            turned[j, k] = X[k, j]


@compiled
def clear(X: Array) -> None:
    """Zeros in all places."""
    for k in range(len(X)):
        for l in range(X.shape[1]):
            X[k, l] = 0.0


@compiled
def times(X: Array, Y: Array, result: Array) -> None:
    """Entry by entry."""
    for k in range(len(X)):
        for l in range(X.shape[1]):
            result[k, l] = X[k, l] * Y[k, l]


@compiled
def is_any(X: Array) -> bool:
    """Whether an entry is not 0."""
    for k in range(len(X)):
        for j in range(X.shape[1]):
            if X[k, j] != 0.0:
                return True
    return False


@compiled
def products(X: Array, turned: Array, result: Array) -> None:
    """X Y, by updates along contiguous rows, which vectorise."""
    R = result.shape[1]
    for k in range(len(X)):
        for l in range(R):
            result[k, l] = 0.0
        for j in range(X.shape[1]):
            factor = X[k, j]
            for l in range(R):
                result[k, l] += factor * turned[j, l]


@compiled
def square(row: Array) -> float:
    """The sum of the squares."""
    total = 0.0
    for entry in row:
        total += entry * entry
    return total
