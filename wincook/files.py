"""Files written whole or not at all: readers never see half of one, and a full disk leaves the old one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from wincook.errors import OutputError


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
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, suffix=".part", delete=False) as file:
        return Path(file.name)


def _refused(path: Path, error: OSError) -> OutputError:
    return OutputError(f"cannot write {path}: {error.strerror}; name a place that can be written")
