"""Entries in a file: a list in JSON, one entry on each line, so that a diff shows which ones changed."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from wincook.arguments import instance, items
from wincook.atlas.entry import Entry
from wincook.errors import DataError, WincookError
from wincook.files import given_path, open_regular, path_text, write_atomically

_LARGEST_FILE = 2**24  # bytes
_MOST = 1 << 16  # entries


def read_atlas(path: str | Path) -> tuple[Entry, ...]:
    """The entries of a file, in its order.

    Raises:
        NotationError: no path.
        OutputError: a file that cannot be read.
        DataError: it holds something else than entries, or two for the same tile, format, products and objective.
    """
    path = given_path("path", path)
    with open_regular(path, _LARGEST_FILE) as file:
        return parsed(file.read(), path_text(path))


def parsed(contents: bytes, name: str) -> tuple[Entry, ...]:
    """The entries that a file of that name holds.

    Raises:
        DataError: as `read_atlas`.
    """
    try:
        data = json.loads(contents.decode())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{name} is no JSON: {error}") from error
    if not isinstance(data, list):
        raise DataError(f"{name} holds no list of entries; write one with write_atlas")
    entries = []
    for number, plain in enumerate(data, start=1):
        try:
            entries.append(Entry.from_plain(plain))
        except WincookError as error:
            raise DataError(f"{name}, entry {number}: {error}") from error
    _check_unique(entries, name)
    return tuple(entries)


def write_atlas(path: str | Path, entries: Iterable[Entry]) -> None:
    """Write entries, in order; the file is written whole.

    Raises:
        NotationError: no path, or something else than entries.
        DataError: two entries for the same tile, format, products and objective.
        OutputError: a file that cannot be written.
    """
    path = given_path("path", path)
    given = items("entries", entries, "wincook.atlas.entries()", most=_MOST)
    several = [instance("entry", entry, Entry, "make it with Entry.from_json") for entry in given]
    _check_unique(several, path_text(path))
    lines = ",\n".join(entry.as_json() for entry in sorted(several, key=lambda entry: entry.place))
    write_atomically(path, f"[\n{lines}\n]\n".encode())


def _check_unique(entries: Iterable[Entry], name: str) -> None:
    known = set()
    for entry in entries:
        if entry.key in known:
            raise DataError(
                f"{name} has two entries for {entry.tile} in {entry.format} with extra = {entry.extra} and objective "
                f"{entry.conditions.objective}; keep one"
            )
        known.add(entry.key)
