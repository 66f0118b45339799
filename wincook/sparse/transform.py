"""Filters in the domain of the products: U = G g GT, operation for operation as kernels compute it."""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import DataError, ShapeError
from wincook.formats import FLOAT32
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import programs_of


def transformed(algorithm: Subject, weights: Array) -> Array:
    """U (K, C, *products) in float32, of weights (K, C, *kernel); of what has the shape of U already, the same numbers.

    Raises:
        ShapeError: weights that are neither.
        DataError: NaN, infinite or non-numeric values.
        WincookError: no algorithm, or one that is no correlation.

    >>> transformed("F(2x2,3x3)", np.ones((8, 4, 3, 3))).shape
    (8, 4, 4, 4)
    """
    algorithm = correlation_of(algorithm, "have filters to transform")
    array = real_array("weights", weights)
    products = products_of(algorithm)
    if array.shape[2:] not in {algorithm.tile.taps, products} or not array.size:
        raise ShapeError(
            f"weights of shape {array.shape} are none of {algorithm.tile}; give {_filters(algorithm.tile.taps)}, or "
            f"{_filters(products)} transformed"
        )
    with np.errstate(over="ignore"):
        rounded = array.astype(np.float32)
    if not np.isfinite(rounded).all():
        raise DataError("weights must be finite in float32; these hold NaN, infinities or larger numbers")
    if array.shape[2:] != algorithm.tile.taps:
        return rounded
    return evaluate_axes(programs_of(algorithm).filter, rounded, Rounded(FLOAT32))


def products_of(algorithm: BilinearAlgorithm) -> tuple[int, ...]:
    """Products along each axis of the algorithm."""
    return tuple(axis.multiplications for axis in algorithm.axes)


def _filters(size: tuple[int, ...]) -> str:
    """The shape of filters of such a size, in words."""
    return f"({', '.join(('K', 'C', *map(str, size)))})"
