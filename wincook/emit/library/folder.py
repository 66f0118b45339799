"""Files that appear in a folder together, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wincook.errors import OutputError
from wincook.files import path_text

_MODE = 0o755


def check_folder(folder: Path, *, force: bool) -> None:
    """See, before long work, that a folder is new or empty, or may be written over.

    Raises:
        OutputError: it is not, it is no folder, or nothing can be written there.
    """
    try:
        if folder.exists() and any(folder.iterdir()) and not force:
            raise OutputError(f"{path_text(folder)} is not empty; name another folder, or write over it with --force")
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}."):
            return
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise _refused(folder, error) from error


@contextmanager
def filled(folder: Path) -> Iterator[Path]:
    """A new folder to write to. If all goes well, it or its files take the place of the old ones; else it is removed.

    Raises:
        OutputError: the system refuses.
    """
    try:
        fresh = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}."))
    except OSError as error:
        raise _refused(folder, error) from error
    try:
        yield fresh
        fresh.chmod(_MODE)
        if folder.is_dir() and any(folder.iterdir()):
            for file in sorted(fresh.iterdir()):
                file.replace(folder / file.name)
        else:
            fresh.replace(folder)
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise _refused(folder, error) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _refused(folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"cannot write {path_text(folder)}: {error.strerror or error}; name a folder that can be written"
    )
