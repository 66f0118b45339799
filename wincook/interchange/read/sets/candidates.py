"""The matrices of a file as candidates for sets: what their names say of each, and which are in a set already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, product
from typing import NamedTuple, cast

from wincook.interchange.read.sets.names import Label, distance, label, letters_of_names
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.sets.roles import Triple
from wincook.interchange.read.tables import Findings, Table, Unread

_MOST_OF_A_LETTER = 48


class PlacedReading(NamedTuple):
    """A set, and the place of its first matrix in the file."""

    place: int
    reading: Reading


class Unlikeness(NamedTuple):
    """How unlike the names of three matrices are: the less the better, the first first."""

    unsure: int
    words: int
    scopes: int
    apart: int


class Candidates:
    """`tables` are all matrices but zeros and repetitions; `unread` what looks like one and is not understood.

    `taken` are the places of the tables that are in a set.
    """

    def __init__(self, findings: Findings) -> None:
        changed = findings.changed()
        lost = {id(table) for table, _ in changed}
        self.findings = findings
        self.tables = _distinct(table for table in findings.tables if any(table.matrix) and id(table) not in lost)
        self.taken: set[int] = set()
        self._places = {id(table): place for place, table in enumerate(self.tables)}
        self._labels = {id(table): label(table) for table in self.tables}
        letters = letters_of_names([table.name for table in self.tables])
        for table in self.tables:
            if table.name in letters:
                self._labels[id(table)] = self._labels[id(table)]._replace(letter=letters[table.name])
        unread = [item for item in findings.unread if item.is_matrix]
        unread += [item for table, item in changed if not table.flat or label(table).sure]
        self.unread: list[tuple[Unread, Label]] = [(item, label(item)) for item in unread]

    def label(self, table: Table) -> Label:
        """What the name of a table says, alone and beside those of the others."""
        return self._labels[id(table)]

    def place(self, table: Table) -> int:
        """The place of a table among all."""
        return self._places[id(table)]

    def of_letter(self, letter: str) -> list[Table]:
        """The tables whose names say A, G, B or C."""
        return [table for table in self.tables if self.label(table).letter == letter][:_MOST_OF_A_LETTER]

    def is_taken(self, table: Table) -> bool:
        """Whether a table is in a set."""
        return self.place(table) in self.taken

    def take(self, tables: Sequence[Table]) -> int:
        """Note that tables are in a set; returns the place of the first."""
        places = list(map(self.place, tables))
        self.taken.update(places)
        return min(places)

    def unlikeness(self, triple: Triple) -> Unlikeness:
        """How unlike the names of three tables are."""
        pairs = [distance(a, b) for a, b in combinations(triple, 2)]
        places = list(map(self.place, triple))
        return Unlikeness(
            sum(not self.label(table).sure for table in triple),
            sum(words for words, _ in pairs),
            sum(scopes for _, scopes in pairs),
            max(places) - min(places),
        )

    def named_elsewhere(self) -> list[tuple[Unread, Label]]:
        """Names that surely are those of matrices, and whose values are not known."""
        known = {table.name for table in self.tables}
        items = [Unread(name, "", is_matrix=True) for name in sorted(self.findings.given - known)]
        return [(item, said) for item in items if (said := label(item)).sure]


def triples_of(columns: Sequence[Sequence[Table]]) -> Iterator[Triple]:
    """One table of each of three columns."""
    return cast("Iterator[Triple]", product(*columns))


def _distinct(tables: Iterable[Table]) -> list[Table]:
    """The tables without repetitions of one under the same name."""
    kept: dict[tuple[object, ...], Table] = {}
    for table in tables:
        kept.setdefault((table.name.lower(), table.matrix, table.flat), table)
    return list(kept.values())
