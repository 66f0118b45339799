"""How far a search is, what it found, and how both come from the tasks that are finished."""

from __future__ import annotations

from dataclasses import dataclass

from wincook.search.search import Search
from wincook.search.sweep import Scored, Sweep, best_of

Best = tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a search is: tasks and evaluations that are finished, and the best sets of points among them.

    `rate` is in sets a second. `seconds` have passed; about so many are `left`, None where nothing bounds the search
    but its space. Of several objectives, `best` is the front.
    """

    tasks: int
    evaluations: int
    rate: float
    best: Best
    seconds: float
    left: float | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search found, and after how much work: the tasks that count, and the sets that they evaluated.

    `ended` says why it did: by its budget of `evaluations` or `seconds`, because the space was `exhausted`, `stopped`
    by who watched, or `interrupted` by Ctrl-C. `seconds` are those of this run, without what a store held already.
    """

    search: Search
    tasks: int
    evaluations: int
    seconds: float
    best: Best
    ended: str

    def __str__(self) -> str:
        first = f", best {self.best[0].values[0]:.3g} on {{{self.best[0].points}}}" if self.best else ""
        return f"{self.search}: {self.evaluations:,} sets in {self.tasks} tasks{first}; ended by {self.ended}"


class Tally:
    """Finished tasks, merged in the order of their numbers, so that it does not matter who was done first.

    Those from 0 on without a gap are merged; once they hold as many evaluations as are wanted, later ones do not
    count. What is beyond a gap waits until it is closed, or until no more tasks will come.
    """

    def __init__(self, wanted: int | None) -> None:
        self.tasks, self.evaluations = 0, 0
        self._wanted = wanted
        self._merged: Best = ()
        self._beyond: dict[int, Sweep] = {}

    @property
    def enough(self) -> bool:
        """Whether the tasks without a gap hold as many evaluations as are wanted."""
        return self._wanted is not None and self.evaluations >= self._wanted

    def add(self, sweep: Sweep) -> None:
        """Count a finished task."""
        self._beyond[sweep.number] = sweep
        while not self.enough and (following := self._beyond.pop(self.tasks, None)):
            self._count(following)

    def _count(self, sweep: Sweep) -> None:
        self.tasks += 1
        self.evaluations += sweep.evaluations
        self._merged = best_of((*self._merged, *sweep.best))

    def total(self) -> tuple[int, int, Best]:
        """Tasks, evaluations and the best sets of all that is finished and counts."""
        if self.enough:
            return self.tasks, self.evaluations, self._merged
        beyond = [self._beyond[number] for number in sorted(self._beyond)]
        best = best_of((*self._merged, *(entry for sweep in beyond for entry in sweep.best)))
        return self.tasks + len(beyond), self.evaluations + sum(sweep.evaluations for sweep in beyond), best
