"""Any convolution layer as a sum of unit-stride, undilated, ungrouped correlations.

The layer is the product of its axes and its groups, so it is the sum, over one `Piece` per axis and one group, of

    y[:, filters, *y'] += correlate(x[:, channels, *x'], w[filters, :, *w'])

where x is padded first. Nothing is approximate: `apply` is exact in every element type. Stride by polyphase and large
kernels by sub-kernels: Huang et al., *DWM: A Decomposable Winograd Method*, arXiv 2002.00552; the other cases are
cited in `lattice`, which treats all of them as one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import product
from math import prod

import numpy as np

from wincook import direct
from wincook.arguments import function, instance
from wincook.arrays import Array, real_array
from wincook.ceiling import check_work
from wincook.errors import ShapeError
from wincook.layers.lattice import Piece, pieces
from wincook.layers.layer import Layer, layer_of
from wincook.layers.part import Part
from wincook.layers.sizes import PerAxis, per_axis

PER_PART = 1000  # operations, as `ceiling` counts them: a call of a kernel
Correlate = Callable[[Array, Array], Array]  # (N, C, *n), (K, C, *r) -> (N, K, *(n - r + 1))


@dataclass(frozen=True, slots=True)
class Reduction:
    """A layer as parts: x is padded by `padding`, y starts as zeros, and every part adds its share.

    >>> print(reduce(Layer(2, 4, size=(8,), kernel=(3,), padding=1, stride=2)))
    3 convolution, 2 -> 4 channels, 8 -> 4, stride 2: 2 unit-stride correlations, x padded by ((1, 0),)
    y[:, 0:4, 0:4] += correlate(x[:, 0:2, 0:9:2], w[0:4, :, 0:3:2])
    y[:, 0:4, 0:4] += correlate(x[:, 0:2, 1:8:2], w[0:4, :, 1:2])
    """

    layer: Layer
    padding: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]

    def multiplications(self, outputs: PerAxis = 1) -> int:
        """Multiplications for the whole batch, by tiles F(m,r) with `outputs` (m), one number or one per axis.

        A tile costs m + r - 1 along each axis, where r is the taps that a part has there, and counts whole where it
        overhangs. One output is the direct method: m + r - 1 = r.

        Raises:
            ShapeError: too few or too many numbers, or one below 1.
        """
        m = per_axis("outputs", outputs, self.layer.dimension)
        return self.layer.batch * sum(
            len(part.channels)
            * len(part.filters)
            * prod(-(-len(axis.y) // m_) * (m_ + len(axis.w) - 1) for axis, m_ in zip(part.axes, m, strict=True))
            for part in self.parts
        )

    def __str__(self) -> str:
        groups = self.layer.groups
        shown = self.parts[: len(self.parts) // groups]
        more = [f"and likewise for the other groups, {groups} in all"] if groups > 1 and shown else []
        title = f"{self.layer}: {len(self.parts)} unit-stride correlations, x padded by {self.padding}"
        return "\n".join([title, *map(str, shown), *more])


def reduce(layer: Layer) -> Reduction:
    """The unit-stride correlations that a layer consists of.

    Raises:
        ShapeError: no layer, or so many that they would take longer than some minute.
    """
    layer = layer_of(layer)
    padding, axes = zip(*(_within(pieces(axis), axis.size) for axis in layer.axes), strict=True)
    number = layer.groups * prod(map(len, axes))
    check_work(f"{layer} in {number} parts", PER_PART * number, error=ShapeError)
    channels, filters = layer.channels // layer.groups, layer.filters // layer.groups
    parts = (
        Part(
            layer.batch,
            range(group * channels, (group + 1) * channels),
            range(group * filters, (group + 1) * filters),
            chosen,
        )
        for group in range(layer.groups)
        for chosen in product(*axes)
    )
    return Reduction(layer, padding, tuple(parts))


def reduction_of(reduction: object) -> Reduction:
    """The reduction itself, if it is one.

    Raises:
        ShapeError: it is something else.
    """
    return instance("reduction", reduction, Reduction, "make it with wincook.layers.reduce(layer)", ShapeError)


def apply(reduction: Reduction, x: Array, weights: Array, correlate: Correlate = direct.convolve) -> Array:
    """Run a layer by its parts.

    Args:
        reduction: what to run.
        x: the layer's input shape, in its layout.
        weights: the layer's weight shape.
        correlate: any engine for x (N, C, *n) and weights (K, C, *r) -> y (N, K, *m), m = n - r + 1; direct
            convolution if left out. It is given views, with any strides.

    Returns:
        y of the layer's output shape, in the element type of x·weights.

    Raises:
        ShapeError: no reduction; x or weights do not have the layer's shape; or the engine fails, or gives another
            shape than it should.
        DataError: they hold other things than real numbers.
    """
    reduction = reduction_of(reduction)
    correlate = function("correlate", correlate, "of x (N, C, *n) and weights (K, C, *r)", ShapeError)
    layer, x, weights = reduction.layer, real_array("x", x, exact=True), real_array("weights", weights, exact=True)
    if x.shape != layer.input_shape or weights.shape != layer.weight_shape:
        raise ShapeError(
            f"x {x.shape} and weights {weights.shape} must have the shapes {layer.input_shape} and "
            f"{layer.weight_shape} of the layer"
        )
    padded = padded_input(x, layer, reduction.padding)
    w = filters_first(weights, layer)
    y = np.zeros((layer.batch, layer.filters, *layer.output_size), np.result_type(x, weights))
    for part in reduction.parts:
        share = real_array("what correlate gives", correlate(part.image(padded), part.taps(w)), exact=True)
        if share.shape != part.layer.output_shape:
            raise ShapeError(
                f"correlate gives the shape {share.shape} for {part}; it must be {part.layer.output_shape}"
            )
        part.add(y, share)
    return np.moveaxis(y, 1, -1) if layer.layout == "NHWC" else y


def _within(along: tuple[Piece, ...], size: int) -> tuple[tuple[int, int], tuple[Piece, ...]]:
    """The padding that the pieces of an axis reach into, and the pieces with inputs counted from its start."""
    before = max((-piece.x[0] for piece in along), default=0)
    after = max((piece.x[-1] + 1 - size for piece in along), default=0)
    before, after = max(before, 0), max(after, 0)
    moved = (range(piece.x.start + before, piece.x.stop + before, piece.x.step) for piece in along)
    return (before, after), tuple(replace(piece, x=x) for piece, x in zip(along, moved, strict=True))


def padded_input(x: Array, layer: Layer, padding: tuple[tuple[int, int], ...]) -> Array:
    """x as (N, C, *size), padded by (before, after) along each axis of the image in the mode of the layer."""
    first = np.moveaxis(x, -1, 1) if layer.layout == "NHWC" else x
    pads = ((0, 0), (0, 0), *padding)
    if layer.padding_mode == "zeros":
        zero = np.zeros(1, x.dtype)  # among objects a Python integer, where the zeros of np.pad would be int64
        return np.pad(first, pads, constant_values=zero)
    return np.pad(first, pads, "edge" if layer.padding_mode == "replicate" else "reflect")


def filters_first(weights: Array, layer: Layer) -> Array:
    """Weights as (K, C/groups, *kernel), whichever kind the layer is."""
    if not layer.transposed:
        return weights
    grouped = weights.reshape(layer.groups, layer.channels // layer.groups, *weights.shape[1:])
    return grouped.swapaxes(1, 2).reshape(layer.filters, layer.channels // layer.groups, *layer.kernel)
