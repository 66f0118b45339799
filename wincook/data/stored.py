"""Arrays as files hold them: what is claimed of one, and how its numbers are then read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.errors import DataError, quoted
from wincook.files import path_text

LARGEST_ARRAY = 1 << 29  # bytes
_MOST_AXES = 32
_LISTED_AT_MOST = 8
_WITH_NAMES = re.compile(r"(?is)(.*?\.(?:npz|safetensors|onnx|pt|pth)):(.*)")


@dataclass(frozen=True, slots=True)
class Stored:
    """An array in a file: its shape, its element type, and `read`, which takes the memory.

    The element type is that of numpy or ml_dtypes, or the words of the file for one that neither has.
    """

    shape: tuple[int, ...]
    dtype: np.dtype[Any] | str
    read: Callable[[], Array]

    def array(self, where: str) -> Array:
        """The numbers: float32 if their own type is one that numpy has not, such as bfloat16.

        Args:
            where: file and name, for messages.

        Raises:
            DataError: no real numbers, or more than LARGEST_ARRAY bytes of them.
        """
        dtype = real_type(self.dtype, where)
        check_shape(self.shape, max(dtype.itemsize, np.dtype(np.float32).itemsize if is_narrow(dtype) else 0), where)
        array = self.read()
        return array.astype(np.float32, copy=False) if is_narrow(dtype) else array


def real_type(dtype: np.dtype[Any] | str, where: str) -> np.dtype[Any]:
    """The element type, if it is one of real numbers.

    Raises:
        DataError: complex numbers, objects, text, times, records, or an unknown type.
    """
    if isinstance(dtype, str) or not (dtype.kind in "fiub" or is_narrow(dtype)):
        raise DataError(f"{where} has elements of type {quoted(str(dtype))}; they must be real numbers")
    return dtype


def is_narrow(dtype: np.dtype[Any]) -> bool:
    """Whether a type is one of ml_dtypes' real numbers, each of which is a float32."""
    return dtype.type.__module__ == "ml_dtypes" and "complex" not in dtype.name


def check_shape(shape: Sequence[object], itemsize: int, where: str) -> None:
    """See that an array can be made, and fits.

    Raises:
        DataError: lengths that are no natural numbers, too many axes, or more than LARGEST_ARRAY bytes.
    """
    sizes = [n for n in shape if isinstance(n, int) and not isinstance(n, bool) and n >= 0]
    if len(sizes) != len(shape) or len(sizes) > _MOST_AXES:
        raise DataError(f"{where} claims the shape {quoted(tuple(shape))}, which no array has")
    if prod(n or 1 for n in sizes) * itemsize > LARGEST_ARRAY:
        raise DataError(
            f"{where} claims the shape {quoted(tuple(sizes))}, {itemsize} bytes an element; "
            f"at most {LARGEST_ARRAY >> 20} MiB are read: give a part of it"
        )


def file_and_name(text: str) -> tuple[Path, str]:
    """FILE and NAME of FILE:NAME, for files that hold several arrays; no name if there is none.

    >>> file_and_name("a.npz:conv1.weight"), file_and_name("b.npy")
    ((PosixPath('a.npz'), 'conv1.weight'), (PosixPath('b.npy'), ''))
    """
    parts = _WITH_NAMES.fullmatch(text)
    return (Path(text), "") if parts is None else (Path(parts[1]), parts[2])


def chosen(names: Sequence[str], wanted: str, file: Path, likely: Sequence[str] | None = None) -> str:
    """The name that was asked for, or else the only one there is.

    Args:
        names: of all arrays in the file.
        wanted: may be empty.
        file: for messages.
        likely: those that can be filters, if the file is a model: one that stands alone among them is taken.

    Raises:
        DataError: there is no such name, or not a single one; the message lists some.
    """
    kind, candidates = ("array", names) if likely is None else ("tensor", likely)
    if wanted:
        if wanted not in names:
            raise DataError(f"{path_text(file)} has no {kind} {quoted(wanted)}; it has {_listed(names)}")
        return wanted
    if len(candidates) != 1:
        what = f"{kind}s" if likely is None else f"{kind}s of filters"
        if not candidates:
            raise DataError(f"{path_text(file)} has no {what}; it has {_listed(names)}")
        raise DataError(
            f"{path_text(file)} has {len(candidates)} {what}; name one as FILE:NAME, of {_listed(candidates)}"
        )
    return candidates[0]


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(quoted(name, 40)[1:-1] for name in islice(names, _LISTED_AT_MOST))
    return f"{shown}, …" if len(names) > _LISTED_AT_MOST else shown or "none"
