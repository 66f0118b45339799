"""Contenders timed in turn: wincook and its peers; its kernels in two layouts, and on one thread and two."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from time import perf_counter, thread_time

import numpy as np

from benchmarks.narrow.ours import WAYS, prepare
from benchmarks.narrow.outcome import Outcome
from benchmarks.narrow.peers import PEERS, Integers
from benchmarks.narrow.problem import Problem
from benchmarks.peers.contender import Absent, Contender, Task
from benchmarks.peers.reference import reference
from wincook.kernels.measurement.interleaved import Timing, timings

Makers = Mapping[str, Callable[[], Contender]]


def compared(problem: Problem, threads: int, seconds: float) -> tuple[list[Outcome], dict[str, str]]:
    """All contenders on one problem, and why others took no part."""
    ours = {way.name: partial(prepare, way, problem, threads) for way in WAYS}
    ready, absent = _prepared({**ours, **{name: partial(make, problem, threads) for name, make in PEERS.items()}})
    decibels = [problem.snr(contender.output(contender.run())) for contender in ready.values()]
    outcomes = [
        Outcome(problem.name, name, timing.least, timing.median, snr)
        for name, timing, snr in zip(ready, _timed(ready.values(), seconds, threads), decibels, strict=True)
    ]
    return outcomes, absent


def beside(first: tuple[Problem, int], second: tuple[Problem, int], seconds: float) -> dict[str, tuple[Timing, Timing]]:
    """Each kernel of wincook on a problem with so many threads, and on another."""
    pairs: dict[str, tuple[Timing, Timing]] = {}
    for way in WAYS:
        ready, _ = _prepared({str(key): partial(prepare, way, *given) for key, given in enumerate((first, second))})
        if len(ready) == 2:
            one, other = _timed(ready.values(), seconds, max(first[1], second[1]))
            pairs[way.name] = one, other
    return pairs


def decibels(problem: Problem) -> dict[str, float]:
    """What each kernel of wincook keeps, and direct convolution in int8 with the scales of calibration."""
    ready, _ = _prepared({way.name: partial(prepare, way, problem, 1) for way in WAYS})
    by_kernels = {name: problem.snr(contender.output(contender.run())) for name, contender in ready.items()}
    return {"direct int8": _direct(problem), **by_kernels}


def _direct(problem: Problem) -> float:
    first = problem.in_layout("NCHW")
    numbers = Integers.of(first)
    x, weights = (array.astype(np.float32) for array in (numbers.x, numbers.weights))
    sums = reference(Task(first.layer, x, weights, 1))
    return problem.snr(sums * numbers.x_scale * numbers.weight_scales[:, None, None].astype(np.float64))


def _prepared(makers: Makers) -> tuple[dict[str, Contender], dict[str, str]]:
    ready: dict[str, Contender] = {}
    absent: dict[str, str] = {}
    for name, make in makers.items():
        try:
            ready[name] = make()
        except Absent as reason:
            absent[name] = str(reason)
    return ready, absent


def _timed(contenders: Iterable[Contender], seconds: float, threads: int) -> tuple[Timing, ...]:
    """In turn; on one thread by a clock that stands still while others are run."""
    clock = thread_time if threads == 1 else perf_counter
    return timings([contender.run for contender in contenders], seconds, clock)
