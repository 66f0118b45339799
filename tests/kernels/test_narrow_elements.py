"""Depthwise and shallow kernels with narrow x and y: the bits of float32 kernels, between rounded arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.epilogue import Epilogue
from wincook.epilogue.epilogue import NOTHING
from wincook.kernels import Target
from wincook.layers import Layout
from wincook.program.bfloat16 import put_elements

FULL = Epilogue("relu6", scale=True, residual=True)


@dataclass(frozen=True, slots=True)
class Code:
    """What generated code knows: few codes, many sizes."""

    layout: Layout
    x: str
    y: str
    kernel: tuple[int, int] = (3, 3)
    stride: int = 1
    algorithm: str = "depthwise"
    epilogue: Epilogue = NOTHING
    whole: bool = False  # vectors of channels, which are read where they lie


CODES = {
    "planes": Code("NCHW", "bfloat16", "bfloat16", epilogue=FULL),
    "planes, every second": Code("NCHW", "float16", "bfloat16", stride=2),
    "planes, every third": Code("NCHW", "bfloat16", "float16", (5, 3), stride=3),
    "pixels": Code("NHWC", "bfloat16", "bfloat16", epilogue=FULL, whole=True),
    "pixels in strips": Code("NHWC", "bfloat16", "float32", (7, 7), epilogue=Epilogue("relu", pool="max")),
    "shallow": Code("NCHW", "bfloat16", "float32", algorithm="F(4x4,3x3)"),
}
AT_NIGHT = {"planes, every third", "pixels in strips"}


@st.composite
def layers(draw: st.DrawFn, code: Code) -> wc.Layer:
    """Small layers, with sizes around those of vectors."""
    size = (draw(st.integers(5, 12)), draw(st.integers(8, 40)))
    padding, batch = (draw(st.integers(0, 2)), draw(st.integers(0, 2))), draw(st.integers(1, 2))
    if code.algorithm != "depthwise":
        size = (size[0] + 20, size[1] + 8)
        return wc.Layer(
            draw(st.integers(1, 4)), draw(st.integers(1, 20)), size, code.kernel, padding, batch, code.layout
        )
    channels = 8 * draw(st.integers(1, 3)) if code.whole else draw(st.integers(1, 21))
    filters = channels if code.whole else channels * draw(st.integers(1, 2))
    steps: dict[str, Any] = {"groups": channels, "stride": code.stride}
    return wc.Layer(channels, filters, size, code.kernel, (*padding,), batch, code.layout, **steps)


def check(code: Code, layer: wc.Layer, threads: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    given: dict[str, Any] = {"threads": threads, "target": "generic", "epilogue": code.epilogue}
    kernel = wc.compile(layer, code.algorithm, input_format=code.x, output_format=code.y, **given)
    single = kernel.plan.plans[0]
    assert (single.input_format, single.output_format) == (code.x, code.y)
    x = rng.standard_normal(layer.input_shape).astype(code.x)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    bias, scale, shift = rng.standard_normal((3, layer.filters)).astype(np.float32)
    of_filters = {"scale": scale, "shift": shift} if code.epilogue.scale else {}
    added: dict[str, Any] = {}
    if code.epilogue.residual:
        added["residual"] = rng.standard_normal(layer.output_shape).astype(np.float32)
    y = kernel(x, kernel.pack(weights, bias, **of_filters), **added)
    plain = wc.compile(layer, code.algorithm, **given)
    expected = plain(x.astype(np.float32), plain.pack(weights, bias, **of_filters), **added)
    elements = np.empty(expected.shape, code.y)
    put_elements(elements, expected)
    np.testing.assert_array_equal(y.astype(np.float32), elements.astype(np.float32))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CODES if name not in AT_NIGHT])
@settings(max_examples=3)
@given(draws=st.data())
def test_narrow_elements_have_the_bits_of_rounded_float32(name: str, draws: st.DataObject) -> None:
    threads = draws.draw(st.integers(1, Target.host().threads))
    check(CODES[name], draws.draw(layers(CODES[name])), threads, draws.draw(st.integers(0, 1000)))


@pytest.mark.nightly
@pytest.mark.parametrize("name", CODES)
@settings(max_examples=300)
@given(draws=st.data())
def test_three_hundred_layers_have_the_bits_of_rounded_float32(name: str, draws: st.DataObject) -> None:
    threads = draws.draw(st.integers(1, Target.host().threads))
    check(CODES[name], draws.draw(layers(CODES[name])), threads, draws.draw(st.integers(0, 1 << 30)))
