"""Convolutions of ONNX models: onnx itself says the shapes and the numbers that come out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from tests.hang import at_once
from tests.integrations.onnx.models import numbers, one, onnx, saved
from wincook.cli.main import main
from wincook.errors import DataError
from wincook.integrations.onnx.layers import alike, onnx_layers
from wincook.integrations.weights import read_weights

reference = pytest.importorskip("onnx.reference")
helper: Any = onnx.helper
FLOAT = onnx.TensorProto.FLOAT


@st.composite
def convolutions(draw: st.DrawFn) -> tuple[str, tuple[int, ...], tuple[int, ...], dict[str, Any]]:
    kind = draw(st.sampled_from(["Conv", "ConvTranspose"]))
    axes, groups = draw(st.integers(1, 3)), draw(st.integers(1, 2))

    def drawn(least: int, most: int, number: int = axes) -> list[int]:
        return draw(st.lists(st.integers(least, most), min_size=number, max_size=number))

    kernel, strides, dilations = drawn(1, 3), drawn(1, 3), drawn(1, 2)
    attributes: dict[str, Any] = {"group": groups, "strides": strides, "dilations": dilations}
    word = draw(st.sampled_from(["NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"]))
    covers = all(taps >= step for taps, step in zip(kernel, strides, strict=True))
    if word == "NOTSET":
        attributes["pads"] = drawn(0, 1, 2 * axes)
    elif kind == "Conv" or (word != "VALID" and covers):
        attributes["auto_pad"] = word
    if kind == "ConvTranspose" and word == "NOTSET":
        attributes["output_padding"] = [draw(st.integers(0, step - 1)) for step in strides]
    x = (draw(st.integers(1, 2)), 2 * groups, *drawn(5, 7))
    weights = (2 * groups, 3, *kernel) if kind == "ConvTranspose" else (3 * groups, 2, *kernel)
    return kind, x, weights, attributes


@settings(max_examples=24, deadline=None)
@given(convolutions())
def test_layers_compute_what_onnx_computes(
    tmp_path_factory: pytest.TempPathFactory, drawn: tuple[str, tuple[int, ...], tuple[int, ...], dict[str, Any]]
) -> None:
    kind, x, shape, attributes = drawn
    weights, image = numbers(*shape), numbers(*x)
    path = one(tmp_path_factory.mktemp("model") / "m.onnx", weights, x, kind, **attributes)
    (only,) = onnx_layers(path)
    inferred = onnx.shape_inference.infer_shapes(onnx.load(path)).graph.output[0].type.tensor_type.shape.dim
    assert only.layer.output_shape == tuple(dim.dim_value for dim in inferred)
    if kind == "ConvTranspose" and only.layer.groups > 1:
        return  # onnx's reference cannot
    (expected,) = reference.ReferenceEvaluator(str(path)).run(None, {"x": image})
    layer = only.layer
    stride, dilation, more = (
        tuple(getattr(axis, name) for axis in layer.axes) for name in ("stride", "dilation", "output_padding")
    )
    if layer.transposed:
        exact = wc.direct.convolve_transposed(
            image, weights, layer.pads, stride=stride, dilation=dilation, groups=layer.groups, output_padding=more
        )
    else:
        exact = wc.direct.convolve(image, weights, layer.pads, stride=stride, dilation=dilation, groups=layer.groups)
    np.testing.assert_array_equal(exact, expected)


def test_outputs_of_a_given_shape(tmp_path: Path) -> None:
    for word, pads in (("NOTSET", (2, 1)), ("SAME_UPPER", (1, 2)), ("SAME_LOWER", (2, 1))):
        path = one(
            tmp_path / "m.onnx",
            numbers(2, 3, 4),
            (1, 2, 5),
            "ConvTranspose",
            strides=[2],
            output_shape=[9],
            auto_pad=word,
        )
        (only,) = onnx_layers(path)
        assert only.layer.pads == (pads,)
        assert only.layer.output_shape == (1, 3, 9)


def test_layers_that_are_alike_are_counted(tmp_path: Path) -> None:
    """Weights may be initialisers, constants, or what is computed of them; a batch may be open."""
    constant = helper.make_node("Constant", [], ["v"], value=onnx.numpy_helper.from_array(numbers(8, 8, 3, 3), "value"))
    nodes = [
        constant,
        helper.make_node("Conv", ["x", "w", "b"], ["a"], pads=[1, 1, 1, 1]),
        helper.make_node("Relu", ["a"], ["c"]),
        helper.make_node("Conv", ["c", "v"], ["d"], "second", pads=[1, 1, 1, 1]),
        helper.make_node("Identity", ["w"], ["same"]),
        helper.make_node("Conv", ["d", "same"], ["y"], "third"),
    ]
    tensors = {"w": numbers(8, 8, 3, 3), "b": numbers(8)}
    path = saved(tmp_path / "m.onnx", nodes, tensors, ("N", 8, 9, 9))
    layers = onnx_layers(path, batch=4)
    assert [(each.name, each.weights, each.bias) for each in layers] == [
        ("a", "w", "b"),
        ("second", "v", ""),
        ("third", "same", ""),
    ]
    padded = wc.Layer(8, 8, (9, 9), (3, 3), 1, batch=4)
    assert [(each.name, each.times, each.layer) for each in alike(layers)] == [
        ("a", 2, padded),
        ("third", 1, wc.Layer(8, 8, (9, 9), (3, 3), batch=4)),
    ]
    assert onnx_layers(path)[0].layer.batch == 1
    np.testing.assert_array_equal(read_weights(f"{path}:{layers[0].weights}"), tensors["w"])


def test_shapes_that_are_computed_are_followed(tmp_path: Path) -> None:
    nodes = [
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "first"], ["images"]),
        helper.make_node("Concat", ["images", "rest"], ["sizes"], axis=0),
        helper.make_node("Reshape", ["x", "sizes"], ["turned"]),
        helper.make_node("Conv", ["turned", "w"], ["y"]),
    ]
    tensors = {"first": np.array([0]), "rest": np.array([8, 6, 6]), "w": numbers(4, 8, 3, 3)}
    (only,) = onnx_layers(saved(tmp_path / "m.onnx", nodes, tensors, ("batch", 8, 36)), 2)
    assert only.layer == wc.Layer(8, 4, (6, 6), (3, 3), batch=2)


def test_functions_of_the_model_are_looked_into(tmp_path: Path) -> None:
    body = [helper.make_node("Conv", ["p", "q"], ["r"], "inner")]
    opsets = [helper.make_opsetid("", 17)]
    function = helper.make_function("own", "Block", ["p", "q"], ["r"], body, opsets)
    node = helper.make_node("Block", ["x", "w"], ["y"], domain="own")
    graph = helper.make_graph(
        [node],
        "model",
        [helper.make_tensor_value_info("x", FLOAT, (1, 2, 5))],
        [helper.make_tensor_value_info("y", FLOAT, None)],
        [onnx.numpy_helper.from_array(numbers(2, 2, 3), "w")],
    )
    model = helper.make_model(
        graph, opset_imports=[*opsets, helper.make_opsetid("own", 1)], functions=[function], ir_version=8
    )
    onnx.save(model, str(tmp_path / "m.onnx"))
    (only,) = onnx_layers(tmp_path / "m.onnx")
    assert only.layer == wc.Layer(2, 2, (5,), (3,))


def test_numbers_in_files_that_are_missing_are_not_needed(tmp_path: Path) -> None:
    model = onnx.load(one(tmp_path / "m.onnx", numbers(64, 64, 3, 3), (1, 64, 8, 8)))
    onnx.external_data_helper.convert_model_to_external_data(model, location="weights", size_threshold=0)
    onnx.save(model, str(tmp_path / "m.onnx"))
    (tmp_path / "weights").unlink()
    (only,) = onnx_layers(tmp_path / "m.onnx")
    assert only.layer == wc.Layer(64, 64, (8, 8), (3, 3))


@pytest.mark.parametrize(
    ("weights", "x", "kind", "attributes"),
    [
        ((4, 2, 3, 3), (1, 3, 8, 8), "Conv", {}),
        ((4, 2, 3, 3), (1, 2, 8), "Conv", {}),
        ((4, 2, 3, 3), (1, 2, "height", "width"), "Conv", {}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"kernel_shape": [3, 4]}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"strides": [0, 1]}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"strides": [1]}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"strides": 2.5}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"group": 0}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"pads": [-1, 0, 0, 0]}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"auto_pad": "SAME"}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Conv", {"padding": 1}),
        ((4, 2, 3, 3), (1, 2, 2, 2), "Conv", {}),
        ((2, 4, 3, 3), (1, 2, 8, 8), "ConvTranspose", {"output_shape": [90, 90]}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "QLinearConv", {}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "DeformConv", {}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "FusedConv", {"domain": "com.microsoft"}),
        ((4, 2), (1, 2), "Conv", {}),
        ((4, 2, 3, 3), (1, 2, 8, 8), "Relu", {}),
    ],
)
def test_what_is_no_layer_is_refused_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    weights: tuple[int, ...],
    x: tuple[Any, ...],
    kind: str,
    attributes: dict[str, Any],
    golden: Golden,
) -> None:
    monkeypatch.chdir(tmp_path)
    one(Path("m.onnx"), numbers(*weights), x, kind, **attributes)
    with golden.raises(DataError, match="m.onnx"):
        onnx_layers("m.onnx")


def test_a_batch_for_a_model_that_has_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(tmp_path)
    one(Path("m.onnx"), numbers(4, 2, 3, 3), (1, 2, 8, 8))
    with golden.raises(DataError):
        onnx_layers("m.onnx", 8)


def test_convolutions_in_branches_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(tmp_path)
    inner = [
        helper.make_graph(
            [helper.make_node("Conv", ["x", "w"], ["z"], "inner")],
            name,
            [],
            [helper.make_tensor_value_info("z", FLOAT, None)],
        )
        for name in ("then", "else")
    ]
    node = helper.make_node("If", ["condition"], ["y"], then_branch=inner[0], else_branch=inner[1])
    saved(Path("m.onnx"), [node], {"condition": np.array(True), "w": numbers(4, 2, 3, 3)}, (1, 2, 8, 8))
    with golden.raises(DataError, match="inner"):
        onnx_layers("m.onnx")


def test_an_output_of_another_shape_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(tmp_path)
    node = helper.make_node("Conv", ["x", "w"], ["y"], "first")
    saved(Path("m.onnx"), [node], {"w": numbers(4, 2, 3, 3)}, (1, 2, 8, 8), y=(1, 4, 7, 7))
    with golden.raises(DataError):
        onnx_layers("m.onnx")


def test_what_is_cut_off_is_refused(tmp_path: Path) -> None:
    contents = one(tmp_path / "m.onnx", numbers(4, 2, 3, 3), (1, 2, 8, 8)).read_bytes()
    graph = contents.index(b"first")
    for size in [*range(0, graph, 5), len(contents) - 40]:
        (tmp_path / "cut.onnx").write_bytes(contents[:size])
        with pytest.raises(DataError, match="cut"):
            onnx_layers(tmp_path / "cut.onnx")


@pytest.mark.slow
def test_millions_of_empty_nodes_are_refused(tmp_path: Path) -> None:
    """Protobuf itself makes an object of each."""
    graph = b"\x0a\x00" * 4_000_000
    (tmp_path / "m.onnx").write_bytes(b"\x08\x08\x3a\x80\xa4\xe8\x03" + graph)
    with at_once(), pytest.raises(DataError, match="model"):
        onnx_layers(tmp_path / "m.onnx")


def test_the_plan_of_a_model_counts_what_is_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [
        helper.make_node("Conv", ["x", "w"], ["a"], "first", pads=[1, 1, 1, 1]),
        helper.make_node("Conv", ["a", "w"], ["y"], "second", pads=[1, 1, 1, 1]),
    ]
    path = saved(tmp_path / "m.onnx", nodes, {"w": numbers(8, 8, 3, 3)}, (None, 8, 9, 9))
    with pytest.raises(SystemExit) as end:
        main(["plan", str(path), "1x5x5 -> 1, 3x3", "--batch", "2", "--threads", "1", "--runners-up", "0", "--json"])
    assert end.value.code == 0
    planned, other = json.loads(capsys.readouterr().out)["layers"]
    assert (planned["name"], planned["times"], planned["layer"]) == ("first", 2, "8x9x9 -> 8, 3x3, padding 1, batch 2")
    assert (other["name"], other["times"]) == ("", 1)


@pytest.mark.parametrize("words", [("none.onnx",), ("4x9x9 -> 4, 3x3", "--batch", "2"), ("m.onnx", "--batch", "0")])
def test_wrong_models_end_a_plan_with_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    golden: Golden,
) -> None:
    monkeypatch.chdir(tmp_path)
    one(Path("m.onnx"), numbers(4, 2, 3, 3), (None, 2, 8, 8))
    with pytest.raises(SystemExit) as end:
        main(["plan", *words])
    assert end.value.code == 2
    golden.text(capsys.readouterr().err)
