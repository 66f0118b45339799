"""Files of torch, in both of its formats; what needs no torch is tested without it."""

from __future__ import annotations

import argparse
import io
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.integrations.weights import read_weights

PICKLE = b"\x80\x02}."


def archive(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> str:
    with zipfile.ZipFile(path, "w", method) as written:
        for name, contents in members.items():
            written.writestr(f"model/{name}", contents)
    return str(path)


@pytest.mark.slow
def test_claims_of_archives_are_refused_before_torch_sees_them(tmp_path: Path, golden: Golden) -> None:
    place = tmp_path / "model.pt"
    cases: list[tuple[str, dict[str, bytes], int]] = [
        ("compressed as its format does not", {"data.pkl": PICKLE, "data/0": bytes(10**8)}, zipfile.ZIP_DEFLATED),
        ("2,000,003 bytes; no model needs", {"data.pkl": b"\x80\x02" + b"]" * 2_000_000 + b"."}, zipfile.ZIP_STORED),
        ("TorchScript program", {"data.pkl": PICKLE, "constants.pkl": PICKLE}, zipfile.ZIP_STORED),
    ]
    for named, members, method in cases:
        with golden.raises(DataError, match=named):
            read_weights(archive(place, members, method))
    place.write_bytes(b"PK\x03\x04 and no more")
    with golden.raises(DataError):
        read_weights(str(place))


NESTED = b"\x80\x02})" + b"\x85" * 900_000 + b"K\x01s."  # a dictionary whose key is (((…)))
BEFORE_TORCH_1_6 = b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19." + b"\x80\x02M\xe9\x03." + b"\x80\x02}."


@pytest.mark.slow
def test_tuples_too_deep_to_be_hashed_are_refused(tmp_path: Path) -> None:
    """They end torch, and Python itself, with a segmentation fault."""
    old = tmp_path / "old.pt"
    old.write_bytes(BEFORE_TORCH_1_6 + NESTED + b"\x80\x02].")
    for place in (archive(tmp_path / "model.pt", {"data.pkl": NESTED}), str(old)):
        with pytest.raises(DataError, match="more than 50,000 tuples"):
            read_weights(place)


@pytest.mark.slow
def test_pickle_without_end_is_refused(tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "model.pt").write_bytes(BEFORE_TORCH_1_6 + b"\x80\x02" + b"]" * 20_000_000 + b".")
    with golden.raises(DataError):
        read_weights(str(tmp_path / "model.pt"))


@pytest.mark.parametrize("contents", [b"", b"\x80\x02}.", b"\x80\x04\x95", b"cos\nsystem\n(S'false'\ntR."])
def test_other_pickles_are_no_files_of_torch(tmp_path: Path, contents: bytes) -> None:
    (tmp_path / "model.pt").write_bytes(contents)
    with pytest.raises(DataError, match="no file of torch"):
        read_weights(str(tmp_path / "model.pt"))


@pytest.fixture
def torch() -> Any:
    return pytest.importorskip("torch")


def save(torch: Any, path: Path, contents: Any, *, zipped: bool = True) -> str:
    torch.save(contents, path, _use_new_zipfile_serialization=zipped)
    return str(path)


@pytest.mark.parametrize("zipped", [True, False])
def test_weights_are_found_in_checkpoints_of_all_kinds(tmp_path: Path, torch: Any, zipped: bool) -> None:
    layer = torch.nn.Conv2d(3, 4, 3)
    state, optimizer = layer.state_dict(), torch.optim.Adam(layer.parameters())
    layer(torch.ones(1, 3, 5, 5)).sum().backward()
    optimizer.step()
    expected = layer.weight.detach().numpy()
    checkpoints: dict[str, Any] = {
        "weight": state,
        "conv.weight": {"conv.weight": layer.weight},  # which requires a gradient
        "tensor": layer.weight,
        "0": {0: layer.weight.detach()},
        "generator.weight": {"generator": state},
    }
    for wrapper in ("state_dict", "model", "model_state_dict"):
        place = save(torch, tmp_path / "c.pt", {wrapper: state, "optimizer": optimizer.state_dict()}, zipped=zipped)
        np.testing.assert_array_equal(read_weights(place), expected)
    for name, contents in checkpoints.items():
        place = save(torch, tmp_path / "c.pth", contents, zipped=zipped)
        np.testing.assert_array_equal(read_weights(place), expected)
        np.testing.assert_array_equal(read_weights(f"{place}:{name}"), expected)


def test_a_dictionary_that_holds_itself_is_read(tmp_path: Path, torch: Any) -> None:
    state: dict[str, Any] = {"w": torch.ones(1, 1, 3)}
    state["itself"] = state
    assert read_weights(save(torch, tmp_path / "c.pt", state)).shape == (1, 1, 3)


@pytest.mark.parametrize(
    ("kind", "read_as"),
    [
        ("float64", "float64"),
        ("float32", "float32"),
        ("float16", "float16"),
        ("bfloat16", "float32"),
        ("float8_e4m3fn", "float32"),
        ("float8_e5m2", "float32"),
        ("int64", "int64"),
        ("int8", "int8"),
        ("uint8", "uint8"),
        ("bool", "bool"),
    ],
)
def test_numbers_of_every_kind_are_read_exactly(tmp_path: Path, torch: Any, kind: str, read_as: str) -> None:
    tensor = (torch.arange(9, dtype=torch.float64) / 10).to(getattr(torch, kind)).reshape(1, 1, 9)
    read = read_weights(save(torch, tmp_path / "c.pt", {"w": tensor}))
    assert read.dtype == read_as
    np.testing.assert_array_equal(read.astype(np.float64), tensor.to(torch.float64).numpy())


@pytest.mark.parametrize("zipped", [True, False])
def test_tensors_without_plain_numbers_are_refused(tmp_path: Path, torch: Any, zipped: bool) -> None:
    ones = torch.ones(2, 2, 3, 3)
    cases = {
        "complex64.*real numbers": ones * 1j,
        "sparse tensor": ones.to_sparse(),
        "meta tensor": ones.to("meta"),
        "claims the shape": torch.ones(1, 1, 1, 1).expand(100_000, 1_000, 3, 3),
    }
    for named, tensor in cases.items():
        place = save(torch, tmp_path / "c.pt", {"w": tensor, "other": ones}, zipped=zipped)
        with pytest.raises(DataError, match=named):
            read_weights(f"{place}:w")
        np.testing.assert_array_equal(read_weights(f"{place}:other"), ones.numpy())


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::UserWarning")
def test_quantised_tensors_are_refused(tmp_path: Path, torch: Any) -> None:
    tensor = torch.quantize_per_tensor(torch.ones(2, 2, 3, 3), 0.1, 0, torch.qint8)
    with pytest.raises(DataError, match="quantised tensor"):
        read_weights(save(torch, tmp_path / "c.pt", {"w": tensor}))


class Malicious:
    """A pickle that would make a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("zipped", [True, False])
def test_nothing_in_a_file_is_run(tmp_path: Path, torch: Any, zipped: bool) -> None:
    for contents in (
        Malicious(tmp_path / "made"),
        {"w": torch.ones(1, 1, 3), "x": Malicious(tmp_path / "made")},
        {"state_dict": {}, "args": argparse.Namespace(lr=1)},
        torch.nn.Conv2d(1, 1, 1),
    ):
        place = save(torch, tmp_path / "c.pt", contents, zipped=zipped)
        with pytest.raises(DataError, match="it is damaged, or holds other objects") as raised:
            read_weights(place)
        assert "weights_only" not in str(raised.value)  # torch's words, which tell how to run it
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("zipped", [True, False])
def test_files_that_were_cut_are_refused(tmp_path: Path, torch: Any, zipped: bool) -> None:
    contents = Path(save(torch, tmp_path / "c.pt", {"w": torch.ones(1, 1, 3000)}, zipped=zipped)).read_bytes()
    for size in (20, len(contents) // 2, len(contents) - 30):
        (tmp_path / "cut.pt").write_bytes(contents[:size])
        with pytest.raises(DataError, match=r"cut\.pt"):
            read_weights(str(tmp_path / "cut.pt"))


def test_storages_larger_than_their_member_are_refused(tmp_path: Path, torch: Any) -> None:
    buffer = io.BytesIO()
    torch.save({"w": torch.arange(12.0).reshape(1, 1, 12)}, buffer)
    with zipfile.ZipFile(buffer) as read:
        members = {info.filename.partition("/")[2]: read.read(info) for info in read.infolist()}
    pickled = members["data.pkl"]
    members["data.pkl"] = pickled.replace(b"K\x0c", b"M\xff\xff")
    assert members["data.pkl"] != pickled
    with pytest.raises(DataError, match="damaged"):
        read_weights(archive(tmp_path / "c.pt", members))


def test_keys_that_are_no_names_are_passed_over(tmp_path: Path, torch: Any) -> None:
    state = {"w": torch.ones(1, 1, 3), "n" * 2000: torch.ones(1), (): {"v": torch.ones(1)}}
    deep: Any = {"v": torch.ones(1)}
    for _ in range(50):
        deep = {"k" * 900: deep}
    place = save(torch, tmp_path / "c.pt", {**state, "deep": deep})
    assert read_weights(place).shape == (1, 1, 3)
    with pytest.raises(DataError, match=r"it has w$"):
        read_weights(f"{place}:v")


def test_pickle_with_a_wrong_checksum_is_refused(tmp_path: Path, golden: Golden) -> None:
    place = Path(archive(tmp_path / "c.pt", {"data.pkl": b"\x80\x02]" + b"N" * 5000}))
    contents = place.read_bytes()
    place.write_bytes(contents.replace(b"NNNN", b"NNN0", 1))
    with golden.raises(DataError):
        read_weights(str(place))
