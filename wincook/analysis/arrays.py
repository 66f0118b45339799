"""One's own data as a law: tiles cut from images or activations, and filters taken from weights.

A tile is a window of a random image at a random place, with all its channels; a filter is a random one of the weights.
Both are drawn with replacement, so tiles are independent, given the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import BadZipFile

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from wincook.analysis.laws import Law, check_range
from wincook.errors import DataError, OutputError, ShapeError

Array = NDArray[Any]

_FEWEST_AXES = 3  # images or filters, channels, one axis of the tile
_EIGHT_BITS = 255


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
        ends = [len(self.images), *(whole - n + 1 for whole, n in zip(size, inputs, strict=True))]
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
        return float(np.mean(np.abs(self.images.astype(np.float64)) > limit))

    def moments(self, places: tuple[int, ...]) -> Array:
        """E[d_i d_j] over all windows and channels: shape (*places, *places)."""
        self._check(self.images.shape[1], places)
        total, windows, axes = np.zeros((prod(places),) * 2), 0, tuple(range(len(places)))
        for image in self.images:
            for channel in image.astype(np.float64):
                flat = sliding_window_view(channel, places, axis=axes).reshape(-1, prod(places))
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
        return float(np.mean(np.abs(self.weights.astype(np.float64)) > limit))

    def moments(self, places: tuple[int, ...]) -> Array:
        """E[g_i g_j] over all filters and channels: shape (*places, *places).

        Raises:
            ShapeError: the weights are for another kernel.
        """
        if self.weights.shape[2:] != places:
            raise ShapeError(f"weights of shape {self.weights.shape} are no filters of {places} taps")
        flat = self.weights.reshape(-1, prod(places)).astype(np.float64)
        moments: Array = (flat.T @ flat / len(flat)).reshape(*places, *places)
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
    law = replace(Law.of(rest), name=name)
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
    array = np.asarray(values)
    if array.dtype.kind not in "fiub" and array.dtype.name != "bfloat16":
        raise DataError(f"{name} have element type {array.dtype}; they must be real numbers")
    if array.ndim < _FEWEST_AXES or not array.size:
        raise ShapeError(f"{name} have shape {array.shape}; give (number, channels, and the axes of the tile)")
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = [int(i) for i in np.argwhere(wrong)[0]]
        raise DataError(f"{name}{place} is {array[tuple(place)]}; all {name} must be finite")
    if not array.any():
        raise DataError(f"{name} are all zero; there are no errors to measure")
    check_range(array, name)
    return array


def read_array(path: str | Path) -> Array:
    """Read .npy, .npz (`file.npz:name` if it holds several), or an image as (1, 3, H, W) in 0..1.

    Raises:
        OutputError: the file cannot be read.
        DataError: it holds pickled objects, no array of that name, or no image.
    """
    text = str(path)
    place, _, name = text.partition(".npz:")
    file = Path(place + ".npz" if name else text)
    try:
        with file.open("rb") as stream:
            if file.suffix == ".npy":
                return np.asarray(np.load(stream, allow_pickle=False))
            if file.suffix == ".npz":
                return _member(stream, file, name)
            with Image.open(stream) as image:
                return np.asarray(image.convert("RGB"), np.float32).transpose(2, 0, 1)[None] / np.float32(_EIGHT_BITS)
    except UnidentifiedImageError:
        raise DataError(f"{file} is neither .npy nor .npz nor an image that Pillow knows") from None
    except OSError as error:
        raise OutputError(f"cannot read {file}: {error.strerror or error}; name a file that can be read") from error
    except (ValueError, EOFError, SyntaxError, BadZipFile, Image.DecompressionBombError) as error:
        raise DataError(f"{file} cannot be used: {error}") from error


def _member(stream: BinaryIO, file: Path, name: str) -> Array:
    loaded = np.load(stream, allow_pickle=False)
    if isinstance(loaded, np.ndarray):
        raise DataError(f"{file} is no .npz archive but a single array; rename it to .npy")
    with loaded as archive:
        names = list(archive)
        if not name and len(names) == 1:
            name = names[0]
        if name not in names:
            raise DataError(f"{file} holds the arrays {', '.join(names)}; name one of them as {file}:NAME")
        member: Any = archive[name]
        if not isinstance(member, np.ndarray):  # numpy hands out the bytes of what is no array
            raise DataError(f"{file}:{name} holds no array")
        return member


def _largest(array: Array) -> float:
    """The largest magnitude; that of the least integer does not wrap around."""
    return max(abs(float(array.max())), abs(float(array.min())))


def _is_whole(array: Array) -> bool:
    return array.dtype.kind in "iub" or bool(np.array_equal(array, np.rint(array)))


def _averages(array: Array) -> tuple[float, float]:
    """The means of the numbers and of their squares, one part at a time."""
    total = square = 0.0
    for part in array:
        wide = part.astype(np.float64).ravel()
        total += float(wide.sum())
        square += float(wide @ wide)
    return total / array.size, square / array.size
