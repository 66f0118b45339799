"""A convolution layer as a value: what is to be computed, not how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from operator import index
from typing import Literal, get_args

from wincook.errors import NotationError, ShapeError

Layout = Literal["NCHW", "NHWC"]
Padding = int | Sequence[int | Sequence[int]]


@dataclass(frozen=True, slots=True)
class Layer:
    """A batch of images with `channels` (C) channels, correlated with `filters` (K) filters at unit stride.

    `size` is the image (H, W), `kernel` the filter (R, S), `padding` the rows and columns of zeros around the
    image: one number, one per axis, or (before, after) per axis. Images are laid out as `layout` says, weights
    always as (K, C, *kernel).

    >>> layer = Layer(channels=64, filters=32, size=(56, 56), kernel=(3, 3), padding=1)
    >>> layer.input_shape, layer.output_shape
    ((1, 64, 56, 56), (1, 32, 56, 56))

    Raises:
        ShapeError: a size below 1, a negative padding, axes that do not match, or a filter larger than the
            padded image.
        NotationError: an unknown layout.
    """

    channels: int
    filters: int
    size: tuple[int, ...]
    kernel: tuple[int, ...]
    padding: Padding = 0
    batch: int = 1
    layout: Layout = "NCHW"

    def __post_init__(self) -> None:
        for name in ("batch", "channels", "filters"):
            object.__setattr__(self, name, _whole(name, getattr(self, name)))
        for name in ("size", "kernel"):
            object.__setattr__(self, name, tuple(_whole(name, number) for number in getattr(self, name)))
        if len(self.size) != 2 or len(self.kernel) != 2:  # noqa: PLR2004 (the kernels are two-dimensional)
            raise ShapeError(
                f"a layer with size {self.size} and kernel {self.kernel}: both need two axes, (H, W) and (R, S), as "
                "in F(2x2,3x3)"
            )
        if self.layout not in get_args(Layout):
            raise NotationError(f"unknown layout {self.layout!r}; known are {', '.join(get_args(Layout))}")
        object.__setattr__(self, "padding", _pairs(self.padding, len(self.size)))
        for size, padding, kernel in zip(self.size, self.pads, self.kernel, strict=True):
            if kernel > size + sum(padding):
                raise ShapeError(
                    f"kernel {self.kernel} is larger than the padded image: size {self.size} with padding "
                    f"{self.pads}; pad more, or take a filter of at most {size + sum(padding)} along that axis"
                )

    @property
    def pads(self) -> tuple[tuple[int, int], ...]:
        """The padding as (before, after) for each axis."""
        return _pairs(self.padding, len(self.size))

    @property
    def output_size(self) -> tuple[int, ...]:
        """The image that comes out: size + padding - kernel + 1."""
        return tuple(
            size + sum(padding) - kernel + 1
            for size, padding, kernel in zip(self.size, self.pads, self.kernel, strict=True)
        )

    @property
    def input_shape(self) -> tuple[int, ...]:
        """The shape of x in the layer's layout."""
        return self._shape(self.channels, self.size)

    @property
    def output_shape(self) -> tuple[int, ...]:
        """The shape of y in the layer's layout."""
        return self._shape(self.filters, self.output_size)

    @property
    def weight_shape(self) -> tuple[int, ...]:
        """The shape of the weights: (K, C, *kernel)."""
        return (self.filters, self.channels, *self.kernel)

    def _shape(self, channels: int, size: tuple[int, ...]) -> tuple[int, ...]:
        return (self.batch, channels, *size) if self.layout == "NCHW" else (self.batch, *size, channels)


def _whole(name: str, number: object) -> int:
    """A size as Python's own integer, whichever kind of integer it was."""
    try:
        size = index(number)  # type: ignore[arg-type]
    except TypeError:
        size = 0
    if size < 1:
        raise ShapeError(f"{name} = {number!r} must be a whole number, at least 1")
    return size


def _pairs(padding: Padding, dimension: int) -> tuple[tuple[int, int], ...]:
    try:
        pairs = _read_pairs(padding, dimension)
    except (TypeError, ValueError):
        pairs = ()
    if len(pairs) != dimension or min(chain.from_iterable(pairs)) < 0:
        raise ShapeError(
            f"padding {padding!r} does not fit: give one number, one per axis, or (before, after) for each of "
            f"{dimension} axes, none negative"
        )
    return pairs


def _read_pairs(padding: Padding, dimension: int) -> tuple[tuple[int, int], ...]:
    """TypeError or ValueError where the padding is in none of the notations."""
    if not isinstance(padding, Sequence):
        return ((index(padding), index(padding)),) * dimension
    pairs = []
    for entry in padding:
        before, after = entry if isinstance(entry, Sequence) else (entry, entry)
        pairs.append((index(before), index(after)))
    return tuple(pairs)
