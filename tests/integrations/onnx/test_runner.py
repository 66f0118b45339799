"""Models that run with wincook's convolutions: onnx's own cases and its evaluator say what comes out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from tests.integrations.onnx.models import FLOAT, network, node, numbers, one, onnx, saved
from wincook.errors import DataError, MissingExtraError
from wincook.integrations.onnx import Runner

cases = pytest.importorskip("onnx.backend.test.case.node")
for kind in ("conv", "convinteger", "convtranspose", "deformconv", "qlinearconv"):
    pytest.importorskip(f"onnx.backend.test.case.node.{kind}")
reference = pytest.importorskip("onnx.reference")

DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
CASES = {case.name: case for case in cases._NodeTestCases if "conv" in case.name}
OTHERS = ("deform", "qlinear", "integer")  # kinds that are left to the engine, as they are not constant in these cases
EXACT = 1.2e-7  # onnx compares with zeros, of which tiles of several outputs make numbers near zero
FEW = ("Conv1d_groups", "Conv2d_depthwise_strided")


def expected(path: Path, given: dict[str, Any]) -> Any:
    return reference.ReferenceEvaluator(str(path)).run(None, given)


def test_there_are_cases_of_every_kind() -> None:
    assert len(CASES) >= 24
    assert {name for name in CASES if "transpose" in name} >= {"test_convtranspose", "test_convtranspose_output_shape"}


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(CASES))
def test_cases_of_onnx(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    (tmp_path / "m.onnx").write_bytes(case.model.SerializeToString())
    runner = Runner(tmp_path / "m.onnx", max_error=EXACT, threads=1, engine="reference")
    assert len(runner.chains) == (not any(word in name for word in OTHERS))
    for inputs, outputs in case.data_sets:
        made = runner(dict(zip(runner.inputs, inputs, strict=True)))
        for y, wanted in zip(made.values(), outputs, strict=True):
            np.testing.assert_allclose(y, wanted, rtol=case.rtol, atol=case.atol)
            assert y.dtype == wanted.dtype


def tensors(folder: Path, words: str) -> list[Any]:
    """Arrays in the files of a case."""
    files = sorted(folder.glob(f"{words}_*.pb"))
    return [onnx.numpy_helper.to_array(onnx.TensorProto.FromString(file.read_bytes())) for file in files]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        pytest.param(path.name, marks=() if path.name.removeprefix("test_") in FEW else pytest.mark.nightly)
        for path in sorted((DATA / "pytorch-converted").glob("test_Conv*"))
    ],
)
def test_models_that_torch_exported(name: str) -> None:
    folder = DATA / "pytorch-converted" / name
    runner = Runner(folder / "model.onnx", threads=1, engine="reference")
    assert len(runner.chains) == 1
    inputs, outputs = (tensors(folder / "test_data_set_0", words) for words in ("input", "output"))
    made = runner(dict(zip(runner.inputs, inputs, strict=True)))
    for y, wanted in zip(made.values(), outputs, strict=True):
        np.testing.assert_allclose(y, wanted, rtol=1e-3, atol=1e-5)


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["squeezenet", "shufflenet", "resnet50"])
def test_models_of_whole_networks(name: str, tmp_path: Path) -> None:
    """Those of onnx's light zoo, whose weights are all the same: here they are random, and onnxruntime is the judge."""
    onnxruntime = pytest.importorskip("onnxruntime")
    model, rng = onnx.load(DATA / "light" / f"light_{name}.onnx"), np.random.default_rng(0)
    sizes = {each.name: onnx.numpy_helper.to_array(each) for each in model.graph.initializer}
    kept = []
    for each in model.graph.node:
        if each.op_type != "ConstantOfShape" or len(sizes[each.input[0]]) < 2:
            kept.append(each)
            continue
        shape = sizes[each.input[0]]
        weights = rng.standard_normal(shape) * np.sqrt(2 / np.prod(shape[1:]))
        model.graph.initializer.append(onnx.numpy_helper.from_array(weights.astype(np.float32), each.output[0]))
    del model.graph.node[:]
    model.graph.node.extend(kept)
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    runner = Runner(tmp_path / "m.onnx")
    (value,) = runner.graph.inputs
    given = {value.name: rng.standard_normal([dim.dim_value for dim in value.type.tensor_type.shape.dim]).astype("f4")}
    (y,) = runner(given).values()
    session = onnxruntime.InferenceSession(tmp_path / "m.onnx", providers=["CPUExecutionProvider"])
    (wanted,) = session.run(None, given)
    assert np.abs(y - wanted).max() <= 1e-5 * np.abs(wanted).max()


@pytest.fixture(scope="module")
def runner(tmp_path_factory: pytest.TempPathFactory) -> Runner:
    return Runner(network(tmp_path_factory.mktemp("model") / "m.onnx"), threads=1)


@pytest.mark.slow
@pytest.mark.parametrize("batch", [1, 3])
def test_a_batch_may_be_open(runner: Runner, batch: int) -> None:
    x = np.random.default_rng(batch).standard_normal((batch, 3, 14, 14)).astype(np.float32)
    calls: list[Any] = []
    made = runner({"x": x}, watch=calls.append)
    (wanted,) = expected(runner.graph.file, {"x": x})
    assert np.abs(made["y"] - wanted).max() <= 1e-5 * np.abs(wanted).max()
    assert [call.chain.name for call in calls] == ["stem", "main", "deep"]
    assert all(len(call.x) == batch for call in calls)


def test_sizes_may_be_open_and_weights_given_at_each_call(tmp_path: Path) -> None:
    weights = onnx.helper.make_tensor_value_info("w", FLOAT, None)
    path = saved(tmp_path / "m.onnx", [node("Conv", "x w", "y")], {}, ("N", 2, "H", "W"), inputs=[weights])
    runner = Runner(path, threads=1, engine="reference")
    for size, factor in (((5, 6), 1), ((5, 6), 2), ((7, 4), 1)):
        given = {"x": numbers(1, 2, *size), "w": factor * numbers(2, 2, 1, 1)}
        np.testing.assert_array_equal(runner(given)["y"], expected(path, given)[0])


def test_branches_and_outputs_that_are_constant_are_the_engines(tmp_path: Path) -> None:
    inner = [
        onnx.helper.make_graph(
            [node("Conv", "x w", "z")], name, [], [onnx.helper.make_tensor_value_info("z", FLOAT, None)]
        )
        for name in ("then", "else")
    ]
    nodes = [node("If", "condition", "y", then_branch=inner[0], else_branch=inner[1])]
    path = saved(tmp_path / "m.onnx", nodes, {"condition": np.array(True), "w": numbers(4, 2, 3, 3)}, (1, 2, 8, 8))
    runner = Runner(path, engine="reference")
    given = {"x": numbers(1, 2, 8, 8)}
    assert not runner.chains
    np.testing.assert_array_equal(runner(given)["y"], expected(path, given)[0])


@pytest.mark.slow
def test_onnxruntime_runs_the_rest(runner: Runner) -> None:
    pytest.importorskip("onnxruntime")
    x = np.random.default_rng(0).standard_normal((1, 3, 14, 14)).astype(np.float32)
    other = Runner(runner.graph.file, threads=1, engine="onnxruntime")
    np.testing.assert_allclose(other({"x": x})["y"], runner({"x": x})["y"], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    ("weights", "given"),
    [
        (numbers(4, 2, 3, 3), {}),
        (numbers(4, 2, 3, 3), {"x": numbers(1, 2, 8, 8), "z": numbers(1)}),
        (numbers(4, 2, 3, 3), {"x": numbers(1, 3, 8, 8)}),
        (numbers(4, 2, 3, 3), {"x": numbers(1, 2, 2, 2)}),
        (np.full((4, 2, 3, 3), np.nan, np.float32), {"x": numbers(1, 2, 8, 8)}),
    ],
)
def test_wrong_calls_are_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: Any, given: dict[str, Any], golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)
    runner = Runner(one(Path("m.onnx"), weights, ("N", "C", "H", "W")), threads=1, engine="reference")
    with golden.raises(DataError, match="m.onnx"):
        runner(given)


def test_what_the_engine_cannot_do_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.chdir(tmp_path)
    nodes = [node("Relu", "x", "a"), node("Unheard", "a", "y")]
    path = saved(Path("m.onnx"), nodes, {}, (1, 2))
    with pytest.raises(DataError, match=r"m\.onnx: the engine reference fails: .*Unheard"):
        Runner(path, engine="reference")({"x": numbers(1, 2)})
    with golden.raises(DataError, match="z"):
        Runner(saved(Path("m.onnx"), [node("Relu", "z", "y")], {}, (1, 2)))


def test_an_engine_that_is_not_installed_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.setattr("wincook.integrations.onnx.rest.find_spec", lambda _: None)
    with golden.raises(MissingExtraError):
        Runner(one(tmp_path / "m.onnx", numbers(4, 2, 3, 3), (1, 2, 8, 8)), engine="onnxruntime")
