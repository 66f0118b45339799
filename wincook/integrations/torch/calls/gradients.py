"""A layer and its gradients by the matrices of F(m,r), in the arithmetic of numpy.

A convolution is linear in x and in the weights, and so one trilinear form on tiles d, filters g and gradients of
outputs e,

    Σ_p (G g)_p (BT d)_p (A e)_p,

has them all: its derivative by e is y, that by d the gradient of x, that by g the gradient of the weights (Nussbaumer,
*Fast Fourier Transform and Convolution Algorithms*, section 3.2; Lavin and Gray, arXiv 1509.09308, section 4). Strides,
dilation and groups are what they are in `wincook.layers.reduce`: views of the arrays.

Kernels compute float32 faster; float64, and gradients of weights, are computed here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wincook.arrays import Array
from wincook.construct import algorithm
from wincook.layers import Layer, Part, reduce, split
from wincook.layers.reduction import padded_input
from wincook.tile import Tile

_OUTPUTS = 4  # m of the tiles along axes with several taps
_LETTERS = "abcd"


@dataclass(frozen=True, slots=True, eq=False)
class _Matrices:
    """AT, G and BT of one axis, as floats."""

    AT: Array
    G: Array
    BT: Array


@cache
def _matrices(taps: int, kind: np.dtype[np.floating]) -> _Matrices:
    if taps == 1:
        return _Matrices(*(np.ones((1, 1), kind) for _ in range(3)))
    transforms = algorithm(Tile((_OUTPUTS,), (taps,))).axes[0]
    AT, G, BT = (np.array(matrix.tolist(), kind) for matrix in (transforms.AT, transforms.G, transforms.BT))
    return _Matrices(AT, G, BT)


class _Tiles:
    """A plain layer cut into tiles: its arrays, transformed to (products, rows, columns), and back."""

    def __init__(self, layer: Layer, kind: np.dtype[np.floating]) -> None:
        self._layer, self._axes = layer, [_matrices(taps, kind) for taps in layer.kernel]
        self._outputs = tuple(len(axis.AT) for axis in self._axes)
        self._inputs = tuple(len(axis.BT) for axis in self._axes)
        self._numbers = tuple(-(-size // m) for size, m in zip(layer.output_size, self._outputs, strict=True))

    def filters(self, weights: Array) -> Array:
        """G g: (K, C, *r) -> (products, K, C)."""
        transformed = self._each_axis(weights, [axis.G for axis in self._axes])
        return np.moveaxis(transformed.reshape(*weights.shape[:2], -1), -1, 0)

    def filters_back(self, products: Array) -> Array:
        """GT applied to (products, K, C): (K, C, *r)."""
        first = np.moveaxis(products, 0, -1)
        return self._each_axis(first.reshape(*first.shape[:2], *self._inputs), [axis.G.T for axis in self._axes])

    def images(self, x: Array) -> Array:
        """BT d: (N, C, *size) -> (products, C, N tiles)."""
        needed = [
            (0, (number - 1) * m + n - size)
            for number, m, n, size in zip(self._numbers, self._outputs, self._inputs, x.shape[2:], strict=True)
        ]
        padded = np.pad(x, [(0, 0), (0, 0), *needed])
        axes = tuple(range(2, x.ndim))
        steps = tuple(slice(None, None, m) for m in self._outputs)
        windows = sliding_window_view(padded, self._inputs, axes)[(slice(None), slice(None), *steps)]
        return self._columns(windows, [axis.BT for axis in self._axes])

    def images_back(self, products: Array) -> Array:
        """B applied to (products, C, N tiles), and tiles added up where they overlap: (N, C, *size)."""
        layer = self._layer
        tiles = self._each_axis(self._tiles(products), [axis.BT.T for axis in self._axes])
        whole = [(number - 1) * m + n for number, m, n in zip(self._numbers, self._outputs, self._inputs, strict=True)]
        x = np.zeros((layer.batch, layer.channels, *whole), products.dtype)
        for place in np.ndindex(*self._inputs):
            where = tuple(
                slice(first, first + number * m, m)
                for first, number, m in zip(place, self._numbers, self._outputs, strict=True)
            )
            x[(slice(None), slice(None), *where)] += tiles[(..., *place)]
        return x[(slice(None), slice(None), *map(slice, layer.size))]

    def outputs(self, y: Array) -> Array:
        """A e: (N, K, *out) -> (products, K, N tiles)."""
        needed = [
            (0, number * m - size) for number, m, size in zip(self._numbers, self._outputs, y.shape[2:], strict=True)
        ]
        padded = np.pad(y, [(0, 0), (0, 0), *needed])
        pairs = [pair for split_axis in zip(self._numbers, self._outputs, strict=True) for pair in split_axis]
        order = (0, 1, *range(2, 2 + len(pairs), 2), *range(3, 3 + len(pairs), 2))
        tiles = padded.reshape(*y.shape[:2], *pairs).transpose(order)
        return self._columns(tiles, [axis.AT.T for axis in self._axes])

    def outputs_back(self, products: Array) -> Array:
        """AT applied to (products, K, N tiles): (N, K, *out)."""
        tiles = self._each_axis(self._tiles(products), [axis.AT for axis in self._axes])
        dimension = len(self._axes)
        order = (0, 1, *(place for axis in range(dimension) for place in (2 + axis, 2 + dimension + axis)))
        whole = (number * m for number, m in zip(self._numbers, self._outputs, strict=True))
        y = tiles.transpose(order).reshape(*tiles.shape[:2], *whole)
        return y[(slice(None), slice(None), *map(slice, self._layer.output_size))]

    def _columns(self, tiles: Array, matrices: list[Array]) -> Array:
        """(N, rows, *tiles, *places) -> (products, rows, N tiles), each axis of the places transformed."""
        transformed = self._each_axis(tiles, matrices)
        batch, rows = tiles.shape[:2]
        number, products = prod(self._numbers), prod(self._inputs)
        flat = transformed.reshape(batch, rows, number, products)
        return flat.transpose(3, 1, 0, 2).reshape(products, rows, batch * number)

    def _tiles(self, products: Array) -> Array:
        """(products, rows, N tiles) -> (N, rows, *tiles, *products along each axis)."""
        number, rows = products.shape[:2]
        apart = products.reshape(number, rows, self._layer.batch, prod(self._numbers)).transpose(2, 1, 3, 0)
        return apart.reshape(self._layer.batch, rows, *self._numbers, *self._inputs)

    @staticmethod
    def _each_axis(tiles: Array, matrices: list[Array]) -> Array:
        """One matrix applied along each of the last axes."""
        letters = _LETTERS[: len(matrices)]
        operands = ",".join(f"{letter.upper()}{letter}" for letter in letters)
        transformed: Array = np.einsum(
            f"{operands},...{letters}->...{letters.upper()}", *matrices, tiles, optimize=True
        )
        return transformed


def convolution(layer: Layer, x: Array, weights: Array) -> Array:
    """y, (N, K, *out), of x (N, C, *size) and weights (K, C/groups, *kernel), all in one floating-point type."""
    y = np.zeros((layer.batch, layer.filters, *layer.output_size), x.dtype)
    padding, parts = _parts(layer, x.dtype)
    padded = padded_input(x, layer, padding)
    for part, tiles in parts:
        products = tiles.filters(part.taps(weights)) @ tiles.images(part.image(padded))
        part.add(y, tiles.outputs_back(products))
    return y


def input_gradient(layer: Layer, y: Array, weights: Array) -> Array:
    """The gradient of x, (N, C, *size), of that of y (N, K, *out), and of weights (K, C/groups, *kernel)."""
    padding, parts = _parts(layer, y.dtype)
    padded_size = (before + size + after for size, (before, after) in zip(layer.size, padding, strict=True))
    padded = np.zeros((layer.batch, layer.channels, *padded_size), y.dtype)
    for part, tiles in parts:
        products = tiles.filters(part.taps(weights)).swapaxes(1, 2) @ tiles.outputs(y[part.y])
        padded[part.x] += tiles.images_back(products)
    inside = (slice(before, before + size) for size, (before, _) in zip(layer.size, padding, strict=True))
    return padded[(slice(None), slice(None), *inside)]


def weight_gradient(layer: Layer, y: Array, x: Array) -> Array:
    """The gradient of the weights, (K, C/groups, *kernel), of that of y (N, K, *out), and of x (N, C, *size)."""
    padding, parts = _parts(layer, x.dtype)
    padded = padded_input(x, layer, padding)
    gradient = np.zeros(layer.weight_shape, x.dtype)
    for part, tiles in parts:
        products = tiles.outputs(y[part.y]) @ tiles.images(part.image(padded)).swapaxes(1, 2)
        gradient[part.w] += tiles.filters_back(products)
    return gradient


def _parts(
    layer: Layer, kind: np.dtype[np.floating]
) -> tuple[tuple[tuple[int, int], ...], Iterator[tuple[Part, _Tiles]]]:
    """The padding of x, and the plain layers that a layer of its own axes consists of."""
    reduction = split(reduce(layer), _OUTPUTS)
    return reduction.padding, ((part, _Tiles(part.layer, kind)) for part in reduction.parts)
