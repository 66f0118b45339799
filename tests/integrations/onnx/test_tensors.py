from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from tests.hang import at_once
from wincook.errors import DataError
from wincook.integrations.weights import read_weights

WEIGHTS = np.arange(54, dtype=np.float32).reshape(3, 2, 3, 3)


def onnx_file(path: Path, **changes: Any) -> str:
    onnx = pytest.importorskip("onnx")
    tensor = onnx.numpy_helper.from_array(WEIGHTS, "w")
    for name, value in changes.items():
        if isinstance(value, list):
            del getattr(tensor, name)[:]
            getattr(tensor, name).extend(value)
        else:
            setattr(tensor, name, value)
    onnx.save(onnx.helper.make_model(onnx.helper.make_graph([], "layer", [], [], [tensor])), str(path))
    return str(path)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"dims": [10**6, 10**6, 10**6]}, None),
        ({"dims": [-3, 2, 3, -3]}, None),
        ({"dims": [3, 2, 3]}, None),
        ({"raw_data": b""}, None),
        ({"data_type": 14}, "complex64"),
        ({"data_type": 8}, None),
        ({"data_type": 99}, None),
    ],
)
def test_claims_of_models_are_refused(
    tmp_path: Path, changes: dict[str, Any], named: str | None, golden: Golden
) -> None:
    with golden.raises(DataError, match=named):
        read_weights(onnx_file(tmp_path / "m.onnx", **changes))


def external(tmp_path: Path, **entries: str) -> str:
    onnx = pytest.importorskip("onnx")
    model = onnx.load(onnx_file(tmp_path / "m.onnx"))
    (tensor,) = model.graph.initializer
    tensor.ClearField("raw_data")
    tensor.data_location = onnx.TensorProto.EXTERNAL
    for key, value in entries.items():
        tensor.external_data.add(key=key, value=value)
    (tmp_path / "m.onnx").write_bytes(model.SerializeToString())
    return str(tmp_path / "m.onnx")


def test_numbers_beside_a_model_are_read(tmp_path: Path) -> None:
    (tmp_path / "m.data").write_bytes(bytes(8) + WEIGHTS.tobytes() + bytes(100))
    for length in ({}, {"length": str(WEIGHTS.nbytes)}):
        read = read_weights(external(tmp_path, location="m.data", offset="8", **length))
        np.testing.assert_array_equal(read, WEIGHTS)


@pytest.mark.parametrize(
    "entries",
    [
        {"location": "../outside"},
        {"location": "/dev/zero"},
        {"location": "none"},
        {"location": "m.onnx", "length": "99999999999"},
        {"location": "m.onnx", "offset": "-1"},
    ],
)
def test_other_places_are_refused(
    tmp_path: Path,
    entries: dict[str, str],
    golden: Golden,
) -> None:
    with golden.raises(DataError):
        read_weights(external(tmp_path, **entries))


@pytest.mark.slow
@pytest.mark.parametrize("field", [b"\x0a\x00", b"\x2a\x00", b"\x0a\x02\x0a\x00"])
def test_millions_of_empty_messages_are_refused_at_once(tmp_path: Path, field: bytes, golden: Golden) -> None:
    """Protobuf itself makes an object of each: 1.6 GiB of 20 MB."""
    pytest.importorskip("onnx")
    graph = field * (8_000_000 // len(field))
    (tmp_path / "m.onnx").write_bytes(b"\x08\x08\x3a\x80\xa4\xe8\x03" + graph)
    with at_once(), golden.raises(DataError):
        read_weights(str(tmp_path / "m.onnx"))


def test_what_is_cut_off_is_refused(tmp_path: Path, golden: Golden) -> None:
    contents = Path(onnx_file(tmp_path / "m.onnx")).read_bytes()
    end = contents.index(WEIGHTS.tobytes()) + WEIGHTS.nbytes
    for size in range(0, end, 7):
        (tmp_path / "cut.onnx").write_bytes(contents[:size])
        with golden.raises(DataError):
            read_weights(str(tmp_path / "cut.onnx"))
