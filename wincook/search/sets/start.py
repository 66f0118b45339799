"""Sets of points to start from, drawn at random."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from wincook.errors import SearchError
from wincook.search.sets.groups import INFINITY, ZERO, Group, Kind, Table
from wincook.search.sets.space import Candidate, Space

if TYPE_CHECKING:
    from wincook.search.search import Search

_TRIES = 1000
_USUAL = 0.8  # how often a set has ∞, where that is open
_IN_PAIRS = 0.5  # how often no point stands alone that could stand in a pair
_ALONE = 0.5  # how often one does in other sets


def random_choice(search: Search, rng: np.random.Generator) -> tuple[Candidate, ...]:
    """A set for each of the different axes of a search.

    Raises:
        SearchError: as for `random_candidate`.
    """
    return tuple(random_candidate(search.space, axis.inputs[0], rng) for axis in search.axes)


def random_candidate(space: Space, degree: int, rng: np.random.Generator) -> Candidate:
    """A set of the space: pairs for the most part, and polynomial factors as the extra products allow.

    Raises:
        SearchError: the space has too few points for sets of this degree.
    """
    tables = space.tables()
    for _ in range(_TRIES):
        groups = _drawn(space, degree, tables, rng)
        if groups is None or not space.admits([group.kind for group in groups], degree):
            continue
        if space.is_distinct(groups):
            return space.canonical(groups)
    raise SearchError(
        f"{_described(space)} has too few points for sets of degree {degree}; give a larger height or denominator, "
        "another family, or allow 0 and ∞"
    )


def _drawn(space: Space, degree: int, tables: dict[Kind, Table], rng: np.random.Generator) -> Candidate | None:
    groups: list[Group] = []
    for kind, presence in ((INFINITY, space.infinity), (ZERO, space.zero)):
        if kind in tables and degree and (presence == "yes" or rng.random() < (_USUAL if kind == INFINITY else 0.5)):
            groups.append(Group(kind))
    left, alone_as_well = degree - len(groups), rng.random() >= _IN_PAIRS
    extra = int(rng.integers(space.least_extra, space.extra + 1))
    while left:
        fitting = [kind for kind in sorted(tables) if kind.degree <= left and kind not in {ZERO, INFINITY}]
        dear = [kind for kind in fitting if 0 < kind.products - kind.degree <= extra]
        cheap = [kind for kind in fitting if kind.products == kind.degree]
        if dear:
            kind = dear[rng.integers(len(dear))]
        elif cheap:
            alone, together = ([kind for kind in cheap if (kind.degree == 1) == single] for single in (True, False))
            chosen = alone if alone and (not together or (alone_as_well and rng.random() < _ALONE)) else together
            kind = chosen[rng.integers(len(chosen))]
        else:
            return None
        groups.append(Group(kind, int(rng.integers(len(space.table(kind))))))
        left -= kind.degree
        extra -= kind.products - kind.degree
    return tuple(groups)


def _described(space: Space) -> str:
    bounds = f"height {space.height}" + (f", denominator {space.denominator}" if space.denominator else "")
    return f"the space of {bounds}, family {space.family}, zero {space.zero}, infinity {space.infinity}"
