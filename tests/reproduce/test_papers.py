"""Small versions of every paper; the verdicts of the full ones are what `wincook reproduce` is for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from scipy import stats

from wincook.construct import algorithm
from wincook.errors import NotationError, ShapeError
from wincook.points import Points
from wincook.reproduce.alam2022 import family, family_points, sweep
from wincook.reproduce.barabasz2020 import error_table
from wincook.reproduce.finding import published
from wincook.reproduce.nova2025 import best_symmetric_set, kappa_finite, named_sets
from wincook.reproduce.papers import PAPERS, reproduce
from wincook.reproduce.rank import FRACTIONS, MEASURES, amplification, random_sets, rank_study, spearman
from wincook.reproduce.sfc2024 import counts, published_rows, relative_error, row_algorithm
from wincook.tile import Tile


def test_barabasz_in_two_dimensions_is_reached() -> None:
    table = error_table(samples=300, seed=1)
    assert [cell.m for cell in table.curve(2)] == list(range(1, 17))
    assert len(table.cells) == 2 * 16
    assert all(cell.finding.verdict == "reached" for cell in table.curve(2))
    assert sum(cell.finding.verdict == "reached" for cell in table.curve(1)) >= 12


def test_nova_without_its_ranks() -> None:
    best = best_symmetric_set()
    assert round(kappa_finite(best), 1) == 424.8
    integers, nova, brute, barabasz = named_sets(samples=300).sets
    assert round(integers.kappa / nova.kappa, 1) == 415.3
    assert nova.error.mean > 8 * barabasz.error.mean
    assert brute.error.mean > nova.error.mean


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
    assert spearman(values, others) == pytest.approx(stats.spearmanr(values, others).statistic)
    assert spearman(values, values) == 1


def test_amplification_of_two_axes_is_the_product() -> None:
    line, plane = (algorithm(tile, "0, ±1, ∞") for tile in ("F(2,3)", "F(2x2,3x3)"))
    assert amplification(plane) == pytest.approx(amplification(line) ** 2)
    # Rows of G: 1, 3/4, 3/4, 1; rows of BT: 2 each; both rows of AT take three products.
    assert amplification(line) == pytest.approx(((1 + 3 / 4 + 3 / 4) * 2) ** 0.5)


def test_sfc_counts_are_reached_or_cannot_be() -> None:
    findings = counts()
    off = {finding.what for finding in findings if finding.verdict != "reached"}
    assert off == {"Wino(3,3): nested, 25 of 81, %", "SFC-6(4,7): joint, 184 of 784, %"}
    assert {finding.verdict for finding in findings} == {"reached", "explained"}
    assert len(findings) == sum(len(row.percents) for row in published_rows())


def test_sfc_has_less_error_in_float16_than_winograd() -> None:
    rows = {row.name: row for row in published_rows()}
    sfc, winograd = (
        relative_error(row_algorithm(rows[name], "nested"), 300, 0) for name in ("SFC-4(4,3)", "Wino(4,3)")
    )
    assert 1 < sfc < 2.5 < winograd


@pytest.mark.parametrize("key", ["meng2019", "additions2026"])
def test_exact_papers_are_reached_or_bettered(key: str) -> None:
    reproduction = reproduce(key)
    assert {finding.verdict for finding in reproduction.findings} <= {"reached", "better"}
    assert reproduction.samples is None


def test_families_of_alam_have_as_many_points_as_the_tile_needs() -> None:
    for m in (4, 5, 6):
        best = family(m).candidates[0]
        assert Points.parse(best.points).degree == m + 2
        assert best.amplification == min(candidate.amplification for candidate in family(m).candidates[:3])
    assert family_points(5, family(4).candidates[0].c).count("±1,") == 1
    assert Tile.parse("F(4,3)").inputs == (6,)


def test_the_best_c_of_f43_betters_barabasz() -> None:
    line, plane = sweep(range(4, 5), samples=1500, seed=0).winners
    assert (line.dimension, plane.dimension) == (1, 2)
    assert 0.05 < line.improvement < 0.25
    assert 0.15 < plane.improvement < 0.35


def test_bad_input_and_sources() -> None:
    with pytest.raises(NotationError, match="known are barabasz2020, nova2025, sfc2024, meng2019, additions2026, alam"):
        reproduce("lavin2015")
    for key in PAPERS:
        assert published(key)["source"]
        with pytest.raises(ShapeError, match="samples"):
            reproduce(key, samples=0)
    with pytest.raises(ShapeError, match="at least 2 and 4"):
        rank_study(sets=3)
