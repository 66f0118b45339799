"""Sets of points to hold against the atlas, as a file has them: lines of text, a list in JSON, or matrices."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from wincook.bilinear import BilinearAlgorithm
from wincook.cli.point_sets import PointSet, read_rows
from wincook.construct.subject import algorithm_of
from wincook.errors import DataError, NotationError, WincookError, one_line, quoted
from wincook.files import open_regular, path_text

_LARGEST_FILE = 2**24  # bytes
_OF_LINES = {".txt", ".points", ""}


def read_sets(path: Path, tile: str | None) -> list[BilinearAlgorithm]:
    """The algorithms of a file.

    Args:
        path: a `.txt` file with a set on each line, a `.json` file with a list of sets, or a file of matrices.
        tile: that of the sets that name none; others stand behind theirs, `F(4,3) on {0, ±1, ±2, ∞}`.

    Raises:
        NotationError, PointsError: a set that cannot be read, that fits no tile, or that has none; the message names
            its place.
        DataError: a file without any, or that holds something else.
        OutputError: a file that cannot be read.
        AlgorithmError: matrices that are no convolution.
    """
    suffix = path.suffix.lower()
    if suffix in _OF_LINES:
        return [_made(text, place, tile) for text, place in read_rows(path)]
    listed = _list_in(path) if suffix == ".json" else None
    if listed is None:
        return [algorithm_of(path)]
    return _of_list(listed, path_text(path), tile)


def _list_in(path: Path) -> list[Any] | None:
    """The list that a file of JSON holds; None if it holds something else."""
    with open_regular(path, _LARGEST_FILE) as file:
        contents = file.read()
    try:
        data = json.loads(contents)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, list) else None


def _of_list(listed: Iterable[Any], name: str, tile: str | None) -> list[BilinearAlgorithm]:
    places = [(text, f"{one_line(name, 100)}, set {number}") for number, text in enumerate(listed, start=1)]
    if not places:
        raise DataError(f'{name} holds no sets; write a list such as ["F(4,3) on {{0, ±1, ±2, ∞}}"]')
    for text, place in places:
        if not isinstance(text, str):
            raise DataError(f"{place}: {quoted(text)} is no text; write sets such as F(4,3) on {{0, ±1, ±2, ∞}}")
    return [_made(text, place, tile) for text, place in places]


def _made(text: str, place: str, tile: str | None) -> BilinearAlgorithm:
    try:
        if " on " in text:
            return algorithm_of(text)
        if tile is None:
            raise NotationError(f"{quoted(text)} names no tile; write F(4,3) on {{0, ±1, ±2, ∞}}, or give --tile")
        return algorithm_of(tile, text)
    except WincookError as error:
        raise PointSet(text, place).placed(error) from error
