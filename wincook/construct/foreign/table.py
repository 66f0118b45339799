"""A named matrix as a file gives it: exact entries, and the decimals they were read from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sympy

from wincook.construct.foreign.arithmetic import exact
from wincook.construct.foreign.recognise import Number
from wincook.errors import DataError

LARGEST_SIDE = 64  # where nothing is said of the matrices
_LARGEST_STATED = 512


class Decimal(NamedTuple):
    """A decimal, and the exact number it was taken for; None if it is the rounding of no simple one."""

    text: str
    exact: Number | None


class Cell(NamedTuple):
    """One entry, and the decimals in it that do not stand for themselves."""

    value: Number
    decimals: tuple[Decimal, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """`matrix` is given by rows, or `flat`: then it has one row, and its shape must come from elsewhere.

    `taken` are decimals and the exact numbers they were taken for; `doubts` name the entries with inexact ones.
    """

    name: str
    matrix: sympy.ImmutableMatrix
    flat: bool
    taken: tuple[Decimal, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def shape_text(self) -> str:
        """Name and shape, for messages."""
        size = f"{self.matrix.cols} numbers" if self.flat else f"{self.matrix.rows}×{self.matrix.cols}"
        return f"{self.name} ({size})"


def table(name: str, rows: Sequence[Sequence[Cell]], shape: Sequence[int] = ()) -> Table:
    """A matrix from rows of cells; a single row of rows × columns cells takes the shape that is given.

    Raises:
        DataError: no rows, rows of different lengths, or more rows or columns than any algorithm has.
    """
    width = _width(name, rows)
    cells = [cell for row in rows for cell in row]
    height = len(rows)
    if height == 1 and len(shape) == 2 and shape[0] * shape[1] == width:  # noqa: PLR2004 (rows and columns)
        height, width = shape
    if max(height, width) > (_LARGEST_STATED if height > 1 else LARGEST_SIDE**2):
        raise DataError(f"{name} is {height}×{width}; matrices of at most {_LARGEST_STATED} rows and columns are read")
    decimals = dict.fromkeys(decimal for cell in cells for decimal in cell.decimals)
    return Table(
        name,
        sympy.ImmutableMatrix(height, width, [exact(cell.value) for cell in cells]),
        flat=height == 1,
        taken=tuple(decimal for decimal in decimals if decimal.exact is not None),
        doubts=tuple(_doubts(name, cells, width, flat=height == 1)),
    )


def exact_table(name: str, rows: Sequence[Sequence[sympy.Expr]]) -> Table:
    """A matrix from rows of exact numbers.

    Raises:
        DataError: as for `table`.
    """
    width = _width(name, rows)
    if max(len(rows), width) > _LARGEST_STATED:
        raise DataError(f"{name} is {len(rows)}×{width}; at most {_LARGEST_STATED} rows and columns are read")
    return Table(name, sympy.ImmutableMatrix(rows), flat=False)


def _width(name: str, rows: Sequence[Sequence[object]]) -> int:
    sizes = sorted({len(row) for row in rows})
    if not sizes or not sizes[0]:
        raise DataError(f"{name} must be a list of rows, each a list of numbers")
    if len(sizes) > 1:
        raise DataError(f"{name} has rows of {' and '.join(map(str, sizes[:3]))} numbers; all must be as long")
    return sizes[0]


def _doubts(name: str, cells: Iterable[Cell], width: int, *, flat: bool) -> Iterable[str]:
    for place, cell in enumerate(cells):
        for decimal in cell.decimals:
            if decimal.exact is None:
                where = f"{place}" if flat else f"{place // width},{place % width}"
                yield f"{name}[{where}] is {decimal.text}"
