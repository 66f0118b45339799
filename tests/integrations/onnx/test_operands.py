"""Convolutions of integers: onnx's own evaluator and its cases of such nodes are the judges."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from tests.integrations.onnx.models import node, onnx, saved
from wincook.errors import DataError
from wincook.integrations.onnx import Runner, convert, onnx_layers
from wincook.integrations.onnx.operands import Operands

cases = pytest.importorskip("onnx.backend.test.case.node")
for kind in ("convinteger", "dequantizelinear", "qlinearconv", "quantizelinear"):
    pytest.importorskip(f"onnx.backend.test.case.node.{kind}")
reference = pytest.importorskip("onnx.reference")

CASES = {case.name: case for case in cases._NodeTestCases}
SHAPE, FILTERS, GROUPS = (2, 4, 9, 8), 6, 2
RNG = np.random.default_rng(0)
IMAGES = RNG.integers(0, 256, SHAPE).astype(np.uint8)
WEIGHTS = RNG.integers(-127, 128, (FILTERS, SHAPE[1] // GROUPS, 3, 3)).astype(np.int8)
ATTRIBUTES: dict[str, Any] = {"pads": [1, 1, 0, 1], "strides": [1, 1], "group": GROUPS}
SCALES: dict[str, Any] = {
    "xs": np.float32(0.02),
    "xz": np.uint8(117),
    "ws": RNG.uniform(0.005, 0.02, FILTERS).astype(np.float32),
    "wz": np.zeros(FILTERS, np.int8),
    "ys": np.float32(0.05),
    "yz": np.int8(-9),
    "bias": RNG.integers(-20_000, 20_000, FILTERS).astype(np.int32),
}
UINT8 = onnx.TensorProto.UINT8


def of_integers(path: Path, nodes: list[Any], tensors: dict[str, Any], version: int = 17) -> Path:
    """A model whose input x is uint8."""
    model = onnx.load(saved(path, nodes, {"w": WEIGHTS, **tensors}, SHAPE, version=version))
    model.graph.input[0].type.tensor_type.elem_type = UINT8
    model.graph.output[0].type.tensor_type.ClearField("elem_type")
    path.write_bytes(model.SerializeToString())
    return path


def linear(path: Path) -> Path:
    """A QLinearConv."""
    nodes = [node("QLinearConv", "x xs xz w ws wz ys yz bias", "y", "first", **ATTRIBUTES)]
    return of_integers(path, nodes, SCALES)


def between(path: Path, version: int = 19) -> Path:
    """The same layer as a Conv and a Relu between nodes that dequantise and quantise."""
    nodes = [
        node("DequantizeLinear", "x xs xz", "image"),
        node("DequantizeLinear", "w ws wz", "filters", axis=0),
        node("Conv", "image filters", "sums", "first", **ATTRIBUTES),
        node("Relu", "sums", "positive"),
        node("QuantizeLinear", "positive ys yz", "y"),
    ]
    return of_integers(path, nodes, {name: SCALES[name] for name in SCALES if name != "bias"}, version)


def integer(path: Path, weights: Any = WEIGHTS) -> Path:
    """A ConvInteger."""
    nodes = [node("ConvInteger", "x w xz wz", "y", "first", **ATTRIBUTES)]
    return of_integers(path, nodes, {"w": weights, "xz": SCALES["xz"], "wz": np.int8(3)})


@pytest.mark.slow
@pytest.mark.parametrize(("model", "most"), [(linear, 1), (between, 1), (integer, 0)])
def test_convolutions_of_integers_are_those_of_onnx(model: Any, most: int, tmp_path: Path) -> None:
    path = model(tmp_path / "m.onnx")
    runner = Runner(path, threads=1, engine="reference")
    assert [chain.name for chain in runner.chains] == ["first"]
    (expected,) = reference.ReferenceEvaluator(str(path)).run(None, {"x": IMAGES})
    y = runner({"x": IMAGES})["y"]
    assert y.dtype == expected.dtype
    differences = np.abs(y.astype(np.int64) - expected)
    assert differences.max() <= most  # of what lies just between two steps
    assert np.mean(differences > 0) < 0.01
    (only,) = onnx_layers(path)
    assert (only.layer.output_shape, only.layer.groups) == (expected.shape, GROUPS)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in CASES if "convinteger" in name or "qlinearconv" in name])
def test_cases_of_onnx_whose_weights_are_constant(name: str, tmp_path: Path) -> None:
    model, ((given, (expected,)),) = onnx.ModelProto(), CASES[name].data_sets
    model.CopyFrom(CASES[name].model)
    (x, *others), names = given, [each.name for each in model.graph.input]
    model.graph.initializer.extend(map(onnx.numpy_helper.from_array, map(np.asarray, others), names[1:]))
    del model.graph.input[1:]
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    runner = Runner(tmp_path / "m.onnx", threads=1, engine="reference")
    assert len(runner.chains) == 1
    (y,) = runner({names[0]: x}).values()
    np.testing.assert_array_equal(y, expected)


@pytest.mark.slow
def test_sums_beyond_what_float32_holds_are_left_to_the_engine(tmp_path: Path) -> None:
    weights = np.full((2, 800, 3, 3), 127, np.int8)
    path = integer(tmp_path / "m.onnx", weights)
    assert not Runner(path, engine="reference").chains


@pytest.mark.parametrize(
    ("name", "per_filter"),
    [
        *(("test_dequantizelinear", False), ("test_dequantizelinear_axis", True)),
        *(("test_quantizelinear", False), ("test_quantizelinear_axis", True)),
    ],
)
def test_steps_are_those_of_onnx(name: str, per_filter: bool) -> None:
    """Along axis 1 in these cases; filters are along axis 0."""
    ((given, (expected,)),) = CASES[name].data_sets
    x, scale, zero = given
    values = dict(zip("xsz", given, strict=True))
    if per_filter and name.startswith("test_dequantize"):
        values["x"] = x.swapaxes(0, 1)
        real, _ = Operands("", weights="x", w_scale="s", w_zero="z").filters(values.__getitem__)
        np.testing.assert_array_equal(real.swapaxes(0, 1), expected)
    elif name.startswith("test_dequantize"):
        np.testing.assert_array_equal(Operands("x", x_scale="s", x_zero="z").image(values.__getitem__), expected)
    else:
        for number, axis in enumerate(np.moveaxis(x, 1, 0) if per_filter else [x]):
            part = {"s": scale.ravel()[number], "z": zero.ravel()[number]}
            steps = Operands("", y_scale="s", y_zero="z").output(part.__getitem__, axis)
            np.testing.assert_array_equal(steps, expected[:, number] if per_filter else expected)


@pytest.mark.slow
def test_kernels_read_and_write_integers_where_they_are_calibrated(tmp_path: Path) -> None:
    path = linear(tmp_path / "m.onnx")
    model = onnx.load(path)
    weights = RNG.integers(-127, 128, (FILTERS, SHAPE[1], 3, 3)).astype(np.int8)
    model.graph.initializer[0].CopyFrom(onnx.numpy_helper.from_array(weights, "w"))
    next(each for each in model.graph.node[0].attribute if each.name == "group").i = 1
    path.write_bytes(model.SerializeToString())
    examples = RNG.integers(0, 256, (200, *SHAPE[1:])).astype(
        np.uint8
    )  # small, so many: else some V is beyond all seen
    runner = Runner(path, threads=1, engine="reference", format="int8", calibrate_with={"x": examples})
    calls: list[Any] = []
    y = runner({"x": IMAGES}, watch=calls.append)["y"]
    plan = calls[0].kernel.plan
    assert (plan.input_format, plan.output_format) == ("uint8", "int8")
    (expected,) = reference.ReferenceEvaluator(str(path)).run(None, {"x": IMAGES})
    assert y.dtype == expected.dtype
    error = y.astype(float) - expected
    assert np.mean(error**2) < 1e-3 * np.mean(expected.astype(float) ** 2)


@pytest.mark.slow
def test_old_models_are_read_too(tmp_path: Path) -> None:
    """onnx's evaluator has the operators of version 19 alone."""
    new, old = (
        Runner(between(tmp_path / f"{number}.onnx", number), threads=1, engine="reference") for number in (19, 13)
    )
    (chain,) = old.chains
    assert [each.op_type for each in chain.nodes] == ["Conv", "Relu", "QuantizeLinear"]
    np.testing.assert_array_equal(old({"x": IMAGES})["y"], new({"x": IMAGES})["y"])


@pytest.mark.slow
def test_libraries_compute_what_is_between_in_real_numbers(tmp_path: Path) -> None:
    conversion = convert(between(tmp_path / "m.onnx"), tmp_path / "m", engine="reference", machine="aarch64", threads=1)
    (entry,) = json.loads(conversion.graph.read_text(encoding="utf-8"))["convolutions"]
    assert (entry["x"], entry["y"], entry["epilogue"]) == ("image", "positive", ["relu"])
    assert conversion.layers[0].measured_error < 1e-5


def test_integers_need_something_to_calibrate_with(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="int8 needs scales; give inputs"):
        Runner(linear(tmp_path / "m.onnx"), engine="reference", format="int8")


def test_a_library_of_integers_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(tmp_path)
    with golden.raises(DataError, match="QLinearConv"):
        convert(linear(Path("m.onnx")), "out", engine="reference")
