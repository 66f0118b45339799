"""Who does the tasks of a search: this process, processes of its own, or whatever stands behind an executor.

A task is given as its strategy, the text of the search and a number, which any process can make a task of. A worker
hears nothing of Ctrl-C, and ends when the process that wants its work has ended, however that was.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from contextlib import contextmanager
from functools import lru_cache, partial
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Any

from wincook.errors import SearchError, quoted
from wincook.search.running.interrupts import without_interrupts
from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES, Strategy
from wincook.search.sweep import Sweep

Finished = list[tuple[int, Sweep | None]]
"""Numbers of tasks and what these gave; nothing, where there is no task of that number."""

REPEATS = 3  # of a task whose worker died


@contextmanager
def workers_for(search: Search, executor: Executor | None, number: int) -> Iterator[Workers]:
    """Workers for the tasks of a search: an executor that takes `number` tasks at once, or processes, or this one.

    What has not begun is called off in the end; an executor that was given is not shut down.
    """
    if executor is not None:
        workers = Workers(search, executor, number, None)
    elif number == 1:
        workers = Workers(search, _Here(), number, None)
    else:
        make = partial(ProcessPoolExecutor, number, get_context("spawn"), _begin)
        workers = Workers(search, make(), number, make)
    try:
        yield workers
    finally:
        workers.leave()


class Workers:
    """Tasks under way, given by number: so many at once, as many again that wait, and those anew whose worker died."""

    def __init__(self, search: Search, executor: Executor, number: int, renew: Callable[[], Executor] | None) -> None:
        self._task = partial(_perform, STRATEGIES[search.strategy], search.as_json())
        self._executor, self._number, self._renew = executor, number, renew
        self._most = 1 if isinstance(executor, _Here) else 2 * number
        self._pending: dict[Future[Sweep | None], int] = {}
        self._losses: Counter[int] = Counter()

    @property
    def idle(self) -> bool:
        """Whether there is room for one more task."""
        return len(self._pending) < self._most

    def give(self, number: int) -> None:
        """Have a task done.

        Raises:
            SearchError: the executor takes none.
        """
        with without_interrupts():
            try:
                future = self._executor.submit(self._task, number)
            except BrokenExecutor as error:  # since the last look
                self._replace(error)
                future = self._executor.submit(self._task, number)
            except RuntimeError as error:
                raise SearchError(f"the executor takes no tasks: {quoted(error)}; give one that does") from error
        self._pending[future] = number

    def finished(self, seconds: float) -> Finished:
        """What was done meanwhile, after a wait of at most so long.

        Raises:
            SearchError: one task ended its process again and again, or the executor has lost tasks.
        """
        done = wait(self._pending, seconds, FIRST_COMPLETED).done
        if any(map(_lost, done)) and self._renew is not None:
            done = wait(self._pending).done  # no task of a broken pool goes on; of another executor, some may for ever
        by_number = {self._pending.pop(future): future for future in done}
        lost = {number: future for number, future in sorted(by_number.items()) if _lost(future)}
        if lost:
            self._give_again(lost)
        return [(number, by_number[number].result()) for number in sorted(by_number) if number not in lost]

    def last(self) -> Finished:
        """What those tasks give that are under way and end well; the others are called off.

        Not every executor tells which are under way: they are the first of those that were given.
        """
        waiting = sorted(self._pending, key=self._pending.__getitem__)[self._number :]
        for future in [future for future in waiting if future.cancel()]:
            del self._pending[future]
        wait(self._pending)
        well = {number: future for future, number in self._pending.items() if _failure(future) is None}
        return [(number, well[number].result()) for number in sorted(well)]

    def leave(self) -> None:
        """Call off what has not begun, and end the processes that were started."""
        for future in self._pending:
            future.cancel()
        if self._renew is not None:
            self._executor.shutdown(cancel_futures=True)

    def _give_again(self, lost: dict[int, Future[Sweep | None]]) -> None:
        self._losses.update(lost.keys())
        ((number, losses),) = self._losses.most_common(1)
        if losses > REPEATS:
            raise SearchError(
                f"task {number} of the search ended its process {losses} times, as too little memory does, or a script "
                "that searches outside of if __name__ == '__main__'; take fewer workers, then resume"
            )
        self._replace(_failure(lost[min(lost)]))
        for again in lost:
            self.give(again)

    def _replace(self, error: BaseException | None) -> None:
        if self._renew is None:
            raise SearchError(f"the executor has lost its tasks: {quoted(error)}; give another one, and resume")
        self._executor.shutdown(cancel_futures=True)
        self._executor = self._renew()


class _Here(Executor):
    """Does a task where it stands."""

    def submit(self, task: Callable[..., Any], /, *arguments: Any, **named: Any) -> Future[Any]:
        """A future that is over."""
        future: Future[Any] = Future()
        try:
            future.set_result(task(*arguments, **named))
        except Exception as error:  # noqa: BLE001 (who asks for the result gets it)
            future.set_exception(error)
        return future


def _failure(future: Future[Sweep | None]) -> BaseException | None:
    """Why a task that is over gave nothing."""
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _lost(future: Future[Sweep | None]) -> bool:
    """Whether it was not the task that failed, but who did it."""
    return isinstance(_failure(future), BrokenExecutor | CancelledError)


def _perform(strategy: Strategy, text: str, number: int) -> Sweep | None:
    """One task, in any process: what makes the strategy known is imported with it."""
    return strategy(_search(text), number)


@lru_cache(maxsize=8)
def _search(text: str) -> Search:
    return Search.from_json(text)


def _begin() -> None:
    """What a process does first: it ends with the one that started it, and at SIGTERM without a word."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(parent: Any) -> None:
    parent.join()
    os._exit(1)
