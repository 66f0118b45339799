"""What is shown, whatever the medium: tables of values, and the words between them.

A `Cell` holds both the values themselves and the text that people read. So lines for a terminal, HTML, CSV, LaTeX, JSON
and records for pandas all come from one table, and only the texts are rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any


@dataclass(frozen=True, slots=True)
class Column:
    """A column of one value per cell, or of several, which `parts` names: data give each a column of its own.

    `show` makes the text of a cell from its value, or from its values one by one. Words stand on the `left`, numbers on
    the right. Of a `grouped` column only the first of equal cells in a row has its text.
    """

    name: str
    show: Callable[..., str] = field(default=str, compare=False, repr=False)
    left: bool = False
    parts: tuple[str, ...] = ()
    grouped: bool = field(default=False, compare=False, repr=False)

    @property
    def fields(self) -> tuple[str, ...]:
        """What data call the values of a cell: the name as printed, with the part behind it if there are several."""
        return tuple(f"{self.name} {part}".strip() for part in self.parts) or (self.name,)


@dataclass(frozen=True, slots=True)
class Cell:
    """The text for people, and the value or values behind it; None stands where there is none."""

    text: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells. The `name` says in a word what the table is, the title under which conditions it holds."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    headed: bool = True

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all values of a row, in order; those of a table without headers are numbers."""
        if not self.headed:
            return tuple(map(str, range(len(self.columns))))
        return tuple(chain.from_iterable(column.fields for column in self.columns))

    @property
    def values(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row, as many as there are fields."""
        return (tuple(chain.from_iterable(cell.values for cell in row)) for row in self.rows)

    def records(self) -> list[dict[str, Any]]:
        """One flat record per row, such as `pandas.DataFrame` takes; nothing is rounded.

        >>> table("errors", "Errors", [words("format"), number("RMS")], [("float16", 0.12345)]).records()
        [{'format': 'float16', 'RMS': 0.12345}]
        """
        return [dict(zip(self.fields, values, strict=True)) for values in self.values]

    def _repr_html_(self) -> str:
        return View((self,))._repr_html_()


@dataclass(frozen=True, slots=True)
class Heading:
    """Words that stand out."""

    words: str


Part = Table | Heading | str


@dataclass(frozen=True, slots=True)
class View:
    """Tables, headings and sentences in their order; an empty sentence is a blank line."""

    parts: tuple[Part, ...]

    @property
    def tables(self) -> tuple[Table, ...]:
        """Those of the parts that are tables."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    def _repr_html_(self) -> str:
        """The view in a notebook."""
        from wincook.report.html.notebook import fragment

        return fragment(self)


def words(name: str, *, grouped: bool = False, show: Callable[[Any], str] = str) -> Column:
    """A column of words, which name the rows or say something of them."""
    return Column(name, show, left=True, grouped=grouped)


def number(name: str, spec: str = ".3g", parts: Sequence[str] = (), show: Callable[..., str] | None = None) -> Column:
    """A column of numbers, whose texts follow a format such as `.3g`, or are what `show` makes of them."""
    return Column(name, show or (lambda value: format(value, spec)), parts=tuple(parts))


def table(
    name: str, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Any]], *, caption: str = ""
) -> Table:
    """A table of values; where a cell has several parts, its value is a sequence of them.

    A cell of None is empty.
    """
    shown: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [_cell(column, value) for column, value in zip(columns, row, strict=True)]
        before = shown[-1] if shown else ()
        shown.append(
            tuple(
                Cell("", cell.values) if column.grouped and before and before[place].values == cell.values else cell
                for place, (column, cell) in enumerate(zip(columns, cells, strict=True))
            )
        )
    return Table(name, title, tuple(columns), tuple(shown), caption)


def grid(name: str, title: str, rows: Sequence[Sequence[Any]], show: Callable[[Any], str] = str) -> Table:
    """A table without headers: entries of a matrix, or of a tile."""
    cells = tuple(tuple(Cell(show(value), (value,)) for value in row) for row in rows)
    return Table(name, title, tuple(Column("") for _ in rows[0]), cells, headed=False)


def _cell(column: Column, value: Any) -> Cell:
    if value is None:
        return Cell("", (None,) * len(column.fields))
    values = tuple(value) if column.parts else (value,)
    return Cell(column.show(*values), values)
