"""Tensors in .safetensors files: eight bytes for the length of a header in JSON, the header, and the numbers.

The format: https://huggingface.co/docs/safetensors. Its own package gives numpy no bfloat16 and no float8.
"""

from __future__ import annotations

import json
from io import BufferedReader
from math import prod
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np

from wincook.arrays import Array
from wincook.data.stored import Stored
from wincook.errors import DataError, quoted
from wincook.files import path_text

_LENGTH = 8
_LARGEST_HEADER = 8 << 20  # bytes; some fifty thousand tensors
_TYPES: dict[str, np.dtype[Any]] = {
    "F64": np.dtype("<f8"),
    "F32": np.dtype("<f4"),
    "F16": np.dtype("<f2"),
    "BF16": np.dtype(ml_dtypes.bfloat16),
    "F8_E4M3": np.dtype(ml_dtypes.float8_e4m3fn),
    "F8_E4M3FNUZ": np.dtype(ml_dtypes.float8_e4m3fnuz),
    "F8_E5M2": np.dtype(ml_dtypes.float8_e5m2),
    "F8_E5M2FNUZ": np.dtype(ml_dtypes.float8_e5m2fnuz),
    "F8_E8M0": np.dtype(ml_dtypes.float8_e8m0fnu),
    "BOOL": np.dtype("?"),
    **{f"{letter}{8 * n}": np.dtype(f"<{letter.lower()}{n}") for letter in "IU" for n in (1, 2, 4, 8)},
}


def safetensors(stream: BufferedReader, file: Path, size: int) -> dict[str, Stored]:
    """The tensors of a file of so many bytes, by name.

    Raises:
        DataError: the header is none, or claims what the file does not have.
    """
    length = int.from_bytes(stream.read(_LENGTH), "little")
    if not 0 < length <= min(_LARGEST_HEADER, size - _LENGTH):
        raise DataError(f"{path_text(file)} is no .safetensors file: it claims a header of {length:,} bytes")
    try:
        header = json.loads(stream.read(length).decode(), object_pairs_hook=_without_repeats)
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path_text(file)} is no .safetensors file: its header is no JSON that can be read") from error
    if not isinstance(header, dict):
        raise DataError(f"{path_text(file)} is no .safetensors file: its header is no JSON object")
    header.pop("__metadata__", None)
    start = _LENGTH + length
    return {name: _stored(stream, start, size - start, entry, f"{path_text(file)}:{quoted(name)[1:-1]}")
            for name, entry in header.items()}  # fmt: skip


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("a name stands twice")
    return entries


def _stored(stream: BufferedReader, start: int, size: int, entry: Any, where: str) -> Stored:
    match entry:
        case {"dtype": str(kind), "shape": [*shape], "data_offsets": [int(begin), int(end)]} if all(
            type(n) is int and n >= 0 for n in (*shape, begin, end)
        ):
            pass
        case _:
            raise DataError(f"{where} has no dtype, shape and data_offsets that can be read")
    dtype = _TYPES.get(kind)
    if not begin <= end <= size or (dtype is not None and prod(shape) * dtype.itemsize != end - begin):
        raise DataError(f"{where} claims bytes {begin} to {end} of {size} for the shape {quoted(tuple(shape))}")

    def read() -> Array:
        stream.seek(start + begin)
        numbers = stream.read(end - begin)
        if len(numbers) != end - begin:
            raise DataError(f"{where} was cut while it was read")
        return np.frombuffer(numbers, dtype).reshape(shape)

    return Stored(tuple(shape), kind if dtype is None else dtype, read)
