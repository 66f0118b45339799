"""Sets by the names of their matrices.

Every matrix that is surely named is put into the set of the nearest names; a matrix that may as well be data only fills
a gap. What is right is right whatever else could be made of its matrices.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

from wincook.interchange.read.sets.candidates import Candidates, PlacedReading, triples_of
from wincook.interchange.read.sets.diagonal import diagonal_of
from wincook.interchange.read.sets.leftovers import Unjudged
from wincook.interchange.read.sets.names import distance
from wincook.interchange.read.sets.roles import Triple, Way, best, fits
from wincook.interchange.read.tables import Table

MOST_UNNAMED = 8
_MOST_TRIPLES = 400
_SET = 3
_PLAIN = {"at", "a", "g", "gt", "bt", "b"}
_ORDERS = ("AGB", "CBA")


class ByNames:
    """Finds the sets: `readings`, and what is `unjudged` since the products of a set have factors of their own."""

    def __init__(self, candidates: Candidates) -> None:
        self.candidates = candidates
        self.readings: list[PlacedReading] = []
        self.unjudged: list[Unjudged] = []
        self._ways: dict[tuple[int, ...], Way | None] = {}

    def find(self) -> None:
        """For each matrix that is surely named, and in no set yet, the set of the nearest names."""
        for order in _ORDERS:
            columns = [self.candidates.of_letter(letter) for letter in order]
            if not any(columns) or (order == "CBA" and (self.readings or self.candidates.of_letter("G"))):
                continue
            named = all(columns)
            triples = self._triples(columns, named=named)
            for must_hold, sure in product((True, False), (True, False)):
                for triple in triples:
                    if self._may_be_set(triple, sure=sure):
                        self._try(triple, must_hold=must_hold, named=named)

    def _triples(self, columns: list[list[Table]], *, named: bool) -> list[Triple]:
        """The triples that fit, the nearest names first; what is given again makes sets with what is given with it."""
        columns = columns if named else self._with_unnamed(columns)
        triples = [triple for triple in triples_of(columns) if len(set(map(id, triple))) == _SET and fits(triple)]
        if named:
            triples.sort(key=self.candidates.unlikeness)
        else:
            triples.sort(key=_wrongness)
        return [triple for triple in triples[:_MOST_TRIPLES] if len({table.superseded for table in triple}) == 1]

    def _try(self, triple: Triple, *, must_hold: bool, named: bool) -> None:
        """Take a triple for a set if it is right, or, where it need not be, if a set is meant."""
        way = self._way(triple)
        if way is None or (must_hold and way.wrong):
            return
        if not must_hold and not self._is_meant(triple, way, named=named):
            return
        place = self.candidates.take(triple)
        diagonal = self._diagonal(triple, way) if way.wrong else None
        if diagonal is not None:
            names = ", ".join(table.name for table in triple)
            why = f"{names} make a convolution if the products are scaled by {diagonal.name}, which stands apart"
            self.candidates.take([diagonal])
            self.unjudged.append(Unjudged(triple[0].name, why, blocks=True))
        elif all(way.reading.matrices != reading.matrices for _, reading in self.readings):
            self.readings.append(PlacedReading(place, way.reading))

    def _diagonal(self, triple: Triple, way: Way) -> Table | None:
        """Factors of the products that stand beside the three matrices."""
        around = {table.scope for table in triple}
        tables = [table for table in self.candidates.tables if table.scope in around and table not in triple]
        return diagonal_of(way.reading.matrices, tables)

    def _may_be_set(self, triple: Triple, *, sure: bool) -> bool:
        """Whether a triple has a matrix that is in no set, and names that are sure, or fills a gap."""
        certain = [self.candidates.label(table).sure for table in triple]
        if all(map(self.candidates.is_taken, triple)):
            return False
        return all(certain) if sure else self._fills_a_gap(triple, certain)

    def _way(self, triple: Triple) -> Way | None:
        key = tuple(map(self.candidates.place, triple))
        if key not in self._ways:
            self._ways[key] = best(triple, ordered=True)
        return self._ways[key]

    def _is_meant(self, triple: Triple, way: Way, *, named: bool) -> bool:
        """Whether matrices that are no convolution are a set all the same, which is then wrong."""
        if self._awaits_unread(triple):
            return False
        certain = [self.candidates.label(table).sure for table in triple]
        if any(table.flat and not is_sure for table, is_sure in zip(triple, certain, strict=True)):
            return False
        unlike = self.candidates.unlikeness(triple)
        together = not any(map(self.candidates.is_taken, triple)) or all(table.scope for table in triple)
        smallest = min(way.reading.matrices.AT.rows, way.reading.matrices.G.cols)
        plain = all(table.name.lower() in _PLAIN and not table.flat for table in triple)
        alike = named and all(certain) and together and not unlike.words + unlike.scopes
        letters = [self.candidates.label(table).letter for table in triple]
        only = plain and all(len(self.candidates.of_letter(letter)) == 1 for letter in letters)
        return way.is_near or only or (alike and (smallest > 1 or plain))

    def _fills_a_gap(self, triple: Triple, certain: Sequence[bool]) -> bool:
        """Whether the surely named matrices of a triple are in no set yet; without any, their names must be alike."""
        needed = [table for table, is_sure in zip(triple, certain, strict=True) if is_sure] or triple
        unlike = self.candidates.unlikeness(triple)
        first = any(certain) or not self.candidates.taken or not unlike.words + unlike.scopes
        return first and not any(map(self.candidates.is_taken, needed))

    def _with_unnamed(self, columns: list[list[Table]]) -> list[list[Table]]:
        """Letters that no name says are sought among the matrices whose names say none."""
        tables = self.candidates.tables
        unnamed = [table for table in tables if not self.candidates.label(table).letter and not table.flat]
        return [column or unnamed[:MOST_UNNAMED] for column in columns]

    def _awaits_unread(self, triple: Triple) -> bool:
        """Whether a matrix of the triple belongs rather to one that could not be read."""
        for item, said in self.candidates.unread:
            for table in triple:
                if self.candidates.label(table).letter != said.letter or not said.letter:
                    continue
                others = [other for other in triple if other is not table]
                if all(distance(item, other) < distance(table, other) for other in others):
                    return True
        return False


def _wrongness(triple: Triple) -> tuple[bool, int, int, bool, bool, int, int]:
    way = best(triple, ordered=True)
    return way.badness if way is not None else (True, 0, 0, True, True, 0, 0)
