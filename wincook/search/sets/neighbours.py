"""The sets of points near a set: those in which one or two groups of factors are others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, combinations_with_replacement

import numpy as np

from wincook.analysis.prediction.batch.sets import PointSets
from wincook.arrays import Array
from wincook.search.sets.groups import INFINITY, INFINITY_TWICE, Group, Kind
from wincook.search.sets.space import Candidate, Space

_MOST = 1 << 15  # sets of one neighbourhood; of more, so many are drawn


@dataclass(frozen=True, slots=True, eq=False)
class Neighbourhood:
    """Sets that share the groups `kept`, beside which others of the kinds `varied` stand, by places in their tables."""

    kept: Candidate
    varied: tuple[Kind, ...]
    places: Array  # int64 of shape (sets, varied kinds)

    def __len__(self) -> int:
        return len(self.places)

    def candidate(self, space: Space, index: int) -> Candidate:
        """One of the sets."""
        groups = (Group(kind, int(place)) for kind, place in zip(self.varied, self.places[index], strict=True))
        return space.canonical((*self.kept, *groups))

    def sets(self, space: Space) -> PointSets:
        """All of them, as arrays."""
        number = len(self.places)
        points, factors = np.empty((number, 0)), np.empty((number, 0, 2))
        infinity = 0
        columns = [(group.kind, np.full(number, group.place)) for group in self.kept]
        columns += [(kind, self.places[:, column]) for column, kind in enumerate(self.varied)]
        for kind, places in columns:
            table = space.table(kind)
            points = np.hstack([points, table.points[places]])
            factors = np.hstack([factors, table.factors[places]])
            infinity += {INFINITY: 1, INFINITY_TWICE: 2}.get(kind, 0)
        return PointSets(points, factors, infinity)


def alone(candidate: Candidate) -> Neighbourhood:
    """A set by itself."""
    return Neighbourhood(candidate, (), np.empty((1, 0), np.int64))


def moves(candidate: Candidate, rng: np.random.Generator) -> list[tuple[Group, ...]]:
    """What may be taken out of a set at once: each single group, then each two, either in random order."""
    singles = [(group,) for group in candidate]
    pairs = list(combinations(candidate, 2))
    return [
        [*singles, *pairs][i] for i in (*rng.permutation(len(singles)), *(len(singles) + rng.permutation(len(pairs))))
    ]


def replacements(space: Space, degree: int, kept: Candidate, missing: int) -> Iterator[tuple[Kind, ...]]:
    """The kinds of one or two groups, of the degree that is missing, that may stand beside those that are kept."""
    for kinds in _combined(space, missing):
        if space.admits((*(group.kind for group in kept), *kinds), degree):
            yield kinds


@lru_cache(maxsize=1024)
def _combined(space: Space, degree: int) -> tuple[tuple[Kind, ...], ...]:
    """All kinds, or two kinds, of groups of so high a degree together."""
    kinds = sorted(space.tables())
    alone = [(kind,) for kind in kinds if kind.degree == degree]
    two = [pair for pair in combinations_with_replacement(kinds, 2) if sum(kind.degree for kind in pair) == degree]
    return (*alone, *two)


def neighbourhood(space: Space, kept: Candidate, kinds: tuple[Kind, ...], rng: np.random.Generator) -> Neighbourhood:
    """All sets with groups of these kinds beside those that are kept; a random sample, where they are very many."""
    lengths = [len(space.table(kind)) for kind in kinds]
    number = int(np.prod(lengths))
    chosen = np.arange(number) if number <= _MOST else rng.choice(number, _MOST, replace=False)
    places = np.stack(np.unravel_index(chosen, lengths), axis=1)
    if len(kinds) == 2 and kinds[0] == kinds[1]:  # noqa: PLR2004 (in one order alone, and not one twice)
        places = places[places[:, 0] < places[:, 1]]
    return Neighbourhood(kept, kinds, places)
