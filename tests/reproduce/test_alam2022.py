from __future__ import annotations

import pytest

from wincook.points import Points
from wincook.reproduce.alam2022 import family, family_points, sweep
from wincook.tile import Tile


@pytest.mark.slow
def test_families_of_alam_have_as_many_points_as_the_tile_needs() -> None:
    for m in (4, 5, 6):
        best = family(m).candidates[0]
        assert Points.parse(best.points).degree == m + 2
        assert best.amplification == min(candidate.amplification for candidate in family(m).candidates[:3])
    assert family_points(5, family(4).candidates[0].c).count("±1,") == 1
    assert Tile.parse("F(4,3)").inputs == (6,)


@pytest.mark.slow
def test_the_best_c_of_f43_betters_barabasz() -> None:
    line, plane = sweep(range(4, 5), samples=1500, seed=0).winners
    assert (line.dimension, plane.dimension) == (1, 2)
    assert 0.05 < line.improvement < 0.25
    assert 0.15 < plane.improvement < 0.35
