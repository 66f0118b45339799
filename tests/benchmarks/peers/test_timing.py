from __future__ import annotations

from functools import partial
from itertools import count

import numpy as np
import pytest

from benchmarks.peers import timing
from benchmarks.peers.contender import Contender
from benchmarks.peers.timing import Times, measure, until
from tests.near import near


def test_contenders_take_turns_and_cold_calls_come_after_other_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_EVICTING_FLOATS", 1)
    monkeypatch.setattr(timing, "_PAUSE", 0)
    calls: list[str] = []
    contenders = {name: Contender(partial(calls.append, name), lambda _: np.zeros(0, np.float32)) for name in "ab"}
    ticks = count()
    times = measure(contenders, lambda rounds: rounds == 2, clock=lambda: next(ticks) / 250)
    # each call takes one tick, 4 ms: the first of a burst is not counted, and two of them fill its time
    assert calls == list("aaabbbab" * 2)
    for name in "ab":
        assert len(times[name].warm.seconds) == 4
        assert len(times[name].cold.seconds) == 2
        assert times[name].warm.best == near(0.004)


def test_at_least_one_call_of_a_slow_contender_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "_EVICTING_FLOATS", 1)
    ticks = count()
    slow = Contender(lambda: None, lambda _: np.zeros(0, np.float32))
    times = measure({"slow": slow}, lambda _: True, clock=lambda: next(ticks))
    assert times["slow"].warm.seconds == (1,)


def test_minimum_and_median() -> None:
    times = Times((3.0, 1.0, 2.0))
    assert (times.best, times.median) == (1.0, 2.0)


def test_rounds_end_by_number_or_by_time() -> None:
    assert [until(1e9, 2)(done) for done in (1, 2)] == [False, True]
    assert [until(0, None)(done) for done in (1, timing.LEAST_ROUNDS)] == [False, True]
    assert not until(1e9, None)(10**6)
