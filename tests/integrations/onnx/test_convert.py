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
from wincook.errors import OutputError, WincookError
from wincook.integrations.onnx import Conversion, Runner, convert
from wincook.integrations.onnx.converted.document import Placed
from wincook.kernels.target import host_isa_names

MACHINE = "x86-64-v3"
X = np.random.default_rng(0).standard_normal((1, 3, 14, 14)).astype(np.float32)


@pytest.fixture(scope="module")
def conversion(tmp_path_factory: pytest.TempPathFactory) -> Conversion:
    """Into a folder in which another file lies, which stays."""
    folder = tmp_path_factory.mktemp("converted")
    path = network(folder / "net.onnx")
    (folder / "out").mkdir()
    (folder / "out" / "notes").touch()
    return convert(path, folder / "out", inputs={"x": X}, machine=MACHINE, threads=1, engine="reference", force=True)


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
def test_a_folder_that_is_not_empty_is_written_to_with_force_alone(
    conversion: Conversion, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    monkeypatch.chdir(conversion.folder.parent)
    assert {file.name for file in conversion.folder.iterdir()} == {*conversion.files, "notes"}
    assert "net_weights.bin" in conversion.files
    with golden.raises(OutputError):
        convert("net.onnx", "out")


@pytest.mark.nightly
def test_the_same_model_gives_the_same_bytes(conversion: Conversion, tmp_path: Path) -> None:
    path = conversion.folder.parent / "net.onnx"
    again = convert(path, tmp_path / "out", machine=MACHINE, threads=1, engine="reference")
    assert again.files == conversion.files
    for file in again.files:
        assert (again.folder / file).read_bytes() == (conversion.folder / file).read_bytes(), file


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
    "three axes": lambda: one(Path("m.onnx"), numbers(2, 2, 3, 3, 3), (1, 2, 4, 4, 4)),
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


WRONG_ARGUMENTS: dict[str, dict[str, Any]] = {
    "an input that there is not": {"inputs": {"z": X}},
    "no input": {"inputs": {}},
    "channels that do not fit": {"inputs": {"x": X[:, :2]}},
    "text as an input": {"inputs": {"x": "image"}},
    "a number as inputs": {"inputs": 3},
    "no archive": {"inputs": "m.onnx"},
    "a batch of none": {"batch": 0},
    "a negative limit": {"max_error": -1},
    "a limit that nothing keeps": {"max_error": 1e-12},
    "a name that is none": {"name": "2d"},
    "an unknown machine": {"machine": "pdp11"},
    "an unknown engine": {"engine": "abacus"},
    "a negative seed": {"seed": -1},
    "no flag": {"force": 1},
    "a file as the folder": {"folder": "m.onnx"},
    "a folder that cannot be made": {"folder": "/proc/out"},
}


@pytest.mark.parametrize("name", WRONG_ARGUMENTS)
def test_wrong_arguments_are_refused_in_a_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, golden: Golden
) -> None:
    monkeypatch.chdir(tmp_path)
    one(Path("m.onnx"), numbers(4, 3, 3, 3), ("N", 3, 14, 14))
    arguments: dict[str, Any] = {"folder": "out", "threads": 1, "engine": "reference"} | WRONG_ARGUMENTS[name]
    with golden.raises(WincookError):
        convert("m.onnx", **arguments)
    assert [file.name for file in tmp_path.iterdir()] == ["m.onnx"]
