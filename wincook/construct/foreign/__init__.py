"""Matrices from elsewhere: JSON, npz, CSV, and the source text of C and Python programs, read exactly.

The end of the file's name says how it is read; nothing is unpickled or evaluated. Numbers are integers, fractions,
decimals, square roots and expressions of them.
"""

from __future__ import annotations

import stat
from pathlib import Path

from wincook.bilinear import BilinearAlgorithm
from wincook.construct.foreign.arrays import array_tables
from wincook.construct.foreign.objects import object_tables
from wincook.construct.foreign.roles import Reading, readings
from wincook.construct.foreign.separated import separated_tables
from wincook.construct.foreign.source import source_tables
from wincook.construct.foreign.table import Table
from wincook.errors import AlgorithmError, DataError, OutputError
from wincook.judge import least_wrong
from wincook.tile import Tile

__all__ = ["Reading", "load", "read"]

_LARGEST_FILE = 1 << 19


def load(path: str | Path) -> BilinearAlgorithm:
    """Read an algorithm from a file, each set of matrices one axis; it is not proven, `verify` does that.

    Raises:
        OutputError: the file cannot be read.
        DataError: it has no three matrices, or an entry is a decimal that rounds no simple number.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    found = read(path)
    doubts = [doubt for reading in found for doubt in reading.doubts]
    if doubts:
        raise DataError(f"{path} is inexact: {doubts[0]}, which rounds no simple number; {len(doubts)} such entries")
    kinds = {least_wrong(reading.axis)[1] for reading in found}
    if len(kinds) > 1:
        raise DataError(f"{path} mixes {' and '.join(sorted(kinds))}; the axes of an algorithm are of one kind")
    (kind,) = kinds
    axes = tuple(reading.axis for reading in found)
    outputs = ((axis.BT if kind == "linear convolution" else axis.AT.T).cols for axis in axes)
    return BilinearAlgorithm(Tile(tuple(outputs), tuple(axis.G.cols for axis in axes)), (), axes, kind)


def read(path: str | Path) -> tuple[Reading, ...]:
    """Every set of matrices in a file, with what was made of names and decimals.

    Raises:
        OutputError: the file cannot be read.
        DataError: it has no three matrices that belong together.
        AlgorithmError: the shapes of the matrices do not fit one another.
    """
    place = Path(path)
    try:
        groups = _groups(_contents(place), place.suffix.lower())
        return tuple(reading for group in groups for reading in readings(group))
    except (DataError, AlgorithmError) as error:
        raise type(error)(f"{place}: {error}") from error


def _contents(place: Path) -> bytes:
    try:
        if not stat.S_ISREG(place.stat().st_mode):
            raise DataError("it is no regular file")
        with place.open("rb") as file:
            contents = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, DataError):
            raise
        raise OutputError(f"cannot read {place}: {getattr(error, 'strerror', None) or error}") from error
    if len(contents) > _LARGEST_FILE:
        raise DataError(f"it is larger than {_LARGEST_FILE >> 10} KiB; keep the part with the matrices")
    return contents


def _groups(contents: bytes, suffix: str) -> list[list[Table]]:
    if suffix == ".npz":
        return [array_tables(contents)]
    if suffix == ".json":
        return object_tables(_text(contents, "strict"))
    if suffix in {".csv", ".tsv"}:
        return [separated_tables(_text(contents, "strict"))]
    return [source_tables(_text(contents, "replace"), suffix)]


def _text(contents: bytes, errors: str) -> str:
    if b"\0" in contents:
        raise DataError("it is no UTF-8 text")
    try:
        return contents.decode("utf-8-sig", errors)
    except UnicodeDecodeError as error:
        raise DataError(f"it is no UTF-8 text: {error.reason} at byte {error.start}") from error
