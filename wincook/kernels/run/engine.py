"""The compiled kernel as an engine of measurement: each tile is an image of its own, with a filter of its own.

A kernel convolves every image with every filter. So a batch of B tiles with B filters gives B² outputs, of which the
diagonal is wanted; the kernel computes whole vectors of filters anyway.
"""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array, real_array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import algorithm_of
from wincook.errors import ShapeError
from wincook.kernels.compile import compile as compile_kernel
from wincook.kernels.target import Target
from wincook.layers import Layer

_BATCH = 32


class KernelEngine:
    """Computes tiles by machine code, for one number of channels."""

    def __init__(self, algorithm: BilinearAlgorithm, channels: int, target: Target | str | None = None) -> None:
        """Compile.

        Raises:
            ShapeError: the algorithm has more than two axes: there is no kernel for it; channels below 1.
            NotationError: no algorithm.
            TargetError: an instruction set that this machine does not have.
        """
        algorithm = algorithm_of(algorithm)
        tile = algorithm.tile
        layer = Layer(channels, _BATCH, tile.inputs, tile.taps, batch=_BATCH, stride=tile.strides)
        self._kernel = compile_kernel(layer, algorithm, threads=1, target=target)

    def __call__(self, d: Array, g: Array) -> Array:
        """Y of shape (tiles, m_1, m_2), of inputs (tiles, C, n_1, n_2) and filters (tiles, C, r_1, r_2).

        Raises:
            ShapeError: other shapes.
            DataError: no real numbers, or filters that are not finite.
        """
        layer, d, g = self._kernel.plan.layer, real_array("d", d), real_array("g", g)
        if d.shape[1:] != layer.input_shape[1:] or g.shape != (*d.shape[:1], *layer.weight_shape[1:]):
            raise ShapeError(
                f"d {d.shape} and g {g.shape} must be (tiles, *{layer.input_shape[1:]}) and (tiles, "
                f"*{layer.weight_shape[1:]})"
            )
        y = np.empty((len(d), *layer.output_size), np.float32)
        for start in range(0, len(d), _BATCH):
            batch = slice(start, start + _BATCH)
            y[batch] = self._batch(d[batch], g[batch])
        return y

    def _batch(self, d: Array, g: Array) -> Array:
        kernel, tiles = self._kernel, len(d)
        x, weights = (np.zeros((_BATCH, *part.shape[1:]), np.float32) for part in (d, g))
        x[:tiles], weights[:tiles] = d, g
        y = kernel(x, kernel.pack(weights))
        return y[np.arange(tiles), np.arange(tiles)]
