"""Zip archives, of which numpy's .npz and torch's .pt are kinds."""

from __future__ import annotations

import zipfile
from io import BufferedReader
from pathlib import Path
from typing import IO, Any, cast

from wincook.errors import DataError, WincookError
from wincook.files import path_text

_LARGEST_DIRECTORY = 4 << 20  # bytes; some forty thousand names
_ENCRYPTED = 0x1


class _Portions:
    """A file of which no portion is read that is larger than a directory may be."""

    def __init__(self, stream: BufferedReader) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def read(self, size: int = -1) -> bytes:
        if size > _LARGEST_DIRECTORY:
            raise zipfile.BadZipFile("its directory is too large")
        return self._stream.read(size)


def opened_archive(stream: BufferedReader, file: Path) -> zipfile.ZipFile:
    """The archive in a stream.

    Raises:
        DataError: there is none, or a damaged one.
    """
    try:
        return zipfile.ZipFile(cast("IO[bytes]", _Portions(stream)))
    except Exception as error:  # zip, struct and Unicode errors
        raise DataError(f"{path_text(file)} is no archive, or a damaged one; copy it again") from error


def check_member(member: zipfile.ZipInfo, where: str, methods: tuple[int, ...]) -> None:
    """See that a member can be read.

    Raises:
        DataError: it is encrypted, or compressed in another way than those given.
    """
    if member.flag_bits & _ENCRYPTED:
        raise DataError(f"{where} is encrypted; decrypt it first")
    if member.compress_type not in methods:
        raise DataError(f"{where} is compressed as its format does not provide for; write it anew")


def opened_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> IO[bytes]:
    """A member to be read, stored or deflated.

    Raises:
        DataError: it is encrypted, compressed in another way, or not where the directory says.
    """
    check_member(member, where, (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    try:
        return archive.open(member)
    except WincookError:
        raise
    except Exception as error:
        raise DataError(f"{where} is damaged; copy it again") from error
