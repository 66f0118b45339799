"""Strategies for tests: quick, slow, finite, and deadly ones. A worker that imports them knows them by name."""

from __future__ import annotations

import os
import signal
import time
from multiprocessing import parent_process
from pathlib import Path
from random import Random

from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES
from wincook.search.sweep import Scored, Sweep, best_of

FOLDER = "WINCOOK_TEST_FOLDER"  # where deadly leaves its mark


def drawn(search: Search, number: int) -> Sweep:
    """A task whose values are random numbers of the seed and the number."""
    random = Random(f"{search.seed} {number}")
    scored = [
        Scored(tuple(random.random() for _ in search.objectives), f"0, ±1, ±{random.randrange(2, 99)}/101, ∞")
        for _ in range(9)
    ]
    return Sweep(number, 90 + random.randrange(20), best_of(scored))


def slow(search: Search, number: int) -> Sweep:
    """The later its number, the sooner it is done."""
    time.sleep(0.02 + 0.08 * (number % 4 == 0))
    return drawn(search, number)


def finite(search: Search, number: int) -> Sweep | None:
    return drawn(search, number) if number < 10 else None


def deadly(search: Search, number: int) -> Sweep:
    """The worker that has task 3 dies, once."""
    mark = Path(os.environ[FOLDER], "killed")
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return drawn(search, number)


def deadlier(search: Search, number: int) -> Sweep:
    """Each worker that has task 3 dies."""
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return drawn(search, number)


def broken(search: Search, number: int) -> Sweep:
    raise ZeroDivisionError(number)


FAKES = {function.__name__: function for function in (drawn, slow, finite, deadly, deadlier, broken)}
if parent_process() is not None:
    STRATEGIES.update(FAKES)
