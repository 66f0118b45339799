"""One's own data as a law: tiles cut from images or activations, and filters taken from weights.

A tile is a window of a random image at a random place, with all its channels; a filter is a random one of the weights.
Both are drawn with replacement, so tiles are independent, given the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wincook.analysis.data.distributions import Law, check_range
from wincook.arguments import words
from wincook.arrays import Array, real_array
from wincook.data.array_file import read_array
from wincook.errors import DataError, ShapeError

__all__ = ["Filters", "Windows", "checked", "law_of", "read_array"]

_FEWEST_AXES = 3  # images or filters, channels, one axis of the tile
_PORTION = 1 << 20  # numbers that are made float64 at a time


@dataclass(frozen=True, slots=True, eq=False)
class Windows:
    """Tiles of images (N, C, *size)."""

    images: Array

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw tiles of shape (tiles, C, *inputs).

        Raises:
            ShapeError: the images have other channels or axes, or are smaller than a tile.
        """
        number, channels, *inputs = shape
        size = self.images.shape[2:]
        self._check(channels, tuple(inputs))
        ends = [len(self.images), *(length - n + 1 for length, n in zip(size, inputs, strict=True))]
        places = rng.integers(0, ends, (number, len(ends)))
        axes = tuple(range(2, self.images.ndim))
        windows = np.moveaxis(sliding_window_view(self.images, inputs, axis=axes), 1, len(axes) + 1)
        return np.asarray(windows[tuple(places.T)], np.float64)

    @property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return _is_whole(self.images)

    @property
    def reach(self) -> float:
        """The largest magnitude."""
        return _largest(self.images)

    def beyond(self, limit: float) -> float:
        """The share of numbers whose magnitude exceeds a limit."""
        return _share_beyond(self.images, limit)

    def moments(self, places: tuple[int, ...]) -> Array:
        """E[d_i d_j] over all windows and channels: shape (*places, *places)."""
        self._check(self.images.shape[1], places)
        total, windows, axes = np.zeros((prod(places),) * 2), 0, tuple(range(len(places)))
        for image in self.images:
            for channel in image:
                view = sliding_window_view(channel, places, axis=axes)
                rows = max(1, _PORTION // prod(view.shape[1:]))
                for start in range(0, len(view), rows):
                    flat = view[start : start + rows].reshape(-1, prod(places)).astype(np.float64)
                    total += flat.T @ flat
                    windows += len(flat)
        moments: Array = (total / windows).reshape(*places, *places)
        return moments

    def _check(self, channels: int, inputs: tuple[int, ...]) -> None:
        size = self.images.shape[2:]
        fits = len(size) == len(inputs) and all(n <= whole for n, whole in zip(inputs, size, strict=True))
        if channels != self.images.shape[1] or not fits:
            raise ShapeError(
                f"inputs of shape {self.images.shape} have {self.images.shape[1]} channels of size {size}; tiles need "
                f"{channels} channels and at least {inputs}"
            )


@dataclass(frozen=True, slots=True, eq=False)
class Filters:
    """Filters out of weights (K, C, *kernel)."""

    weights: Array

    def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> Array:
        """Draw filters of shape (tiles, C, *kernel).

        Raises:
            ShapeError: the weights are for other channels, or another kernel.
        """
        if shape[1:] != self.weights.shape[1:]:
            raise ShapeError(f"weights of shape {self.weights.shape} are no filters of shape {shape[1:]}")
        return self.weights[rng.integers(0, len(self.weights), shape[0])].astype(np.float64)

    @property
    def whole(self) -> bool:
        """Whether all numbers are whole."""
        return _is_whole(self.weights)

    @property
    def reach(self) -> float:
        """The largest magnitude."""
        return _largest(self.weights)

    def beyond(self, limit: float) -> float:
        """The share of numbers whose magnitude exceeds a limit."""
        return _share_beyond(self.weights, limit)

    def moments(self, places: tuple[int, ...]) -> Array:
        """E[g_i g_j] over all filters and channels: shape (*places, *places).

        Raises:
            ShapeError: the weights are for another kernel.
        """
        if self.weights.shape[2:] != places:
            raise ShapeError(f"weights of shape {self.weights.shape} are no filters of {places} taps")
        total, per_filter = np.zeros((prod(places),) * 2), prod(self.weights.shape[1:])
        filters = max(1, _PORTION // per_filter)
        for start in range(0, len(self.weights), filters):
            flat = self.weights[start : start + filters].reshape(-1, prod(places)).astype(np.float64)
            total += flat.T @ flat
        moments: Array = (total / (self.weights.size // prod(places))).reshape(*places, *places)
        return moments


def law_of(inputs: Any = None, weights: Any = None, *, rest: Law | str = "relu", name: str = "own arrays") -> Law:
    """A law that draws from arrays.

    Args:
        inputs: (N, C, *size) of real numbers; what the layer sees, padded as it pads.
        weights: (K, C, *kernel).
        rest: the law of the one that is left out.
        name: for reports.

    Raises:
        DataError: NaN, infinities, or elements that are no real numbers.
        ShapeError: fewer than three axes, nothing in them, or different channels.

    >>> law = law_of(inputs=np.arange(12.0).reshape(1, 1, 12), weights=np.ones((1, 1, 3)))
    >>> law.draw_input(np.random.default_rng(0), (1, 1, 4)).tolist(), law.mean
    ([[[7.0, 8.0, 9.0, 10.0]]], 5.5)
    """
    law = replace(Law.of(rest), name=words("name", name, "own arrays"))
    images = None if inputs is None else checked(inputs, "inputs")
    bank = None if weights is None else checked(weights, "weights")
    if images is not None and bank is not None and images.shape[1] != bank.shape[1]:
        raise ShapeError(f"inputs {images.shape} and weights {bank.shape} differ in their second axis, C")
    if images is not None:
        mean, square = _averages(images)
        windows = Windows(images)
        law = replace(
            law, draw_input=windows, mean=mean, variance=max(0.0, square - mean**2), input_moments=windows.moments
        )
    if bank is not None:
        filters, (_, square) = Filters(bank), _averages(bank)
        law = replace(law, draw_tap=filters, tap_variance=square, gain=None, filter_moments=filters.moments)
    return law


def checked(values: Any, name: str) -> Array:
    """An array of finite real numbers with at least three axes.

    Raises:
        DataError: NaN, infinities, nothing but zeros, or elements that are no real numbers.
        ShapeError: fewer than three axes, or an empty one.
    """
    array = real_array(name, values)
    if array.ndim < _FEWEST_AXES or not array.size:
        raise ShapeError(f"{name} have shape {array.shape}; give (number, channels, and the axes of the tile)")
    if array.dtype.kind not in "iub" and not (finite := np.isfinite(array)).all():
        place = [int(i) for i in np.unravel_index(np.argmin(finite), array.shape)]
        raise DataError(f"{name}{place} is {array[tuple(place)]}; all {name} must be finite")
    if not array.any():
        raise DataError(f"{name} are all zero; there are no errors to measure")
    check_range(array, name)
    return array


def _largest(array: Array) -> float:
    """The largest magnitude; that of the least integer does not wrap around."""
    return max(abs(float(array.max())), abs(float(array.min())))


def _is_whole(array: Array) -> bool:
    return array.dtype.kind in "iub" or all(np.array_equal(wide, np.rint(wide)) for wide in _portions(array))


def _share_beyond(array: Array, limit: float) -> float:
    return sum(int(np.count_nonzero(np.abs(wide) > limit)) for wide in _portions(array)) / array.size


def _averages(array: Array) -> tuple[float, float]:
    """The means of the numbers and of their squares, one portion at a time."""
    total = square = 0.0
    for wide in _portions(array):
        total += float(wide.sum())
        square += float(wide @ wide)
    return total / array.size, square / array.size


def _portions(array: Array) -> Any:
    """All numbers in float64, a portion at a time; one is overwritten by the next."""
    return np.nditer(array, ["external_loop", "buffered"], op_dtypes=["f8"], casting="unsafe", buffersize=_PORTION)
