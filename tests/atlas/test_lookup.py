"""Which points a tile gets: its own, or those of what is nearest."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

import wincook as wc
from tests.conftest import AtlasEntry, AtlasOf
from tests.golden import Golden
from wincook.atlas import NEAREST, Conditions, entries, look_up, lookup, points_for
from wincook.errors import DataError, FormatError, NotationError, PointsError, ShapeError
from wincook.points import Points
from wincook.precision import PRESETS

A, B, C, D = (Points.parse(f"0, ±1, ±{value}, ∞") for value in (2, 3, 4, 5))  # four sets for six inputs


def test_a_tile_that_is_listed_gets_its_points(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    entry = atlas_entry("F(4x4,3x3)", str(A))
    atlas_of(entry, atlas_entry("F(4,3)", str(B)))
    choice = look_up("F(4x4,3x3)")
    assert (choice.points, choice.entry, choice.note) == ((A, A), entry, "")
    assert points_for("F(4,3)") == (B,)


def test_axes_of_an_entry_may_differ_in_points(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", f"{A}; {B}"), atlas_entry("F(2x4,1x3)", f"0, ∞; {C}"))
    assert look_up("F(4x4,3x3)").points == (A, B)
    assert [*map(str, look_up("F(2x4,1x3)").points)] == ["0, ∞", str(C)]
    assert look_up("F(2x4,1x3)").note == ""
    assert look_up("F(4,3)").points == (A,)


def test_the_nearest_format_serves_in_order(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    of_float32, of_dot = atlas_entry(points=str(A)), atlas_entry(points=str(B), format="bfloat16-dot")
    atlas_of(of_float32, of_dot)
    assert look_up("F(4x4,3x3)", "int8").entry == of_dot
    assert look_up("F(4x4,3x3)", "float16").entry == of_float32
    assert look_up("F(4x4,3x3)", "int8").note == (
        "F(4x4,3x3) in int8 is not listed in the atlas: points of F(4x4,3x3) in bfloat16-dot"
    )
    assert look_up("F(4x4,3x3)", "float32, accumulate=float64").entry == of_float32


def test_a_format_of_the_same_tile_comes_before_another_dimension(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)), atlas_entry("F(4,3)", str(B), format="float16"))
    assert look_up("F(4x4,3x3)", "float16").points == (A, A)


def test_another_dimension_comes_before_other_taps(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4,3)", str(A)), atlas_entry("F(3x3,4x4)", str(B)), atlas_entry("F(2x2,5x5)", str(C)))
    assert look_up("F(4x4,3x3)").points == (A, A)
    assert look_up("F(4x4,3x3)").note == (
        "F(4x4,3x3) in float32 is not listed in the atlas: points of F(4,3) in float32"
    )
    assert look_up("F(4x4x4,3x3x3)").points == (A, A, A)
    assert look_up("F(3,4)").points == (B,)


def test_of_other_taps_the_most_similar_serve(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)), atlas_entry("F(2,5)", str(B)))
    assert look_up("F(3x3,4x4)").points == (A, A)  # three and five are as near: the smaller
    assert look_up("F(1,6)").points == (B,)
    atlas_of(atlas_entry("F(2,5)", str(B)), atlas_entry("F(2x2,5x5)", str(C)))
    assert look_up("F(1,6)").points == (B,)
    assert look_up("F(1x1,6x6)").points == (C, C)


def test_the_published_points_come_last(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)))
    choice = look_up("F(6x6,3x3)", "float16")
    assert (choice.points, choice.entry) == ((Points.default(8),) * 2, None)
    assert "published" in choice.note
    atlas_of()
    assert look_up("F(4,3)").points == (Points.default(6),)


def test_axes_that_differ_are_looked_up_one_by_one(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)), atlas_entry("F(4,3)", str(B)), atlas_entry("F(2,3)", "0, ±2, ∞"))
    choice = look_up("F(4x2,3x3)")
    assert [*map(str, choice.points)] == [str(A), "0, ±2, ∞"]
    assert choice.entry is None
    assert choice.note == (
        "F(4x2,3x3) is not listed in the atlas: an axis has points of F(4x4,3x3); F(2x2,3x3) in float32 is not listed "
        "in the atlas: points of F(2,3) in float32"
    )


def test_a_compromise_comes_before_the_least_error_and_that_before_others(
    atlas_entry: AtlasEntry, atlas_of: AtlasOf
) -> None:
    compromise = atlas_entry(points=str(C), conditions=Conditions("rms*operations^0.25"))
    by_mean, by_rms = atlas_entry(points=str(A), conditions=Conditions("mean")), atlas_entry(points=str(B))
    other = atlas_entry(points=str(D), conditions=Conditions("range"))
    atlas_of(other, by_mean, by_rms, compromise)
    assert look_up("F(4x4,3x3)").entry == compromise
    atlas_of(other, by_mean, by_rms)
    assert look_up("F(4x4,3x3)").entry == by_rms
    atlas_of(other, by_mean)
    assert look_up("F(4x4,3x3)").entry == by_mean


def test_extra_products_are_looked_up_and_nothing_else(
    atlas_entry: AtlasEntry, atlas_of: AtlasOf, golden: Golden
) -> None:
    richer = atlas_entry("F(4x4,3x3)", "0, ±1, x^2+1, ∞", extra=1)
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)), richer)
    assert look_up("F(4x4,3x3)", extra=1).entry == richer
    assert look_up("F(4,3)", "float16", extra=1).entry == richer
    for tile, extra in (("F(4x4,3x3)", 2), ("F(6x6,3x3)", 1), ("F(4x2,3x3)", 1)):
        with golden.raises(PointsError, match="extra"):
            look_up(tile, extra=extra)


def test_a_message_names_a_few_tiles(atlas_entry: AtlasEntry, atlas_of: AtlasOf, golden: Golden) -> None:
    atlas_of(*(atlas_entry(f"F({m},3)", "0, ±1, x^2+1, ∞", extra=1) for m in range(2, 15)))
    with golden.raises(PointsError, match="13 tiles"):
        look_up("F(99,3)", extra=1)


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"tile": "F(4;3)"}, NotationError),
        ({"tile": 3}, NotationError),
        ({"tile": "F(4,3)", "format": "float17"}, FormatError),
        ({"tile": "F(4,3)", "extra": -1}, ShapeError),
        ({"tile": "F(4,3)", "extra": 0.5}, ShapeError),
    ],
    ids=str,
)
def test_wrong_questions(arguments: dict[str, Any], error: type[Exception]) -> None:
    for function in (look_up, points_for):
        with pytest.raises(error):
            function(**arguments)


def test_every_chain_of_formats_is_of_known_ones_and_ends_with_float32() -> None:
    for name, chain in NEAREST.items():
        assert {name, *chain} <= {*PRESETS}
        assert chain[-1] == "float32"
        assert name not in chain


def test_what_falls_back_is_told_to_the_log(
    atlas_entry: AtlasEntry, atlas_of: AtlasOf, caplog: pytest.LogCaptureFixture
) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)))
    caplog.set_level(logging.INFO, "wincook")
    points_for("F(4x4,3x3)")
    assert not caplog.records
    points_for("F(4x4,3x3)", "float16")
    (record,) = caplog.records
    assert vars(record)["stage"] == "atlas"
    assert "points of F(4x4,3x3) in float32" in record.getMessage()


def test_a_damaged_atlas_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, golden: Golden) -> None:
    (tmp_path / "atlas.json").write_text("[")
    monkeypatch.setattr(lookup, "files", lambda _: tmp_path)
    entries.cache_clear()
    try:
        with golden.raises(DataError, match="install wincook again"):
            entries()
        (tmp_path / "atlas.json").unlink()
        with pytest.raises(DataError, match="install wincook again"):
            entries()
    finally:
        entries.cache_clear()


def test_algorithms_ask_the_atlas(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(
        atlas_entry("F(4x4,3x3)", str(A)),
        atlas_entry("F(4x4,3x3)", str(B), format="float16"),
        atlas_entry("F(4,3)", str(C)),
        atlas_entry("F(4x4,3x3)", "0, ±1, x^2+1, ∞", extra=1),
    )
    assert wc.algorithm("F(4x4,3x3)").points == (A, A)
    assert wc.algorithm("F(4x4,3x3)", format="float16").points == (B, B)
    assert wc.algorithm("F(4x4,3x3)", extra=1).multiplications == 49
    assert wc.algorithm("F(4x4,3x3)", joint=True).points == (A, A)
    assert wc.construct.algorithm_of("F(4,3)").points == (C,)
    assert wc.construct.algorithm_of("F(4,3)", dimension=2) == wc.algorithm("F(4x4,3x3)")
    assert wc.construct.algorithm_of("F(4,3)", dimension=2, format="float16").points == (B, B)


def test_analyses_take_points_for_their_format(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(
        atlas_entry("F(4x4,3x3)", str(A)),
        atlas_entry("F(4x4,3x3)", str(B), format="float16"),
        atlas_entry("F(4x4,3x3)", str(C), format="int8"),
    )
    assert wc.analysis.Problem.of("F(4x4,3x3)", "float16").algorithm.points == (B, B)
    assert wc.analysis.Problem.of("F(4x4,3x3)").algorithm.points == (A, A)
    assert wc.analysis.Problem.of("F(4x4,3x3) on {0, ±1, ±5, ∞}", "float16").algorithm.points == (D, D)
    report = wc.analysis.analyse_quantisation("F(4x4,3x3)", layers=1, tiles=2, filters=1)
    assert report.algorithm.points == (C, C)


def test_in_one_comparison_a_tile_has_the_same_points(atlas_entry: AtlasEntry, atlas_of: AtlasOf) -> None:
    atlas_of(atlas_entry("F(4x4,3x3)", str(A)), atlas_entry("F(4x4,3x3)", str(B), format="float16"))
    rows = wc.compare(["F(4x4,3x3)"], ["float16", "float32"])
    assert [row.algorithm.points for row in rows] == [(B, B), (B, B)]
