"""Arrays in numpy's own format, .npy, and in archives of them, .npz."""

from __future__ import annotations

import warnings
import zipfile
from io import BufferedReader
from math import prod
from pathlib import Path
from typing import IO

import numpy as np
from numpy.lib import format as npy

from wincook.arrays import Array
from wincook.data.archive import opened_archive, opened_member
from wincook.data.stored import check_shape, chosen, real_type
from wincook.errors import DataError, WincookError, quoted
from wincook.files import path_text

_LARGEST_HEADER = 10_000  # as numpy's own limit; which it looks at when the header is in memory


def npy_array(stream: IO[bytes], size: int, where: str) -> Array:
    """The array of a stream of so many bytes.

    Raises:
        DataError: no array of real numbers, or not as many bytes as its header says.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # numpy warns of headers that Python 2 wrote
            _check_header(stream, size, where)
            stream.seek(0)
            return np.asarray(npy.read_array(stream, allow_pickle=False))
    except WincookError:
        raise
    except Exception as error:  # a header is a Python literal: what goes wrong in reading it has no common class
        raise DataError(f"{where} holds no array in numpy's format, or a damaged one; write it anew") from error


def _check_header(stream: IO[bytes], size: int, where: str) -> None:
    width, read_header = (
        (2, npy.read_array_header_1_0) if npy.read_magic(stream) == (1, 0) else (4, npy.read_array_header_2_0)
    )
    start = stream.tell()
    length = int.from_bytes(stream.read(width), "little")
    if length > _LARGEST_HEADER:
        raise DataError(
            f"{where} claims a header of {length:,} bytes; one of real numbers has at most {_LARGEST_HEADER}"
        )
    stream.seek(start)
    shape, _, dtype = read_header(stream)
    real_type(dtype, where)
    check_shape(shape, dtype.itemsize, where)
    if stream.tell() + prod(shape) * dtype.itemsize != size:
        raise DataError(f"{where} has {size:,} bytes, which its shape {quoted(shape)} does not fit")


def npz_array(stream: BufferedReader, file: Path, wanted: str) -> Array:
    """The array of that name in an archive; without a name, the only one.

    Raises:
        DataError: no archive, a damaged or encrypted one, or no such array.
    """
    with opened_archive(stream, file) as archive:
        members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
        name = chosen(list(members), wanted, file)
        return _member(archive, members[name], f"{path_text(file)}:{quoted(name)[1:-1]}")


def npz_arrays(stream: BufferedReader, file: Path) -> dict[str, Array]:
    """All arrays of an archive by name; errors as `npz_array`."""
    with opened_archive(stream, file) as archive:
        members = {member.filename.removesuffix(".npy"): member for member in archive.infolist()}
        return {
            name: _member(archive, member, f"{path_text(file)}:{quoted(name)[1:-1]}")
            for name, member in members.items()
        }


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, where: str) -> Array:
    with opened_member(archive, member, where) as stream:
        return npy_array(stream, member.file_size, where)
