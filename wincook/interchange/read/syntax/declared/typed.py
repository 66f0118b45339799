"""What becomes of a value in the type and the sizes that are declared for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell, Grid, cells
from wincook.interchange.read.numbers.element import integer_type, is_floating, narrow_format, rounding_remark
from wincook.interchange.read.syntax.declared.right_side import padded
from wincook.interchange.read.syntax.declared.values import Value, Values
from wincook.interchange.read.syntax.words import Word

_LARGEST_SIZE = 1 << 16


def typed_constant(number: Cell, kind: Sequence[str]) -> Cell:
    """A number as its type holds it: `const int half = 0.5` is 0, and `const float two = 2` no integer."""
    integers = integer_type(kind)
    if integers is not None:
        return integers.convert(number)
    return number.floating() if any(map(is_floating, kind)) else number


def typed_array(name: str, value: Value, kind: Sequence[str], sizes: Sequence[int]) -> tuple[Grid, list[str]]:
    """A list as an array of its type and sizes, and what is to be said of that.

    Raises:
        DataError: rows of different lengths.
    """
    array = padded(value, sizes)
    remarks: list[str] = []
    if sizes and array.size > np.prod(sizes):
        remarks = [f"{name[:40]} is declared for {'×'.join(map(str, sizes))} numbers, and holds {array.size}"]
    integers = integer_type(kind)
    if integers is not None:
        converted: Grid = np.asarray(np.frompyfunc(integers.convert, 1, 1)(array))
        if any(a.value != b.value for a, b in zip(array.ravel(), converted.ravel(), strict=True)):
            remarks.append(f"{name[:40]} is of the type {' '.join(kind)[:40]}: its numbers are cut to integers")
        array = converted
    narrow = next((fmt for word in kind if (fmt := narrow_format(word)) is not None), None)
    if narrow is not None:
        remarks += [f"{name[:40]}: {remark}" for remark in rounding_remark(narrow, cells(array))]
    return array, remarks


def declared_sizes(dimensions: Sequence[Sequence[Word]], values: Values) -> list[int]:
    """The numbers that dimensions are; empty if one is not known."""
    sizes = [_size(dimension, values) for dimension in dimensions]
    return [] if 0 in sizes else sizes


def _size(dimension: Sequence[Word], values: Values) -> int:
    """The number that a dimension is; 0 if that is not known."""
    colon = [at for at, word in enumerate(dimension) if word.text == ":"]
    try:
        if colon:  # [0:3]
            ends = [values.read(part) for part in (dimension[: colon[0]], dimension[colon[0] + 1 :])]
            size: Any = abs(ends[0].value - ends[1].value) + 1
        else:
            size = values.read(list(dimension)).value
    except (DataError, AttributeError):
        return 0
    return size if isinstance(size, int) and 0 < size <= _LARGEST_SIZE else 0
