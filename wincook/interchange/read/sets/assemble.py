"""Which matrices of a file belong together, and what is left over.

Names give letters, other words in them and what they stand in tell sets apart, shapes must fit. Where names make no
set, the shapes and the sums do. What looks like a matrix of an algorithm and is in no set is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, permutations
from typing import cast

from wincook.errors import DataError
from wincook.interchange.read.sets.by_names import MOST_UNNAMED, ByNames
from wincook.interchange.read.sets.candidates import Candidates, PlacedReading
from wincook.interchange.read.sets.leftovers import Unjudged, leftovers, why_no_set
from wincook.interchange.read.sets.reading import Reading
from wincook.interchange.read.sets.roles import Triple, Way, best, fits
from wincook.interchange.read.sets.third import sets_of_two
from wincook.interchange.read.tables import Findings

_SET = 3


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
    candidates = Candidates(findings)
    by_names = ByNames(candidates)
    by_names.find()
    readings = [*by_names.readings, *sets_of_two(candidates)] or _by_sums(candidates)
    if not readings and by_names.unjudged:
        raise DataError(by_names.unjudged[0].reason)
    if not readings:
        raise why_no_set(candidates)
    readings.sort(key=lambda placed: placed.place)
    unjudged = [*by_names.unjudged, *leftovers(candidates)]
    return Assembly(tuple(reading for _, reading in readings), tuple(dict.fromkeys(unjudged)))


def _by_sums(candidates: Candidates) -> list[PlacedReading]:
    """Three matrices of any names, if they come near to being a set."""
    if blocking := [item for item, said in candidates.unread if said.letter and said.sure]:
        raise DataError(blocking[0].reason)
    full = [table for table in candidates.tables if not table.flat]
    named = [table for table in candidates.tables if table.flat and candidates.label(table).letter]
    ways: list[tuple[Way, Triple]] = []
    for tables in combinations((full or named)[:MOST_UNNAMED], _SET):
        triple = cast("Triple", tables)
        if any(fits(cast("Triple", order)) for order in permutations(triple)):
            way = best(triple, ordered=False)
            if way is not None and way.is_near:
                ways.append((way, triple))
    if not ways:
        return []
    way, triple = min(ways, key=lambda pair: pair[0].wrong)
    return [PlacedReading(candidates.take(triple), way.reading)]
