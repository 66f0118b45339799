"""One part of a layer: a plain layer of its own, and where it reads and adds up.

    y[:, filters, *y'] += correlate(x[:, channels, *x'], w[filters, :, *w'])

with one `Piece` along each axis. What computes it may have fewer axes, or more: an axis along which the part has one
tap may join the batch, and axes of one place may be put in front (see `lift`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from math import prod

import numpy as np

from wincook.arrays import Array
from wincook.errors import ShapeError
from wincook.layers.lattice import Piece
from wincook.layers.layer import Layer

Slices = tuple[slice, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One correlation: of some channels with some filters of `batch` images, one piece along each axis.

    `layer` is what it computes as a layer with `dimension` axes, as many as there are pieces if none is said. It reads
    the padded input (N, C, *size) at `x` and the weights (K, C/groups, *kernel) at `w`, and adds to the output
    (N, K, *out) at `y`.

    Raises:
        ShapeError: fewer dimensions than pieces, where one of the first of them has several taps.
    """

    batch: int
    channels: range
    filters: range
    axes: tuple[Piece, ...]
    dimension: int = 0
    layer: Layer = field(init=False, repr=False, compare=False)
    x: Slices = field(init=False, repr=False, compare=False)
    w: Slices = field(init=False, repr=False, compare=False)
    y: Slices = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        dimension = self.dimension or len(self.axes)
        first = max(0, len(self.axes) - dimension)
        if any(len(axis.w) > 1 for axis in self.axes[:first]):
            raise ShapeError(f"{self} has several taps along an axis that is to join the batch")
        new = (1,) * (dimension - len(self.axes))
        object.__setattr__(self, "dimension", dimension)
        object.__setattr__(self, "x", _slices(self.channels, (axis.x for axis in self.axes)))
        object.__setattr__(self, "w", (_slice(self.filters), slice(None), *(_slice(axis.w) for axis in self.axes)))
        object.__setattr__(self, "y", _slices(self.filters, (axis.y for axis in self.axes)))
        object.__setattr__(
            self,
            "layer",
            Layer(
                len(self.channels),
                len(self.filters),
                (*new, *(len(axis.x) for axis in self.axes[first:])),
                (*new, *(len(axis.w) for axis in self.axes[first:])),
                batch=self.batch * prod(len(axis.y) for axis in self.axes[:first]),
            ),
        )

    def image(self, padded: Array) -> Array:
        """The input of `layer`, from the padded input (N, C, *size) of the whole layer."""
        return self._joined(padded[self.x]).reshape(self.layer.input_shape)

    def taps(self, weights: Array) -> Array:
        """The weights of `layer`, from those of the whole layer, (K, C/groups, *kernel)."""
        return weights[self.w].reshape(self.layer.weight_shape)

    def place(self, output: Array) -> Array | None:
        """Where the output of `layer` lies in that of the whole layer, (N, K, *out); None if strides do not tell it."""
        try:
            return np.reshape(self._joined(output[self.y]), self.layer.output_shape, copy=False)
        except ValueError:
            return None

    def add(self, output: Array, y: Array) -> None:
        """Add the output of `layer` to that of the whole layer, (N, K, *out)."""
        place = self._joined(output[self.y])
        place += y.reshape(place.shape)

    def put(self, output: Array, y: Array) -> None:
        """Write the output of `layer` into that of the whole layer, (N, K, *out)."""
        place = self._joined(output[self.y])
        place[...] = y.reshape(place.shape)

    def _joined(self, array: Array) -> Array:
        """(N, channels, *first axes, *the rest) -> (N, *first axes, channels, *the rest)."""
        first = len(self.axes) - self.dimension
        return np.moveaxis(array, 1, 1 + first) if first > 0 else array

    def __str__(self) -> str:
        x, w, y = (", ".join(map(_text, slices)) for slices in (self.x, self.w, self.y))
        return f"y[{y}] += correlate(x[{x}], w[{w}])"


def _slices(channels: range, along: Iterable[range]) -> Slices:
    return (slice(None), _slice(channels), *map(_slice, along))


def _slice(numbers: range) -> slice:
    """The slice that picks the numbers of a range; one that runs down to the first place has no stop."""
    if len(numbers) == 1:
        return slice(numbers.start, numbers.start + 1)
    stop = numbers[-1] + (1 if numbers.step > 0 else -1)
    return slice(numbers.start, stop if stop >= 0 else None, numbers.step)


def _text(part: slice) -> str:
    ends = ":".join("" if end is None else str(end) for end in (part.start, part.stop))
    return ends if part.step in {None, 1} else f"{ends}:{part.step}"
