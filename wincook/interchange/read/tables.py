"""What a reader finds in a file: matrices with their names, and what it could not read.

Every reader of a syntax gives `Findings`; which of the matrices belong together is not its business.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import sympy

from wincook.errors import DataError
from wincook.interchange.read.numbers.arithmetic import exact
from wincook.interchange.read.numbers.cell import Cell, Decimal, Grid, cells

LARGEST_SIDE = 64  # where nothing is said of the matrices
_LARGEST_STATED = 512
_LONGEST_NAME = 60
_MATRIX = 2


@dataclass(frozen=True, slots=True)
class Table:
    """`matrix` is given by rows, or `flat`: then it has one row, and its shape must come from elsewhere.

    `taken` are decimals and the exact numbers they were taken for; `doubts` name the entries with inexact ones;
    `remarks` say what else was made of the text. `scope` are the names of what stands around it, outermost first. What
    is `superseded` was given another value in the same block later.
    """

    name: str
    matrix: sympy.ImmutableMatrix
    flat: bool
    taken: tuple[Decimal, ...] = ()
    doubts: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    line: int = 0
    superseded: bool = False

    @property
    def shape_text(self) -> str:
        """Name and shape, for messages."""
        size = f"{self.matrix.cols} numbers" if self.flat else f"{self.matrix.rows}×{self.matrix.cols}"
        return f"{self.name} ({size})"


class Unread(NamedTuple):
    """A name, and why what is assigned to it was not understood.

    `is_matrix` if the text shows rows of numbers, or enough numbers for a matrix.
    """

    name: str
    reason: str
    is_matrix: bool
    scope: tuple[str, ...] = ()
    line: int = 0


class Change(NamedTuple):
    """A statement that changes what a name holds, in a way that is not followed.

    `scope` is where the name is known; None if that may be anywhere.
    """

    name: str
    statement: str
    line: int
    scope: tuple[str, ...] | None = ()

    def concerns(self, table: Table) -> bool:
        """Whether a table is what the statement changes."""
        named = table.name == self.name or table.name.startswith(f"{self.name}[")
        known = self.scope in {None, table.scope} or "." in self.name
        return named and known and self.line >= table.line and not table.superseded


@dataclass(slots=True)
class Findings:
    """All that a reader has found, in the order of the text."""

    tables: list[Table] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)  # texts that stand alone, such as those that document code
    given: set[str] = field(default_factory=set)  # every name that is declared or assigned to

    def extend(self, other: Findings) -> None:
        """Add what another part of the file holds."""
        self.tables += other.tables
        self.unread += other.unread
        self.changes += other.changes
        self.prose += other.prose
        self.given |= other.given

    def changed(self) -> list[tuple[Table, Unread]]:
        """The tables that a statement changes later, each with why it is not known what they hold."""
        pairs = []
        for table in self.tables:
            change = next((change for change in self.changes if change.concerns(table)), None)
            if change is not None:
                why = f"{table.name} is not known, since line {change.line} changes it: {change.statement}"
                pairs.append((table, Unread(table.name, why, True, table.scope, table.line)))  # noqa: FBT003
        return pairs


def reason(name: str, why: str) -> str:
    """Why what a name is given was not read.

    >>> reason("G", "'x', which is no number"), reason("AT", "it breaks off")
    ("G holds 'x', which is no number", 'AT breaks off')
    """
    return f"{name[:40]} {why.removeprefix('it ')}" if why.startswith("it ") else f"{name[:40]} holds {why}"


def table(
    name: str,
    array: Grid,
    shape: Sequence[int] = (),
    *,
    remarks: Sequence[str] = (),
    scope: Sequence[str] = (),
    line: int = 0,
) -> Table:
    """A matrix from an array of cells, of one dimension or two; a flat one takes the shape that is declared.

    Raises:
        DataError: the array has no entries, other dimensions, or more rows or columns than any algorithm has.
    """
    name = name[:_LONGEST_NAME]
    if not 1 <= array.ndim <= _MATRIX or not array.size:
        raise DataError(f"{name} has the shape {array.shape}; a matrix has rows and columns")
    if array.ndim == 1 and len(shape) == _MATRIX and shape[0] * shape[1] == array.size:
        array = array.reshape(tuple(shape))
    flat = array.ndim == 1
    rows, columns = (1, array.size) if flat else array.shape
    if max(rows, columns) > (LARGEST_SIDE**2 if flat else _LARGEST_STATED):
        raise DataError(f"{name} is {rows}×{columns}; matrices of at most {_LARGEST_STATED} rows and columns are read")
    entries = cells(array)
    decimals = dict.fromkeys(decimal for cell in entries for decimal in cell.decimals)
    return Table(
        name,
        sympy.ImmutableMatrix(rows, columns, [exact(cell.value) for cell in entries]),
        flat=flat,
        taken=tuple(decimal for decimal in decimals if decimal.exact is not None),
        doubts=tuple(_doubts(name, entries, columns, flat=flat)),
        remarks=tuple(remarks),
        scope=tuple(scope),
        line=line,
    )


def exact_table(name: str, rows: Sequence[Sequence[sympy.Expr]]) -> Table:
    """A matrix from rows of exact numbers.

    Raises:
        DataError: no rows, rows of different lengths, or more than any algorithm has.
    """
    sizes = sorted({len(row) for row in rows})
    if not sizes or not sizes[0]:
        raise DataError(f"{name} must be a list of rows, each a list of numbers")
    if len(sizes) > 1:
        raise DataError(f"{name} has rows of {' and '.join(map(str, sizes[:3]))} numbers; all must be as long")
    if max(len(rows), sizes[0]) > _LARGEST_STATED:
        raise DataError(f"{name} is {len(rows)}×{sizes[0]}; at most {_LARGEST_STATED} rows and columns are read")
    return Table(name, sympy.ImmutableMatrix(rows), flat=False)


def _doubts(name: str, entries: Iterable[Cell], width: int, *, flat: bool) -> Iterable[str]:
    for place, cell in enumerate(entries):
        for decimal in cell.decimals:
            if decimal.exact is None:
                where = f"{place}" if flat else f"{place // width},{place % width}"
                yield f"{name}[{where}] is {decimal.text}"
