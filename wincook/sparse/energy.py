"""What V carries: the means and covariances of the transformed inputs, by product and channel.

From a law, whose channels are alike and do not depend on one another, or from the caller's own images.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wincook.analysis.data.arrays import checked
from wincook.analysis.data.distributions import Law
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import ShapeError

_AT_ONCE = 1 << 22  # numbers of V


@dataclass(frozen=True, slots=True, eq=False)
class Energy:
    """E[V] (C, products) and the covariance of V (C, products, products); of a law, C is 1 and stands for all."""

    mean: Array
    covariance: Array

    @property
    def squares(self) -> Array:
        """E[V^2] (products, C), or (products, 1)."""
        variance = np.diagonal(self.covariance, axis1=1, axis2=2)
        return np.asarray((variance + self.mean**2).T)


def energy_of(algorithm: BilinearAlgorithm, inputs: Law | str | Array, channels: int) -> Energy:
    """The energy of V for such inputs.

    Args:
        algorithm: nested.
        inputs: a data law, or images (N, C, *size), padded as the layer pads.
        channels: C.

    Raises:
        ShapeError: images of other channels or axes, or smaller than a tile.
        DataError: images that are not finite, nothing but zeros, or no real numbers.
        NotationError: an unknown law.
    """
    if isinstance(inputs, (Law, str)):
        return _of_law(algorithm, Law.of(inputs))
    return _of_images(algorithm, tiles_in(algorithm, inputs, channels))


def transform_of(algorithm: BilinearAlgorithm) -> Array:
    """BT of all axes together, (products, inputs of a tile)."""
    return _together([axis.BT.tolist() for axis in algorithm.axes])


def outputs_of(algorithm: BilinearAlgorithm) -> Array:
    """AT of all axes together, (outputs of a tile, products)."""
    return _together([axis.AT.tolist() for axis in algorithm.axes])


def tiles_in(algorithm: BilinearAlgorithm, images: Array, channels: int) -> Array:
    """The tiles of images, a view of shape (N, C, *tiles, *inputs): those that lie within them, as a layer has them.

    Raises:
        ShapeError, DataError: as `energy_of`.
    """
    array, tile = checked(images, "inputs"), algorithm.tile
    fits = array.shape[1] == channels and array.ndim == tile.dimension + 2
    if not fits or any(size < n for size, n in zip(array.shape[2:], tile.inputs, strict=True)):
        raise ShapeError(
            f"inputs of shape {array.shape} do not fit {tile} and {channels} channels; give (N, {channels}, *size), of "
            f"size {tile.inputs} at least"
        )
    axes = tuple(range(2, array.ndim))
    steps = (slice(None), slice(None), *(slice(None, None, step) for step in tile.steps))
    return sliding_window_view(array, tile.inputs, axis=axes)[steps]


def _of_law(algorithm: BilinearAlgorithm, law: Law) -> Energy:
    BT, places = transform_of(algorithm), algorithm.tile.inputs
    number = prod(places)
    if law.input_moments is None:
        covariance = law.variance * np.eye(number)
    else:
        covariance = law.input_moments(places).reshape(number, number) - law.mean**2
    mean = law.mean * BT.sum(axis=1)
    return Energy(mean[None], (BT @ covariance @ BT.T)[None])


def _of_images(algorithm: BilinearAlgorithm, tiles: Array) -> Energy:
    BT, channels, products = transform_of(algorithm), tiles.shape[1], algorithm.multiplications
    total, squares, number = np.zeros((channels, products)), np.zeros((channels, products, products)), 0
    for image in tiles:
        flat = image.reshape(channels, -1, BT.shape[1])
        rows = max(1, _AT_ONCE // (channels * products))
        for start in range(0, flat.shape[1], rows):
            V = flat[:, start : start + rows] @ BT.T
            total += V.sum(axis=1)
            squares += V.swapaxes(1, 2) @ V
            number += V.shape[1]
    mean = total / number
    return Energy(mean, squares / number - mean[:, :, None] * mean[:, None])


def _together(matrices: list[list[list[object]]]) -> Array:
    """The Kronecker product of the matrices of the axes, as floats."""
    return reduce(np.kron, (np.array(matrix, float) for matrix in matrices))
