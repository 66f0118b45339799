"""Several calls timed in turn, round after round: a machine that slows down slows all of them.

The least time of many is what a call takes undisturbed; the median says how disturbed it was.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from time import perf_counter

LONGEST = 600.0
"""Seconds that anybody measures."""

_FEWEST_ROUNDS = 3
_BURST = 1e-3  # seconds of calls in a row: caches are as one call leaves them for the next


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one call: the least and the median of so many calls."""

    least: float
    median: float
    calls: int


def timings(
    calls: Sequence[Callable[[], object]], seconds: float, clock: Callable[[], float] = perf_counter
) -> tuple[Timing, ...]:
    """Time bursts of every call in turn for so many seconds together, after a round that does not count.

    A call on one thread can be timed by `time.thread_time` as the clock, which stands still while others are run.
    """
    taken: list[list[float]] = [[] for _ in calls]
    bursts = [1 + int(_BURST / max(_once(call, clock), 1e-7)) for call in calls]
    end, rounds = perf_counter() + seconds, 0
    while rounds < _FEWEST_ROUNDS or perf_counter() < end:
        for call, burst, times in zip(calls, bursts, taken, strict=True):
            times.extend(_once(call, clock) for _ in range(burst))
        rounds += 1
    return tuple(Timing(min(times), median(times), len(times)) for times in taken)


def _once(call: Callable[[], object], clock: Callable[[], float]) -> float:
    start = clock()
    call()
    return clock() - start
