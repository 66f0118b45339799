"""Running a search: its tasks given out one after the other, until the budget or the space is exhausted.

What is found depends on the search and on the number of evaluations alone: tasks count in the order of their numbers,
whoever did them and whenever they were done.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from math import inf
from pathlib import Path
from time import monotonic

from wincook.arguments import flag, function, instance, real_number, whole_number
from wincook.errors import SearchError
from wincook.search.running.interrupts import noting_interrupts
from wincook.search.running.outcome import Outcome, Progress, Tally
from wincook.search.running.store import Store
from wincook.search.running.workers import Finished, Workers, workers_for
from wincook.search.search import Search
from wincook.search.strategies import FINITE

Watch = Callable[[Progress], object]
"""Is told how far a search is, and may say no more: False ends it."""

_LARGEST = 2**63 - 1  # number of evaluations
_LONGEST = 31_536_000  # seconds: a year
_MOST_WORKERS = 1 << 16
_TICK = 0.25  # seconds after which those who watch hear of it, and Ctrl-C is heard
_CLOCK = 1e-6  # seconds that a clock may fail to tell


def run(
    search: Search,
    *,
    seconds: float | None = None,
    evaluations: int | None = None,
    executor: Executor | None = None,
    workers: int = 1,
    store: Store | Path | str | None = None,
    resume: bool = False,
    watch: Watch | None = None,
) -> Outcome:
    """Search for points, until a budget or the space is exhausted, Ctrl-C is pressed, or `watch` says no more.

    For a seed and a number of evaluations the outcome is always the same: tasks 0, 1, … count up to the first at which
    they reach the number. A task takes about a second; those that are under way when time is up are waited for.

    Args:
        search: what is searched.
        seconds: for how long.
        evaluations: how many sets of points are evaluated at least.
        executor: who does the tasks, instead of this process: threads, processes, a cluster. It is not shut down.
        workers: how many tasks are done at once; without an executor, more than one are processes of their own.
        store: where finished tasks are kept, a file of SQLite that is made if need be.
        resume: take what the store holds of this search already, and do only the rest.
        watch: called with the progress several times a second, or after each task if this process does them. False
            ends the search.

    Raises:
        SearchError: an impossible budget, or none for a strategy that never ends; a file that is no store of searches;
            a worker that dies again and again.
        OutputError: a store that cannot be read or written, as on a full disk. What was kept before is there.
        NotationError, ShapeError: other arguments that are not what they should be.
    """
    budget = _Budget.of(
        instance("search", search, Search, "make it with Search.of('F(4,3)')", SearchError), seconds, evaluations
    )
    number = whole_number("workers", workers, 1, _MOST_WORKERS)
    if executor is not None:
        instance("executor", executor, Executor, "take one of concurrent.futures", SearchError)
    report = _silent if watch is None else function("watch", watch, "of one Progress", SearchError)
    known = flag("resume", resume)
    with _opened(store) as kept, noting_interrupts() as interrupted, workers_for(search, executor, number) as crew:
        running = _Running(search, budget, crew, kept, report)
        if known:
            running.resume()
        return running.outcome(interrupted)


@dataclass(frozen=True, slots=True)
class _Budget:
    """When a search ends; None where that does not matter."""

    seconds: float | None
    evaluations: int | None

    @classmethod
    def of(cls, search: Search, seconds: object, evaluations: object) -> _Budget:
        if seconds is None and evaluations is None and search.strategy not in FINITE:
            raise SearchError(
                f"{search.strategy} never ends by itself; give seconds or evaluations, such as seconds=60"
            )
        return cls(
            None if seconds is None else real_number("seconds", seconds, above=0, most=_LONGEST, error=SearchError),
            None if evaluations is None else whole_number("evaluations", evaluations, 1, _LARGEST, SearchError),
        )


class _Running:
    """A search under way: what is given out, and what is finished."""

    def __init__(self, search: Search, budget: _Budget, crew: Workers, store: Store | None, report: Watch) -> None:
        self._search, self._budget, self._crew, self._store, self._report = search, budget, crew, store, report
        self._run = store.begin(search) if store else 0
        self._tally = Tally(budget.evaluations)
        self._start = monotonic()
        self._known = frozenset[int]()
        self._resumed = 0  # evaluations
        self._next = 0
        self._end = inf  # the number of tasks that there are
        self._stopped = False

    def resume(self) -> None:
        """Take over what the store holds."""
        sweeps = list(self._store.sweeps(self._run)) if self._store else []
        for sweep in sweeps:
            self._tally.add(sweep)
        self._known = frozenset(sweep.number for sweep in sweeps)
        self._resumed = self._tally.total()[1]

    def outcome(self, interrupted: Callable[[], bool]) -> Outcome:
        """Go on until it is over."""
        try:
            while not (ended := "interrupted" if interrupted() else self._over()):
                self._give()
                self._take(self._crew.finished(_TICK))
                self._stopped = self._report(self._progress()) is False
            if ended not in {"evaluations", "exhausted"}:
                self._take(self._crew.last())
        except KeyboardInterrupt:  # for the second time
            ended = "interrupted"
        tasks, evaluations, best = self._tally.total()
        return Outcome(self._search, tasks, evaluations, self._passed, best, ended)

    @property
    def _passed(self) -> float:
        return monotonic() - self._start

    def _over(self) -> str:
        """Why the search is over; nothing if it is not."""
        if self._tally.enough:
            return "evaluations"
        if self._tally.tasks >= self._end:
            return "exhausted"
        if self._budget.seconds is not None and self._passed >= self._budget.seconds:
            return "seconds"
        return "stopped" * self._stopped

    def _give(self) -> None:
        while self._crew.idle and self._next < self._end:
            if self._next not in self._known:
                self._crew.give(self._next)
            self._next += 1

    def _take(self, finished: Finished) -> None:
        for number, sweep in finished:
            if sweep is None:
                self._end = min(self._end, number)
                continue
            if self._store:
                self._store.add(self._run, sweep)
            self._tally.add(sweep)

    def _progress(self) -> Progress:
        tasks, evaluations, best = self._tally.total()
        passed, (seconds, wanted) = self._passed, (self._budget.seconds, self._budget.evaluations)
        rate = (evaluations - self._resumed) / max(passed, _CLOCK)
        left = [] if seconds is None else [seconds - passed]
        if wanted is not None and rate:
            left.append((wanted - evaluations) / rate)
        return Progress(tasks, evaluations, rate, best, passed, max(0.0, min(left)) if left else None)


def _opened(store: Store | Path | str | None) -> AbstractContextManager[Store | None]:
    """A store that was given as one stays open."""
    return nullcontext(store) if store is None or isinstance(store, Store) else Store(store)


def _silent(progress: Progress) -> None:
    del progress
