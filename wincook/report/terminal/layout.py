"""Views as lines of text, in which no number is ever cut.

Without a width, as in a pipe, each row and each sentence is one whole line. On a terminal, sentences and the words of
tables break at blanks; a table that is still too wide comes in blocks of columns, each with its headers and with the
words on the left that name its rows. What has no blank stays whole, even where it is wider than the terminal.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile, zip_longest

from rich.cells import cell_len

from wincook.arguments import function, whole_number
from wincook.arguments import words as text
from wincook.errors import escaped
from wincook.report.table import Heading, Part, Table, View

_GAP, _INDENT = "  ", "    "


@dataclass(frozen=True, slots=True)
class Layout:
    """The width in columns, if there is one; how all text is spelt; and how a whole line is made to stand out.

    Raises:
        ShapeError: a width that is none.
        NotationError: ways to write a text that are no functions, or that fail.
    """

    width: int | None = None
    spell: Callable[[str], str] = escaped
    strong: Callable[[str], str] = str

    def __post_init__(self) -> None:
        if self.width is not None:
            object.__setattr__(self, "width", whole_number("width", self.width))
        for name in ("spell", "strong"):
            object.__setattr__(self, name, _writing(name, getattr(self, name)))

    def text(self, view: View | Part) -> str:
        """A view, or one part of it, as lines, each with its end.

        Raises:
            NotationError: neither a view nor a part of one.
        """
        parts = view.parts if isinstance(view, View) else View((view,)).parts
        return "".join(f"{line}\n" for part in parts for line in self._lines(part))

    def _lines(self, part: Part) -> Iterator[str]:
        match part:
            case Table():
                yield from self._table(part)
            case Heading(words):
                yield from map(self.strong, self._sentences(words))
            case _:
                yield from self._sentences(part)

    def _sentences(self, words: str) -> Iterator[str]:
        """What does not fit goes on in the next line, indented further than where it began."""
        for line in map(self.spell, words.split("\n")):
            margin = " " * (len(line) - len(line.lstrip()) + 2)
            yield from _broken(line, self.width, margin)

    def _table(self, table: Table) -> Iterator[str]:
        headed = table.headed
        columns = [
            _Column(
                tuple(
                    "\n".join(map(self.spell, text.split("\n")))
                    for text in ([column.name] * headed + [row[place].text for row in table.rows])
                ),
                left=column.left,
                key=column.key,
                headed=headed,
            )
            for place, column in enumerate(table.columns)
        ]
        if table.title:
            yield from map(self.strong, self._sentences(table.title))
        margin = self._margin(columns) if table.title and not headed else ""
        width = None if self.width is None else self.width - len(margin)
        start = 0
        blocks = _blocks(columns, width)
        for block in blocks:
            if start and headed:
                yield ""
            elif len(blocks) > 1 and not headed:
                last = start + len(block) - 1
                yield f"  columns {start} to {last}" if start < last else f"  column {start}"
            start += len(block)
            for row in range(len(columns[0].cells)):
                style = self.strong if headed and not row else str
                yield from (style(f"{margin}{line}".rstrip()) for line in _row(block, row))
        if table.caption:
            yield from self._sentences(table.caption)

    def _margin(self, columns: Sequence[_Column]) -> str:
        """Before rows without headers, as far as there is room for it."""
        room = len(_INDENT) if self.width is None else self.width - max(column.least for column in columns)
        return _INDENT[: max(0, room)]


def _writing(name: str, value: Callable[[str], str]) -> Callable[[str], str]:
    """A way to write a text, which raises errors of this package alone."""
    if value is str or value is escaped:
        return value
    write = function(name, value, "from a text to a text")
    return lambda line: text(f"what {name} gives", write(line), line)


@dataclass(frozen=True, slots=True)
class _Column:
    """Cells from top to bottom, the header first if there is one; words stand on the left, numbers on the right."""

    cells: tuple[str, ...]
    left: bool
    key: bool
    headed: bool

    @property
    def natural(self) -> int:
        """The width at which nothing is broken but where a cell has lines."""
        return _widest(self.cells, "\n")

    @property
    def narrow(self) -> int:
        """The width at which the header alone is broken."""
        return max(_widest(self.cells[: self.headed], None), _widest(self.cells[self.headed :], "\n"))

    @property
    def least(self) -> int:
        """The width of the longest word."""
        return _widest(self.cells, None)


_Block = list[tuple[_Column, int]]


def _blocks(columns: Sequence[_Column], width: int | None) -> list[_Block]:
    """Columns with their widths, in as many blocks as it takes; the words on the left begin each of them."""
    unbroken = [(column, column.natural) for column in columns]
    if width is None or _total(unbroken) <= width:
        return [unbroken]
    names = [*takewhile(lambda column: column.key, columns)]
    numbers = columns[len(names) :]
    rooms = [column.narrow + len(_GAP) for column in numbers]
    left = _narrowed(names, max(width - sum(rooms), min(width // 2, width - max(rooms, default=0))))
    blocks = [list(left)]
    for column in numbers:
        room = width - _total(left) - len(_GAP) * bool(left)
        placed = (column, max(column.least, min(column.narrow, room)))
        if len(blocks[-1]) > len(left) and _total([*blocks[-1], placed]) > width:
            blocks.append(list(left))
        blocks[-1].append(placed)
    return blocks


def _narrowed(columns: Sequence[_Column], room: int) -> _Block:
    """Columns of words in so much room, if their longest words allow it."""
    for most in range(max((column.natural for column in columns), default=0), 0, -1):
        block = [(column, max(column.least, min(column.natural, most))) for column in columns]
        if _total(block) <= room:
            return block
    return [(column, column.least) for column in columns]


def _total(block: _Block) -> int:
    return sum(width for _, width in block) + len(_GAP) * (len(block) - 1)


def _row(block: _Block, row: int) -> Iterator[str]:
    """The lines of one row."""
    cells = [
        [piece for line in column.cells[row].split("\n") for piece in _broken(line, width)] for column, width in block
    ]
    for pieces in zip_longest(*cells, fillvalue=""):
        padded = []
        for piece, (column, width) in zip(pieces, block, strict=True):
            blank = " " * (width - cell_len(piece))
            padded.append(piece + blank if column.left else blank + piece)
        yield _GAP.join(padded)


def _broken(line: str, width: int | None, margin: str = "") -> list[str]:
    """A line in pieces at most so wide, broken at blanks alone."""
    if width is None or cell_len(line) <= width:
        return [line]
    return textwrap.wrap(
        line, max(1, width), subsequent_indent=margin, break_long_words=False, break_on_hyphens=False
    ) or [""]


def _widest(cells: Sequence[str], parted_by: str | None) -> int:
    return max((cell_len(part) for cell in cells for part in cell.split(parted_by)), default=0)
