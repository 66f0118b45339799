"""Neighbourhoods as arrays, against the sets that they stand for."""

from __future__ import annotations

import numpy as np
import pytest

from wincook.analysis.prediction.batch.sets import PointSets
from wincook.search.sets.neighbours import moves, neighbourhood, replacements
from wincook.search.sets.space import Space
from wincook.search.sets.start import random_candidate

SPACE = Space(height=4, extra=2)


@pytest.mark.parametrize("seed", range(6))
def test_the_arrays_hold_the_sets(seed: int) -> None:
    rng = np.random.default_rng(seed)
    candidate = random_candidate(SPACE, 7, rng)
    for taken in moves(candidate, rng)[::3]:
        kept = tuple(group for group in candidate if group not in taken)
        for kinds in replacements(SPACE, 7, kept, sum(group.kind.degree for group in taken)):
            near = neighbourhood(SPACE, kept, kinds, rng)
            sets = near.sets(SPACE)
            assert sets.degree == 7
            for index in range(0, len(near), max(1, len(near) // 5)):
                groups = near.candidate(SPACE, index)
                if not SPACE.is_distinct(groups):
                    continue
                exact = PointSets.of([SPACE.text(groups)])
                sign = [1, -1]  # of a set and its negative either may be written
                alike = [sorted(exact.points[0]) == sorted(s * sets.points[index]) for s in sign]
                assert any(alike)
                assert exact.infinity == sets.infinity
                assert sorted(exact.factors[0, :, 1]) == sorted(sets.factors[index, :, 1])


def test_each_set_stands_in_a_neighbourhood_once() -> None:
    rng = np.random.default_rng(0)
    candidate = SPACE.candidate("0, ±1, ±2, ∞")
    taken = [group for group in candidate if group.kind.name == "pair"]
    kept = tuple(group for group in candidate if group not in taken)
    (pair,) = {group.kind for group in taken}
    near = neighbourhood(SPACE, kept, (pair, pair), rng)
    length = len(SPACE.table(pair))
    assert len(near) == length * (length - 1) // 2 == len({near.candidate(SPACE, i) for i in range(len(near))})


def test_single_groups_go_before_two() -> None:
    candidate = SPACE.candidate("0, ±1, ±2, ∞")
    sizes = [len(taken) for taken in moves(candidate, np.random.default_rng(0))]
    assert sizes == [1] * 4 + [2] * 6
