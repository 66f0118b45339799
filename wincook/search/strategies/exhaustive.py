"""All sets of a space, one after the other: what it finds is the best there is.

A task takes all sets of one combination of kinds that begin with one group. Of a set and its negative one is taken.
Sets whose products alone are worse than the best so far of the task are left, as soon as their matrices show it: the
rest of the error can only add to that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, combinations, combinations_with_replacement, islice, product
from typing import TYPE_CHECKING

import numpy as np

from wincook.arrays import Array
from wincook.errors import SearchError
from wincook.search.descend import Descent
from wincook.search.sets.groups import INFINITY, INFINITY_TWICE, SINGLE, TRINOMIAL, ZERO, Kind
from wincook.search.sets.neighbours import Neighbourhood
from wincook.search.sets.space import Space
from wincook.search.sweep import Sweep

if TYPE_CHECKING:
    from wincook.search.search import Search

_AT_ONCE = 1 << 14  # sets
_CONSTANT = {ZERO, INFINITY, INFINITY_TWICE}
Form = tuple[Kind, ...]


def exhaustive(search: Search, number: int) -> Sweep | None:
    """Task `number`: the sets of one form that begin with one group.

    Raises:
        SearchError: a tile whose axes differ, each of which would take a search of its own.
    """
    if len(search.axes) > 1:
        raise SearchError(f"{search.tile} has axes that differ; search each axis by itself, or by descent")
    tasks = tasks_of(search.space, search.axes[0].inputs[0])
    if number >= len(tasks):
        return None
    walk = Descent(search, np.random.default_rng(0))
    for near in sets_of(search.space, *tasks[number]):
        walk.look(near)
    return Sweep(number, walk.evaluations, walk.best)


@lru_cache(maxsize=16)
def tasks_of(space: Space, degree: int) -> tuple[tuple[Form, int], ...]:
    """The forms of a space, each with every place of its first group that is not a constant."""
    tasks: list[tuple[Form, int]] = []
    for form in forms(space, degree):
        leading = next((kind for kind in form if kind not in _CONSTANT), None)
        tasks += [(form, place) for place in range(len(space.table(leading)) if leading else 1)]
    return tuple(tasks)


def forms(space: Space, degree: int) -> Iterator[Form]:
    """All combinations of kinds that make sets of a degree.

    >>> for form in forms(Space(family="pairs", zero="yes"), 4):
    ...     print(", ".join(kind.name for kind in form))
    infinity, pair, zero
    pair, single, zero
    """
    kinds = sorted(space.tables())
    for size in range(1, degree + 1):
        for form in combinations_with_replacement(kinds, size):
            if space.admits(form, degree):
                yield form


def sets_of(space: Space, form: Form, first: int) -> Iterator[Neighbourhood]:
    """The sets of a form that begin with one group, in portions."""
    counts = Counter(form)
    leading = next((kind for kind in form if kind not in _CONSTANT), None)
    fixed = [[*combinations(range(len(space.table(kind))), counts[kind])] for kind in counts if kind != leading]
    rest = [tuple(chain.from_iterable(parts)) for parts in product(*fixed)]
    sets = iter(rest)
    if leading is not None:
        later = combinations(range(first + 1, len(space.table(leading))), counts[leading] - 1)
        sets = ((*others, first, *more) for more in later for others in rest)
    while portion := [*islice(sets, _AT_ONCE)]:
        kinds = tuple(sorted(form, key=lambda kind: kind == leading))
        kept = _one_sign(space, kinds, np.array(portion))
        if len(kept):
            yield Neighbourhood((), kinds, kept)


def _one_sign(space: Space, kinds: Form, places: Array) -> Array:
    """Of a set and its negative the one that comes first; none with a point twice, or a and -a, which are a pair."""
    negated = np.empty_like(places)
    near = Neighbourhood((), kinds, places).sets(space)
    roots = np.sort(near.points, axis=1)
    pairs = np.sort(near.factors @ np.array([1j, 1.0]), axis=1)
    keep = (np.diff(roots, axis=1) != 0).all(axis=1) & (np.diff(pairs, axis=1) != 0).all(axis=1)
    for kind in {*kinds}:
        columns = [column for column, there in enumerate(kinds) if there == kind]
        of_kind = np.array(space.table(kind).negatives)[places[:, columns]]
        negated[:, columns] = np.sort(of_kind, axis=1)
        if kind in {SINGLE, TRINOMIAL}:
            keep &= ~(places[:, columns][:, :, None] == of_kind[:, None, :]).any(axis=(1, 2))
    differs = places != negated
    first = np.argmax(differs, axis=1)
    rows = np.arange(len(places))
    keep &= ~differs.any(axis=1) | (places[rows, first] < negated[rows, first])
    return np.asarray(places[keep])
