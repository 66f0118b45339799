"""Times of contenders that take turns, so that a machine that slows down slows all of them.

A round lets each contender run a burst of calls in turn. The first call of a burst is not counted: it meets the caches
as another contender left them, and threads that have to wake. Then each is called once with cold caches, after so much
memory was read that nothing of the layer is left in them: that is what a layer sees inside a network.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from benchmarks.peers.contender import Contender

Key = TypeVar("Key")

LEAST_ROUNDS = 3
_BURST_SECONDS = 0.01
_MOST_CALLS = 10  # of a burst
_PAUSE = 0.003  # threads of the contender before may be waiting for work, and take the processor
_EVICTING_FLOATS = 24 * 2**20  # 96 MiB


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of each call."""

    seconds: tuple[float, ...]

    @property
    def best(self) -> float:
        """The least."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The middle one."""
        return float(np.median(self.seconds))


@dataclass(frozen=True, slots=True)
class Measured:
    """Times of one contender: called again and again, and with cold caches."""

    warm: Times
    cold: Times


def measure(
    contenders: Mapping[Key, Contender],
    enough: Callable[[int], bool],
    clock: Callable[[], float] = time.perf_counter,
) -> dict[Key, Measured]:
    """Times of all contenders in rounds, until `enough` says so of the number of rounds done; one at least."""
    evicting = np.zeros(_EVICTING_FLOATS, np.float32)
    warm: dict[Key, list[float]] = {name: [] for name in contenders}
    cold: dict[Key, list[float]] = {name: [] for name in contenders}
    rounds = 0
    while not rounds or not enough(rounds):
        for name, contender in contenders.items():
            time.sleep(_PAUSE)
            warm[name] += _burst(contender, clock)
        for name, contender in contenders.items():
            evicting += 1
            cold[name].append(_seconds(contender, clock))
        rounds += 1
    return {name: Measured(Times(tuple(warm[name])), Times(tuple(cold[name]))) for name in contenders}


def until(seconds: float, rounds: int | None) -> Callable[[int], bool]:
    """When to stop: after so many rounds if they are given, else when the time is over and a few rounds are done."""
    end = time.perf_counter() + seconds
    if rounds is not None:
        return lambda done: done >= rounds
    return lambda done: done >= LEAST_ROUNDS and time.perf_counter() > end


def _burst(contender: Contender, clock: Callable[[], float]) -> list[float]:
    first = _seconds(contender, clock)
    calls = max(1, min(_MOST_CALLS, int(_BURST_SECONDS / max(first, 1e-9))))
    return [_seconds(contender, clock) for _ in range(calls)]


def _seconds(contender: Contender, clock: Callable[[], float]) -> float:
    start = clock()
    contender.run()
    return clock() - start
