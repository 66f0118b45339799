"""An entry: what it holds, and how it is read."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import AtlasEntry
from tests.golden import Golden
from tests.near import near
from wincook.atlas import Conditions, Entry, Errors, Published
from wincook.errors import DataError, FormatError, NotationError, WincookError
from wincook.tile import Tile


def test_an_entry_is_one_line_of_json_and_back(atlas_entry: AtlasEntry) -> None:
    for entry in (
        atlas_entry(),
        atlas_entry(origin=None, published=None, limit=None, proven=None, conditions=Conditions(gauge="balance")),
    ):
        line = entry.as_json()
        assert "\n" not in line
        assert Entry.from_json(line) == entry
        assert json.loads(line)["tile"] == "F(4x4,3x3)"


def test_points_stand_in_the_file_as_they_are_written(atlas_entry: AtlasEntry) -> None:
    assert '"points": "0, ±1, ±2, ∞"' in atlas_entry().as_json()


def test_a_format_goes_by_its_official_name(atlas_entry: AtlasEntry) -> None:
    assert atlas_entry(format="fp16").format == "float16"
    assert atlas_entry(format="float32, U=float16, V=float16").format == "float16-winograd-domain"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("tile",), "F(4;3)"),
        (("tile",), None),
        (("tile",), ["F(4,3)"]),
        (("format",), "float17"),
        (("extra",), -1),
        (("extra",), 1),  # with which there are more products
        (("conditions",), None),
        (("conditions", "objective"), "rms + 1"),
        (("conditions", "objective"), "rms*" * 99 + "rms"),
        (("conditions", "channels"), 0),
        (("conditions", "channels"), True),
        (("conditions", "law"), ""),
        (("conditions", "gauge"), 3),
        (("points",), ["0", "1"]),
        (("samples",), 2.5),
        (("seed",), None),
        (("limit",), float("nan")),
        (("counts",), None),
        (("counts", "products"), 37),
        (("counts", "filter"), "60"),
        (("errors",), [1, 2, 3, 4]),
        (("errors", "predicted"), -1e-7),
        (("errors", "high"), 1e-9),
        (("errors", "low"), float("inf")),
        (("origin", "evaluations"), -1),
        (("origin", "command"), 1),
        (("published", "source"), " "),
        (("published", "errors"), None),
        (("proven", "height"), 0),
    ],
    ids=lambda value: ".".join(value) if isinstance(value, tuple) else str(value)[:20],
)
def test_a_wrong_value_is_refused(atlas_entry: AtlasEntry, golden: Golden, path: tuple[str, ...], value: Any) -> None:
    data = json.loads(atlas_entry().as_json())
    place = data
    for name in path[:-1]:
        place = place[name]
    place[path[-1]] = value
    with golden.raises((DataError, NotationError, FormatError)):
        Entry.from_plain(data)


@pytest.mark.parametrize(
    "path", [(), ("conditions",), ("counts",), ("errors",), ("origin",), ("published",), ("proven",)], ids=str
)
def test_nothing_may_be_missing_or_unknown(atlas_entry: AtlasEntry, golden: Golden, path: tuple[str, ...]) -> None:
    for change in ("missing", "unknown"):
        data = json.loads(atlas_entry().as_json())
        place = data
        for name in path:
            place = place[name]
        if change == "missing":
            del place[next(reversed(place))]
        else:
            place["colour"] = "red"
        with golden.raises(DataError, match="colour" if change == "unknown" else "lacks"):
            Entry.from_plain(data)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '"F(4,3)"', "null", "[" * 100_000, None, b"{}"], ids=repr)
def test_what_is_no_entry_is_refused(text: Any) -> None:
    with pytest.raises(WincookError):
        Entry.from_json(text)


def test_decibels_are_told_of_what_is_stored_narrowly(atlas_entry: AtlasEntry) -> None:
    error = Errors(1e-2, 1e-2, 9e-3, 2e-2)
    assert atlas_entry(errors=error).decibels is None
    assert atlas_entry(errors=error, format="bfloat16").decibels is None
    assert atlas_entry(errors=error, format="float16-winograd-domain").decibels == near(40)
    assert atlas_entry(errors=error, format="int8").decibels == near(40)
    exact = Errors(0, 0, 0, 0)
    assert atlas_entry(errors=exact, format="float16-winograd-domain").decibels is None


def test_gain_is_over_what_is_published(atlas_entry: AtlasEntry) -> None:
    entry = atlas_entry()
    assert entry.gain == near(0.5)
    assert atlas_entry(published=None).gain is None
    assert isinstance(entry.published, Published)
    same = replace(entry.published, errors=entry.errors)
    assert atlas_entry(published=same).gain == 0


def test_speedup_is_over_the_direct_method(atlas_entry: AtlasEntry) -> None:
    assert atlas_entry().speedup == 4.0


def test_entries_stand_by_dimension_taps_outputs_format_products_and_objective(atlas_entry: AtlasEntry) -> None:
    ordered = [
        atlas_entry("F(4,3)"),
        atlas_entry("F(2,5)"),
        atlas_entry("F(2x2,3x3)"),
        atlas_entry("F(4x4,3x3)", conditions=Conditions("mean")),
        atlas_entry("F(4x4,3x3)"),
        atlas_entry("F(4x4,3x3)", extra=1),
        atlas_entry("F(4x4,3x3)", format="bfloat16"),
        atlas_entry("F(4x4,3x3)", format="float32,U=bfloat16"),
    ]
    shuffled = ordered[3:] + ordered[:3]
    assert sorted(shuffled, key=lambda entry: entry.place) == ordered
    assert len({entry.key for entry in ordered}) == len(ordered)


@pytest.mark.parametrize(
    ("objective", "measure"),
    [
        ("rms", "rms"),
        ("mean", "mean"),
        ("maximum^2", "maximum"),
        ("rms*operations^0.25", "rms"),
        ("operations^0.25*mean", "mean"),
        ("range", "rms"),
    ],
)
def test_errors_are_of_the_measure_that_the_objective_names(objective: str, measure: str) -> None:
    assert Conditions(objective).measure == measure


def test_a_tile_of_an_entry_is_a_tile(atlas_entry: AtlasEntry) -> None:
    assert atlas_entry().tile == Tile.parse("F(4x4,3x3)")
    with pytest.raises(DataError, match="Tile"):
        replace(atlas_entry(), tile="F(4x4,3x3)")  # type: ignore[arg-type]
