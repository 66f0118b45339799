"""Kernels of int8 and int16: bit for bit with the interpreter, and against exact integers that are computed here."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import wincook as wc
from benchmarks.spills import spills
from tests.kernels.codes import Code as AnyCode
from tests.kernels.codes import drawn_tests
from tests.kernels.guarded_calls import ON_LINUX, guarded_calls
from tests.some import at_night
from wincook import direct
from wincook.analysis.measurement.simulate_direct import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arrays import Array
from wincook.epilogue import Epilogue
from wincook.epilogue.epilogue import NOTHING
from wincook.errors import DataError, FormatError, NotationError, ShapeError, WincookError
from wincook.kernels import Target, make_plan
from wincook.kernels.run.listing import listings
from wincook.kernels.target import AVX2, AVX512, GENERIC, host_isa_names
from wincook.program.programs import programs_of
from wincook.quantisation import Affine, Calibration, calibrate
from wincook.quantisation.factors import requantised
from wincook.quantisation.noise.feedback import Feedback

FULL = Epilogue("relu6", scale=True, residual=True)
LARGEST = Epilogue("relu", residual=True, pool="max")
WHOLE = wc.algorithm("F(4x4,3x3)", "0, ±1, x^2+1, ∞")  # BT has whole numbers, and so has V of integers
BROKEN = wc.algorithm("F(4x4,3x3)", "0, ±5/8, ±3/2, ∞")
SMALL = wc.algorithm("F(2x2,3x3)")
DIRECT = "direct"
IN_8_BITS = {"uint8", "int8"}


@dataclass(frozen=True, slots=True)
class Code(AnyCode):
    """Products of whole numbers."""

    format: str = "int8"
    x: str = "uint8"
    algorithm: Any = WHOLE
    target: str = "avx512"


CODES = {
    "whole, channels last": Code("NHWC", y="uint8", epilogue=FULL, residual="uint8"),
    "whole, channels first": Code("NCHW", x="int8", y="int8", algorithm=SMALL, epilogue=LARGEST, residual="int8"),
    "rounded": Code("NHWC", x="float32", y="uint8", algorithm=BROKEN, epilogue=FULL, residual="bfloat16"),
    "rounded, of integers": Code("NCHW", algorithm=BROKEN),
    "int16": Code("NHWC", "int16", x="bfloat16", y="bfloat16", algorithm=BROKEN),
    "int16 of integers": Code("NCHW", "int16", algorithm=SMALL),
    "pairs of 16 lanes": Code("NHWC", target="avx512 plain"),
    "pairs": Code("NHWC", x="int8", target="avx2 plain"),
    "pairs, rounded": Code("NCHW", "int16", x="float16", target="avx2 plain", algorithm=SMALL),
    "emulated": Code("NCHW", target="generic", algorithm=SMALL),
    "emulated int16": Code("NHWC", "int16", y="bfloat16", target="generic", algorithm=SMALL),
    "direct": Code("NHWC", y="uint8", algorithm=DIRECT),
    "direct of signs": Code("NCHW", x="int8", algorithm=DIRECT),
    "direct of floats": Code("NHWC", "int16", x="float32", target="avx2 plain", algorithm=DIRECT),
    "direct of signs in pairs": Code("NHWC", x="int8", target="avx2 plain", algorithm=DIRECT),
}

AT_NIGHT = {
    "rounded, of integers",
    "int16 of integers",
    "pairs, rounded",
    "emulated int16",
    "direct of signs",
}  # codes whose parts others have, too


@st.composite
def layers(draw: st.DrawFn, code: Code) -> wc.Layer:
    """Small layers with sizes around those of words, vectors and tiles; direct kernels take any steps."""
    taps, stride, dilation = (3, 3), (1, 1), (1, 1)
    most = 36
    if code.algorithm == DIRECT:
        taps, stride = (draw(st.integers(1, 4)), draw(st.integers(1, 4))), (draw(st.integers(1, 3)), 1)
        dilation = (1, draw(st.integers(1, 2)))
        most = 30  # of 16 taps, which int16 can sum
    padding = tuple((draw(st.integers(0, 2)), draw(st.integers(0, 3))) for _ in taps)
    size = tuple(draw(st.integers(7, 11)) for _ in taps)
    channels, filters = draw(st.integers(1, most)), draw(st.integers(1, 40))
    batch = draw(st.integers(1, 2))
    return wc.Layer(channels, filters, size, taps, padding, batch, code.layout, stride=stride, dilation=dilation)


def drawn(code: Code, layer: wc.Layer, rng: np.random.Generator) -> tuple[Calibration, Array]:
    """A calibration, and an x that goes a little beyond it."""
    images = np.abs(rng.standard_normal((3, *layer.input_shape[1:]))) ** 1.5
    y = Affine(0.21, -3 if code.y == "int8" else 9)
    are_powers = bool(rng.integers(0, 2))
    scales: dict[str, Any] = {"format": code.format, "y": y, "powers_of_two": are_powers}
    if code.x in IN_8_BITS and rng.integers(0, 2):  # so that some channels are kept as they are
        scales["x"] = Affine.covering(0, images.max())
    calibration = calibrate(layer, code.algorithm, images.astype(np.float32), **scales)
    if code.x == "int8":
        calibration = replace(calibration, x=Affine(calibration.x.scale, -100))
    x = 1.1 * np.abs(rng.standard_normal(layer.input_shape)) ** 1.5
    return calibration, calibration.x.quantised(x, code.x) if code.x in IN_8_BITS else x.astype(np.float32).astype(
        code.x
    )


def plain(code: Code) -> Code:
    """The same with y of float32 and nothing after it, for the best vectors that this machine has."""
    return replace(code, y="float32", epilogue=NOTHING, residual="float32", target=host_isa_names()[0])


def check(code: Code, layer: wc.Layer, threads: int, seed: int) -> None:
    """See that a kernel has the bits of the interpreter, and elements of its formats."""
    rng = np.random.default_rng(seed)
    kernel, (calibration, x) = code.compiled(layer, threads), drawn(code, layer, rng)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    bias = rng.standard_normal(layer.filters).astype(np.float32)
    of_filters: dict[str, Any] = {}
    added: dict[str, Any] = {}
    if code.epilogue.scale:
        of_filters = {name: rng.standard_normal(layer.filters).astype(np.float32) for name in ("scale", "shift")}
    if code.epilogue.residual:
        added["residual"] = rng.standard_normal(layer.output_shape).astype(np.float32).astype(code.residual)
    of_residual = Affine(0.03, 5) if code.residual in IN_8_BITS else None
    if of_residual is not None:
        added["residual"] = of_residual.quantised(rng.standard_normal(layer.output_shape), code.residual)
    packed = kernel.pack(weights, bias, calibration=calibration, residual=of_residual, **of_filters)
    y = kernel(x, packed, **added)
    if added and code.residual == code.y and not code.epilogue.pool:
        out = added["residual"].copy()
        np.testing.assert_array_equal(kernel(x, packed, out, residual=out), y)
    if not code.epilogue:
        dilation = tuple(axis.dilation for axis in layer.axes)
        steps = {"stride": layer.strides, "dilation": dilation} if code.algorithm == DIRECT else {}
        alone = kernel.modules[0].convolve(x, packed.contents[0], layer.pads, threads, **steps)
        np.testing.assert_array_equal(alone, y)
    if added:
        added["residual"] = (
            added["residual"].astype(np.float32) if of_residual is None else of_residual.real(added["residual"])
        )
    read = x if code.x in IN_8_BITS else x.astype(np.float32)
    known: dict[str, Any] = {"layer": layer, "x": read, "weights": weights, "bias": bias, "calibration": calibration}
    if code.algorithm == DIRECT:
        expected = simulate_direct(**known)
    else:
        expected = simulate(code.algorithm, epilogue=code.epilogue, **known, **of_filters, **added)
    if code.y in IN_8_BITS:
        assert calibration.y is not None
        expected = requantised(expected, calibration.y, code.y)
    assert y.dtype == code.y
    np.testing.assert_array_equal(y.astype(np.float32), expected.astype(code.y).astype(np.float32))


test_kernels_have_the_bits_of_the_interpreter, test_three_hundred_layers_have_the_bits_of_the_interpreter = drawn_tests(
    CODES, layers, check, examples=3, at_night=AT_NIGHT
)


@pytest.mark.slow
def test_whole_lines_of_taps_have_the_bits_of_the_interpreter() -> None:
    layer = wc.Layer(65, 9, (6, 5), (2, 1), ((1, 0), (0, 1)), layout="NHWC")
    for channels in (64, 65, 95):  # of a line of V: 16 with 8 lanes
        check(CODES["direct of signs in pairs"], replace(layer, channels=channels), 1, channels)


def matrices(algorithm: wc.BilinearAlgorithm, letter: str) -> list[Array]:
    return [np.array(getattr(axis, letter).tolist(), float) for axis in algorithm.axes]


def along_both(of_axes: list[Array], values: Array) -> Array:
    transformed: Array = np.einsum("ai,bj,...ij->...ab", *of_axes, values)
    return transformed


def made_up_for(errors: Array, calibration: Calibration, algorithm: wc.BilinearAlgorithm) -> Array:
    """What is added to U (K, C, P) of each product for the errors of those before it."""
    feedback = Feedback.of(programs_of(algorithm).output, calibration.statistics)
    spreads, more = calibration.spreads.T, np.zeros_like(errors)
    for number, (weights, product) in enumerate(zip(feedback.weights, feedback.order, strict=True)):
        before = feedback.order[:number]
        more[..., product] = (errors * spreads)[..., before] @ weights[:number] / spreads[:, product]
    return more


@pytest.mark.parametrize("name", ["whole, channels last", "int16 of integers"])
def test_products_are_those_of_exact_integers(name: str) -> None:
    """Words of U are read back, and everything else is computed here in integers and float64."""
    code = replace(plain(CODES[name]), layout="NCHW")
    algorithm = code.algorithm
    assert isinstance(algorithm, wc.BilinearAlgorithm)
    layer, rng = wc.Layer(21, 35, (9, 7), (3, 3), 1), np.random.default_rng(4)
    kernel, (calibration, x) = code.compiled(layer), drawn(code, layer, rng)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    packed = kernel.pack(weights, calibration=calibration)
    y = kernel(x, packed)

    rank, most = len(algorithm.axes[0].BT.tolist()), 127 if code.format == "int8" else 2047
    in_word = kernel.plan.plans[0].words.channels
    kind = np.dtype(f"int{32 // in_word}")
    lanes = kernel.plan.plans[0].vectors * code.machine.isa.lanes
    words, blocks, products = -(-layer.channels // in_word), -(-layer.filters // lanes), rank * rank
    flat = packed.contents[0].U[: products * blocks * (words + 2) * lanes].reshape(products, blocks, words + 2, lanes)
    numbers = np.ascontiguousarray(flat[:, :, 1:-1]).view(kind).reshape(products, blocks, words, lanes, in_word)
    q_U = numbers.transpose(0, 1, 3, 2, 4).reshape(products, blocks * lanes, -1)[:, : layer.filters, : layer.channels]
    q_U = q_U.astype(np.int64)
    starts, scales = (
        np.ascontiguousarray(flat[:, :, line]).view(of).reshape(products, -1)[:, : layer.filters]
        for line, of in ((0, np.int32), (-1, np.float32))
    )
    zeros = calibration.zero_point.astype(np.int64)
    corrections = starts + zeros[:, None] * q_U.sum(axis=2)
    assert np.abs(q_U).max(axis=2).min() == most

    step = algorithm.tile.outputs[0]
    counts = [-(-size // step) for size in layer.output_size]
    whole = np.zeros((layer.channels, *(count * step + 2 for count in counts)), np.int64)
    assert calibration.x.zero_point == 0
    whole[:, 1:10, 1:8] = x[0]
    d = np.lib.stride_tricks.sliding_window_view(whole, algorithm.tile.inputs, (1, 2))[:, ::step, ::step]
    V = along_both(matrices(algorithm, "BT"), d.astype(float)).reshape(layer.channels, -1, products)
    V = np.rint(V).astype(np.int64)  # whole already, but for what float64 does to it
    shift = 14 - int(np.log2(255 * np.prod([np.abs(BT).sum(axis=1).max() for BT in matrices(algorithm, "BT")])))
    factors = np.clip(np.rint(calibration.multiplier * calibration.x.scale * 2.0 ** (15 - shift)), 1, 2**15 - 1)
    factors = factors.T[:, None].astype(np.int64)  # (C, 1, P)
    lowest, highest = (0, 255) if code.format == "int8" else (-4095, 4095)
    q_V = np.clip((((V << shift) * factors + 2**14) >> 15) + zeros, lowest, highest)
    sums = np.einsum("ctp,pkc->ptk", q_V - zeros, q_U) + corrections[:, None]
    assert np.abs(sums).max() < 2**31

    U = along_both(matrices(algorithm, "G"), weights.astype(float)).reshape(*weights.shape[:2], products)
    divisors, steps = factors[:, 0] * 2.0 ** (shift - 15) / calibration.x.scale, scales.T[:, None].astype(float)
    errors = U - q_U.transpose(1, 2, 0) * steps * divisors
    assert (np.abs(errors + made_up_for(errors, calibration, algorithm)) <= 0.501 * steps * divisors).all()
    centres = calibration.centres.T / steps
    in_float32 = 2.0**-22 * (np.abs(U) * np.abs(centres)).sum(axis=1)  # what its digits leave
    assert (np.abs(corrections.T - (errors * centres).sum(axis=1)) <= 0.5 + in_float32).all()
    assert np.abs(corrections).max() > 10
    M = (sums * scales[:, None].astype(float)).transpose(1, 2, 0).reshape(*counts, layer.filters, rank, rank)
    grid = along_both(matrices(algorithm, "AT"), M).transpose(2, 0, 3, 1, 4)
    expected = grid.reshape(layer.filters, counts[0] * step, counts[1] * step)[:, :9, :7]
    np.testing.assert_allclose(y[0], expected, rtol=0, atol=3e-6 * np.abs(M).sum(axis=(-1, -2)).max())


@pytest.mark.parametrize("algorithm", ["F(4,3)", DIRECT])
def test_layers_of_one_axis_and_of_any_padding_have_the_bits_of_the_interpreter(algorithm: str) -> None:
    given = algorithm if algorithm == DIRECT else wc.algorithm(algorithm, "0, ±1, x^2+1, ∞")
    layer = wc.Layer(9, 5, (23,), (3,), 1, padding_mode="replicate")
    kernel = wc.compile(layer, given, format="int8", input_format="uint8", target="generic", threads=1)
    calibration, x = drawn(Code("NCHW", algorithm=given), layer, np.random.default_rng(8))
    weights = np.random.default_rng(9).standard_normal(layer.weight_shape).astype(np.float32)
    y = kernel(x, kernel.pack(weights, calibration=calibration))
    known: dict[str, Any] = {"layer": layer, "x": x, "weights": weights, "calibration": calibration}
    if algorithm == DIRECT:
        padded = np.pad(x, ((0, 0), (0, 0), (1, 1)), mode="edge")
        expected = simulate_direct(**known | {"layer": layer.unpadded, "x": padded})
    else:
        expected = simulate(given, **known)
    np.testing.assert_array_equal(y, expected)


@pytest.mark.parametrize("channels", [512, 513, 3000])
@pytest.mark.parametrize("are_powers", [False, True])
def test_the_largest_sums_fit_into_32_bits(channels: int, are_powers: bool) -> None:
    """All numbers of x and the filters as large as they can be: beyond 512 channels scales of U grow in int16."""
    layer, code = wc.Layer(channels, 1, (4, 4), (3, 3)), Code("NCHW", "int16", "float32", algorithm=SMALL)
    images = np.random.default_rng(0).random(layer.input_shape).astype(np.float32)
    calibration = calibrate(layer, SMALL, images, format="int16", powers_of_two=are_powers)
    kernel = replace(code, target="generic").compiled(layer)
    x, weights = np.full(layer.input_shape, 9, np.float32), np.ones(layer.weight_shape, np.float32)
    y = kernel(x, kernel.pack(weights, calibration=calibration))
    expected = simulate(SMALL, layer=layer, x=x, weights=weights, calibration=calibration)
    np.testing.assert_array_equal(y, expected)
    assert (y > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize("x", ["float32", "uint8"])
def test_direct_kernels_sum_more_terms_than_always_fit(x: str) -> None:
    layer, rng = wc.Layer(500, 3, (5, 4), (3, 3)), np.random.default_rng(3)
    images = rng.random(layer.input_shape).astype(np.float32)
    calibration = calibrate(layer, DIRECT, images, format="int16")
    kernel = Code("NCHW", "int16", x, algorithm=DIRECT, target="generic").compiled(layer)
    given = images if x == "float32" else calibration.x.quantised(images)
    for weights in (
        np.ones(layer.weight_shape, np.float32),
        rng.standard_normal(layer.weight_shape).astype(np.float32),
    ):
        y = kernel(given, kernel.pack(weights, calibration=calibration))
        expected = simulate_direct(layer=layer, x=given, weights=weights, calibration=calibration)
        np.testing.assert_array_equal(y, expected)


def test_sums_of_a_million_terms_are_refused() -> None:
    layer = wc.Layer(1 << 20, 1, (4, 4), (3, 3))
    make_plan(layer, SMALL, format="int16")
    with pytest.raises(ShapeError, match="sums of 9437184 products in int16, and 1048576 are the most; take float32"):
        make_plan(layer, DIRECT, format="int16")


def test_what_is_beyond_the_calibration_is_held_and_nan_is_the_lowest() -> None:
    code = CODES["rounded"]
    layer, rng = wc.Layer(5, 7, (6, 6), (3, 3), 1, layout="NHWC"), np.random.default_rng(2)
    calibration, x = drawn(code, layer, rng)
    x[0, :2, :2, 0] = [[np.nan, np.inf], [-np.inf, 3e38]]
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    kernel = plain(code).compiled(layer)
    y = kernel(x, kernel.pack(weights, calibration=calibration))
    with np.errstate(all="ignore"):
        expected = simulate(BROKEN, layer=layer, x=x, weights=weights, calibration=calibration)
    assert np.isfinite(y).all()
    np.testing.assert_array_equal(y, expected)


@pytest.mark.nightly
def test_left_out_the_algorithm_loses_little() -> None:
    """On an image that was not calibrated on: 34 dB in int8, 42 in int16, which the algorithm's own error allows."""
    layer, rng = wc.Layer(32, 32, (14, 14), (3, 3), 1), np.random.default_rng(1)
    images, x = (np.abs(rng.standard_normal((number, *layer.input_shape[1:]))).astype(np.float32) for number in (4, 1))
    weights = rng.standard_normal(layer.weight_shape)
    exact = direct.convolve(x.astype(float), weights, layer.pads)
    for format, decibels in (("int8", 34), ("int16", 42)):
        kernel = wc.compile(layer, format=format, threads=1)
        calibration = calibrate(layer, kernel.plan.plans[0].algorithm, images, format=format)
        y = kernel(x, kernel.pack(weights, calibration=calibration))
        assert 10 * np.log10(np.sum(exact**2) / np.sum((y - exact) ** 2)) > decibels


LAYER = wc.Layer(4, 4, (9, 9), (3, 3))
REFUSED: tuple[tuple[wc.Layer, dict[str, Any], type[WincookError], str], ...] = (
    (wc.Layer(4, 4, (5, 9, 9), (3, 3, 3)), {"algorithm": DIRECT}, FormatError, "float32 computes it"),
    (replace(LAYER, dilation=2), {"algorithm": "F(2x2,3x3)"}, FormatError, "takes no dilation.*give 'direct'"),
    (LAYER, {"algorithm": DIRECT, "points": "0, ±1, ∞"}, NotationError, "points are for a tile"),
    (LAYER, {"algorithm": "depthwise"}, WincookError, "depthwise"),
    (LAYER, {"algorithm": "F(2x2,5x5)"}, ShapeError, "is for a filter of"),
)


@pytest.mark.parametrize(("layer", "arguments", "error", "said"), REFUSED)
def test_layers_without_kernels_are_refused(
    layer: wc.Layer, arguments: dict[str, Any], error: type[WincookError], said: str
) -> None:
    with pytest.raises(error, match=said):
        make_plan(layer, format="int8", **arguments)


def test_calibrations_of_something_else_are_refused() -> None:
    code = Code("NCHW", target="generic", algorithm=SMALL)
    kernel, weights = code.compiled(LAYER), np.ones(LAYER.weight_shape)
    images = np.abs(np.random.default_rng(0).standard_normal((2, *LAYER.input_shape[1:]))).astype(np.float32)
    right = calibrate(LAYER, SMALL, images)
    kernel.pack(weights, calibration=right)
    wider = replace(LAYER, channels=5)
    others: tuple[tuple[Any, type[WincookError], str], ...] = (
        (None, DataError, "packed with a calibration"),
        ("scales", NotationError, "calibration"),
        (calibrate(LAYER, SMALL, images, format="int16"), FormatError, "is for int16, and the kernel in int8"),
        (calibrate(LAYER, BROKEN, images), DataError, "calibrate anew"),
        (calibrate(wider, SMALL, np.repeat(images, 2, axis=1)[:, :5]), ShapeError, "calibrate anew"),
        (replace(right, x=Affine(0.1, -5)), DataError, "the zero point of x is -5, which is no uint8"),
    )
    for calibration, error, said in others:
        with pytest.raises(error, match=said):
            kernel.pack(weights, calibration=calibration)
    narrow = replace(code, y="uint8").compiled(LAYER)
    with pytest.raises(DataError, match="y is uint8, and there is no scale for it"):
        narrow.pack(weights, calibration=right)
    with pytest.raises(DataError, match="the zero point of y is -1, which is no uint8; give another scale"):
        narrow.pack(weights, calibration=right, y=Affine(1, -1))
    with pytest.raises(NotationError, match="y = 2 "):
        narrow.pack(weights, calibration=right, y=2)  # type: ignore[arg-type]
    with pytest.raises(FormatError, match="residual is float32, which has no scale"):
        kernel.pack(weights, calibration=right, residual=Affine(1))
    plain = wc.compile(LAYER, SMALL, threads=1, target="generic")
    with pytest.raises(FormatError, match="kernels in float32 take no calibration"):
        plain.pack(weights, calibration=right)
    with pytest.raises(DataError, match="element type float32; it must be uint8"):
        kernel(np.zeros(LAYER.input_shape, np.float32), kernel.pack(weights, calibration=right))


def test_plans_name_their_formats_and_the_way_of_products() -> None:
    for way, isa, features in (
        ("", AVX512, ("avx512vnni",)),
        (", by two instructions", AVX512, ("avx512bf16",)),
        ("", AVX2, ("avxvnni",)),
        (", by two instructions", AVX2, ()),
        (", emulated", GENERIC, ()),
    ):
        target = Target(isa, 1 << 20, 1, features)
        decided = make_plan(LAYER, SMALL, format="int8", input_format="uint8", target=target, threads=1)
        assert str(decided).endswith(f", int8, x uint8{way}")
    assert make_plan(replace(LAYER, dilation=2), format="int8").algorithms == DIRECT


@pytest.mark.parametrize("name", ["pairs", "pairs of 16 lanes"])
def test_pairs_are_multiplied_by_one_instruction_and_added_by_another(name: str) -> None:
    kernel = CODES[name].compiled(wc.Layer(16, 40, (8, 8), (3, 3), 1, layout="NHWC"))
    (single,) = kernel.plan.plans
    (listing,) = (each for each in listings(kernel.modules[0]) if each.function == f"micro_kernel_{single.rows}")
    assert single.words.way == "two instructions"
    assert "vpmulld" not in listing.assembly
    # LLVM makes one of the two where the processor has VNNI.
    steps = listing.assembly.count("vpmaddwd") + listing.assembly.count("vpdpwssd")
    assert steps % (single.rows * single.vectors) == 0 < steps
    assert spills(listing.assembly).stores == 0


@pytest.mark.slow
@ON_LINUX
@pytest.mark.parametrize("every", [2, at_night(1)])
@pytest.mark.parametrize("side", ["start", "end"])
def test_kernels_touch_nothing_beyond_their_arrays(side: str, every: int) -> None:
    assert guarded_calls("guarded_quantised", side, str(every)) == 2 * -(-5 * len(host_isa_names()) // every)
