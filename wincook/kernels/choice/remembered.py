"""What was found out about this machine, kept in the cache folder: one small file for each fact.

A file is named by the digest of its kind and key, written whole, and holds its key beside the value. What is damaged,
or of another key, counts as unknown, and is written anew the next time. Values are data, and whoever reads one checks
it.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from wincook.digest import digest
from wincook.errors import OutputError, WincookError
from wincook.files import open_regular, write_atomically
from wincook.kept_code import cache_folder
from wincook.version import __version__

_LARGEST_FILE = 1 << 16


def remember(kind: str, key: str, value: Any) -> None:
    """Keep a value that JSON can hold.

    Raises:
        OutputError: there is no cache folder, or it cannot be written to.
    """
    place = _place(kind, key)
    if place is None:
        raise OutputError("this user has no home folder to remember it in; WINCOOK_CACHE_DIR names another folder")
    write_atomically(place, json.dumps({"key": key, "value": value}, indent=1).encode())


def recall(kind: str, key: str) -> Any:
    """The value that was kept, or None."""
    place = _place(kind, key)
    if place is None or not place.exists():
        return None
    try:
        with open_regular(place, _LARGEST_FILE) as file:
            data = json.loads(file.read())
    except (WincookError, ValueError, RecursionError, OSError):
        return None
    return data.get("value") if isinstance(data, dict) and data.get("key") == key else None


def _place(kind: str, key: str) -> Path | None:
    folder = cache_folder()
    return None if folder is None else folder / f"{kind}-{digest(f'{__version__} {key}')}.json"
