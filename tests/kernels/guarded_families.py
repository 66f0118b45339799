"""Guarded calls of direct and depthwise kernels: `-m tests.kernels.guarded_families TARGET LAYOUT LAYERS` counts them.

As guarded.py, whose walls these are; the layers have strides, dilation and groups.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

import wincook as wc
from tests.kernels.guarded import filled, walled
from wincook import direct
from wincook.epilogue import Epilogue
from wincook.epilogue.epilogue import SIDE
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.errors import ShapeError

EPILOGUE = Epilogue(residual=True, pool="max")
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


def call_with_epilogue(
    layer: wc.Layer, family: str, target: str, side: str, given: tuple[NDArray[np.float32], ...]
) -> None:
    """A call with a residual and pooling between walls, if the layer can be pooled; its bits are those of numpy."""
    x, weights, bias = given
    if min(layer.output_size) < SIDE:
        return
    kernel = wc.compile(layer, family, threads=1, target=target, epilogue=EPILOGUE)
    alone = wc.compile(layer, family, threads=1, target=target)
    vars(kernel.modules[0])["aligned"] = partial(walled, side=side)
    rng = np.random.default_rng(1)
    y, residual = filled(kernel.plan.output_shape, side, rng), filled(layer.output_shape, side, rng)
    kernel(x, kernel.pack(weights, bias), y, residual=residual)
    first = [
        np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array
        for array in (y, residual, alone(x, alone.pack(weights, bias)))
    ]
    np.testing.assert_array_equal(first[0], finish(EPILOGUE, first[2], Operands(residual=first[1])))


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
                    call_with_epilogue(layer, family, target, side, (x, weights, bias))
                    y[:] = np.nan
                    kernel(x, packed, out=y)
                    for result in (y, kernel(x, packed)):
                        y_first = np.moveaxis(result, -1, 1) if layout == "NHWC" else result
                        np.testing.assert_allclose(y_first, exact, rtol=0, atol=2e-4)
                        calls += 1
    return calls


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
