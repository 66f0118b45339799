"""What is shown, whatever the medium: tables of values, and the words between them.

A `Cell` holds both the values themselves and the text that people read. So lines for a terminal, HTML, CSV, LaTeX, JSON
and records for pandas all come from one table, and only the texts are rounded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

from wincook.arguments import instance, items
from wincook.arguments import words as text
from wincook.errors import NotationError, ShapeError, quoted
from wincook.shown import InNotebooks

_COLUMNS, _ROWS, _PARTS = "(Column(...),)", "(Cell(...),)", "a Table, a Heading or a text"
_MOST_ROWS = 1 << 20


@dataclass(frozen=True, slots=True)
class Column:
    """A column: `fields` name the values of a cell for data, which are several where its text is made of several.

    A cell of a column without fields is a decoration, and has no values. `show` makes the text from the value, or from
    the values one by one. Words stand on the `left`, numbers on the right. The cells of a `key` name their rows; if it
    is `grouped`, only the first of equal cells one below the other has its text.
    """

    name: str
    fields: tuple[str, ...]
    show: Callable[..., str] = field(default=str, compare=False, repr=False)
    left: bool = False
    key: bool = False
    grouped: bool = field(default=False, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Cell:
    """The text for people, and the value or values behind it; None stands where there is none."""

    text: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Table(InNotebooks):
    """Rows of cells. The `name` says in a word what the table is, the title under which conditions it holds.

    `constants` are columns with one value in all rows, which people read in the title and data have before the others.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    headed: bool = True
    constants: tuple[tuple[str, Any], ...] = ()

    def __post_init__(self) -> None:
        for name in ("name", "title", "caption"):
            text(name, getattr(self, name), "errors")
        columns, rows = items("columns", self.columns, _COLUMNS), items("rows", self.rows, _ROWS, most=_MOST_ROWS)
        if not all(isinstance(column, Column) for column in columns):
            raise NotationError(f"columns {quoted(columns)} of a table must be {_COLUMNS}")
        for place, row in enumerate(rows):
            cells = items(f"rows[{place}]", row, _ROWS)
            if not all(isinstance(cell, Cell) for cell in cells):
                raise NotationError(f"rows[{place}] = {quoted(cells)} of a table must be {_ROWS}")
            widths = [len(column.fields) for column in columns]
            if [len(cell.values) for cell in cells] != widths:
                raise ShapeError(
                    f"rows[{place}] of a table has cells of {[len(cell.values) for cell in cells]} values; its columns "
                    f"take {widths}"
                )
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "rows", rows)

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of all values of a row, in order; a table without headers has numbers for names."""
        names = chain.from_iterable(column.fields for column in self.columns)
        return (*(name for name, _ in self.constants), *names)

    @property
    def values(self) -> Iterator[tuple[Any, ...]]:
        """The values of each row, as many as there are fields."""
        constants = tuple(value for _, value in self.constants)
        return (constants + tuple(chain.from_iterable(cell.values for cell in row)) for row in self.rows)

    @property
    def keys(self) -> set[str]:
        """The fields that name a row."""
        return {name for column in self.spread.columns if column.key for name in column.fields}

    @property
    def spread(self) -> Table:
        """The table with columns for its constants."""
        columns = tuple(words(name, grouped=True) for name, _ in self.constants)
        cells = tuple(_cell(column, value) for column, (_, value) in zip(columns, self.constants, strict=True))
        rows = tuple(cells + row for row in self.rows)
        return replace(self, columns=columns + self.columns, rows=rows, constants=())

    def above(self, other: Table) -> Table:
        """One table of two with the same columns."""
        title, caption = f"{self.title}\n{other.title}", f"{self.caption}\n{other.caption}".strip()
        return replace(self, title=title, caption=caption, rows=self.rows + other.rows)

    def records(self) -> list[dict[str, Any]]:
        """One flat record per row, such as `pandas.DataFrame` takes; nothing is rounded.

        >>> table("errors", "Errors", [words("format"), number("RMS")], [("float16", 0.12345)]).records()
        [{'format': 'float16', 'RMS': 0.12345}]
        """
        return [dict(zip(self.fields, values, strict=True)) for values in self.values]


@dataclass(frozen=True, slots=True)
class Heading:
    """Words that stand out."""

    words: str


Part = Table | Heading | str


@dataclass(frozen=True, slots=True)
class View(InNotebooks):
    """Tables, headings and sentences in their order; an empty sentence is a blank line."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        parts = items("parts", self.parts, _PARTS, most=_MOST_ROWS)
        for place, part in enumerate(parts):
            if not isinstance(part, Part):
                raise NotationError(f"parts[{place}] = {quoted(part)} of a view must be {_PARTS}")
        object.__setattr__(self, "parts", parts)

    @classmethod
    def of(cls, view: View | Table) -> View:
        """The view itself, or that of one table.

        Raises:
            NotationError: something else.
        """
        if isinstance(view, Table):
            return cls((view,))
        return instance("view", view, cls, "make it with wincook.report.view_of(report), or give a Table")

    @property
    def tables(self) -> tuple[Table, ...]:
        """Those of the parts that are tables."""
        return tuple(part for part in self.parts if isinstance(part, Table))

    @property
    def data(self) -> tuple[Table, ...]:
        """The tables with columns for their constants, and those that have such columns in common put together."""
        tables: list[Table] = []
        for table in self.tables:
            if tables and table.constants and tables[-1].fields == table.fields:
                tables[-1] = tables[-1].above(table.spread)
            else:
                tables.append(table.spread)
        return tuple(tables)

    def records(self) -> list[dict[str, Any]]:
        """One flat record per row of all tables that have headers, known by the keys that they have in common.

        >>> errors = table("errors", "Errors", [words("format"), number("RMS")], [("float16", 0.5)])
        >>> ranges = table("ranges", "Ranges", [words("format"), number("largest")], [("float16", 3)])
        >>> View((errors, ranges)).records()
        [{'format': 'float16', 'RMS': 0.5, 'largest': 3}]
        """
        tables = [table for table in self.data if table.headed]
        keys = set.intersection(*(table.keys for table in tables)) if tables else set()
        records: dict[tuple[Any, ...], dict[str, Any]] = {}
        for table in tables:
            for record in table.records():
                place = tuple(value for name, value in record.items() if name in keys)
                records.setdefault(place, {}).update(record)
        return list(records.values())


def words(name: str, *, grouped: bool = False, show: Callable[[Any], str] = str) -> Column:
    """A column of words that name the rows."""
    return Column(name, (name,), show, left=True, key=True, grouped=grouped)


def remark(name: str) -> Column:
    """A column of words, or of words and numbers, that tell something of the rows."""
    return Column(name, (name,), left=True)


def number(
    name: str, spec: str = ".3g", *, fields: Sequence[str] = (), show: Callable[..., str] | None = None
) -> Column:
    """A column of numbers, whose texts follow a format such as `.3g`, or are what `show` makes of them."""
    return Column(name, tuple(fields) or (name,), show or (lambda value: format(value, spec)))


def decoration(name: str = "") -> Column:
    """A column for the eye alone: its cells are given as `Cell`s."""
    return Column(name, (), left=True)


def table(
    name: str,
    title: str,
    columns: Iterable[Column],
    rows: Iterable[Sequence[Any]],
    *,
    caption: str = "",
    **constants: Any,
) -> Table:
    """A table of values: one per cell, or a sequence of them where the column has several fields.

    A cell of None is empty, and a `Cell` is taken as it is. `constants` are values that all rows have.
    """
    columns = tuple(columns)
    shown: list[tuple[Cell, ...]] = []
    for row in rows:
        cells = [_cell(column, value) for column, value in zip(columns, row, strict=True)]
        shown.append(tuple(_grouped(columns, cells, shown[-1])) if shown else tuple(cells))
    return Table(name, title, columns, tuple(shown), caption, constants=tuple(constants.items()))


def grid(name: str, title: str, rows: Sequence[Sequence[Any]], show: Callable[[Any], str] = str) -> Table:
    """A table without headers: entries of a matrix, or of a tile."""
    cells = tuple(tuple(Cell(show(value), (value,)) for value in row) for row in rows)
    columns = tuple(Column("", (str(place),)) for place in range(len(rows[0])))
    return Table(name, title, columns, cells, headed=False)


def _grouped(columns: Sequence[Column], cells: Sequence[Cell], above: Sequence[Cell]) -> Iterator[Cell]:
    """The cells of a row, without the text of groups that go on: those whose groups on the left go on as well."""
    goes_on = True
    for column, cell, old in zip(columns, cells, above, strict=True):
        goes_on &= not column.grouped or old.values == cell.values
        yield Cell("", cell.values) if column.grouped and goes_on else cell


def _cell(column: Column, value: Any) -> Cell:
    if isinstance(value, Cell):
        return value
    if value is None:
        return Cell("", (None,) * len(column.fields))
    values = tuple(value) if len(column.fields) > 1 else (value,)
    return Cell(column.show(*values), values)
