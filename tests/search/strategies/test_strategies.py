"""What strategies find, against brute force; and that a task is a function of its number."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations
from math import gcd

import numpy as np
import pytest

from tests.golden import Golden
from tests.near import near
from wincook.analysis.prediction.batch.batch import predict_batch
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.errors import MissingExtraError, SearchError
from wincook.search.search import Search
from wincook.search.strategies import STRATEGIES
from wincook.search.strategies.descent import descent
from wincook.search.strategies.exhaustive import tasks_of
from wincook.search.sweep import Sweep, best_of

SMALL = Search.of("F(3x3,3x3)", height=4, channels=16)


def _all(search: Search) -> Sweep:
    sweeps = [
        STRATEGIES["exhaustive"](search, number)
        for number in range(len(tasks_of(search.space, search.axes[0].inputs[0])))
    ]
    assert STRATEGIES["exhaustive"](search, len(sweeps)) is None
    found = [sweep for sweep in sweeps if sweep is not None]
    best = best_of(entry for sweep in found for entry in sweep.best)
    return Sweep(0, sum(sweep.evaluations for sweep in found), best)


@pytest.mark.slow
def test_the_exhaustive_search_finds_the_best_of_all() -> None:
    """All sets of n - 1 or n fractions of height 4, counted by hand, 0 among them or not."""
    values = sorted({Fraction(p, q) for p in range(1, 5) for q in range(1, 5) if gcd(p, q) == 1})
    signed = [0.0, *map(float, values), *(-float(value) for value in values)]
    best, number = np.inf, 0
    for infinity in (0, 1):
        chosen = np.array([*combinations(signed, 5 - infinity)])
        negatives = {tuple(sorted(-row)) for row in chosen}
        number += (len(chosen) + sum(tuple(sorted(row)) in negatives and set(row) == set(-row) for row in chosen)) // 2
        best = min(best, predict_batch("F(3x3,3x3)", PointSets.of_points(chosen, infinity), channels=16).min())
    found = _all(SMALL)
    assert found.best[0].values[0] == near(best, rel=1e-9)
    assert found.evaluations == number


@pytest.mark.slow
@pytest.mark.parametrize("name", ["descent", "cmaes", "refine"])
def test_other_strategies_find_it_too(name: str) -> None:
    search = Search.of("F(3x3,3x3)", height=4, channels=16, strategy=name)
    sweeps = [STRATEGIES[name](search, number) for number in range(4)]
    found = best_of(entry for sweep in sweeps if sweep is not None for entry in sweep.best)
    assert found[0].values[0] == near(_all(SMALL).best[0].values[0], rel=1e-9)


@pytest.mark.slow
@pytest.mark.parametrize("name", STRATEGIES)
def test_a_task_is_a_function_of_its_number(name: str) -> None:
    objective = ("rms", "operations") if name == "pareto" else "rms"
    search = Search.of("F(2x2,3x3)", objective=objective, strategy=name, height=4, seed=3)
    first, again = (STRATEGIES[name](search, 2) for _ in range(2))
    assert first == again
    assert first is not None
    assert first.number == 2
    assert first.evaluations > 0
    assert first.best


@pytest.mark.slow
def test_fronts_are_beaten_by_nothing_found() -> None:
    search = Search.of("F(4x4,3x3)", objective=("rms", "operations"), strategy="pareto", height=6)
    sweep = STRATEGIES["pareto"](search, 0)
    assert sweep is not None
    for entry in sweep.best:
        assert not any(
            other != entry and all(a <= b for a, b in zip(other.values, entry.values, strict=True))
            for other in sweep.best
        )


@pytest.mark.slow
def test_axes_that_differ_are_searched_together() -> None:
    search = Search.of("F(2x3,3x3)", height=4)
    best = descent(search, 0).best[0]
    first, second = best.points.split("; ")
    sets = PointSets.of([first]), PointSets.of([second])
    assert predict_batch("F(2x3,3x3)", sets)[0] == near(best.values[0], rel=1e-9)


def test_what_a_strategy_cannot_take_is_refused(golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    with golden.raises(SearchError, match="axes"):
        STRATEGIES["exhaustive"](Search.of("F(2x3,3x3)"), 0)
    with golden.raises(SearchError, match="descent"):
        STRATEGIES["cmaes"](Search.of("F(2,3)", objective=("rms", "operations")), 0)
    monkeypatch.setitem(__import__("sys").modules, "cmaes", None)
    with golden.raises(MissingExtraError, match="wincook\\[search\\]"):
        STRATEGIES["cmaes"](Search.of("F(2,3)", zero="yes"), 0)
