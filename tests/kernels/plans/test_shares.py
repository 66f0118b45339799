"""Layers of several parts: what is written at once, what is added, and what is neither copied nor touched."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.near import near
from wincook.kernels.plans.shares import beginnings
from wincook.layers import apply, reduce

# Of each: a layer, a tile, and which parts begin.
LAYERS: dict[str, tuple[wc.Layer, str, tuple[bool, ...]]] = {
    "3-D": (wc.Layer(5, 6, (4, 7, 6), (3, 3, 3), 1), "F(2x2,3x3)", (True, False, False)),
    "3-D batch, whose shares have no place of their own": (
        wc.Layer(5, 6, (4, 7, 6), (3, 3, 3), 1, batch=2),
        "F(2x2,3x3)",
        (True, False, False),
    ),
    "dilated": (wc.Layer(5, 6, (9, 7), (3, 3), 2, dilation=2), "F(2x2,3x3)", (True,) * 4),
    "dilated, channels last": (wc.Layer(5, 6, (9, 7), (3, 3), 2, dilation=2, layout="NHWC"), "F(2x2,3x3)", (True,) * 4),
    "groups": (wc.Layer(6, 4, (9, 7), (3, 3), 1, groups=2), "F(2x2,3x3)", (True, True)),
    "with places that no part writes": (
        wc.Layer(5, 6, (4, 5), (3, 3), stride=4, transposed=True),
        "F(2x2,1x1)",
        (False,) * 9,
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
def test_shares_make_the_layer_and_touch_nothing_around_it(name: str) -> None:
    layer, tile, begins = LAYERS[name]
    rng = np.random.default_rng(0)
    x, weights, bias = (
        rng.uniform(-1, 1, shape).astype(np.float32)
        for shape in (layer.input_shape, layer.weight_shape, (layer.filters,))
    )
    kernel = wc.compile(layer, tile, threads=1, target="generic")
    assert beginnings(kernel.plan.reduction) == begins
    around = np.full([size + 2 for size in layer.output_shape], 7, np.float32)
    inside: Any = (slice(1, -1),) * around.ndim
    given = x.copy()
    kernel(x, kernel.pack(weights, bias), around[inside], workspace=kernel.workspace())
    np.testing.assert_array_equal(x, given)
    exact = apply(reduce(layer), x.astype(float), weights.astype(float))
    exact += bias if layer.layout == "NHWC" else bias.reshape(-1, *(1,) * layer.dimension)
    np.testing.assert_allclose(around[inside], exact, rtol=0, atol=2e-5)
    around[inside] = 7
    assert around.min() == around.max() == near(7)
