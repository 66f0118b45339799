"""A convolution layer as a value: what is to be computed, not how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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
        object.__setattr__(self, "size", tuple(self.size))
        object.__setattr__(self, "kernel", tuple(self.kernel))
        if len(self.size) != 2 or len(self.kernel) != 2:  # noqa: PLR2004 (the kernels are two-dimensional)
            raise ShapeError(
                f"a layer with size {self.size} and kernel {self.kernel}: both need two axes, (H, W) and (R, S), as "
                "in F(2x2,3x3)"
            )
        if self.layout not in get_args(Layout):
            raise NotationError(f"unknown layout {self.layout!r}; known are {', '.join(get_args(Layout))}")
        named = {"batch": self.batch, "channels": self.channels, "filters": self.filters}
        named |= {f"size[{axis}]": size for axis, size in enumerate(self.size)}
        named |= {f"kernel[{axis}]": size for axis, size in enumerate(self.kernel)}
        for name, number in named.items():
            if not isinstance(number, int) or number < 1:
                raise ShapeError(f"{name} = {number!r} must be a whole number, at least 1")
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


def _pairs(padding: Padding, dimension: int) -> tuple[tuple[int, int], ...]:
    valid = f"one number, one per axis, or (before, after) for each of {dimension} axes; none negative"
    per_axis = [padding] * dimension if isinstance(padding, int) else list(padding)
    if len(per_axis) != dimension:
        raise ShapeError(f"padding {padding!r} does not fit: give {valid}")
    pairs = []
    for entry in per_axis:
        pair = (entry, entry) if isinstance(entry, int) else tuple(entry)
        if len(pair) != 2 or any(not isinstance(number, int) or number < 0 for number in pair):  # noqa: PLR2004
            raise ShapeError(f"padding {padding!r} does not fit: give {valid}")
        pairs.append((pair[0], pair[1]))
    return tuple(pairs)
