"""What the padding holds: as numpy pads, in the oracle, in reductions and in the simulation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook import direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.errors import NotationError, ShapeError
from wincook.kernels.run.layer_call import pad_into
from wincook.layers import apply, reduce

PADS = ((2, 1), (0, 3))
MODES: dict[str, Any] = {"reflect": "reflect", "replicate": "edge"}


def integers(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(1).integers(-9, 9, shape)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("more", [{}, {"stride": 2}, {"dilation": 2}, {"groups": 2}], ids=str)
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_parts_and_oracle_agree_with_padding_before(mode: Any, more: dict[str, Any], layout: Any) -> None:
    layer = wc.Layer(4, 2, (7, 6), (3, 2), PADS, 2, layout, padding_mode=mode, **more)
    x, weights = integers(layer.input_shape), integers(layer.weight_shape)
    first = np.moveaxis(x, -1, 1) if layout == "NHWC" else x
    steps = {name: (value, value) if name != "groups" else value for name, value in more.items()}
    oracle: Any = direct.convolve
    padded = np.pad(first, ((0, 0), (0, 0), *PADS), MODES[mode])
    expected = oracle(padded, weights, **steps)
    np.testing.assert_array_equal(oracle(first, weights, PADS, padding_mode=mode, **steps), expected)
    y = apply(reduce(layer), x, weights)
    np.testing.assert_array_equal(np.moveaxis(y, -1, 1) if layout == "NHWC" else y, expected)


@pytest.mark.parametrize("mode", ["zeros", *MODES])
def test_images_are_padded_as_numpy_pads(mode: Any) -> None:
    image = integers((2, 3, 4, 5)).astype(np.float32)
    target = np.full((2, 3, 7, 8), np.nan, np.float32)
    pad_into(target, image, PADS, mode)
    np.testing.assert_array_equal(target, np.pad(image, ((0, 0), (0, 0), *PADS), MODES.get(mode, "constant")))


def test_the_simulation_pads_before() -> None:
    layer = wc.Layer(2, 3, (5, 6), (3, 3), PADS, padding_mode="reflect")
    x, weights = integers(layer.input_shape), integers(layer.weight_shape)
    padded = np.pad(x, ((0, 0), (0, 0), *PADS), "reflect")
    expected = simulate("F(2x2,3x3)", layer=layer.unpadded, x=padded, weights=weights)
    np.testing.assert_array_equal(simulate("F(2x2,3x3)", layer=layer, x=x, weights=weights), expected)


def test_a_padding_of_nothing_has_no_mode() -> None:
    assert wc.Layer(2, 3, (5, 6), (3, 3), padding_mode="reflect") == wc.Layer(2, 3, (5, 6), (3, 3))
    layer = wc.Layer(2, 3, (5, 6), (3, 3), 1, padding_mode="replicate")
    assert str(layer).endswith("replicate padding")
    assert (layer.unpadded.size, layer.unpadded.output_size) == ((7, 8), layer.output_size)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"padding_mode": "circular"}, NotationError),
        ({"padding_mode": "reflect", "padding": ((0, 0), (0, 6))}, ShapeError),
        ({"padding_mode": "replicate", "transposed": True}, ShapeError),
    ],
    ids=str,
)
def test_modes_that_do_not_fit_are_refused(arguments: dict[str, Any], error: Any, golden: Golden) -> None:
    with golden.raises(error):
        wc.Layer(2, 2, (5, 6), (3, 3), **{"padding": 1} | arguments)


def test_the_oracle_refuses_them_too() -> None:
    x, weights = np.ones((1, 1, 3, 3)), np.ones((1, 1, 3, 3))
    with pytest.raises(ShapeError, match="cannot reflect"):
        direct.convolve(x, weights, ((3, 0), (0, 0)), padding_mode="reflect")
    with pytest.raises(NotationError, match="padding_mode"):
        direct.convolve(x, weights, padding_mode="same")
