"""A transposed layer as one plain layer, against its sum of parts in whole numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook import direct
from wincook.errors import ShapeError
from wincook.layers import Layout, Phases, apply, has_phases, reduce
from wincook.layers.reduction import filters_first


@given(st.data(), st.sampled_from(["NCHW", "NHWC"]), st.integers(1, 2), st.integers(1, 3))
def test_phases_interleave_to_the_layer(draws: st.DataObject, layout: Layout, dimension: int, groups: int) -> None:
    def along(least: int, most: int) -> tuple[int, ...]:
        return tuple(draws.draw(st.lists(st.integers(least, most), min_size=dimension, max_size=dimension)))

    dilation = along(1, 2)
    stride = tuple(step * times for step, times in zip(dilation, along(1, 3), strict=True))
    kernel = along(1, 7)
    padding = tuple(
        (draws.draw(st.integers(0, (apart * (taps - 1)) // 2)), 0) for apart, taps in zip(dilation, kernel, strict=True)
    )
    steps: dict[str, Any] = {"stride": stride, "dilation": dilation, "groups": groups}
    layer = wc.Layer(2 * groups, 3 * groups, along(1, 7), kernel, padding, 2, layout, transposed=True, **steps)
    assert has_phases(layer)
    phases = Phases(layer)
    rng = np.random.default_rng(0)
    x, weights = rng.integers(-9, 9, layer.input_shape), rng.integers(-9, 9, layer.weight_shape)
    first = np.moveaxis(x, -1, 1) if layout == "NHWC" else x
    of_phases = phases.weights(filters_first(weights, layer))
    outputs = direct.convolve(first, of_phases, phases.plain.pads, groups=groups)
    y = np.full(layer.output_shape, 10**9)
    phases.interleave(np.moveaxis(outputs, 1, -1) if layout == "NHWC" else outputs, y)
    np.testing.assert_array_equal(y, apply(reduce(layer), x, weights))


def test_the_bias_is_that_of_each_phase() -> None:
    phases = Phases(wc.Layer(2, 4, (5,), (3,), stride=2, groups=2, transposed=True))
    assert phases.bias(np.array([1, 2, 3, 4])).tolist() == [1, 2, 1, 2, 3, 4, 3, 4]


@pytest.mark.parametrize(
    "layer",
    [wc.Layer(2, 4, (5,), (3,), stride=2), wc.Layer(2, 4, (5,), (3,), stride=2, dilation=3, transposed=True)],
    ids=str,
)
def test_other_layers_have_no_phases(layer: wc.Layer, golden: Golden) -> None:
    assert not has_phases(layer)
    with golden.raises(ShapeError, match="phases"):
        Phases(layer)
