"""A layer's images as tiles that F(m,r) transforms, and its outputs put together again."""

from __future__ import annotations

from math import prod

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from wincook.arrays import Array
from wincook.layers.layer import Layer
from wincook.layers.reduction import padded_input
from wincook.tile import Tile


def tiles_of(x: Array, layer: Layer, tile: Tile) -> Array:
    """All tiles of all images, padded as the layer pads, zeros where they overhang: shape (tiles, C, n_1, ...).

    There may be any number of images x, in the layout of the layer, which is dense, with the kernel and the strides of
    the tile. A tile of one output has windows of the kernel for its tiles.
    """
    pads = layer.pads
    if layer.padding_mode == "zeros":
        image = padded_input(x, layer, ((0, 0),) * layer.dimension)
    else:
        image, pads = padded_input(x, layer, pads), ((0, 0),) * layer.dimension
    counts = _counts(layer, tile)
    padding = [
        (before, (count - 1) * step + n - size - before)
        for (before, _), count, step, n, size in zip(
            pads, counts, tile.steps, tile.inputs, image.shape[2:], strict=True
        )
    ]
    # A tile need not reach the end of a generous padding, so cut before padding.
    padded = np.pad(image, ((0, 0), (0, 0), *((before, max(0, after)) for before, after in padding)))
    axes = tuple(range(2, image.ndim))
    windows = sliding_window_view(padded, tile.inputs, axis=axes)
    starts = tuple(slice(0, count * step, step) for count, step in zip(counts, tile.steps, strict=True))
    chosen = np.moveaxis(windows[(slice(None), slice(None), *starts)], 1, 1 + len(axes))
    return chosen.reshape(len(image) * prod(counts), image.shape[1], *tile.inputs)


def untiled(y: Array, layer: Layer, tile: Tile) -> Array:
    """Tiles (tiles, K, m_1, ...) put together and cut to the output: shape (N, K, *out)."""
    counts, axes = _counts(layer, tile), layer.dimension
    grid = y.reshape(-1, *counts, y.shape[1], *tile.outputs)
    order = [0, 1 + axes] + [place for axis in range(axes) for place in (1 + axis, 2 + axes + axis)]
    sizes = (count * m for count, m in zip(counts, tile.outputs, strict=True))
    whole = grid.transpose(order).reshape(len(grid), y.shape[1], *sizes)
    return whole[(slice(None), slice(None), *(slice(0, size) for size in layer.output_size))]


def _counts(layer: Layer, tile: Tile) -> tuple[int, ...]:
    """Tiles along each axis, the last of which may overhang."""
    return tuple(-(-size // m) for size, m in zip(layer.output_size, tile.outputs, strict=True))
