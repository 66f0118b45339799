"""Entries in a file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.conftest import AtlasEntry
from tests.golden import Golden
from wincook.atlas import read_atlas, write_atlas
from wincook.errors import DataError, NotationError, OutputError


def test_entries_are_written_in_order_one_on_each_line(atlas_entry: AtlasEntry, tmp_path: Path) -> None:
    path = tmp_path / "folder" / "atlas.json"
    entries = [atlas_entry("F(4x4,3x3)"), atlas_entry("F(2x2,3x3)"), atlas_entry("F(4,3)")]
    write_atlas(path, entries)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line.rstrip(","))["tile"] for line in lines[1:-1]] == ["F(4,3)", "F(2x2,3x3)", "F(4x4,3x3)"]
    assert (lines[0], lines[-1]) == ("[", "]")
    assert read_atlas(path) == tuple(reversed(entries))
    assert len(json.loads(path.read_text(encoding="utf-8"))) == 3


def test_no_entries_are_a_file_too(tmp_path: Path) -> None:
    write_atlas(tmp_path / "atlas.json", [])
    assert read_atlas(tmp_path / "atlas.json") == ()


def test_one_entry_each(atlas_entry: AtlasEntry, tmp_path: Path, golden: Golden) -> None:
    path = tmp_path / "atlas.json"
    entry = atlas_entry()
    with golden.raises(DataError, match=r"F\(4x4,3x3\)"):
        write_atlas(path, [entry, replace(entry, points="0, ±1, ±1/2, ∞")])
    assert not path.exists()
    path.write_text(f"[{entry.as_json()},{entry.as_json()}]", encoding="utf-8")
    with golden.raises(DataError, match=r"F\(4x4,3x3\)"):
        read_atlas(path)


@pytest.mark.parametrize(
    "contents",
    [b"", b"{}", b"[{}]", b"\xff", b"[1]", b"[" * 100_000, b'[{"tile": "F(4,3)"}]'],
    ids=lambda b: repr(b[:9]),
)
def test_a_damaged_file_is_told(contents: bytes, tmp_path: Path) -> None:
    path = tmp_path / "atlas.json"
    path.write_bytes(contents)
    with pytest.raises(DataError, match=r"atlas\.json"):
        read_atlas(path)


def test_an_entry_at_fault_is_told_by_its_number(atlas_entry: AtlasEntry, tmp_path: Path) -> None:
    path = tmp_path / "atlas.json"
    path.write_text(f"[{atlas_entry().as_json()},{atlas_entry().as_json().replace('rms', 'r;m')}]", encoding="utf-8")
    with pytest.raises(DataError, match=r"entry 2: cannot read the objective 'r;m'"):
        read_atlas(path)


def test_places_that_cannot_be_read_or_written(atlas_entry: AtlasEntry, tmp_path: Path) -> None:
    with pytest.raises(OutputError):
        read_atlas(tmp_path / "none.json")
    with pytest.raises(OutputError):
        write_atlas(tmp_path, [atlas_entry()])
    with pytest.raises(NotationError):
        write_atlas("", [atlas_entry()])
    with pytest.raises(NotationError):
        write_atlas(tmp_path / "a.json", ["F(4,3)"])  # type: ignore[list-item]
