"""Files written whole or not at all: readers never see half of one, and a full disk leaves the old one.

And files opened for reading, if they are ones: a pipe may block for ever, and a device never ends.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from errno import EINVAL
from io import BufferedReader
from pathlib import Path
from typing import TypeVar

from wincook.errors import DataError, NotationError, OutputError, WincookError, one_line, quoted

_LONGEST_PATH = 200
Value = TypeVar("Value")


def given_path(name: str, value: object) -> Path:
    """A path, which may be given as text.

    Raises:
        NotationError: it is neither, is empty, or holds a NUL.
    """
    if isinstance(value, (str, Path)) and str(value) and "\0" not in str(value):
        return Path(value)
    raise NotationError(f"{name} = {quoted(value)} must be a path, as text or pathlib.Path")


def open_regular(path: Path, largest: int) -> BufferedReader:
    """Open a regular file of at most `largest` bytes for reading.

    Raises:
        OutputError: it is a folder, a pipe or a device, or the system refuses.
        DataError: it is larger.
    """
    try:
        file = open(path, "rb", opener=_without_waiting)  # noqa: SIM115 (it is returned open)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise OutputError(
            f"cannot read {path_text(path)}: {getattr(error, 'strerror', None) or error}; name a file that can be read"
        ) from error
    status = os.fstat(file.fileno())
    if stat.S_ISREG(status.st_mode) and status.st_size <= largest:
        return file
    file.close()
    if not stat.S_ISREG(status.st_mode):
        raise OutputError(f"cannot read {path_text(path)}: it is no regular file; copy it into one")
    raise DataError(f"{path_text(path)} has {status.st_size:,} bytes; at most {largest:,} are read")


def value_in(path: str | Path, largest: int, read: Callable[[str], Value]) -> Value:
    """What a reader makes of the text of a file of at most `largest` bytes.

    Raises:
        NotationError: no path.
        OutputError: a file that cannot be read.
        DataError: it is larger, or holds no such value; the message names the file.
    """
    path = given_path("path", path)
    with open_regular(path, largest) as file:
        contents = file.read()
    try:
        return read(contents.decode())
    except (WincookError, UnicodeDecodeError) as error:
        raise DataError(f"{path_text(path)}: {error}") from error


def path_text(path: str | Path) -> str:
    r"""A path as a message names it: whole unless it is very long, with escapes for what cannot be printed.

    >>> path_text(Path("models/a\x1b.npy"))
    'models/a\\x1b.npy'
    """
    return one_line(os.fspath(path), _LONGEST_PATH)


def _without_waiting(path: str, flags: int) -> int:
    """Open a file; a pipe that nobody writes to as well."""
    return os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY)


def write_atomically(path: Path, contents: bytes) -> None:
    """Write a file beside its place, then move it there; its folder is made if need be.

    Raises:
        OutputError: names the path, and why the system refused.
    """
    try:
        temporary = _beside(path)
        try:
            temporary.write_bytes(contents)
            with temporary.open("r+b") as file:
                os.fsync(file)
            temporary.chmod(0o644)
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)
    except OSError as error:
        raise _refused(path, error) from error


def check_place(path: Path) -> None:
    """Make sure, before long work, that its result can be written.

    Raises:
        OutputError: as `write_atomically` would.
    """
    try:
        if path.is_dir():
            raise IsADirectoryError(21, "it is a folder")
        _beside(path).unlink()
    except OSError as error:
        raise _refused(path, error) from error


def _beside(path: Path) -> Path:
    """A new file next to the place; a pipe or a device at the place would be replaced by it, and is refused."""
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(EINVAL, "it is no regular file")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        return Path(file.name)


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write {path}: {error.strerror}; name a place that can be written")
