"""Models turned into a library, a graph and weights: the folder alone computes what the runner does."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import Called, dims_of
from tests.emit.library.tools import needs
from tests.golden import Golden
from tests.integrations.onnx.models import FLOAT, network, node, numbers, one, onnx, saved
from wincook.cli.main import main
from wincook.errors import WincookError
from wincook.integrations.onnx import Conversion, Runner, convert
from wincook.integrations.onnx.converted.document import Placed
from wincook.kernels.target import host_isa_names

MACHINE = "x86-64-v3"
X = np.random.default_rng(0).standard_normal((1, 3, 14, 14)).astype(np.float32)


@pytest.fixture(scope="module")
def conversion(tmp_path_factory: pytest.TempPathFactory) -> Conversion:
    folder = tmp_path_factory.mktemp("converted")
    path = network(folder / "net.onnx")
    return convert(path, folder / "out", inputs={"x": X}, machine=MACHINE, threads=1, engine="reference")


@pytest.mark.slow
def test_what_is_measured(conversion: Conversion) -> None:
    assert [(each.name, each.nodes, each.epilogue) for each in conversion.layers] == [
        ("stem", ("stem", "norm", "relu"), "relu"),
        ("main", ("main", "sum", "clip"), "residual, clamp(0, 6)"),
        ("deep", ("deep", "sigmoid", "product"), "silu"),
    ]
    for each in conversion.layers:
        assert 0 < each.measured_error < 3 * each.predicted_error
        assert min(each.predicted_seconds, each.measured_seconds) > 0
    assert 0 < conversion.output_error < 1e-5
    assert conversion.kernels == 3


@pytest.mark.slow
def test_the_folder_alone_computes_the_convolutions(conversion: Conversion) -> None:
    """By the library and the weights, as the graph says; the runner has the same bits."""
    if "avx2" not in host_isa_names():
        pytest.skip("no processor of x86-64-v3")
    needs("make", "gcc")
    graph = json.loads(conversion.graph.read_text(encoding="utf-8"))
    assert (graph["format"], graph["version"]) == ("wincook graph", 1)
    contents = (conversion.folder / graph["weights"]["file"]).read_bytes()

    def placed(entry: dict[str, Any] | None) -> Any:
        if entry is None:
            return None
        assert entry["offset"] % 64 == 0
        count = int(np.prod(entry["shape"]))
        return np.frombuffer(contents, "<f4", count, entry["offset"]).reshape(entry["shape"])

    values: dict[str, Any] = {"x": X}
    for each in graph["convolutions"]:
        known = {field.name for field in fields(wc.Layer)}
        layer = wc.Layer(**{name: value for name, value in each["layer"].items() if name in known})
        called = Called(conversion.folder / f"lib{graph['library']['name']}.so", each["kernel"])
        packed = called.packed(dims_of(layer), placed(each["weights"]), placed(each["bias"]))
        residual = values.get(each["residual"])
        values[each["y"]] = called.convolve(dims_of(layer), values[each["x"]], packed, residual)
    calls: dict[str, Any] = {}
    Runner(conversion.folder.parent / "net.onnx", threads=1)(
        {"x": X}, watch=lambda call: calls.update({call.chain.y: call.y})
    )
    assert set(calls) == set(values) - {"x"}
    for name, y in calls.items():
        np.testing.assert_array_equal(y.view(np.int32), values[name].view(np.int32))


@pytest.mark.slow
def test_a_folder_that_is_not_empty_is_written_over_with_force_alone(
    conversion: Conversion, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    """And the same model gives the same bytes."""
    monkeypatch.chdir(conversion.folder.parent)
    before = {file.name: file.read_bytes() for file in conversion.folder.iterdir()}
    np.savez("inputs.npz", x=X)
    words = ["convert", "net.onnx", "--out", "out", "--inputs", "inputs.npz", "--target", MACHINE, "--threads", "1"]
    for more, code in (([], 2), (["--force", "--json", "--engine", "reference"], 0)):
        with pytest.raises(SystemExit) as end:
            main([*words, *more])
        assert end.value.code == code
    captured = capsys.readouterr()
    golden.text(captured.err)
    answer = json.loads(captured.out)
    assert [each["kernel"] for each in answer["convolutions"]] == ["net_conv0", "net_conv1", "net_conv2"]
    assert {file.name: file.read_bytes() for file in conversion.folder.iterdir()} == before


def test_equal_numbers_are_placed_once() -> None:
    first, second = np.arange(3, dtype=np.float32), np.ones((2, 10), np.float32)
    placed = Placed.of([first, second, first.copy()])
    assert len(placed.contents) == 64 + 128
    assert placed.entry(second) == {"offset": 64, "shape": [2, 10]}
    assert placed.entry(None) is None


LARGE = numbers(64, 64, 3, 3)
W = onnx.helper.make_tensor_value_info("w", FLOAT, (4, 2, 3, 3))
HALF = onnx.helper.make_tensor_value_info("h", onnx.TensorProto.FLOAT16, (1, 2, 8, 8))
CONV = node("Conv", "x w", "y", "first")
WRONG: dict[str, Any] = {
    "sizes that are open": lambda: one(Path("m.onnx"), numbers(4, 2, 3, 3), ("N", 2, "H", 8)),
    "weights that are an input": lambda: saved(Path("m.onnx"), [CONV], {}, (1, 2, 8, 8), inputs=[W]),
    "weights that are computed of an input": lambda: saved(
        Path("m.onnx"),
        [node("Slice", "x 0 2", "s"), node("Conv", "x s", "y", "first")],
        {"0": np.array([0, 0]), "2": np.array([2, 2])},
        (1, 2, 8, 8),
    ),
    "NaN": lambda: one(Path("m.onnx"), np.full((4, 2, 3, 3), np.nan, np.float32), (1, 2, 8, 8)),
    "another kind": lambda: one(Path("m.onnx"), numbers(4, 2, 3, 3), (1, 2, 8, 8), "DeformConv"),
    "another attribute": lambda: one(Path("m.onnx"), numbers(4, 2, 3, 3), (1, 2, 8, 8), padding=1),
    "another word": lambda: one(Path("m.onnx"), numbers(4, 2, 3, 3), (1, 2, 8, 8), auto_pad="SAME"),
    "groups that do not fit": lambda: one(Path("m.onnx"), numbers(4, 2, 3, 3), (1, 2, 8, 8), group=2),
    "float16": lambda: saved(
        Path("m.onnx"),
        [node("Conv", "h w", "y", "first")],
        {"w": np.ones((4, 2, 3, 3), np.float16)},
        (1,),
        inputs=[HALF],
    ),
    "no convolutions": lambda: saved(Path("m.onnx"), [node("Relu", "x", "y")], {}, (1, 2)),
    "no model": lambda: Path("m.onnx").write_bytes(b"\x80\x04\x95pickled"),
    "a missing file": lambda: external("none"),
    "a file outside": lambda: external("../secret"),
    "a device": lambda: external("/dev/zero"),
}


def external(location: str) -> None:
    """A model whose weights are said to lie in another file."""
    model = onnx.load(one(Path("m.onnx"), LARGE, (1, 64, 8, 8)))
    (tensor,) = model.graph.initializer
    Path("..", "secret").write_bytes(LARGE.tobytes())
    onnx.external_data_helper.set_external_data(tensor, location)
    tensor.ClearField("raw_data")
    Path("m.onnx").write_bytes(model.SerializeToString())


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_converted_is_refused_in_a_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    name: str,
    golden: Golden,
) -> None:
    (tmp_path / "inside").mkdir()
    monkeypatch.chdir(tmp_path / "inside")
    WRONG[name]()
    with pytest.raises(SystemExit) as end:
        main(["convert", "m.onnx", "--out", "out", "--engine", "reference"])
    assert end.value.code == 2
    golden.text(capsys.readouterr().err)
    assert [file.name for file in Path().iterdir()] == ["m.onnx"]


@pytest.mark.parametrize(
    "changes",
    [
        {"inputs": {"z": X}},
        {"inputs": {}},
        {"inputs": {"x": X[:, :2]}},
        {"inputs": {"x": "image"}},
        {"inputs": 3},
        {"batch": 0},
        {"max_error": -1},
        {"max_error": 1e-12},
        {"name": "2d"},
        {"machine": "pdp11"},
        {"engine": "abacus"},
        {"seed": -1},
        {"force": 1},
        {"folder": "m.onnx"},
        {"folder": "/proc/out"},
    ],
    ids=str,
)
def test_wrong_arguments_are_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)
    one(Path("m.onnx"), numbers(4, 3, 3, 3), ("N", 3, 14, 14))
    with golden.raises(WincookError):
        convert("m.onnx", **{"folder": "out", "threads": 1, "engine": "reference"} | changes)
    assert [file.name for file in tmp_path.iterdir()] == ["m.onnx"]
