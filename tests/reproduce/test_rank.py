from __future__ import annotations

from fractions import Fraction

import pytest
from scipy import stats

from tests.near import near
from wincook.construct import algorithm
from wincook.points import Points
from wincook.reproduce.rank import FRACTIONS, MEASURES, amplification, random_sets, rank_study, spearman


@pytest.mark.nightly
def test_condition_numbers_rank_badly_and_predictions_well() -> None:
    study = rank_study(sets=16, samples=200, seed=0)
    rho = {name: study.correlation(name) for name in MEASURES}
    assert abs(rho["kappa_finite"]) < 0.4
    assert rho["kappa_finite"] < rho["product_raw"] < rho["product_balanced"]
    assert rho["predicted"] > 0.98
    assert rho["amplification"] > 0.98
    errors, predicted = ([getattr(ranked, name) for ranked in study.sets] for name in ("error", "predicted"))
    assert rho["predicted"] == pytest.approx(stats.spearmanr(errors, predicted).statistic, abs=1e-9)
    assert 0 < study.noise < 0.2


def test_random_sets_are_different_symmetric_and_seeded() -> None:
    sets = random_sets(50, seed=5)
    assert sets == random_sets(50, seed=5) != random_sets(50, seed=6)
    assert len(set(sets)) == 50
    assert {len(Points.parse(points)) for points in sets} == {10}
    assert (min(FRACTIONS), max(FRACTIONS)) == (Fraction(1, 8), Fraction(4))


def test_spearman_is_scipys() -> None:
    values, others = [3.0, 1.0, 4.0, 1.5, 9.0], [2.0, 7.0, 1.0, 8.0, 2.5]
    assert spearman(values, others) == near(stats.spearmanr(values, others).statistic)
    assert spearman(values, values) == 1


def test_amplification_of_two_axes_is_the_product() -> None:
    line, plane = (algorithm(tile, "0, ±1, ∞") for tile in ("F(2,3)", "F(2x2,3x3)"))
    assert amplification(plane) == near(amplification(line) ** 2)
    # Rows of G: 1, 3/4, 3/4, 1; rows of BT: 2 each; both rows of AT take three products.
    assert amplification(line) == near(((1 + 3 / 4 + 3 / 4) * 2) ** 0.5)
