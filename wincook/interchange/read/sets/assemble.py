"""Which matrices of a file belong together, and what is left over.

Names give letters, other words in them and what they stand in tell sets apart, shapes must fit. Every matrix that is
surely named is put into the set of the nearest names; a matrix that may as well be data only fills a gap. What looks
like a matrix of an algorithm and is in no set is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from typing import NamedTuple, cast

from wincook.errors import DataError
from wincook.interchange.read.sets.names import Label, distance, label, letters_of_names
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.sets.roles import Triple, Way, best, fits, shapes_text
from wincook.interchange.read.sets.third import solved
from wincook.interchange.read.tables import Findings, Table, Unread

_MOST_OF_A_LETTER = 48
_MOST_UNNAMED = 8
_MOST_TRIPLES = 400
_NAMED_AT_MOST = 6
_SET = 3
_PLAIN = {"at", "a", "g", "gt", "bt", "b"}
_ORDERS = ("AGB", "CBA")


class Unjudged(NamedTuple):
    """Something that was not judged, and why; `blocks` if it may be part of an algorithm, and not mere data."""

    name: str
    reason: str
    blocks: bool


@dataclass(frozen=True, slots=True)
class Assembly:
    """The sets of a file, in its order, and what is in none."""

    readings: tuple[Reading, ...]
    unjudged: tuple[Unjudged, ...] = ()


def assemble(findings: Findings) -> Assembly:
    """One reading for each set of three matrices, and everything that looks like a matrix and is in none.

    Raises:
        DataError: there are not three matrices that belong together, or one of them could not be read.
        AlgorithmError: there are, but no way round makes their shapes fit.
    """
    return _Assembler(findings).assembly()


class _Assembler:
    """Forms the sets of one file."""

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        changed = findings.changed()
        lost = {id(table) for table, _ in changed}
        self.tables = _distinct(table for table in findings.tables if any(table.matrix) and id(table) not in lost)
        self.labels = {id(table): label(table) for table in self.tables}
        letters = letters_of_names([table.name for table in self.tables])
        for table in self.tables:
            if table.name in letters:
                self.labels[id(table)] = self.labels[id(table)]._replace(letter=letters[table.name])
        self.unread = [
            (item, label(item)) for item in (*findings.unread, *(item for _, item in changed)) if item.is_matrix
        ]
        self.covered: set[int] = set()
        self.places = {id(table): place for place, table in enumerate(self.tables)}
        self.ways: dict[tuple[int, ...], Way | None] = {}
        self.unjudged: list[Unjudged] = []

    def assembly(self) -> Assembly:
        """The sets by their names; if there are none, by their shapes and what they compute."""
        found = self._by_names() + self._pairs()
        if not found:
            found = self._by_sums()
        if not found:
            raise self._nothing()
        found.sort(key=lambda pair: pair[0])
        self._leftovers()
        return Assembly(tuple(reading for _, reading in found), tuple(dict.fromkeys(self.unjudged)))

    def _label(self, table: Table) -> Label:
        return self.labels[id(table)]

    def _of_letter(self, letter: str) -> list[Table]:
        return [table for table in self.tables if self._label(table).letter == letter][:_MOST_OF_A_LETTER]

    def _by_names(self) -> list[tuple[int, Reading]]:  # noqa: C901 (what passes is said condition by condition)
        """For each matrix that is surely named, and in no set yet, the set of the nearest names."""
        found: list[tuple[int, Reading]] = []
        for order in _ORDERS:
            columns = [self._of_letter(letter) for letter in order]
            if order == "CBA" and (found or self._of_letter("G")):
                continue
            if not any(columns):
                continue
            named = all(columns)
            columns = columns if named else self._with_unnamed(columns)
            triples = [triple for triple in _triples(columns) if len(set(map(id, triple))) == _SET and fits(triple)]
            if named:
                triples.sort(key=self._unlikeness)
            else:
                triples.sort(key=_wrongness)
            triples = [triple for triple in triples[:_MOST_TRIPLES] if len({table.superseded for table in triple}) == 1]
            # What is right is right whatever else could be made of its matrices; then the nearest names.
            for must_hold, sure in product((True, False), (True, False)):
                for triple in triples:
                    certain = [self._label(table).sure for table in triple]
                    new = [place for place in map(self._place, triple) if place not in self.covered]
                    if not new or (sure and not all(certain)) or not (sure or self._fills_a_gap(triple, certain)):
                        continue
                    way = self._way(triple)
                    if way is None or (must_hold and way.wrong):
                        continue
                    if not must_hold and not self._is_meant(triple, way, named=named):
                        continue
                    self.covered.update(map(self._place, triple))
                    if all(way.reading.matrices != reading.matrices for _, reading in found):
                        found.append((min(map(self._place, triple)), way.reading))
        return found

    def _way(self, triple: Triple) -> Way | None:
        key = tuple(map(self._place, triple))
        if key not in self.ways:
            self.ways[key] = best(triple, ordered=True)
        return self.ways[key]

    def _is_meant(self, triple: Triple, way: Way, *, named: bool) -> bool:
        """Whether matrices that are no convolution are a set all the same, which is then wrong."""
        if self._awaits_unread(triple):
            return False
        _, words, scopes, _ = self._unlikeness(triple)
        together = all(self._place(table) not in self.covered for table in triple) or all(
            table.scope for table in triple
        )
        smallest = min(way.reading.matrices.AT.rows, way.reading.matrices.G.cols)
        certain = [self._label(table).sure for table in triple]
        if any(table.flat and not is_sure for table, is_sure in zip(triple, certain, strict=True)):
            return False
        plain = all(table.name.lower() in _PLAIN and not table.flat for table in triple)
        alike = named and all(certain) and together and not words + scopes
        only = plain and all(len(self._of_letter(self._label(table).letter)) == 1 for table in triple)
        return way.is_near or only or (alike and (smallest > 1 or plain))

    def _fills_a_gap(self, triple: Triple, certain: Sequence[bool]) -> bool:
        """Whether the surely named matrices of a triple are in no set yet; without any, their names must be alike."""
        needed = [table for table, is_sure in zip(triple, certain, strict=True) if is_sure] or triple
        _, words, scopes, _ = self._unlikeness(triple)
        first = any(certain) or not self.covered or not words + scopes
        return first and all(self._place(table) not in self.covered for table in needed)

    def _with_unnamed(self, columns: list[list[Table]]) -> list[list[Table]]:
        """Letters that no name says are sought among the matrices whose names say none."""
        unnamed = [table for table in self.tables if not self._label(table).letter and not table.flat][:_MOST_UNNAMED]
        return [column or unnamed for column in columns]

    def _unlikeness(self, triple: Triple) -> tuple[int, int, int, int]:
        words, scopes = 0, 0
        for a, b in combinations(triple, 2):
            unlike, apart = distance(a, b)
            words, scopes = words + unlike, scopes + apart
        places = [self._place(table) for table in triple]
        unsure = sum(not self._label(table).sure for table in triple)
        return unsure, words, scopes, max(places) - min(places)

    def _awaits_unread(self, triple: Triple) -> bool:
        """Whether a matrix of the triple belongs rather to one that could not be read."""
        for item, said in self.unread:
            for own in triple:
                if self._label(own).letter != said.letter or not said.letter:
                    continue
                others = [table for table in triple if table is not own]
                nearer = [distance(item, other) < distance(own, other) for other in others]
                if all(nearer):
                    return True
        return False

    def _pairs(self) -> list[tuple[int, Reading]]:
        """Two surely named matrices of one set whose third is nowhere: it is solved for."""
        found: list[tuple[int, Reading]] = []
        left = [table for table in self.tables if self._place(table) not in self.covered and self._label(table).sure]
        left = [table for table in left if self._label(table).letter in "AGB"]
        for a, b in sorted(combinations(left, 2), key=lambda pair: distance(*pair)):
            letters = {self._label(a).letter: a, self._label(b).letter: b}
            places = {self._place(a), self._place(b)}
            if len(letters) < _SET - 1 or places & self.covered or distance(a, b)[0]:
                continue
            (missing,) = {"A", "G", "B"} - letters.keys()
            if any(said.letter == missing and not distance(item, a)[0] for item, said in self._named_elsewhere()):
                continue
            if any(not distance(table, a)[0] and table not in (a, b) for table in self._of_letter(missing)):
                continue
            reading = solved(letters)
            if reading is not None:
                self.covered |= places
                found.append((min(places), reading))
        return found

    def _named_elsewhere(self) -> list[tuple[Unread, Label]]:
        """Names that surely are those of matrices, and whose values are not known."""
        known = {table.name for table in self.tables}
        items = [Unread(name, "", is_matrix=True) for name in sorted(self.findings.given - known)]
        return [(item, said) for item in items if (said := label(item)).sure]

    def _by_sums(self) -> list[tuple[int, Reading]]:
        """Three matrices of any names, if they come near to being a set."""
        if blocking := [item for item, said in self.unread if said.letter and said.sure]:
            raise DataError(blocking[0].reason)
        full = [table for table in self.tables if not table.flat]
        named = [table for table in self.tables if table.flat and self._label(table).letter]
        ways = []
        for triple in _choices((full or named)[:_MOST_UNNAMED]):
            if any(fits(order) for order in _rotations(triple)):
                way = best(triple, ordered=False)
                if way is not None and way.is_near:
                    ways.append((way.wrong, triple, way.reading))
        if not ways:
            return []
        _, triple, reading = min(ways, key=lambda entry: entry[0])
        self.covered.update(map(self._place, triple))
        return [(min(map(self._place, triple)), reading)]

    def _nothing(self) -> Exception:
        """Why there is no set."""
        sure = [table for table in self.tables if self._label(table).sure]
        by_letter = {letter: [t for t in sure if self._label(t).letter == letter] for letter in "AGB"}
        if all(by_letter.values()) and not self.unread:
            AT, G, BT = (by_letter[letter][0] for letter in "AGB")
            return shapes_text((AT, G, BT))
        reasons = [item.reason for item, _ in self.unread]
        reasons += [item.reason for item in self.findings.unread if label(item).sure]
        if reasons and len(self.tables) < _SET:
            return DataError(f"no set of matrices can be read: {reasons[0]}")
        listed = ", ".join(table.shape_text for table in self.findings.tables[:_NAMED_AT_MOST]) or "none"
        because = f"; {reasons[0]}" if reasons else ""
        return DataError(f"it needs three matrices, AT, G and BT (or A, GT, B; or A, B, C); it has {listed}{because}")

    def _leftovers(self) -> None:
        """What looks like a matrix and is in no set."""
        left = [table for place, table in enumerate(self.tables) if place not in self.covered]
        partial = {self._label(table).letter for table in left if self._label(table).sure and not table.flat}
        waiting = {said.letter for _, said in self.unread if said.letter}
        for item, said in self.unread:
            self.unjudged.append(Unjudged(item.name, item.reason, blocks=bool(said.letter) and said.sure))
        for table in left:
            said = self._label(table)
            if table.flat and not said.sure:
                continue
            if table.superseded:
                again = f"{table.shape_text} of line {table.line} is given again later"
                self.unjudged.append(Unjudged(table.name, again, blocks=False))
                continue
            blocks = said.sure and not table.flat and len((partial | waiting) & set("AGB")) > 1
            blocks |= said.sure and not table.flat and self._fits_others(table)
            reason = f"{table.shape_text} is in no set of three that fit"
            self.unjudged.append(Unjudged(table.name, reason, blocks=blocks))

    def _fits_others(self, table: Table) -> bool:
        """Whether there are two matrices, of the other letters, that a matrix fits."""
        columns = [[table] if self._label(table).letter == letter else self._of_letter(letter) for letter in _ORDERS[0]]
        triples = (triple for triple in _triples(columns) if table in triple)
        return any(fits(triple) for triple, _ in zip(triples, range(_MOST_TRIPLES), strict=False))

    def _place(self, table: Table) -> int:
        return self.places[id(table)]


def _triples(columns: Sequence[Sequence[Table]]) -> Iterator[Triple]:
    return cast("Iterator[Triple]", product(*columns))


def _choices(tables: Sequence[Table]) -> Iterator[Triple]:
    return cast("Iterator[Triple]", combinations(tables, _SET))


def _wrongness(triple: Triple) -> tuple[bool, int, int, bool, bool, int, int]:
    way = best(triple, ordered=True)
    return way.badness if way is not None else (True, 0, 0, True, True, 0, 0)


def _distinct(tables: Iterable[Table]) -> list[Table]:
    """The tables without repetitions of one under the same name."""
    kept: dict[tuple[object, ...], Table] = {}
    for table in tables:
        kept.setdefault((table.name.lower(), table.matrix, table.flat), table)
    return list(kept.values())


def _rotations(triple: Triple) -> list[Triple]:
    a, b, c = triple
    return [(a, b, c), (a, c, b), (b, a, c), (b, c, a), (c, a, b), (c, b, a)]
