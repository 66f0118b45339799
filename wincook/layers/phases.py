"""A transposed layer as one plain layer: the phases of its output, which the stride parts, are the filters.

Each phase, places that are equal modulo the stride, is a unit-stride correlation of the same x (see `lattice`). So
all of them are filters of one layer, whose outputs interleave: *sub-pixel convolution* (Shi et al., arXiv 1609.05158).
Taps that a phase does not have are zeros.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from math import prod
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import ShapeError
from wincook.layers.axis import Axis
from wincook.layers.lattice import Piece, pieces
from wincook.layers.layer import Layer, layer_of


def has_phases(layer: Layer) -> bool:
    """Whether a transposed layer is one plain layer: along each axis the dilation divides the stride.

    Raises:
        ShapeError: no layer.
    """
    return layer_of(layer).transposed and all(axis.stride % axis.dilation == 0 for axis in layer.axes)


@dataclass(frozen=True, slots=True)
class Phases:
    """The plain layer of a transposed one.

    >>> phases = Phases(Layer(2, 4, size=(5,), kernel=(6,), stride=3, transposed=True))
    >>> print(phases.plain)
    2 convolution, 2 -> 12 channels, 5 -> 6

    Raises:
        ShapeError: a layer that is not transposed, or one whose dilation does not divide its stride.
    """

    layer: Layer
    plain: Layer = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        layer = self.layer
        if not has_phases(layer):
            raise ShapeError(f"{layer} has no phases: it must be transposed, and its dilation divide its stride")
        spans = [_span(axis) for axis in layer.axes]
        padding = []
        for axis, (first, taps) in zip(layer.axes, spans, strict=True):
            places = -(-axis.output_size // axis.stride)
            padding.append((-first, max(0, first + places - 1 + taps - axis.size)))
        plain = Layer(
            layer.channels,
            layer.filters * prod(axis.stride for axis in layer.axes),
            layer.size,
            tuple(taps for _, taps in spans),
            padding,
            layer.batch,
            layer.layout,
            groups=layer.groups,
        )
        object.__setattr__(self, "plain", plain)

    @property
    def _strides(self) -> tuple[int, ...]:
        return tuple(axis.stride for axis in self.layer.axes)

    @property
    def moves(self) -> tuple[tuple[tuple[int, ...], tuple[slice, ...], tuple[tuple[int, ...], ...]], ...]:
        """Each phase, where its taps stand in filters of the plain layer, and their numbers along each axis."""
        axes = self.layer.axes
        firsts = [_span(axis)[0] for axis in axes]
        moves = []
        for along in product(*map(pieces, axes)):
            starts = [piece.x.start - first for piece, first in zip(along, firsts, strict=True)]
            places = tuple(slice(start, start + len(piece.w)) for piece, start in zip(along, starts, strict=True))
            moves.append((tuple(piece.y.start for piece in along), places, tuple(tuple(piece.w) for piece in along)))
        return tuple(moves)

    def weights(self, weights: Array) -> Array:
        """Those of the plain layer, from (K, C/groups, *kernel): filters of a group, of each phase in turn."""
        layer = self.layer
        filters = layer.filters // layer.groups
        grouped = weights.reshape(layer.groups, filters, *weights.shape[1:])
        phases = np.zeros((layer.groups, *self._strides, *grouped.shape[1:3], *self.plain.kernel), weights.dtype)
        for phase, places, along in self.moves:
            taps = np.ix_(*map(np.array, along))
            to: tuple[Any, ...] = (slice(None), *phase, slice(None), slice(None), *places)
            chosen: tuple[Any, ...] = (slice(None), slice(None), slice(None), *taps)
            phases[to] += grouped[chosen]
        return phases.reshape(self.plain.weight_shape)

    def bias(self, bias: Array) -> Array:
        """That of the plain layer, from (K,)."""
        grouped = bias.reshape(self.layer.groups, 1, -1)
        return grouped.repeat(prod(self._strides), axis=1).reshape(-1)

    def interleave(self, outputs: Array, y: Array) -> None:
        """Write the outputs of the plain layer into y, each phase to its places."""
        layer, strides, dimension = self.layer, self._strides, self.layer.dimension
        is_last = layer.layout == "NHWC"
        first = np.moveaxis(outputs, -1, 1) if is_last else outputs
        places = tuple(-(-axis.output_size // axis.stride) for axis in layer.axes)
        used = first[(slice(None), slice(None), *(slice(0, number) for number in places))]
        filters = layer.filters // layer.groups
        phases = used.reshape(layer.batch, layer.groups, *strides, filters, *places)
        # (N, groups, *strides, K/groups, *places) -> (N, groups, K/groups, place, phase, place, phase, ...)
        along = [axis for i in range(dimension) for axis in (3 + dimension + i, 2 + i)]
        ordered = phases.transpose(0, 1, 2 + dimension, *along)
        if is_last:
            ordered = np.moveaxis(ordered, (1, 2), (-2, -1))
        sizes = tuple(number * stride for number, stride in zip(places, strides, strict=True))
        whole = (
            ordered.reshape(layer.batch, *sizes, layer.filters)
            if is_last
            else ordered.reshape(layer.batch, layer.filters, *sizes)
        )
        inside = tuple(slice(0, size) for size in layer.output_size)
        y[...] = whole[(slice(None), *inside)] if is_last else whole[(slice(None), slice(None), *inside)]


def _span(axis: Axis) -> tuple[int, int]:
    """The first input that any phase reads, at most 0, and how many taps reach from there to the last."""
    along: tuple[Piece, ...] = pieces(axis)
    first = min([0, *(piece.x.start for piece in along)])
    return first, max([1, *(piece.x.start + len(piece.w) - first for piece in along)])
