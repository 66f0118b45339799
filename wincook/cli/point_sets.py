"""Sets of points as the command line gives them: as words, or one on each line of a file, `@FILE`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from wincook.errors import DataError, NotationError, WincookError, one_line
from wincook.files import open_regular, path_text
from wincook.points import Points

Error = TypeVar("Error", bound=WincookError)

DEFAULT = "default"  # the word for the points that a tile takes where none are given
_LARGEST_FILE = 2**24  # bytes


@dataclass(frozen=True, slots=True)
class PointSet:
    """Points in text, none for those that a tile takes by itself; `place` says which line of a file they are from."""

    text: str | None
    place: str = ""

    def placed(self, error: Error) -> Error:
        """The same error, beginning with the place if there is one."""
        return type(error)(f"{self.place}: {error}") if self.place else error


def read_point_sets(words: Sequence[str]) -> tuple[PointSet, ...]:
    """Every set that the words denote: points, `default`, or `@FILE` with a set on each line and comments behind `#`.

    Raises:
        NotationError: points that cannot be read, or no name of a file; of a file, the message names the line.
        PointsError: points that repeat.
        DataError: a file without any, or that is no text.
        OutputError: a file that cannot be read.
    """
    return tuple(point_set for word in words for point_set in _sets(word))


def _sets(word: str) -> Iterator[PointSet]:
    if not word.startswith("@"):
        yield _checked(PointSet(word))
        return
    if word == "@":
        raise NotationError("@ names no file; write @FILE, such as @points.txt, with a set of points on each line")
    for row, place in read_rows(Path(word[1:])):
        yield _checked(PointSet(row, place))


def read_rows(path: Path) -> Iterator[tuple[str, str]]:
    """The lines of a file that say something, without comments, each with its place.

    Raises:
        DataError: a file without any, or that is no text.
        OutputError: a file that cannot be read.
    """
    name = path_text(path)
    with open_regular(path, _LARGEST_FILE) as file:
        contents = file.read()
    try:
        lines = contents.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise DataError(f"{name} is no text in UTF-8; write a set of points on each line") from None
    rows = [(number, line.partition("#")[0].strip()) for number, line in enumerate(lines, start=1)]
    if not any(row for _, row in rows):
        raise DataError(f"{name} holds no points; write a set on each line, such as 0, ±1, ±2, ∞")
    for number, row in rows:
        if row:
            yield row, f"{one_line(name, 100)}, line {number}"


def _checked(point_set: PointSet) -> PointSet:
    """The set, if it can be read; axes are parted by `;`."""
    text = point_set.text or ""
    if text.strip() == DEFAULT:
        return PointSet(None, point_set.place)
    try:
        for axis in text.split(";"):
            Points.parse(axis)
    except WincookError as error:
        raise point_set.placed(error) from error
    return point_set
