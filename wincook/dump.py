"""What wincook makes on its way, as files for those who look inside: WINCOOK_DUMP names the folder for them.

Who makes something worth a look asks `dump_folder` for the place, and gives `dump` the text. Nothing is written, and
nothing is made for it, where the variable is not set.
"""

from __future__ import annotations

import os
from pathlib import Path

from wincook.errors import OutputError
from wincook.files import write_atomically


def dump_folder() -> Path | None:
    """The folder that WINCOOK_DUMP names; None if it is unset or empty: then nothing is to be written."""
    folder = os.environ.get("WINCOOK_DUMP")
    return Path(folder) if folder else None


def dump(folder: Path, name: str, text: str) -> None:
    """Write one file into the folder, which is made if need be: whole, in UTF-8, instead of an earlier one.

    Raises:
        OutputError: the folder cannot be made or written to; the message names the file.
    """
    try:
        write_atomically(folder / name, text.encode())
    except OutputError as error:
        raise OutputError(f"{error}, or unset WINCOOK_DUMP") from error
