"""Weights out of models: where an extra is missing, the error that says so is tested in its place."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError, OutputError, WincookError
from wincook.integrations.weights import holds_a_model, read_weights

WEIGHTS = np.arange(54, dtype=np.float32).reshape(3, 2, 3, 3)


SUFFIXES = [".onnx", ".pt"]


def write(path: Path, tensors: dict[str, np.ndarray]) -> None:
    if path.suffix == ".onnx":
        onnx = pytest.importorskip("onnx")
        initializers = [onnx.numpy_helper.from_array(tensor, name) for name, tensor in tensors.items()]
        graph = onnx.helper.make_graph([], "layer", [], [], initializers)
        onnx.save(onnx.helper.make_model(graph), str(path))
    else:
        torch = pytest.importorskip("torch")
        torch.save({name: torch.from_numpy(tensor) for name, tensor in tensors.items()}, path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_tensors_are_read_by_name_or_alone(tmp_path: Path, suffix: str, golden: Golden) -> None:
    path = tmp_path / f"model{suffix}"
    write(path, {"conv.weight": WEIGHTS, "conv.bias": np.zeros(3, np.float32)})
    for name in (str(path), f"{path}:conv.weight"):
        assert holds_a_model(name)
        np.testing.assert_array_equal(read_weights(name), WEIGHTS)
    with golden.raises(DataError, match="'fc'"):
        read_weights(f"{path}:fc")
    write(path, {"a": WEIGHTS, "b": WEIGHTS})
    with golden.raises(DataError, match="2"):
        read_weights(str(path))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_junk_is_refused_with_or_without_the_extra(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"junk{suffix}"
    path.write_bytes(b"\x80\x04 no model at all")
    there = suffix != ".onnx" or importlib.util.find_spec("onnx") is not None
    with pytest.raises(DataError, match="is no " if there else "pip install"):
        read_weights(str(path))


def test_a_file_that_is_not_there_is_named(tmp_path: Path, golden: Golden) -> None:
    with golden.raises(OutputError):
        read_weights(str(tmp_path / "none.onnx"))
    assert not holds_a_model("weights.npy")
    assert issubclass(DataError, WincookError)
