"""Sets beside those of the atlas."""

from __future__ import annotations

import pytest

import wincook as wc
from tests.conftest import AtlasEntry, AtlasOf
from tests.near import near
from wincook.atlas import Conditions
from wincook.errors import AlgorithmError, FormatError, ShapeError, WincookError
from wincook.search.entries.ranking import rank

LAVIN, BEST = "0, ±1, ±2, ∞", "0, ±5/8, ±3/2, ∞"


def test_sets_are_ranked_by_their_error(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", BEST))
    (ranking,) = rank([("F(4x4,3x3)", "0, ±1, ±3, ∞"), ("F(4x4,3x3)", LAVIN)])
    assert [row.algorithm.point_names for row in ranking.rows] == [BEST, LAVIN, "0, ±1, ±3, ∞"]
    assert [row.of_atlas for row in ranking.rows] == [True, False, False]
    ratios = [ranking.ratio(row) for row in ranking.rows]
    assert ratios[0] == 1.0
    assert ratios == sorted(ratios)
    expected = wc.predict(("F(4x4,3x3)", LAVIN)).relative_rms / wc.predict(("F(4x4,3x3)", BEST)).relative_rms
    assert ratios[1] == near(expected)


def test_a_set_that_beats_the_atlas_stands_first(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", LAVIN))
    (ranking,) = rank([("F(4x4,3x3)", BEST)])
    assert not ranking.rows[0].of_atlas
    assert ranking.ratio(ranking.rows[0]) < 1


def test_conditions_are_those_of_the_entry(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    entry = atlas_entry("F(4x4,3x3)", BEST, format="float16", conditions=Conditions("rms", 8, "relu", "balance"))
    atlas_of(entry)
    (ranking,) = rank([("F(4x4,3x3)", LAVIN)], "float16", samples=16, seed=1)
    assert (ranking.conditions, ranking.samples) == (entry.conditions, 16)
    lavin = next(row for row in ranking.rows if not row.of_atlas)
    expected = wc.predict(wc.gauge(wc.algorithm("F(4x4,3x3)", LAVIN), "balance"), "float16", 8, "relu").relative_rms
    assert lavin.predicted == expected
    assert lavin.measured is not None
    assert lavin.measured.low < lavin.error < lavin.measured.high


def test_each_tile_has_a_ranking_and_more_products_stand_beside_more_products(
    atlas_entry: AtlasEntry, atlas_of: AtlasOf
) -> None:
    rich = "0, ±1, x^2+1, ∞"
    atlas_of(
        atlas_entry("F(4x4,3x3)", BEST),
        atlas_entry("F(4x4,3x3)", "0, ±2, x^2+1, ∞", extra=1),
        atlas_entry("F(2,3)", "0, ±1, ∞"),
    )
    first, second = rank([("F(4x4,3x3)", rich), "F(2,3) on {0, ±2, ∞}", ("F(4x4,3x3)", LAVIN)])
    assert {row.algorithm.point_names for row in first.rows if row.of_atlas} == {BEST, "0, ±2, x^2+1, ∞"}
    assert [str(first.tile), str(second.tile)] == ["F(4x4,3x3)", "F(2,3)"]
    assert first.ratio(next(row for row in first.rows if row.algorithm.point_names == BEST)) == 1.0


def test_without_an_entry_conditions_are_plain(atlas_of: AtlasOf) -> None:
    atlas_of()
    (ranking,) = rank([("F(4,3)", LAVIN)])
    assert ranking.conditions == Conditions()
    assert "not listed" in ranking.note


def test_wrong_questions() -> None:
    with pytest.raises(AlgorithmError):
        rank([wc.algorithm("F(4,3)").transpose()])
    with pytest.raises(FormatError):
        rank(["F(4,3)"], "float17")
    with pytest.raises(ShapeError):
        rank(["F(4,3)"], samples=3)
    with pytest.raises(WincookError):
        rank(3)  # type: ignore[arg-type]
