"""The entries that are shipped: each is proven anew, and predicted anew; some are measured anew."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from importlib.resources import files
from math import hypot, prod

import pytest

from tests.some import some
from wincook.atlas import Entry, entries
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm, gauge
from wincook.points import Points
from wincook.search.entries.entry import is_current, published_sets
from wincook.search.entries.figures import errors_of, predicted_error

LARGEST = 1_000_000  # bytes
SAME = 1e-3  # relative, from one machine to another
FAMILIES = sorted({(entry.tile.dimension, entry.tile.taps, entry.format) for entry in entries()})
SAMPLE = 24
SOME = 6  # one entry of so many is looked at for each change, all of them every night
SOME_OR_ALL = [SOME, pytest.param(1, marks=pytest.mark.nightly)]
NORMAL_95, CERTAIN = 1.96, 4.5  # deviations: of the intervals, and what one measurement of 100,000 is beyond

MOST_POINTS = 18  # of tiles that all have an entry; larger ones fall back to the published sets where they have none


def name(entry: Entry) -> str:
    return f"{entry.tile} {entry.format} +{entry.extra} {entry.conditions.objective}"


@cache
def made(entry: Entry, points: str) -> BilinearAlgorithm:
    plain = algorithm(entry.tile, points)
    return plain if entry.conditions.gauge is None else gauge(plain, entry.conditions.gauge)


def of_family(family: tuple[int, tuple[int, ...], str]) -> list[Entry]:
    return [entry for entry in entries() if (entry.tile.dimension, entry.tile.taps, entry.format) == family]


def error(entry: Entry, points: str) -> float:
    """As the entry says, which is predicted anew below; that of other points is predicted here."""
    if points == entry.points:
        return entry.errors.predicted
    if entry.published is not None and points == entry.published.points:
        return entry.published.errors.predicted
    return predicted_error(made(entry, points), entry.format, entry.conditions)


def test_the_file_is_small_and_in_order() -> None:
    contents = files("wincook.atlas").joinpath("atlas.json").read_bytes()
    assert len(contents) <= LARGEST
    assert list(entries()) == sorted(entries(), key=lambda entry: entry.place)
    assert contents.count(b"\n") == len(entries()) + 2


def test_there_are_entries_for_the_tiles_that_are_used_most() -> None:
    tiles = {str(entry.tile) for entry in entries() if entry.format == "float32" and not entry.extra}
    wanted = [(m, r) for r in range(2, 8) for m in range(2, MOST_POINTS + 2 - r)]
    assert {f"F({m},{r})" for m, r in wanted} <= tiles
    assert {f"F({m}x{m},{r}x{r})" for m, r in wanted} <= tiles


@pytest.mark.parametrize("entry", some(entries(), every=SOME, name=name))
def test_every_entry_is_proven(entry: Entry) -> None:
    plain = algorithm(entry.tile, entry.points)
    assert plain.point_names == entry.points  # as they are written elsewhere
    assert plain.verify().identities > 0
    assert plain.multiplications == entry.counts.products == prod(n + entry.extra for n in entry.tile.inputs)


@pytest.mark.slow
@pytest.mark.parametrize("step", SOME_OR_ALL)
@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_entries_cost_and_err_as_they_say(family: tuple[int, tuple[int, ...], str], step: int) -> None:
    assert [name(entry) for entry in of_family(family)[::step] if not is_current(entry)] == []


@pytest.mark.slow
@pytest.mark.parametrize("family", FAMILIES, ids=str)
def test_no_default_is_predicted_to_be_worse_than_the_published_set(family: tuple[int, tuple[int, ...], str]) -> None:
    for entry in of_family(family):
        if entry.conditions.objective != "rms":
            continue
        for points, _ in published_sets(entry.tile):
            assert error(entry, entry.points) <= error(entry, points) * (1 + SAME), entry


def test_no_entry_says_that_a_published_set_is_better() -> None:
    for entry in entries():
        assert entry.published is not None or entry.extra or entry.origin, entry
        if entry.published is not None:
            assert entry.errors.predicted <= entry.published.errors.predicted * (1 + SAME), entry


@pytest.mark.slow
@pytest.mark.parametrize("step", SOME_OR_ALL)
def test_bfloat16_has_entries_where_they_win_over_the_points_for_float32(step: int) -> None:
    sets = {
        (entry.tile, entry.extra, entry.conditions): entry.points for entry in entries() if entry.format == "float32"
    }
    own = [entry for entry in entries() if entry.format == "bfloat16"]
    assert len(own) > 100  # of 340 that were sought
    for entry in own[::step]:
        fallback = sets.get((entry.tile, entry.extra, entry.conditions))
        assert fallback is None or error(entry, entry.points) < (1 - SAME / 2) * error(entry, fallback), entry


@pytest.mark.slow
@pytest.mark.parametrize("entry", some(entries()[:: max(1, len(entries()) // SAMPLE)], every=SOME, name=name))
def test_some_entries_are_measured_anew(entry: Entry) -> None:
    samples = min(entry.samples, 500)
    anew = errors_of(made(entry, entry.points), entry.format, entry.conditions, samples, entry.seed + 1)
    deviations = [(errors.high - errors.low) / (2 * NORMAL_95) for errors in (anew, entry.errors)]
    assert abs(anew.measured - entry.errors.measured) <= CERTAIN * hypot(*deviations)


@pytest.mark.slow
def test_points_that_are_changed_are_found_out() -> None:
    """What the tests above look at differs if a single point of an entry does."""
    entry = next(entry for entry in entries() if str(entry.tile) == "F(4x4,3x3)" and entry.format == "float32")
    changed = Points((*Points.parse(entry.points).items[1:], "7/11"))
    assert is_current(entry)
    assert not is_current(replace(entry, points=str(changed)))
    assert not is_current(replace(entry, counts=replace(entry.counts, input=entry.counts.input + 1)))
    assert not is_current(replace(entry, errors=replace(entry.errors, predicted=1.01 * entry.errors.predicted)))
