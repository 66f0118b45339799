"""Guarded calls of shallow kernels: `-m tests.kernels.guarded_shallow TARGET LAYOUT LAYERS FOLDER` counts them.

As guarded.py, whose walls these are; rows of tiles, or filters, fill vectors, or nearly so.
"""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

import wincook as wc
from tests.kernels.guarded import call_with_epilogue, emitted, filled, walled
from wincook import direct

TILES = ("F(4x4,3x3)", "F(2x3,5x1)", "F(4x3,3x3)/2x1")


def random_layer(tile: wc.Tile, layout: Any, lanes: int, rng: np.random.Generator) -> wc.Layer:
    """Sizes around the edges of tiles and vectors, and paddings up to the filter."""
    pads = tuple((int(rng.integers(0, taps + 1)), int(rng.integers(0, taps + 1))) for taps in tile.taps)
    vectors = int(rng.integers(1, 3))
    across, filters = vectors * lanes - int(rng.integers(0, vectors * lanes // 4 + 1)), int(rng.integers(1, 10))
    if layout == "NHWC":
        across, filters = filters, across
    outputs = (int(rng.integers(1, 10)), across * tile.outputs[1] - int(rng.integers(0, tile.outputs[1])))
    spans = (stride * (size - 1) + taps for stride, size, taps in zip(tile.strides, outputs, tile.taps, strict=True))
    size = tuple(max(1, span - sum(pad)) for span, pad in zip(spans, pads, strict=True))
    batch, channels = (int(rng.integers(1, most + 1)) for most in (2, 4))
    return wc.Layer(channels, filters, size, tile.taps, pads, batch, layout, stride=tile.strides)


def main(target: str, layout: str, layers: int, folder: Path) -> int:
    rng, calls = np.random.default_rng(2026), 0
    for number in range(layers):
        algorithm = wc.algorithm(TILES[number % len(TILES)])
        layer = random_layer(algorithm.tile, layout, wc.kernels.Target.of(target).isa.lanes, rng)
        kernels = [wc.compile(layer, algorithm, threads=threads, target=target) for threads in (1, 2)]
        assert kernels[0].plan.plans[0].family == "shallow", layer
        module = emitted(kernels[0], folder)
        for side in ("start", "end"):
            for either in (kernels[0].modules[0], module):
                vars(either)["aligned"] = partial(walled, side=side)
            x, weights, bias, y = (
                filled(shape, side, rng)
                for shape in (layer.input_shape, layer.weight_shape, (layer.filters,), layer.output_shape)
            )
            first = np.moveaxis(x, -1, 1) if layout == "NHWC" else x
            exact = direct.convolve(first.astype(float), weights.astype(float), layer.pads, stride=layer.strides)
            exact += bias[:, None, None]
            results = [module.convolve(x, module.pack(weights, bias), layer.pads, threads) for threads in (1, 2)]
            for kernel in kernels:
                kernel._kernels[0]._workspaces.clear()
                packed = kernel.pack(weights, bias)
                y[:] = np.nan
                kernel(x, packed, out=y)
                results += [y.copy(), kernel(x, packed)]
            for result in results:
                y_first = np.moveaxis(result, -1, 1) if layout == "NHWC" else result
                np.testing.assert_allclose(y_first, exact, rtol=0, atol=2e-3)
            calls += len(results) + call_with_epilogue(layer, algorithm, target, side, (x, weights, bias), exact, rng)
    return calls


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))))
