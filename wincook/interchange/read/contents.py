"""The contents of a file, or of standard input, as far as any file of matrices goes; and which syntax they are in."""

from __future__ import annotations

import stat
import sys
from dataclasses import dataclass
from pathlib import Path

from wincook.errors import DataError, OutputError, quoted

STANDARD_INPUT = "-"

_LARGEST_FILE = 1 << 19
_LARGEST_JSON = 1 << 21  # a joint set and its factors take a MiB
_LARGEST_NOTEBOOK = 1 << 23  # pictures among its cells
_LARGEST = {".json": _LARGEST_JSON, ".ipynb": _LARGEST_NOTEBOOK}


@dataclass(frozen=True, slots=True)
class Contents:
    """The bytes of a file; `suffix` says how they are read, `stem` names a matrix that has no other name."""

    data: bytes
    suffix: str
    stem: str

    def text(self, errors: str = "strict") -> str:
        """The contents as text.

        Raises:
            DataError: they are no text in UTF-8.
        """
        if b"\0" in self.data:
            raise DataError("it is no UTF-8 text")
        try:
            text = self.data.decode("utf-8-sig", errors)
        except UnicodeDecodeError as error:
            raise DataError(f"it is no UTF-8 text: {error.reason} at byte {error.start}") from error
        return text.replace("\r\n", "\n").replace("\r", "\n")


def contents(path: str | Path) -> Contents:
    """What a file holds; `-` is standard input, whose syntax its first bytes tell.

    Raises:
        OutputError: the file cannot be read.
        DataError: it is no regular file, or too large.
    """
    if str(path) == STANDARD_INPUT:
        data = sys.stdin.buffer.read(_LARGEST_JSON + 1) if sys.stdin is not None else b""
        return Contents(_limited(data, _LARGEST_JSON), _suffix_of(data), "matrix")
    place = Path(path)
    suffix = place.suffix.lower()
    largest = _LARGEST.get(suffix, _LARGEST_FILE)
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            raise DataError("it is no regular file")
        with place.open("rb") as file:
            data = file.read(largest + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise OutputError(f"cannot read {quoted(place)}: {getattr(error, 'strerror', None) or error}") from error
    return Contents(_limited(data, largest), suffix, place.stem)


def _limited(data: bytes, largest: int) -> bytes:
    if len(data) > largest:
        raise DataError(f"it is larger than {largest >> 10} KiB; keep the part with the matrices")
    return data


def _suffix_of(data: bytes) -> str:
    if data.startswith(b"PK"):
        return ".npz"
    if data.startswith(b"\x93NUMPY"):
        return ".npy"
    start = data.lstrip()[:1]
    if start == b"{" and b'"nbformat"' in data:
        return ".ipynb"
    return ".json" if start == b"{" and b'"' in data.lstrip()[1:40] and b":" in data else ""
