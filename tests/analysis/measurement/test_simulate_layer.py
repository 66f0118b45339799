from __future__ import annotations

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.direct import convolve
from wincook.errors import ShapeError


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("padding", [0, 2, ((0, 3), (5, 1))])
def test_a_layer_in_float64_is_a_convolution(layout: str, padding: object) -> None:
    layer = wc.Layer(2, 3, (7, 6), (3, 2), padding, 2, layout)  # type: ignore[arg-type]
    rng = np.random.default_rng(0)
    x, weights, bias = rng.normal(size=layer.input_shape), rng.normal(size=layer.weight_shape), rng.normal(size=3)
    y = simulate(wc.algorithm("F(3x4,3x2)"), "float64", layer=layer, x=x, weights=weights, bias=bias)
    first = x if layout == "NCHW" else np.moveaxis(x, -1, 1)
    expected = convolve(first, weights, layer.pads) + bias[:, None, None]
    np.testing.assert_allclose(y if layout == "NCHW" else np.moveaxis(y, -1, 1), expected, atol=1e-12)
    assert y.shape == layer.output_shape


def test_shapes_that_do_not_fit_are_named(golden: Golden) -> None:
    layer = wc.Layer(2, 3, (7, 6), (3, 3))
    with golden.raises(ShapeError, match=r"\(1.*2.*7.*6\)"):
        simulate(
            wc.algorithm("F(2x2,3x3)"), "float32", layer=layer, x=np.ones((1, 2, 6, 7)), weights=np.ones((3, 2, 3, 3))
        )


def test_a_layer_that_is_not_plain_is_named(golden: Golden) -> None:
    layer = wc.Layer(2, 3, (7, 6), (3, 3), dilation=2)
    with golden.raises(ShapeError, match="2x2"):
        simulate(
            wc.algorithm("F(2x2,3x3)"), "float32", layer=layer, x=np.ones((1, 2, 7, 6)), weights=np.ones((3, 2, 3, 3))
        )
