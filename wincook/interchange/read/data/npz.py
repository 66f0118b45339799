"""Matrices in npz archives: arrays of integers, floating-point numbers or text, one for each name.

What `wincook show` writes has the text of its JSON in the array `json`: every entry of the others that is an exact
number of that text, rounded, stands for it. An entry that is not stands for itself.

What an array claims to be is checked before any of it is read, and nothing is unpickled.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import replace
from io import BytesIO
from math import prod

import numpy as np
from numpy.lib import format as npy

from wincook.errors import DataError
from wincook.formats import FLOAT64
from wincook.interchange.read.data.json import parsed
from wincook.interchange.read.numbers.arithmetic import exact
from wincook.interchange.read.numbers.cell import Cell, grid
from wincook.interchange.read.stated.claim import LETTERS, Stated, StatedSet
from wincook.interchange.read.stated.own_json import is_document, stated_document
from wincook.interchange.read.stated.rounding import rounds
from wincook.interchange.read.stated.seal import changed_document
from wincook.interchange.read.syntax.declared.values import evaluate
from wincook.interchange.read.tables import LARGEST_SIDE, Findings, Table, exact_table, table

_MOST_MEMBERS = 64
_LARGEST_MEMBER = 1 << 20
_LARGEST_DOCUMENT = 8 << 20  # four bytes for each character
_MOST_STATED = 1 << 16
_STATED = re.compile(r"(?:AT|G|BT)\d?")
_MATRIX = 2


def archive_findings(contents: bytes) -> Findings | Stated:
    """All matrices of an archive; arrays that are not of two dimensions, or flat, are passed over.

    Raises:
        DataError: no archive, one that unpacks to too much, or arrays of objects.
    """
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
            if len(members) > _MOST_MEMBERS:
                raise DataError(f"it has {len(members)} arrays; at most {_MOST_MEMBERS} are read")
            document = _document(archive, members["json"]) if "json" in members else None
            most = LARGEST_SIDE**2 if document is None else _MOST_STATED
            if document is not None:
                members = {name: member for name, member in members.items() if _STATED.fullmatch(name)}
            arrays = {name: _array(_unpacked(archive, member), most) for name, member in members.items()}
    except (ValueError, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"it is no npz archive of matrices: {error}") from error
    if document is not None:
        return _rounded(document, arrays)
    return Findings(
        [_table(name, array) for name, array in arrays.items() if 1 <= array.ndim <= _MATRIX and array.size]
    )


def array_findings(contents: bytes, stem: str) -> Findings:
    """The one matrix of an npy file, which has the name of the file.

    Raises:
        DataError: no array of numbers, or too large a one.
    """
    try:
        array = _array(contents)
    except (ValueError, OSError, EOFError, RuntimeError, NotImplementedError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"it is no npy file of a matrix: {error}") from error
    if not 1 <= array.ndim <= _MATRIX or not array.size:
        raise DataError(f"it holds an array of the shape {array.shape}; a matrix has rows and columns")
    return Findings([_table(stem, array)])


def _document(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Stated | None:
    array = _array(_unpacked(archive, member, _LARGEST_DOCUMENT), 1, _LARGEST_DOCUMENT)
    text = str(array) if array.dtype.kind == "U" and not array.ndim else "null"
    contents = parsed(text)
    return replace(stated_document(contents), changed=changed_document(text)) if is_document(contents) else None


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, most: int = _LARGEST_MEMBER) -> bytes:
    if member.file_size > most:
        raise DataError(f"{member.filename[:40]} unpacks to {member.file_size} bytes, which is too much")
    return archive.read(member)


def _rounded(document: Stated, arrays: Mapping[str, np.ndarray]) -> Stated:
    """The document with the entries of arrays that do not round its own."""

    def checked(place: int, stated: StatedSet) -> StatedSet:
        contradictions: list[str] = []
        AT, G, BT = (
            _rounded_table(table, _array_of(arrays, letters, place), document.claim.modulus, contradictions)
            for letters, table in zip(LETTERS, stated.tables, strict=True)
        )
        return stated._replace(tables=(AT, G, BT), contradiction=contradictions[0] if contradictions else "")

    return replace(document, sets=tuple(checked(place, stated) for place, stated in enumerate(document.sets)))


def _array_of(arrays: Mapping[str, np.ndarray], letters: str, place: int) -> np.ndarray:
    """That of one set, or of all."""
    for name in (f"{letters}{place}", letters):
        if name in arrays:
            return arrays[name]
    raise DataError(f"it holds no array {letters}, nor {letters}{place}")


def _rounded_table(stated: Table, array: np.ndarray, modulus: int, contradictions: list[str]) -> Table:
    if array.shape != stated.matrix.shape or array.dtype.kind not in "if" or not np.isfinite(array).all():
        raise DataError(
            f"{stated.name} must hold {stated.matrix.rows}×{stated.matrix.cols} finite numbers, as json does"
        )
    rows = stated.matrix.tolist()
    for (i, j), entry in np.ndenumerate(array):
        said = rows[i][j]
        if not (int(entry) == said if modulus else rounds(float(entry), said, FLOAT64)):
            contradictions.append(f"{stated.name}[{i},{j}] is {entry} in its array, but {said} in json")
            rows[i][j] = exact(_cell(entry, stated.name).value)
    return exact_table(stated.name, rows)


def _array(contents: bytes, most: int = LARGEST_SIDE**2, largest: int = _LARGEST_MEMBER) -> np.ndarray:
    """An array of at most so many entries, each of at most so many bytes."""
    file = BytesIO(contents)
    version = npy.read_magic(file)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read_header(file)
    if dtype.kind not in "iufU" or dtype.itemsize > largest:
        raise DataError(f"an array holds {dtype}; integers, floating-point numbers and text are read")
    if prod(shape) > most:
        raise DataError(f"an array is of shape {shape}; at most {most} numbers are read")
    file.seek(0)
    array: np.ndarray = npy.read_array(file, allow_pickle=False)
    return array


def _table(name: str, array: np.ndarray) -> Table:
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise DataError(f"{name} holds numbers that are not finite")
    exact_type = array.dtype in {np.dtype(np.float32), np.dtype(np.float64)} or array.dtype.kind in "iuU"
    numbers = array if exact_type else array.astype(np.float64)
    cells = [[_cell(entry, name) for entry in row] for row in np.atleast_2d(numbers)]
    return table(name, grid(cells if array.ndim > 1 else cells[0]))


def _cell(entry: object, name: str) -> Cell:
    """The number of the shortest decimal that denotes the entry in its own precision."""
    try:
        return evaluate(str(entry))
    except DataError as error:
        raise DataError(f"{name} holds {error}") from error
