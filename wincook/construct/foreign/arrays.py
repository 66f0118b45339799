"""Matrices in npz archives: arrays of integers, floating-point numbers or text, one for each name.

What an array claims to be is checked before any of it is read, and nothing is unpickled.
"""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from math import prod

import numpy as np
from numpy.lib import format as npy

from wincook.construct.foreign.expression import evaluate
from wincook.construct.foreign.table import LARGEST_SIDE, Cell, Table, table
from wincook.errors import DataError

_MOST_MEMBERS = 64
_LARGEST_MEMBER = 1 << 20
_MATRIX = 2


def array_tables(contents: bytes) -> list[Table]:
    """All matrices of an archive; arrays that are not of two dimensions, or flat, are passed over.

    Raises:
        DataError: no archive, one that unpacks to too much, or arrays of objects.
    """
    try:
        with zipfile.ZipFile(BytesIO(contents)) as archive:
            members = archive.infolist()
            if len(members) > _MOST_MEMBERS:
                raise DataError(f"it has {len(members)} arrays; at most {_MOST_MEMBERS} are read")
            for member in members:
                if member.file_size > _LARGEST_MEMBER:
                    raise DataError(f"{member.filename[:40]} unpacks to {member.file_size} bytes, which is too much")
            arrays = {member.filename.removesuffix(".npy"): _array(archive.read(member)) for member in members}
    except (ValueError, OSError, EOFError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(f"it is no npz archive of matrices: {error}") from error
    return [_table(name[:60], array) for name, array in arrays.items() if 1 <= array.ndim <= _MATRIX and array.size]


def _array(contents: bytes) -> np.ndarray:
    file = BytesIO(contents)
    version = npy.read_magic(file)
    read_header = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
    shape, _, dtype = read_header(file)
    if dtype.kind not in "iufU" or dtype.itemsize > _LARGEST_MEMBER:
        raise DataError(f"an array holds {dtype}; integers, floating-point numbers and text are read")
    if prod(shape) > LARGEST_SIDE**2:
        raise DataError(f"an array is of shape {shape}; matrices have at most {LARGEST_SIDE} rows and columns")
    file.seek(0)
    array: np.ndarray = npy.read_array(file, allow_pickle=False)
    return array


def _table(name: str, array: np.ndarray) -> Table:
    if array.dtype.kind == "f" and not np.isfinite(array).all():
        raise DataError(f"{name} holds numbers that are not finite")
    exact_type = array.dtype in {np.dtype(np.float32), np.dtype(np.float64)} or array.dtype.kind in "iuU"
    numbers = array if exact_type else array.astype(np.float64)
    return table(name, [[_cell(entry, name) for entry in row] for row in np.atleast_2d(numbers)])


def _cell(entry: object, name: str) -> Cell:
    """The number of the shortest decimal that denotes the entry in its own precision."""
    try:
        return evaluate(str(entry))
    except DataError as error:
        raise DataError(f"{name} holds {error}") from error
