"""Guarded calls of direct and depthwise kernels: `-m tests.kernels.guarded_families TARGET LAYOUT LAYERS` counts them.

As guarded.py, whose walls these are; the layers have strides, dilation and groups.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np

import wincook as wc
from tests.kernels.guarded import filled, walled
from wincook import direct
from wincook.errors import ShapeError

WHOLE = 1  # of each four layers: as many filters as channels, in whole vectors
STEPS: tuple[dict[str, Any], ...] = (
    {"kernel": (3, 3), "stride": 1, "dilation": 1},
    {"kernel": (2, 5), "stride": (2, 2), "dilation": (1, 2)},
    {"kernel": (1, 4), "stride": (1, 3), "dilation": (1, 1)},
)


def random_layer(number: int, family: str, layout: Any, rng: np.random.Generator) -> wc.Layer:
    """Sizes around the edges of vectors, and paddings larger than the filter."""
    steps = STEPS[number % len(STEPS)]
    narrow = number % 2 == 0
    groups = int(rng.integers(1, 37 if family == "depthwise" or narrow else 4))
    channels, filters = map(int, rng.integers(1, 9 if narrow else 40, 2))
    if family == "depthwise":
        channels, filters = 1, int(rng.integers(1, 3))
        if number % 4 == WHOLE:
            groups, filters = 16 * int(rng.integers(1, 3)), 1
    while True:
        padding = tuple(map(tuple, rng.integers(0, 7, (2, 2)).tolist()))
        size = tuple(rng.integers(1, 40, 2).tolist())
        batch = 1 + number % 2
        try:
            return wc.Layer(
                channels * groups,
                filters * groups,
                size,
                padding=padding,
                batch=batch,
                layout=layout,
                groups=groups,
                **steps,
            )
        except ShapeError:  # the filter is larger than the image
            continue


def main(target: str, layout: str, layers: int) -> int:
    rng, calls = np.random.default_rng(2026), 0
    for number in range(layers):
        for family in ("direct", "depthwise"):
            layer = random_layer(number, family, layout, rng)
            for side in ("start", "end"):
                x, weights, bias, y = (
                    filled(shape, side, rng)
                    for shape in (layer.input_shape, layer.weight_shape, (layer.filters,), layer.output_shape)
                )
                first = np.moveaxis(x, -1, 1) if layout == "NHWC" else x
                axes = layer.axes
                exact = direct.convolve(
                    first.astype(float),
                    weights.astype(float),
                    layer.pads,
                    stride=[axis.stride for axis in axes],
                    dilation=[axis.dilation for axis in axes],
                    groups=layer.groups,
                )
                exact += bias[:, None, None]
                for threads in (1, 2):
                    kernel = wc.compile(layer, family, threads=threads, target=target)
                    vars(kernel.modules[0])["aligned"] = partial(walled, side=side)
                    kernel._kernels[0]._workspaces.clear()
                    packed = kernel.pack(weights, bias)
                    y[:] = np.nan
                    kernel(x, packed, out=y)
                    for result in (y, kernel(x, packed)):
                        y_first = np.moveaxis(result, -1, 1) if layout == "NHWC" else result
                        np.testing.assert_allclose(y_first, exact, rtol=0, atol=2e-4)
                        calls += 1
    return calls


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
