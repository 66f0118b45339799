"""Depthwise and shallow kernels with narrow x and y: the bits of float32 kernels, between rounded arrays."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import wincook as wc
from tests.kernels.codes import Code as AnyCode
from tests.kernels.codes import drawn_tests
from wincook.epilogue import Epilogue
from wincook.errors import DataError, FormatError
from wincook.program.bfloat16 import put_elements
from wincook.quantisation import Affine, calibrate
from wincook.quantisation.factors import requantised

FULL = Epilogue("relu6", scale=True, residual=True)


@dataclass(frozen=True, slots=True)
class Code(AnyCode):
    """Products in float32, of narrow x and y."""

    algorithm: Any = "depthwise"
    kernel: tuple[int, int] = (3, 3)
    stride: int = 1
    whole: bool = False  # vectors of channels, which are read where they lie


CODES = {
    "planes": Code("NCHW", x="bfloat16", y="bfloat16", epilogue=FULL),
    "planes, every second": Code("NCHW", x="float16", y="bfloat16", stride=2),
    "planes, every third": Code("NCHW", x="bfloat16", y="float16", kernel=(5, 3), stride=3),
    "pixels": Code("NHWC", x="bfloat16", y="bfloat16", epilogue=FULL, whole=True),
    "pixels in strips": Code("NHWC", x="bfloat16", y="float32", kernel=(7, 7), epilogue=Epilogue("relu", pool="max")),
    "shallow": Code("NCHW", x="bfloat16", y="float32", algorithm="F(4x4,3x3)"),
    "planes of integers": Code("NCHW", x="uint8", y="uint8", stride=2),
    "pixels of integers": Code("NHWC", x="int8", y="uint8", epilogue=FULL, whole=True),
    "pixels of integers in strips": Code("NHWC", x="uint8", y="int8", kernel=(7, 7)),
    "shallow of integers": Code("NHWC", x="uint8", y="uint8", algorithm="F(4x4,3x3)", epilogue=Epilogue("relu")),
    "tile of integers": Code("NCHW", x="int8", y="float32", algorithm="F(2x2,3x3)"),
}
AT_NIGHT = {"planes, every third", "pixels in strips", "pixels of integers in strips", "tile of integers"}
IN_8_BITS = {"uint8": Affine(0.03, 7), "int8": Affine(0.04, -9)}


@st.composite
def layers(draw: st.DrawFn, code: Code) -> wc.Layer:
    """Small layers, with sizes around those of vectors, and two rows of outputs at least, for pooling."""
    size = (draw(st.integers(max(5, code.kernel[0] + code.stride), 12)), draw(st.integers(8, 40)))
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
    kernel = code.compiled(layer, threads)
    single = kernel.plan.plans[0]
    assert (single.input_format, single.output_format) == (code.x, code.y)
    of_x, of_y = (IN_8_BITS.get(kind) for kind in (code.x, code.y))
    numbers = rng.standard_normal(layer.input_shape).astype(np.float32)
    x = of_x.quantised(numbers, code.x) if of_x else numbers.astype(code.x)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    bias, scale, shift = rng.standard_normal((3, layer.filters)).astype(np.float32)
    of_filters = {"scale": scale, "shift": shift} if code.epilogue.scale else {}
    added: dict[str, Any] = {}
    if code.epilogue.residual:
        added["residual"] = rng.standard_normal(layer.output_shape).astype(np.float32)
    y = kernel(x, kernel.pack(weights, bias, x=of_x, y=of_y, **of_filters), **added)
    plain, real = replace(code, x="float32", y="float32").compiled(layer, threads), x.astype(np.float32)
    if of_x is not None:
        real, weights = real - np.float32(of_x.zero_point), weights * np.float32(of_x.scale)
    expected = plain(real, plain.pack(weights, bias, **of_filters), **added)
    if of_y is not None:
        expected = requantised(expected, of_y, code.y)
    elements = np.empty(expected.shape, code.y)
    put_elements(elements, expected)
    np.testing.assert_array_equal(y.astype(np.float32), elements.astype(np.float32))


def test_layers_of_parts_and_of_other_padding_are_converted_with_the_same_bits() -> None:
    rng = np.random.default_rng(0)
    for steps, algorithm in (({"dilation": 2}, "F(2x2,3x3)"), ({"padding_mode": "replicate"}, "direct")):
        layer = wc.Layer(3, 4, (9, 8), (3, 3), 1, **steps)
        x = rng.integers(0, 256, layer.input_shape).astype(np.uint8)
        weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
        kernel = wc.compile(layer, algorithm, input_format="uint8", threads=1, target="generic")
        plain = wc.compile(layer, algorithm, threads=1, target="generic")
        y = kernel(x, kernel.pack(weights, x=IN_8_BITS["uint8"]))
        expected = plain(x.astype(np.float32) - np.float32(7), plain.pack(weights * np.float32(0.03)))
        np.testing.assert_array_equal(y, expected)


def test_scales_that_are_missing_or_not_asked_for_are_refused() -> None:
    layer = wc.Layer(2, 2, (6, 6), (3, 3))
    weights = np.ones(layer.weight_shape)
    of_integers = wc.compile(layer, "F(2x2,3x3)", input_format="uint8", threads=1, target="generic")
    with pytest.raises(DataError, match="x is uint8, and there is no scale for it; give x=Affine"):
        of_integers.pack(weights)
    with pytest.raises(DataError, match="the zero point of x is -9, which is no uint8"):
        of_integers.pack(weights, x=IN_8_BITS["int8"])
    of_floats = wc.compile(layer, "F(2x2,3x3)", threads=1, target="generic")
    with pytest.raises(FormatError, match="x is float32, which has no scale"):
        of_floats.pack(weights, x=IN_8_BITS["uint8"])
    with pytest.raises(FormatError, match="input_format = uint8 needs scales"):
        wc.compile(layer, "F(2x2,3x3)", format="bfloat16", input_format="uint8", threads=1, target="generic")
    calibrated = wc.compile(layer, "F(2x2,3x3)", format="int8", input_format="uint8", threads=1, target="generic")
    known = calibrate(layer, "F(2x2,3x3)", np.random.default_rng(0).random((1, 2, 6, 6)))
    with pytest.raises(FormatError, match="the calibration has the scale of x"):
        calibrated.pack(weights, calibration=known, x=IN_8_BITS["uint8"])


test_narrow_elements_have_the_bits_of_rounded_float32, test_three_hundred_layers_have_the_bits_of_rounded_float32 = (
    drawn_tests(CODES, layers, check, examples=3, at_night=AT_NIGHT)
)
