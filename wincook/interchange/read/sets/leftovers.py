"""What looks like a matrix and is in no set: named, and told from mere data; and why there is no set at all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from wincook.errors import DataError, WincookError
from wincook.interchange.read.sets.candidates import Candidates, triples_of
from wincook.interchange.read.sets.names import label
from wincook.interchange.read.sets.roles import fits, shapes_text
from wincook.interchange.read.tables import Table

_MOST_TRIPLES = 400
_NAMED_AT_MOST = 6
_SET = 3
_LETTERS = "AGB"


class Unjudged(NamedTuple):
    """Something that was not judged, and why; `blocks` if it may be part of an algorithm, and not mere data."""

    name: str
    reason: str
    blocks: bool


def leftovers(candidates: Candidates) -> Iterator[Unjudged]:
    """What is not understood, then the tables that are in no set."""
    left = [table for table in candidates.tables if not candidates.is_taken(table)]
    letters = {candidates.label(table).letter for table in left if candidates.label(table).sure and not table.flat}
    letters |= {said.letter for _, said in candidates.unread if said.letter}
    partial = len(letters & set(_LETTERS)) > 1
    for item, said in candidates.unread:
        yield Unjudged(item.name, item.reason, blocks=bool(said.letter) and said.sure)
    for table in left:
        sure = candidates.label(table).sure
        if table.flat and not sure:
            continue
        if table.superseded:
            again = f"{table.shape_text} of line {table.line} is given again later"
            yield Unjudged(table.name, again, blocks=False)
            continue
        blocks = sure and not table.flat and (partial or _fits_others(candidates, table))
        yield Unjudged(table.name, f"{table.shape_text} is in no set of three that fit", blocks=blocks)


def why_no_set(candidates: Candidates) -> WincookError:
    """The error of a file without a set."""
    sure = [table for table in candidates.tables if candidates.label(table).sure]
    by_letter = [[table for table in sure if candidates.label(table).letter == letter] for letter in _LETTERS]
    if all(by_letter) and not candidates.unread:
        AT, G, BT = (tables[0] for tables in by_letter)
        return shapes_text((AT, G, BT))
    reasons = [item.reason for item, _ in candidates.unread]
    reasons += [item.reason for item in candidates.findings.unread if label(item).sure]
    if reasons and len(candidates.tables) < _SET:
        return DataError(f"no set of matrices can be read: {reasons[0]}")
    listed = ", ".join(table.shape_text for table in candidates.findings.tables[:_NAMED_AT_MOST]) or "none"
    because = f"; {reasons[0]}" if reasons else ""
    return DataError(f"it needs three matrices, AT, G and BT (or A, GT, B; or A, B, C); it has {listed}{because}")


def _fits_others(candidates: Candidates, table: Table) -> bool:
    """Whether there are two matrices, of the other letters, that a matrix fits."""
    columns = [
        [table] if candidates.label(table).letter == letter else candidates.of_letter(letter) for letter in _LETTERS
    ]
    triples = (triple for triple in triples_of(columns) if table in triple)
    return any(fits(triple) for triple, _ in zip(triples, range(_MOST_TRIPLES), strict=False))
