"""Entries made of sets of points."""

from __future__ import annotations

from typing import Any

import pytest

from tests.golden import Golden
from tests.near import near
from wincook.atlas import Conditions, Entry, Origin, Published
from wincook.construct import algorithm, gauge
from wincook.errors import AlgorithmError, NotationError, PointsError, WincookError
from wincook.search.entries.entry import make_entry, published_sets
from wincook.search.entries.figures import counts_of, errors_of, predicted_error

GAUGED = Conditions("rms", 64, "relu", "balance")
ORIGIN = Origin('wincook search "F(4x4,3x3)"', "descent", 0, 1000, "0.1.0")


def entry_of(*arguments: Any, **options: Any) -> Entry:
    return make_entry(*arguments, **{"samples": 64} | options)


def test_an_entry_holds_the_figures_of_its_points() -> None:
    entry = entry_of("F(4x4,3x3)", "float32", 0, "0, 1, -1, 2, -2, inf", ORIGIN)
    chosen = algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")
    assert (entry.points, entry.origin, entry.counts) == ("0, ±1, ±2, ∞", ORIGIN, counts_of(chosen))
    assert entry.errors.predicted == near(predicted_error(chosen, "float32", Conditions()), rel=1e-5)
    assert entry.errors.measured == near(errors_of(chosen, "float32", Conditions(), 64, 0).measured, rel=1e-5)
    assert Entry.from_json(entry.as_json()) == entry


def test_the_published_set_stands_beside_it() -> None:
    published = entry_of("F(4x4,3x3)", "float32", 0, "0, ±1, ±2, ∞").published
    assert isinstance(published, Published)
    assert (published.points, published.source) == published_sets("F(4x4,3x3)")[0]
    default = algorithm("F(4x4,3x3)", "0, ±5/8, ±3/2, ∞")
    assert published.errors.predicted == near(predicted_error(default, "float32", Conditions()), rel=1e-5)


def test_of_several_published_sets_the_best_is_taken() -> None:
    sets = [("0, ±1, ±2, ∞", "Lavin"), ("0, ±1, 1/2, -2, ∞", "Barabasz"), ("0, ±1, ±3, ∞", "nobody")]
    published = entry_of("F(4x4,3x3)", "float32", 0, "0, ±5/8, ±3/2, ∞", published=sets).published
    assert isinstance(published, Published)
    assert published.source == "Barabasz"
    assert entry_of("F(4,3)", "float32", 0, "0, ±1, ±2, ∞", published=[]).published is None


def test_published_sets_that_overflow_are_passed_over() -> None:
    sets = [("0, ±1, ±2, ±3, ±4, ∞", "tall")]
    arguments = ("F(8x8,3x3)", "float16", 0, "0, ±1, ±2, ±1/2, ±3/4, ∞")
    entry = entry_of(*arguments, conditions=GAUGED, published=sets, samples=8)
    raw = algorithm("F(8x8,3x3)", sets[0][0])
    with pytest.raises(AlgorithmError):
        errors_of(raw, "float16", GAUGED, 8, 0)
    balanced = gauge(raw, "balance")
    try:
        errors_of(balanced, "float16", GAUGED, 8, 0)
    except AlgorithmError:
        assert entry.published is None
    else:
        assert entry.published is not None


def test_more_products_with_a_gauge_and_axes_of_their_own() -> None:
    entry = entry_of("F(4x4,3x3)", "float16-winograd-domain", 1, "0, ±1, x^2+1, ∞", conditions=GAUGED)
    assert (entry.extra, entry.counts.products, entry.conditions) == (1, 49, GAUGED)
    assert entry.decibels is not None
    assert entry.decibels > 50
    two = entry_of("F(2x4,3x3)", "float32", 0, "0, ±1, ∞; 0, ±1, ±2, ∞")
    assert two.points == "0, ±1, ∞; 0, ±1, ±2, ∞"
    assert two.published is not None
    assert two.published.points == "0, ±1, ∞; 0, ±5/8, ±3/2, ∞"


def test_other_objectives() -> None:
    by_mean = entry_of("F(4,3)", "float32", 0, "0, ±1, ±2, ∞", conditions=Conditions("mean"))
    by_rms = entry_of("F(4,3)", "float32", 0, "0, ±1, ±2, ∞")
    assert by_mean.errors.predicted < by_rms.errors.predicted
    quantised = entry_of("F(2x2,3x3)", "int8", 0, "0, ±1, ∞", conditions=Conditions("rms", 4, "relu"), samples=8)
    assert quantised.decibels is not None
    assert 30 < quantised.decibels < 45


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"extra": 1}, PointsError),
        ({"points": "0, ±1, x^2+1, ∞"}, PointsError),
        ({"points": "0, ±1, ∞"}, PointsError),
        ({"points": None, "extra": 3}, PointsError),
        ({"format": "float17"}, WincookError),
        ({"conditions": "rms"}, NotationError),
        ({"conditions": Conditions(law="cauchy")}, NotationError),
        ({"conditions": Conditions(gauge="wrong")}, NotationError),
        ({"samples": 7}, WincookError),
        ({"published": "0, ±1, ∞"}, NotationError),
        ({"origin": "a search"}, WincookError),
    ],
    ids=str,
)
def test_wrong_arguments(change: dict[str, Any], error: type[Exception], golden: Golden) -> None:
    arguments: dict[str, Any] = {"tile": "F(4,3)", "format": "float32", "extra": 0, "points": "0, ±1, ±2, ∞"}
    with golden.raises(error):
        entry_of(**arguments | change)
