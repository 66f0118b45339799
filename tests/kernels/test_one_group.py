"""Narrow products of layers with groups, and of transposed ones: bit for bit with the interpreter, group by group."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st

import wincook as wc
from tests.kernels.codes import Code as AnyCode
from tests.kernels.codes import drawn_tests
from wincook.analysis.measurement.simulate_direct import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.analysis.quantisation.calibrated import analyse_calibration
from wincook.arrays import Array
from wincook.emit import emit
from wincook.epilogue import Epilogue
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.errors import FormatError, ShapeError
from wincook.kernels import alternatives, make_plan
from wincook.kernels.measurement.trial import trials
from wincook.kernels.target import host_isa_names
from wincook.layers import Phases
from wincook.layers.reduction import filters_first
from wincook.program.bfloat16 import put_elements
from wincook.quantisation import Affine, Calibration, calibrate
from wincook.quantisation.factors import requantised
from wincook.quantisation.subject import plain_of

FULL = Epilogue("relu", scale=True, residual=True)


@dataclass(frozen=True, slots=True)
class Code(AnyCode):
    """Products of groups that are computed in turn."""

    format: str = "int8"
    x: str = "uint8"
    transposed: bool = False
    axes: int = 2


SMALL = wc.algorithm("F(2x2,3x3)")
CODES = {
    "tile": Code("NHWC", y="uint8", algorithm=SMALL, epilogue=FULL),
    "tile of shorts": Code("NCHW", "int16", x="float32", algorithm=SMALL),
    "direct": Code("NCHW", x="int8", y="int8", epilogue=FULL),
    "direct bfloat16": Code("NHWC", "bfloat16", x="bfloat16", y="bfloat16", epilogue=FULL),
    "transposed": Code("NHWC", y="uint8", transposed=True, epilogue=Epilogue("relu")),
    "transposed tile": Code("NCHW", "int16", algorithm=SMALL, transposed=True),
    "transposed bfloat16": Code("NCHW", "bfloat16", x="float32", y="bfloat16", transposed=True),
    "line": Code("NHWC", y="uint8", algorithm=wc.algorithm("F(2,3)"), axes=1, target=host_isa_names()[0]),
    "direct line": Code("NCHW", "bfloat16", x="float16", axes=1, target=host_isa_names()[0]),
}
AT_NIGHT = {"tile of shorts", "transposed tile", "transposed bfloat16", "line", "direct line"}


@st.composite
def layers(draw: st.DrawFn, code: Code) -> wc.Layer:
    """Small layers of one group to five."""
    groups, channels, filters = draw(st.integers(1, 5)), draw(st.integers(2, 9)), draw(st.integers(1, 9))
    size = (draw(st.integers(5, 9)), draw(st.integers(5, 9)))
    steps: dict[str, Any] = {}
    taps, padding = (3, 3), draw(st.integers(0, 2))
    if code.transposed:
        taps, padding, steps = (6, 6), 2, {"stride": 2, "transposed": True}
        if code.algorithm == "direct":
            taps, padding = (draw(st.integers(2, 5)), 4), draw(st.integers(0, 1))
    elif code.algorithm == "direct":
        taps = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
        steps = {"stride": (draw(st.integers(1, 2)), 1), "dilation": (1, draw(st.integers(1, 2)))}
    batch = draw(st.integers(1, 2))
    along = slice(code.axes)
    steps = {name: each[along] if isinstance(each, tuple) else each for name, each in steps.items()}
    sizes: dict[str, Any] = {
        "size": size[along],
        "kernel": taps[along],
        "padding": padding,
        "batch": batch,
        "groups": groups,
    }
    return wc.Layer(groups * channels, groups * filters, layout=code.layout, **sizes, **steps)


def expected(code: Code, layer: wc.Layer, x: Array, weights: Array, bias: Array, known: Calibration | None) -> Array:
    """The convolution and the bias, (N, K, *out), by the interpreter: each group is a layer of its own."""
    plain, filters, added = plain_of(layer), weights, bias
    phases = Phases(layer) if layer.transposed else None
    if phases is not None:
        filters, added = phases.weights(filters_first(weights, layer)), phases.bias(bias)
    axis, number = (-1, layer.groups) if layer.layout == "NHWC" else (1, layer.groups)
    of_groups = zip(np.split(x, number, axis), np.split(filters, number), np.split(added, number), strict=True)
    parts = []
    for channels, (image, taps, shift) in zip(plain.channels_of_groups, of_groups, strict=True):
        given: dict[str, Any] = {"layer": plain.of_group, "x": image, "weights": taps, "bias": shift}
        given |= {"format": "bfloat16-dot"} if known is None else {"calibration": known.of_channels(channels)}
        parts.append(simulate_direct(**given) if code.algorithm == "direct" else simulate(code.algorithm, **given))
    y = np.concatenate(parts, axis)
    if phases is not None:
        interleaved = np.empty(layer.output_shape, np.float32)
        phases.interleave(y, interleaved)
        y = interleaved
    return np.moveaxis(y, -1, 1) if layer.layout == "NHWC" else y


def check(code: Code, layer: wc.Layer, threads: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    images = np.abs(rng.standard_normal((2, *layer.input_shape[1:]))).astype(np.float32)
    known = None
    if code.format != "bfloat16":
        y_scale = Affine(0.21, -3 if code.y == "int8" else 9)
        known = calibrate(layer, code.algorithm, images, format=code.format, y=y_scale)
    kernel = code.compiled(layer, threads)
    assert kernel.plan.turns == layer.groups
    x = np.abs(rng.standard_normal(layer.input_shape)).astype(np.float32)
    x = known.x.quantised(x, code.x) if known and code.x in {"uint8", "int8"} else x.astype(code.x)
    weights = rng.standard_normal(layer.weight_shape).astype(np.float32)
    bias, scale, shift = rng.standard_normal((3, layer.filters)).astype(np.float32)
    of_filters: dict[str, Any] = {"scale": scale, "shift": shift} if code.epilogue.scale else {}
    added = rng.standard_normal(layer.output_shape).astype(np.float32)
    y = kernel(
        x,
        kernel.pack(weights, bias, calibration=known, **of_filters),
        residual=added if code.epilogue.residual else None,
    )
    sums = expected(code, layer, x if x.dtype.kind in "iu" else x.astype(np.float32), weights, bias, known)
    first = np.moveaxis(added, -1, 1) if layer.layout == "NHWC" else added
    operands = Operands(of_filters.get("scale"), of_filters.get("shift"), first if code.epilogue.residual else None)
    right = finish(code.epilogue, sums, operands, bias=np.zeros(layer.filters, np.float32))
    if known is not None and known.y is not None and code.y in {"uint8", "int8"}:
        right = requantised(right, known.y, code.y)
    elements = np.empty(right.shape, code.y)
    put_elements(elements, right)
    np.testing.assert_array_equal(np.moveaxis(y, -1, 1) if layer.layout == "NHWC" else y, elements)


test_groups_have_the_bits_of_the_interpreter, test_three_hundred_layers_have_the_bits_of_the_interpreter = drawn_tests(
    CODES, layers, check, examples=3, at_night=AT_NIGHT
)


GROUPED = wc.Layer(12, 8, (10, 10), (3, 3), 1, groups=2)


@pytest.mark.parametrize("algorithm", [SMALL, "direct"], ids=["tile", "direct"])
@pytest.mark.parametrize("x", ["float32", "uint8"])
def test_a_calibration_of_groups_foretells_what_they_lose(algorithm: Any, x: str) -> None:
    rng = np.random.default_rng(0)
    images = np.abs(rng.standard_normal((6, *GROUPED.input_shape[1:])))
    weights = rng.standard_normal(GROUPED.weight_shape)
    calibration = calibrate(GROUPED, algorithm, images)
    report = analyse_calibration(calibration, algorithm, layer=GROUPED, images=images, weights=weights, input_format=x)
    assert abs(report.predicted - report.measured) < 1
    assert 30 < report.measured < 48
    with pytest.raises(ShapeError, match="weights have shape"):
        analyse_calibration(calibration, algorithm, layer=GROUPED, images=images, weights=weights[:, :3])


@pytest.mark.slow
def test_without_an_algorithm_groups_find_one_and_are_measured() -> None:
    decided = make_plan(GROUPED, format="int8", threads=1, target="generic")
    assert (decided.turns, decided.plans[0].layer.channels) == (2, 6)
    assert str(decided).startswith("2 groups in turn: F(")
    assert [each.plan.turns for each in alternatives(GROUPED, format="int8", target="generic", most=2)] == [2, 2]
    (trial,) = trials([decided], 0.01)
    assert trial.error is not None
    assert 0.001 < trial.error < 0.03


def test_layers_that_no_group_makes_are_refused(tmp_path: Any) -> None:
    each = wc.Layer(8, 8, (9, 9), (3, 3), groups=8)
    odd = wc.Layer(4, 4, (9, 9), (3, 3), stride=3, dilation=2, transposed=True)
    for format in ("bfloat16", "int8"):
        for layer, said in ((each, "one channel in each group"), (odd, "dilation divides the stride")):
            with pytest.raises(FormatError, match=said):
                make_plan(layer, "direct", format=format)
    decided = make_plan(GROUPED, "direct", format="int8", target="generic")
    with pytest.raises(FormatError, match=r"in int8, .* takes more than its kernel does"):
        emit(decided, tmp_path)
