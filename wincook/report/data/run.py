"""A run: what a command was asked, and all that it answered, in one JSON file.

A saved run can be shown again without computing anything, and two runs can be compared (`difference`). It holds no
date: the same question to the same version gives the same file.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wincook.arguments import instance, mapping, words
from wincook.errors import DataError, WincookError, quoted
from wincook.files import given_path, open_regular, path_text, write_atomically
from wincook.report.data.values import plain, restored
from wincook.report.table import Cell, Column, Heading, Part, Table, View
from wincook.version import __version__

_FORMAT = 1
_LARGEST = 2**28  # bytes of a file that is read


@dataclass(frozen=True, slots=True)
class Run:
    """What a `command` was `asked`, by arguments and options; and its answer, as a `view` and as plain `results`.

    Raises:
        NotationError: a command or version that is no text, something else than a mapping, or no view.
    """

    command: str
    asked: Mapping[str, Any]
    results: Any
    view: View
    version: str = __version__

    def __post_init__(self) -> None:
        words("command", self.command, "ranges")
        words("version", self.version, __version__)
        object.__setattr__(self, "asked", mapping("asked", self.asked, "{'channels': 64}"))
        object.__setattr__(self, "view", View.of(self.view))


def write_run(path: str | Path, run: Run) -> Path:
    """Write a run, whole or not at all; a file that is there is replaced.

    Raises:
        NotationError: no path, or no run.
        OutputError: the file cannot be written.
        DataError: something in the run that has no text.
    """
    path, run = given_path("path", path), instance("run", run, Run, "make it with Run(command, asked, results, view)")
    try:
        contents = json.dumps(_plain_run(run), indent=1, ensure_ascii=False, allow_nan=False)
    except WincookError:
        raise
    except (ValueError, RecursionError) as error:
        raise DataError(f"the run of {quoted(run.command)} cannot be saved: {quoted(error)}") from error
    write_atomically(path, f"{contents}\n".encode(errors="backslashreplace"))  # as JSON spells surrogates
    return path


def _plain_run(run: Run) -> dict[str, Any]:
    return {
        "wincook_run": _FORMAT,
        "version": run.version,
        "command": run.command,
        "asked": plain(run.asked),
        "results": plain(run.results),
        "view": [_plain_part(part) for part in run.view.parts],
    }


def read_run(path: str | Path) -> Run:
    """A run as it was saved.

    Raises:
        NotationError: no path.
        OutputError: the file cannot be read.
        DataError: it is no run of wincook, or one of a version that saved runs in another way.
    """
    path = given_path("path", path)
    with open_regular(path, _LARGEST) as file:
        contents = file.read()
    try:
        data = json.loads(contents)
        form = data["wincook_run"]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise DataError(f"{path_text(path)} is no run of wincook; save one with --save FILE") from None
    if form != _FORMAT:
        raise DataError(
            f"{path_text(path)} was saved in another form than wincook {__version__} reads; save the run again"
        )
    try:
        view = View(tuple(map(_part, data["view"])))
        return Run(_text(data["command"]), dict(data["asked"]), data["results"], view, _text(data["version"]))
    except (ValueError, TypeError, KeyError, AttributeError):
        raise DataError(
            f"{path_text(path)} is a run of wincook, but not a whole one; save it again with --save FILE"
        ) from None


def _plain_part(part: Part) -> Any:
    if isinstance(part, Heading):
        return {"heading": part.words}
    if isinstance(part, str):
        return part
    return {
        "name": part.name,
        "title": part.title,
        "caption": part.caption,
        "headed": part.headed,
        "constants": [[name, plain(value)] for name, value in part.constants],
        "columns": [
            {"name": column.name, "fields": column.fields, "left": column.left, "key": column.key}
            for column in part.columns
        ],
        "rows": [[[cell.text, *map(plain, cell.values)] for cell in row] for row in part.rows],
    }


def _part(data: Any) -> Part:
    if isinstance(data, str):
        return data
    if "heading" in data:
        return Heading(_text(data["heading"]))
    columns = tuple(
        Column(
            _text(column["name"]),
            tuple(map(_text, column["fields"])),
            left=bool(column["left"]),
            key=bool(column["key"]),
        )
        for column in data["columns"]
    )
    rows = tuple(
        tuple(
            Cell(_text(text), _fitting(map(restored, values), column))
            for column, (text, *values) in zip(columns, row, strict=True)
        )
        for row in data["rows"]
    )
    constants = tuple((_text(name), restored(value)) for name, value in data["constants"])
    name, title, caption = (_text(data[key]) for key in ("name", "title", "caption"))
    return Table(name, title, columns, rows, caption, headed=bool(data["headed"]), constants=constants)


def _fitting(values: Iterable[Any], column: Column) -> tuple[Any, ...]:
    cells = tuple(values)
    if len(cells) != len(column.fields) or any(isinstance(value, (list, dict)) for value in cells):
        raise ValueError(column.name)
    return cells


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(type(value).__name__)
    return value
