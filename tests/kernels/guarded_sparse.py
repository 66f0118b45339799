"""Guarded calls of sparse kernels: `-m tests.kernels.guarded_sparse TARGET LAYOUT LAYERS` counts them.

As guarded.py, whose walls these are; U, with its lists, stands between them, too.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import numpy as np

import wincook as wc
from tests.kernels.guarded import filled, random_layer, walled
from wincook.sparse import Mask

ALGORITHM = wc.algorithm("F(2x2,3x3)")


def main(target: str, layout: Any, layers: int) -> int:
    rng, calls = np.random.default_rng(2026), 0
    for number in range(layers):
        layer = random_layer(number, ALGORITHM.tile, layout, wc.kernels.Target.of(target).isa.lanes, rng)
        kept = rng.random((16, -(-layer.filters // 32), layer.channels)) < number / layers
        mask = Mask.of(ALGORITHM, kept, filters=layer.filters, channels=layer.channels)
        kernel = wc.compile(layer, ALGORITHM, threads=1 + number % 2, target=target, sparse=True)
        names = vars(kernel.modules[0])
        unguarded = names["aligned"]
        shapes = layer.input_shape, layer.weight_shape, (layer.filters,), layer.output_shape
        for side in ("start", "end"):
            x, weights, bias, y = (filled(shape, side, rng) for shape in shapes)
            expected = kernel(x, kernel.pack(weights, bias, mask=mask))
            names["aligned"] = partial(walled, side=side)
            packed = kernel.pack(weights, bias, mask=mask)
            workspace = walled(kernel.plan.workspace_bytes // 4, side).view(np.uint8)
            kernel(x, packed, out=y, workspace=workspace)
            names["aligned"] = unguarded
            np.testing.assert_array_equal(y, expected)
            calls += 1
    return calls


if __name__ == "__main__":
    sys.stdout.write(str(main(sys.argv[1], sys.argv[2], int(sys.argv[3]))))
