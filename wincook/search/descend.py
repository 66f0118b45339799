"""One walk through the sets of points, downhill, and what was best on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

import numpy as np

from wincook.arrays import Array
from wincook.search.objective import Batch, objective_of
from wincook.search.sets.groups import Group
from wincook.search.sets.neighbours import Neighbourhood, alone, moves, neighbourhood, replacements
from wincook.search.sets.space import Candidate, Space
from wincook.search.sweep import KEPT, Scored, best_of

if TYPE_CHECKING:
    from wincook.search.search import Search

Choice = tuple[Candidate, ...]
"""A set of points for each of the different axes."""

_NEAR = 1.25  # sets that are so many times worse than the best of a walk are of no interest
_FROM_EACH = 8  # sets of a neighbourhood that may be among the best of a walk
_TINY = 1e-300


@dataclass(frozen=True, slots=True, order=True)
class Least:
    """Where a walk ended: the value, and the sets of points."""

    value: float
    choice: Choice


class Descent:
    """A walk: it counts its evaluations, and keeps the best sets it met.

    Of several objectives it goes down the sum of their logarithms, each by its weight.
    """

    def __init__(self, search: Search, rng: np.random.Generator, weights: Sequence[float] | None = None) -> None:
        self.search, self.rng = search, rng
        self.objectives = [objective_of(name) for name in search.objectives]
        self.weights = [1.0] * len(self.objectives) if weights is None else list(weights)
        self.evaluations = 0
        self.best: tuple[Scored, ...] = ()

    def down(self, start: Choice) -> Least:
        """From a set to one of which no neighbour is better."""
        batch = tuple(alone(candidate).sets(self.search.space) for candidate in start)
        _, values = self._evaluated(batch, inf)
        least, lower = Least(float(values[0]), start), None
        while lower is None or lower < least:
            least = least if lower is None else lower
            lower = min(self._lower(least, int(axis)) for axis in self.rng.permutation(len(start)))
        return least

    def look(self, near: Neighbourhood) -> Array:
        """Evaluate sets of a tile whose axes are alike; what the walk goes down, shape (sets,)."""
        bound = self.best[-1].values[0] if len(self.objectives) == 1 and len(self.best) == KEPT else inf
        figures, values = self._evaluated((near.sets(self.search.space),), bound)
        self._keep(((),), 0, near, figures, values)
        return values

    def disturbed(self, choice: Choice) -> Choice:
        """The same sets, but for one or two groups of one of them."""
        axis = int(self.rng.integers(len(choice)))
        taken = moves(choice[axis], self.rng)
        for groups in (taken[i] for i in self.rng.permutation(len(taken))):
            around = list(self._around(choice[axis], axis, groups))
            if around:
                near = around[self.rng.integers(len(around))]
                return _with(choice, axis, near.candidate(self.search.space, int(self.rng.integers(len(near)))))
        return choice

    def _lower(self, least: Least, axis: int) -> Least:
        """The best set of the first neighbourhood along an axis that has a better one, else the set itself."""
        space = self.search.space
        for taken in moves(least.choice[axis], self.rng):
            best = least
            for near in self._around(least.choice[axis], axis, taken):
                batch = tuple(
                    near.sets(space) if place == axis else alone(candidate).sets(space).repeated(len(near))
                    for place, candidate in enumerate(least.choice)
                )
                figures, values = self._evaluated(batch, least.value * _NEAR if len(self.objectives) == 1 else inf)
                self._keep(least.choice, axis, near, figures, values)
                place = int(np.argmin(values))
                if values[place] < best.value:
                    best = Least(float(values[place]), _with(least.choice, axis, near.candidate(space, place)))
            if best < least:
                return best
        return least

    def _around(self, candidate: Candidate, axis: int, taken: Sequence[Group]) -> Iterator[Neighbourhood]:
        """The neighbourhoods of a set without some groups, by the kinds of those that may stand there."""
        space, degree = self.search.space, self.search.axes[axis].inputs[0]
        kept = tuple(group for group in candidate if group not in taken)
        for kinds in replacements(space, degree, kept, sum(group.kind.degree for group in taken)):
            near = neighbourhood(space, kept, kinds, self.rng)
            if len(near):
                yield near

    def values(self, batch: Batch) -> Array:
        """What the walk goes down, of sets that are not kept, as they may be none of the space."""
        return self._evaluated(batch, inf)[1]

    def _evaluated(self, batch: Batch, limit: float) -> tuple[Array, Array]:
        """The objectives of each set, shape (sets, objectives), and what the walk goes down, shape (sets,)."""
        figures = np.stack(
            [objective.screen(self.search.setting, batch, limit) for objective in self.objectives], axis=1
        )
        self.evaluations += len(figures)
        if len(self.objectives) == 1:
            return figures, figures[:, 0]
        values = np.zeros(len(figures))
        for weight, figure in zip(self.weights, figures.T, strict=True):
            values += weight * np.log(np.maximum(figure, _TINY))
        return figures, values

    def _keep(self, choice: Choice, axis: int, near: Neighbourhood, figures: Array, values: Array) -> None:
        """Keep what is among the best: the least of the neighbourhood, or of several objectives its front."""
        if len(self.objectives) == 1:
            bound = self.best[-1].values[0] if len(self.best) == KEPT else inf
            places = np.argsort(values, kind="stable")[:_FROM_EACH]
            places = places[values[places] < bound]
        else:
            places = _undominated(figures)
        space = self.search.space
        scored = [
            Scored(
                tuple(map(float, figures[place])), text(space, _with(choice, axis, near.candidate(space, int(place))))
            )
            for place in places
        ]
        if scored:
            self.best = best_of((*self.best, *scored))


def text(space: Space, choice: Choice) -> str:
    """Sets of points as people write them, those of different axes parted by `; `."""
    return "; ".join(map(space.text, choice))


def _with(choice: Choice, axis: int, candidate: Candidate) -> Choice:
    return (*choice[:axis], candidate, *choice[axis + 1 :])


def _undominated(figures: Array) -> Array:
    """The places of figures that no others beat."""
    order = np.lexsort(figures.T[::-1])
    kept: list[int] = []
    for place in order[np.isfinite(figures[order]).all(axis=1)]:
        if not any((figures[other] <= figures[place]).all() for other in kept):
            kept.append(int(place))
    return np.array(kept, np.intp)
