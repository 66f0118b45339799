"""The format by hand, as its description has it; the package that wrote it is no part of the tests."""

from __future__ import annotations

import json
import struct
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tests.golden import Golden
from wincook.errors import DataError
from wincook.integrations.weights import holds_a_model, read_weights


def write(path: Path, header: Any, data: bytes = b"") -> str:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return str(path)


def entry(kind: str, shape: list[Any], begin: int, end: int) -> dict[str, Any]:
    return {"dtype": kind, "shape": shape, "data_offsets": [begin, end]}


NARROW = [ml_dtypes.bfloat16, ml_dtypes.float8_e4m3fn, ml_dtypes.float8_e5m2]
KINDS: dict[str, Any] = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": ml_dtypes.bfloat16,
    "F8_E4M3": ml_dtypes.float8_e4m3fn,
    "F8_E5M2": ml_dtypes.float8_e5m2,
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "U16": "<u2",
    "U32": "<u4",
    "U64": "<u8",
    "BOOL": "?",
}


@pytest.mark.parametrize("kind", KINDS)
def test_numbers_of_every_kind_are_read_exactly(tmp_path: Path, kind: str) -> None:
    numbers = np.array([0, 1, 2, 3, 0.5, 0, 1, 0, 1.5]).astype(np.dtype(KINDS[kind])).reshape(1, 1, 3, 3)
    data, size = numbers.tobytes(), numbers.nbytes
    header = {
        "__metadata__": {"format": "pt"},
        "bias": entry("F32", [1], 0, 4),
        "w": entry(kind, [1, 1, 3, 3], 4, 4 + size),
    }
    place = write(tmp_path / "m.safetensors", header, bytes(4) + data)
    assert holds_a_model(place)
    for name in (place, f"{place}:w"):
        read = read_weights(name)
        np.testing.assert_array_equal(read.astype(np.float64), numbers.astype(np.float64))
        assert read.dtype == (np.float32 if KINDS[kind] in NARROW else numbers.dtype)


@pytest.mark.parametrize(
    ("header", "size", "named"),
    [
        ({"w": entry("F32", [1, 1, 9], 0, 36)}, 35, r"0.*36.*35"),
        ({"w": entry("F32", [1, 1, 8], 0, 36)}, 36, None),
        ({"w": entry("F32", [1, 1, 9], 36, 0)}, 36, None),
        ({"w": entry("F32", [-1, -1, 9], 0, 36)}, 36, None),
        ({"w": entry("F32", [True, 1, 9], 0, 36)}, 36, None),
        ({"w": entry("F32", [1.0, 1, 9], 0, 36)}, 36, None),
        ({"w": entry("F32", [10**9, 10**9, 10**9, 0], 0, 0)}, 0, None),
        ({"w": entry("C64", [1, 1, 9], 0, 72)}, 72, "'C64'"),
        ({"w": entry("F4", [1, 1, 9], 0, 5)}, 5, "'F4'"),
        ({"w": 3}, 0, None),
        ({"w": {"dtype": "F32"}}, 0, None),
        ([1], 0, None),
        (b"[" * 100_000, 0, None),
        (b'{"w": 1, "w": 2}', 0, None),
        (b"\xff\xfe", 0, None),
        (b"9" * 10_000, 0, None),
        ({}, 0, None),
        ({"a": entry("F32", [9], 0, 36)}, 36, None),
    ],
)
def test_claims_are_refused(tmp_path: Path, header: Any, size: int, named: str | None, golden: Golden) -> None:
    with golden.raises(DataError, match=named):
        read_weights(write(tmp_path / "m.safetensors", header, bytes(size)))


@pytest.mark.parametrize("contents", [b"", b"abc", bytes(8), struct.pack("<Q", 2**63) + b"{}", b"\x10\0\0\0\0\0\0\0{}"])
def test_lengths_that_the_file_does_not_have_are_refused(tmp_path: Path, contents: bytes, golden: Golden) -> None:
    (tmp_path / "m.safetensors").write_bytes(contents)
    with golden.raises(DataError):
        read_weights(str(tmp_path / "m.safetensors"))


def test_no_more_is_taken_than_the_tensor_that_is_asked_for(tmp_path: Path, golden: Golden) -> None:
    """A tensor of a TiB in a sparse file beside one of 36 bytes."""
    tib = 1 << 39
    header = {"huge": entry("F32", [1, 1, tib // 4], 36, 36 + tib), "w": entry("F32", [1, 1, 9], 0, 36)}
    place = write(tmp_path / "m.safetensors", header, np.arange(9, dtype=np.float32).tobytes())
    with Path(place).open("rb+") as file:
        file.truncate(Path(place).stat().st_size + tib)
    assert read_weights(f"{place}:w").ravel().tolist() == list(range(9))
    with golden.raises(DataError, match="512"):
        read_weights(f"{place}:huge")
