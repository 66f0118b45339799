"""Kernels of bfloat16, and narrow elements of x and y: bit for bit with the interpreter, and against float64."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import wincook as wc
from tests.kernels.codes import Code as AnyCode
from tests.kernels.codes import drawn_tests
from tests.kernels.guarded_calls import ON_LINUX, guarded_calls
from tests.near import near
from tests.some import at_night, some
from wincook import direct
from wincook.analysis.data.distributions import Law
from wincook.analysis.measurement.simulate_direct import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.analysis.prediction.predict import predict
from wincook.epilogue import Epilogue
from wincook.errors import FormatError
from wincook.kernels import make_plan
from wincook.kernels.target import host_isa_names
from wincook.program.bfloat16 import nearest, put_elements
from wincook.quantisation import Affine
from wincook.quantisation.factors import requantised

FULL = Epilogue("relu6", scale=True, residual=True)
LARGEST = Epilogue("leaky(0.1)", residual=True, pool="max")
F43 = wc.algorithm("F(4x4,3x3)")
F63 = wc.algorithm("F(6x6,3x3)")  # outputs of more values than there are registers
STRIDED = wc.algorithm("F(2x2,3x3)/2")


@dataclass(frozen=True, slots=True)
class Code(AnyCode):
    """Products in bfloat16, by dot products where there are any."""

    format: str = "bfloat16"
    algorithm: Any = F43
    target: str = "avx512"


CODES = {
    "channels last": Code("NHWC", x="bfloat16", y="bfloat16", epilogue=FULL, residual="bfloat16"),
    "channels first": Code("NCHW", y="bfloat16", epilogue=LARGEST, residual="bfloat16"),
    "emulated": Code("NHWC", target="avx512 emulated", x="float16"),
    "avx2": Code("NCHW", target="avx2", x="bfloat16", y="float16", epilogue=FULL),
    "generic": Code("NHWC", target="generic", y="bfloat16"),
    "many outputs": Code("NHWC", x="bfloat16", y="float16", algorithm=F63, epilogue=FULL),
    "stride": Code("NCHW", x="bfloat16", algorithm=STRIDED),
    "products in float32": Code("NHWC", x="float16", y="uint8", format="float32", epilogue=FULL, residual="float16"),
}


@st.composite
def layers(draw: st.DrawFn, code: Code) -> wc.Layer:
    """Small layers with sizes around those of words, vectors and tiles."""
    tile = code.algorithm.tile
    padding = tuple((draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in tile.taps)
    size = tuple(draw(st.integers(max(4, 6 - sum(pad)), 11)) for pad in padding)
    channels, filters = draw(st.integers(1, 40)), draw(st.integers(1, 36))
    batch = draw(st.integers(1, 2))
    return wc.Layer(channels, filters, size, tile.taps, padding, batch, code.layout, stride=tile.strides)


def check(code: Code, layer: wc.Layer, threads: int, seed: int) -> None:
    """See that a kernel has the bits of the interpreter, and elements of its formats."""
    rng = np.random.default_rng(seed)
    kernel = code.compiled(layer, threads)
    x = rng.standard_normal(layer.input_shape).astype(np.float32).astype(code.x)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    bias = rng.standard_normal(layer.filters).astype(np.float32)
    given: dict[str, Any] = {}
    if code.epilogue.residual:
        given["residual"] = rng.standard_normal(layer.output_shape).astype(np.float32).astype(code.residual)
    of_filters: dict[str, Any] = {}
    if code.epilogue.scale:
        of_filters = {name: rng.standard_normal(layer.filters).astype(np.float32) for name in ("scale", "shift")}
    of_y = Affine(0.02, 3) if code.y == "uint8" else None
    y = kernel(x, kernel.pack(weights, bias, y=of_y, **of_filters), **given)
    given = {name: values.astype(np.float32) for name, values in given.items()}
    policy = "float32" if code.format == "float32" else "bfloat16-dot"
    exact = simulate(
        code.algorithm,
        policy,
        layer=layer,
        x=x.astype(np.float32),
        weights=weights,
        bias=bias,
        epilogue=code.epilogue,
        **given,
        **of_filters,
    )
    expected = np.empty(exact.shape, code.y)
    put_elements(expected, exact if of_y is None else requantised(exact, of_y, code.y))
    assert y.dtype == expected.dtype
    np.testing.assert_array_equal(y.astype(np.float32), expected.astype(np.float32))


test_kernels_have_the_bits_of_the_interpreter, test_three_hundred_layers_have_the_bits_of_the_interpreter = drawn_tests(
    CODES, layers, check, examples=4
)


@pytest.mark.parametrize("target", ["avx512", "avx512 emulated", "avx2"])
def test_numbers_of_all_magnitudes_have_the_bits_of_the_interpreter(target: str) -> None:
    """Tiny ones too, which the processor takes for zeros, and infinities and NaN."""
    code, layer = Code("NHWC", target=target), wc.Layer(33, 3, (6, 6), (3, 3), layout="NHWC")
    rng = np.random.default_rng(5)
    x = (rng.standard_normal(layer.input_shape) * 2.0 ** rng.integers(-149, 100, layer.input_shape)).astype(np.float32)
    x[0, 0, 0, :3] = [np.inf, np.nan, 1e-45]
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32) * np.float32(2.0**-60)
    kernel = wc.compile(layer, F43, format="bfloat16", target=code.machine, threads=1)
    with np.errstate(all="ignore"):
        expected = simulate(F43, "bfloat16-dot", layer=layer, x=x, weights=weights)
    y = kernel(x, kernel.pack(weights))
    np.testing.assert_array_equal(y, expected)
    np.testing.assert_array_equal(np.signbit(y[y == 0]), np.signbit(expected[y == 0]))


@pytest.mark.parametrize(
    ("layer", "x", "target"),
    [
        (wc.Layer(5, 20, (9, 8), (3, 2), (1, 0), stride=(1, 2), layout="NHWC"), "bfloat16", "avx512"),
        (wc.Layer(33, 3, (6, 7), (3, 3), 1, dilation=(1, 2)), "float16", "avx512"),
        (wc.Layer(6, 18, (19,), (5,), 2), "float32", "generic"),
        (wc.Layer(35, 3, (6, 7), (2, 2), 1, layout="NHWC"), "bfloat16", "avx2"),
    ],
    ids=str,
)
def test_direct_kernels_have_the_bits_of_the_interpreter(layer: wc.Layer, x: str, target: str) -> None:
    rng = np.random.default_rng(6)
    formats: dict[str, Any] = {"format": "bfloat16", "input_format": x, "output_format": "bfloat16"}
    kernel = wc.compile(
        layer, "direct", threads=1, target=Code("NHWC", target=target).machine, epilogue="relu", **formats
    )
    inputs = rng.standard_normal(layer.input_shape).astype(np.float32)
    if x == "bfloat16":  # pixels so small that they count as zeros, too
        inputs *= (2.0 ** rng.integers(-149, 1, (*inputs.shape[:-1], 1))).astype(np.float32)
    inputs = inputs.astype(x)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32) * np.float32(2.0**60)
    bias = np.zeros(layer.filters, np.float32)
    bias[0] = 1
    y = kernel(inputs, kernel.pack(weights, bias))
    given: dict[str, Any] = {"x": inputs.astype(np.float32), "weights": weights, "bias": bias}
    expected = nearest(np.maximum(simulate_direct("bfloat16-dot", layer=layer, **given), 0))
    np.testing.assert_array_equal(y.astype(np.float32), expected)


KINDS = (
    wc.Layer(5, 7, (11, 13), (3, 3), 1, stride=2),
    wc.Layer(5, 7, (11, 13), (3, 3), 1, dilation=(2, 1), layout="NHWC"),
    wc.Layer(8, 6, (11, 13), (3, 3), 1, groups=2),
    wc.Layer(5, 7, (23,), (3,), 1),
    wc.Layer(5, 7, (11, 13), (3, 3), 1, padding_mode="reflect", layout="NHWC"),
    wc.Layer(4, 6, (5, 6), (6, 6), 2, stride=2, transposed=True),
)


@pytest.mark.parametrize("layer", some(KINDS, every=2))
def test_layers_of_all_kinds_take_and_give_narrow_elements(layer: wc.Layer) -> None:
    """Their parts, too, are products of bfloat16; layers without such kernels read and write them all the same."""
    rng = np.random.default_rng(3)
    x = rng.standard_normal(layer.input_shape).astype("bfloat16")
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    narrow = {"input_format": "bfloat16", "output_format": "bfloat16", "threads": 1, "target": "generic"}
    tile = {1: "F(2,3)", 2: "F(2x2,3x3)"}[layer.dimension]
    tile += "/2" if max(layer.strides) > 1 and not layer.transposed else ""
    reference = wc.compile(layer, tile, threads=1, target="generic")
    exact = reference(x.astype(np.float32), reference.pack(weights, np.ones(layer.filters)))
    scale = np.abs(exact).max()
    for algorithm, format in ((tile, "bfloat16"), (None, "float32")):
        kernel = wc.compile(layer, algorithm, format=format, **narrow)  # type: ignore[arg-type]
        y = kernel(x, kernel.pack(weights, np.ones(layer.filters)))
        assert y.dtype == x.dtype
        np.testing.assert_allclose(y.astype(np.float32), exact, rtol=0.004, atol=0.02 * scale)
        workspace, out = kernel.workspace(), np.empty(y.shape, y.dtype)
        assert kernel(x, kernel.pack(weights, np.ones(layer.filters)), out, workspace=workspace) is out
        np.testing.assert_array_equal(out, y)


def test_the_error_is_the_predicted_one() -> None:
    """Of half a million outputs, on data of the law that the prediction is for."""
    layer, law = wc.Layer(64, 64, (90, 90), (3, 3)), Law.of("normal")
    rng = np.random.default_rng(4)
    x = rng.standard_normal(layer.input_shape).astype(np.float32)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    kernel = wc.compile(layer, F43, format="bfloat16")
    y = kernel(x, kernel.pack(weights)).astype(float)
    exact = direct.convolve(x.astype(float), weights.astype(float), layer.pads)
    measured = np.sqrt(np.mean(np.square(y - exact)) / np.mean(np.square(exact)))
    assert measured == near(predict(F43, "bfloat16-dot", 64, law).relative_rms, rel=0.02)


def test_plans_name_their_formats_and_what_is_emulated() -> None:
    layer = wc.Layer(64, 64, (14, 14), (3, 3))
    decided = make_plan(layer, F43, format="bfloat16-dot", input_format="fp16", target="generic", threads=1)
    assert decided.plans[0].formats == "bfloat16, x float16, emulated"
    assert str(decided).endswith(", bfloat16, x float16, emulated")
    assert wc.kernels.module_stem(decided.plans[0]) == "wincook_f4x4_3x3_nchw_bfloat16_xfloat16_generic"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"format": "int32"}, "no kernel in format int32; there are float32, bfloat16"),
        ({"input_format": "float64"}, "input_format = 'float64' must be one of float32, bfloat16"),
        (
            {"format": "bfloat16", "input_format": "uint8"},
            "input_format = uint8 needs scales, which kernels in format bfloat16 do not have",
        ),
        ({"residual_format": "int8"}, "residual_format = int8 is of a residual, and the epilogue is nothing"),
        (
            {"format": "bfloat16", "algorithm": "depthwise"},
            "depthwise kernels have no products",
        ),
    ],
)
def test_formats_without_kernels_are_refused(arguments: dict[str, str], said: str) -> None:
    layer = wc.Layer(4, 4, (9, 9), (3, 3), groups=4)
    with pytest.raises(FormatError, match=said):
        make_plan(layer, **({"algorithm": "F(2x2,3x3)"} | arguments))  # type: ignore[arg-type]


@pytest.mark.slow
@ON_LINUX
@pytest.mark.parametrize("every", [2, at_night(1)])
@pytest.mark.parametrize("side", ["start", "end"])
def test_narrow_kernels_touch_nothing_beyond_their_arrays(side: str, every: int) -> None:
    assert guarded_calls("guarded_narrow", side, str(every)) == 12 // every * len(host_isa_names())
