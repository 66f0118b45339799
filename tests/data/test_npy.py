"""What a file claims is checked before memory is taken: sizes, headers, members, kinds of elements."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.golden import Golden
from wincook.analysis.data.arrays import read_array
from wincook.errors import DataError

NUMBERS = np.arange(24.0).reshape(1, 2, 3, 4)


def header(shape: tuple[int, ...], kind: str = "<f4") -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(stream, {"descr": kind, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def literal(text: bytes, version: int = 1) -> bytes:
    length = struct.pack("<H" if version == 1 else "<I", len(text))
    return b"\x93NUMPY" + bytes([version, 0]) + length + text


@pytest.mark.parametrize("kind", ["<f2", ">f4", "<f8", "i1", ">i4", "<u8", "?"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_real_numbers_of_every_kind_are_read(tmp_path: Path, kind: str, order: str) -> None:
    array = np.asarray(NUMBERS.astype(kind), order="F" if order == "F" else "C")
    np.save(tmp_path / "x.npy", array)
    np.savez_compressed(tmp_path / "x.npz", x=array, y=NUMBERS)
    for place in ("x.npy", "x.npz:x"):
        read = read_array(f"{tmp_path}/{place}")
        np.testing.assert_array_equal(read, array)
        assert read.dtype == array.dtype


@pytest.mark.parametrize("version", [(1, 0), (2, 0), (3, 0)])
def test_every_version_of_the_format_is_read(tmp_path: Path, version: tuple[int, int]) -> None:
    with (tmp_path / "x.npy").open("wb") as stream:
        np.lib.format.write_array(stream, NUMBERS, version)
    np.testing.assert_array_equal(read_array(tmp_path / "x.npy"), NUMBERS)


@pytest.mark.parametrize(
    ("contents", "named"),
    [
        (header((10**6, 10**6, 10**6)), None),
        (header((1, 1, 10**6)), "128"),
        (header((1, 1, 2)) + bytes(9), "137"),
        (header((-1, 1, 1)), None),
        (header((0, 10**30, 1)), None),
        (header((1,) * 40) + bytes(4), None),
        (header((1, 1, 1), "<c8") + bytes(8), "complex64"),
        (header((1, 1, 1), "<M8[s]") + bytes(8), r"datetime64\[s\]"),
        (header((1, 1, 1), "<U2") + bytes(8), "<U2"),
        (header((1, 1, 1), "|O") + b"cos\nsystem\n(S'exit 1'\ntR.", None),
        (literal(b"{'descr':[('a','<f4')],'fortran_order':False,'shape':(1,)}"), None),
        (literal(b"(" * 3000), None),
        (literal(b"-" * 9000 + b"1"), None),
        (literal(b" " * 20000, 2), "20,000"),
        (b"\x93NUMPY\x02\x00\xff\xff\xff\xff", "4,294,967,295"),
        (b"\x93NUMPY\x09\x00", None),
        (b"", None),
    ],
)
def test_claims_are_refused(tmp_path: Path, contents: bytes, named: str | None, golden: Golden) -> None:
    (tmp_path / "x.npy").write_bytes(contents)
    with zipfile.ZipFile(tmp_path / "x.npz", "w") as archive:
        archive.writestr("x.npy", contents)
    for name in ("x.npy", "x.npz"):
        with golden.raises(DataError, match=named):
            read_array(tmp_path / name)


def damaged(contents: bytes, *changes: tuple[bytes, int, int]) -> bytes:
    changed = bytearray(contents)
    for mark, place, value in changes:
        changed[changed.index(mark) + place] = value
    return bytes(changed)


def test_damaged_and_encrypted_archives_are_refused(tmp_path: Path, golden: Golden) -> None:
    np.savez(tmp_path / "x.npz", x=NUMBERS)
    contents = (tmp_path / "x.npz").read_bytes()
    cases = {
        "encrypted": damaged(contents, (b"PK\x03\x04", 6, 1), (b"PK\x01\x02", 8, 1)),
        "compressed as its format": damaged(contents, (b"PK\x03\x04", 8, 14), (b"PK\x01\x02", 10, 14)),
        "a damaged one": damaged(contents, (np.float64(23).tobytes(), 0, 1)),
        "no archive": contents[: len(contents) // 2],
    }
    for named, wrong in cases.items():
        (tmp_path / "wrong.npz").write_bytes(wrong)
        with golden.raises(DataError, match=named):
            read_array(tmp_path / "wrong.npz")


def test_a_directory_of_a_million_members_is_refused(tmp_path: Path, golden: Golden) -> None:
    member = b"PK\x01\x02" + bytes(24) + struct.pack("<HHHHHII", 1, 0, 0, 0, 0, 0, 0) + b"a"
    end = struct.pack("<HHHHIIH", 0, 0, 10**6 % 65536, 10**6 % 65536, len(member) * 10**6, 0, 0)
    (tmp_path / "many.npz").write_bytes(member * 10**6 + b"PK\x05\x06" + end)
    with golden.raises(DataError):
        read_array(tmp_path / "many.npz")


def test_names_in_messages_are_few_and_short(tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", **{f"{'n' * 300}{i}\x1b": NUMBERS for i in range(50)})  # type: ignore[arg-type]
    for name in ("", ":" + "w" * 300):
        with pytest.raises(DataError) as raised:
            read_array(f"{tmp_path}/x.npz{name}")
        assert len(str(raised.value)) < 500 + len(str(tmp_path))
        assert str(raised.value).isprintable()
