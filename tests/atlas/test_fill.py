"""The atlas is filled from lines of JSON; what is there already is not measured again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from benchmarks import atlas as benchmark
from wincook.atlas import Conditions, Entry, read_atlas, write_atlas

LINES: list[dict[str, Any]] = [
    {
        "tile": "F(4x4,3x3)",
        "format": "fp16-winograd-domain",
        "extra": 1,
        "points": "0, ±1, x^2+1, ∞",
        "conditions": {"objective": "rms", "channels": 4, "law": "relu", "family": "pairs"},
        "values": [0.1],
        "origin": {"command": "wincook search", "strategy": "descent", "seed": 0, "evaluations": 9, "version": "0"},
        "proven": {"height": 2, "sets": 3},
        "limit": 1e-9,
    },
    {"tile": "F(2,3)", "format": "float32", "extra": 0, "points": "0, ±7, ∞", "origin": None},
    {"tile": "F(2,3)", "format": "float32", "extra": 1, "points": "0, ±1, ∞"},  # which takes fewer products
]


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    path = tmp_path / "winners.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in LINES) + "\n", encoding="utf-8")
    return path


def fill(path: Path, lines: Path, samples: int = 16) -> tuple[Entry, ...]:
    benchmark.fill(path, [{"samples": samples} | winner for winner in benchmark.winners_of(lines)], workers=1)
    return read_atlas(path)


@pytest.mark.slow
def test_lines_become_entries(lines: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "atlas.json"
    plain, rich = fill(path, lines)
    assert (plain.points, plain.origin) == ("0, ±1, ∞", None)  # the published set errs less
    assert (rich.points, rich.format, rich.extra) == ("0, ±1, x^2+1, ∞", "float16-winograd-domain", 1)
    assert rich.conditions == Conditions("rms", 4, "relu")
    assert rich.origin is not None
    assert rich.proven is not None
    assert (rich.origin.evaluations, rich.proven.sets, rich.limit) == (9, 3, 1e-9)
    assert "F(2,3): F(2,3) on {0, ±1, ∞} takes 4 products" in capsys.readouterr().err

    marked = [replace(entry, errors=replace(entry.errors, measured=entry.errors.low)) for entry in (plain, rich)]
    write_atlas(path, marked)
    assert list(fill(path, lines)) == marked  # nothing is measured again
    assert list(fill(path, lines, samples=24)) != marked


@pytest.mark.slow
def test_what_the_programs_have_left_behind_is_made_anew(lines: Path, tmp_path: Path) -> None:
    path = tmp_path / "atlas.json"
    plain, rich = fill(path, lines)
    write_atlas(path, [plain, replace(rich, counts=replace(rich.counts, input=1))])
    benchmark.fill(path, [*map(benchmark.winner_of, read_atlas(path))], workers=1)
    assert read_atlas(path) == (plain, rich)
