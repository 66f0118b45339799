"""What is kept on disk, and what damage does to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from wincook.errors import OutputError
from wincook.kernels.choice import remembered
from wincook.kernels.choice.machine import KIND, Machine, machine_key
from wincook.kernels.choice.remembered import recall, remember
from wincook.kernels.target import AVX2, Target

TARGET = Target(AVX2, 1 << 20, 1)
FIGURES = {"peak": 1e11, "l3": 4e10, "memory": 2e10, "l3_size": 1e7}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_a_value_is_recalled_by_its_kind_and_key() -> None:
    remember("colour", "sky", ["blue"])
    assert recall("colour", "sky") == ["blue"]
    assert recall("colour", "grass") is None
    assert recall("sound", "sky") is None
    remember("colour", "sky", "grey")
    assert recall("colour", "sky") == "grey"


@pytest.mark.parametrize("contents", [b"", b"{", b"[]", b'{"key": "sea", "value": 1}', b"\xff\xfe", b"[" * 60_000])
def test_a_damaged_file_counts_as_none_and_heals(folder: Path, contents: bytes) -> None:
    remember("colour", "sky", "blue")
    (place,) = folder.glob("colour-*.json")
    place.write_bytes(contents)
    assert recall("colour", "sky") is None
    remember("colour", "sky", "blue")
    assert recall("colour", "sky") == "blue"


def test_a_folder_in_its_place_counts_as_none(folder: Path) -> None:
    remember("colour", "sky", "blue")
    (place,) = folder.glob("colour-*.json")
    place.unlink()
    place.mkdir()
    assert recall("colour", "sky") is None


def test_without_a_folder_nothing_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "cache_folder", lambda: None)
    assert recall("colour", "sky") is None
    with pytest.raises(OutputError, match="WINCOOK_CACHE_DIR"):
        remember("colour", "sky", "blue")


def test_a_machine_is_typical_until_it_is_measured() -> None:
    typical = Machine.of(TARGET)
    assert typical.memory < typical.l3
    remember(KIND, machine_key(TARGET), FIGURES)
    assert Machine.of(TARGET) == Machine(**FIGURES)
    assert Machine.of(Target(AVX2, 1 << 21, 1)) == typical  # another cache is another machine


@pytest.mark.parametrize(
    "wrong", [{}, [], 3, FIGURES | {"peak": -1}, FIGURES | {"memory": "fast"}, FIGURES | {"l3": None}]
)
def test_numbers_that_cannot_be_are_not_believed(wrong: object) -> None:
    typical = Machine.of(TARGET)
    remember(KIND, machine_key(TARGET), wrong)
    assert Machine.of(TARGET) == typical
