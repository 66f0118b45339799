"""Entries of the atlas and sets beside them, ready for JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from wincook.atlas.entry import Entry
from wincook.atlas.lookup import Choice
from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite
from wincook.search.entries.ranking import Ranked, Ranking
from wincook.tile import Tile


def plain_entry(entry: Entry) -> Plain:
    """All that the atlas holds, and what follows from it."""
    plain: Plain = json.loads(entry.as_json())
    return plain | {"speedup": entry.speedup, "decibels": entry.decibels, "gain": entry.gain}


def plain_choice(tile: Tile, choice: Choice) -> Plain:
    """The points of each axis, the entry that they are from, and why it is another tile's, if it is."""
    return {
        "tile": str(tile),
        "points": [str(points) for points in choice.points],
        "note": choice.note,
        "entry": None if choice.entry is None else plain_entry(choice.entry),
    }


def plain_rankings(rankings: Iterable[Ranking]) -> list[Plain]:
    """One ranking per tile, each with its rows, the best first."""
    return [
        {
            "tile": str(ranking.tile),
            "format": ranking.format,
            "conditions": asdict(ranking.conditions),
            "note": ranking.note,
            "samples": ranking.samples,
            "seed": ranking.seed if ranking.samples else None,
            "rows": [_plain_row(ranking, row) for row in ranking.rows],
        }
        for ranking in rankings
    ]


def _plain_row(ranking: Ranking, row: Ranked) -> Plain:
    return {
        "points": row.algorithm.point_names,
        "of_atlas": row.of_atlas,
        **asdict(row.counts),
        "predicted": row.predicted,
        "measured": None if row.measured is None else row.measured.measured,
        "low": None if row.measured is None else row.measured.low,
        "high": None if row.measured is None else row.measured.high,
        "ratio": finite(ranking.ratio(row)),
    }
