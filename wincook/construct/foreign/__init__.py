"""Matrices from elsewhere: JSON, npz, CSV, and the source text of C and Python programs, read exactly.

The end of the file's name says how it is read; nothing is unpickled or evaluated. Numbers are integers, fractions,
decimals, square roots and expressions of them.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from wincook.bilinear import BilinearAlgorithm
from wincook.construct.foreign.arrays import array_tables
from wincook.construct.foreign.claim import Stated
from wincook.construct.foreign.document import is_document, stated_document
from wincook.construct.foreign.header import stated_header, stated_source, with_exact_numbers
from wincook.construct.foreign.objects import object_tables, parsed
from wincook.construct.foreign.reading import Reading
from wincook.construct.foreign.roles import readings
from wincook.construct.foreign.separated import separated_tables
from wincook.construct.foreign.source import source_tables
from wincook.errors import AlgorithmError, DataError, OutputError
from wincook.judge import least_wrong
from wincook.tile import Tile

__all__ = ["Reading", "load", "read"]

Result = TypeVar("Result")

_LARGEST_FILE = 1 << 19
_LARGEST_JSON = 1 << 21  # a joint set and its factors take a MiB
_NUMBER_OF_AXIS = re.compile(r"(?<!\d)\d+(?=(?:, turned)?$)")


def load(path: str | Path) -> BilinearAlgorithm:
    """Read an algorithm from a file; it is not proven, `verify` does that.

    What wincook wrote says which algorithm it is. Otherwise the file holds one set of matrices, or one for each axis:
    under `axes` in JSON, or under names that end in the number of the axis, AT0, AT1.

    Raises:
        OutputError: the file cannot be read.
        DataError: it has no three matrices, several sets that are no axes, or a decimal that rounds no simple number.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    found = _found(Path(path))
    doubts = [doubt for reading in found.readings for doubt in reading.doubts]
    if doubts:
        raise DataError(f"{path} is inexact: {doubts[0]}, which rounds no simple number; {len(doubts)} such entries")
    if found.stated is not None:
        return _named(Path(path), found.stated.algorithm)
    axes = tuple(reading.matrices for reading in found.readings)
    kinds = {least_wrong(axis)[1] for axis in axes}
    if len(kinds) > 1:
        raise DataError(f"{path} mixes {' and '.join(sorted(kinds))}; the axes of an algorithm are of one kind")
    (kind,) = kinds
    outputs = ((axis.BT if kind == "linear convolution" else axis.AT.T).cols for axis in axes)
    tile = Tile(tuple(outputs), tuple(axis.G.cols for axis in axes))
    if len(axes) > 1 and not found.are_axes:
        raise DataError(
            f"{path} holds {len(axes)} sets, {', '.join(map(str, tile.axes))}, and does not say that they are axes; "
            "wincook verify judges each, and read returns them"
        )
    return BilinearAlgorithm(tile, (), axes, kind)


def read(path: str | Path) -> tuple[Reading, ...]:
    """Every set of matrices in a file, with what was made of names and decimals.

    Raises:
        OutputError: the file cannot be read.
        DataError: it has no three matrices that belong together, or one that may belong to them cannot be read.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    return _found(Path(path)).readings


@dataclass(frozen=True, slots=True)
class _Found:
    """What a file holds: the sets, whether they are the axes of one algorithm, and what the file states of it."""

    readings: tuple[Reading, ...]
    are_axes: bool
    stated: Stated | None = None


def _found(place: Path) -> _Found:
    return _named(place, lambda: _interpreted(_contents(place), place.suffix.lower()))


def _named(place: Path, read_it: Callable[[], Result]) -> Result:
    """The result, or its error under the name of the file."""
    try:
        return read_it()
    except (DataError, AlgorithmError) as error:
        raise type(error)(f"{place}: {error}") from error


def _interpreted(contents: bytes, suffix: str) -> _Found:
    found: Stated | list[Reading]
    if suffix == ".npz":
        tables = array_tables(contents)
        found = tables if isinstance(tables, Stated) else readings(tables)
    elif suffix == ".json":
        data = parsed(_text(contents, "strict"))
        if is_document(data):
            found = stated_document(data)
        else:
            found = [reading for group in object_tables(data) for reading in readings(group)]
            if isinstance(data, dict) and "axes" in data:
                return _Found(tuple(found), are_axes=True)
    elif suffix in {".csv", ".tsv"}:
        found = readings(separated_tables(_text(contents, "strict")))
    else:
        found = _in_source(_text(contents, "replace"), suffix)
    if isinstance(found, Stated):
        return _Found(tuple(found.readings()), are_axes=True, stated=found)
    numbers = [[_NUMBER_OF_AXIS.findall(name)[-1:] for _, name in reading.taken_for] for reading in found]
    return _Found(tuple(found), are_axes=all(own == [[str(k)]] * 3 for k, own in enumerate(numbers)))


def _in_source(text: str, suffix: str) -> Stated | list[Reading]:
    claim = stated_header(text)
    if claim is None:
        return readings(*source_tables(text, suffix))
    text, constants = with_exact_numbers(text)
    return stated_source(claim, *source_tables(text, suffix, constants))


def _contents(place: Path) -> bytes:
    largest = _LARGEST_JSON if place.suffix.lower() == ".json" else _LARGEST_FILE
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            raise DataError("it is no regular file")
        with place.open("rb") as file:
            contents = file.read(largest + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise OutputError(f"cannot read {place}: {getattr(error, 'strerror', None) or error}") from error
    if len(contents) > largest:
        raise DataError(f"it is larger than {largest >> 10} KiB; keep the part with the matrices")
    return contents


def _text(contents: bytes, errors: str) -> str:
    if b"\0" in contents:
        raise DataError("it is no UTF-8 text")
    try:
        return contents.decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        raise DataError(f"it is no UTF-8 text: {error.reason} at byte {error.start}") from error
