from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from tests.golden import Golden
from wincook.data.archive import check_member, opened_archive, opened_member
from wincook.errors import DataError


def stream(method: int = zipfile.ZIP_DEFLATED, contents: bytes = b"numbers" * 99) -> io.BufferedReader:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("a.npy", contents)
    return io.BufferedReader(io.BytesIO(file.getvalue()))


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_members_are_read(method: int) -> None:
    with opened_archive(stream(method), Path("x.npz")) as archive:
        (member,) = archive.infolist()
        assert opened_member(archive, member, "x.npz:a").read() == b"numbers" * 99


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions_are_refused(method: int, golden: Golden) -> None:
    with opened_archive(stream(method), Path("x.npz")) as archive:
        (member,) = archive.infolist()
        with golden.raises(DataError):
            opened_member(archive, member, "x.npz:a")


def test_a_format_may_allow_no_compression_at_all(golden: Golden) -> None:
    with opened_archive(stream(), Path("x.pt")) as archive:
        (member,) = archive.infolist()
        with golden.raises(DataError):
            check_member(member, "x.pt:a", (zipfile.ZIP_STORED,))
        member.flag_bits |= 1
        with golden.raises(DataError):
            check_member(member, "x.pt:a", (zipfile.ZIP_DEFLATED,))


@pytest.mark.parametrize(
    "contents",
    [b"", b"PK", b"no archive at all", stream().read()[:-30]],
    ids=["empty", "begun", "text", "cut off"],
)
def test_what_is_no_archive_is_named(contents: bytes, golden: Golden) -> None:
    with golden.raises(DataError):
        opened_archive(io.BufferedReader(io.BytesIO(contents)), Path("x.npz"))


def test_a_member_that_is_not_where_the_directory_says_is_refused(golden: Golden) -> None:
    contents = bytearray(stream().read())
    contents[:4] = b"XXXX"
    with opened_archive(io.BufferedReader(io.BytesIO(bytes(contents))), Path("x.npz")) as archive:
        (member,) = archive.infolist()
        with golden.raises(DataError):
            opened_member(archive, member, "x.npz:a")
