"""Published figures beside those obtained, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from wincook.interchange.write.plain import Plain
from wincook.report.data.plain.comparison import comparison_record
from wincook.reproduce.alam2022 import FamilySweep
from wincook.reproduce.field import FORMATS, FieldStudy
from wincook.reproduce.field import MEASURES as FIELD_MEASURES
from wincook.reproduce.finding import Reproduction
from wincook.reproduce.nova2025 import NamedSets
from wincook.reproduce.papers import PAPERS, Paper
from wincook.reproduce.rank import MEASURES, RankStudy


def plain_papers(papers: Iterable[Paper]) -> list[Plain]:
    """What can be reproduced."""
    return [
        {"name": paper.key, "title": paper.title, "source": paper.source, "samples": paper.samples} for paper in papers
    ]


def plain_reproduction(reproduction: Reproduction) -> Plain:
    """Every figure with its verdict, the studies and the remarks."""
    paper = PAPERS[reproduction.key]
    return {
        "paper": reproduction.key,
        "title": paper.title,
        "source": paper.source,
        "definition": reproduction.definition,
        "samples": reproduction.samples,
        "seed": reproduction.seed,
        "findings": [
            asdict(finding) | {"deviation": finding.deviation, "verdict": finding.verdict}
            for finding in reproduction.findings
        ],
        "studies": [_plain_study(study) for study in reproduction.studies],
        "remarks": list(reproduction.remarks),
        "holds": reproduction.holds,
    }


def _plain_study(study: Any) -> Plain:
    match study:
        case NamedSets():
            return {"kind": "sets", "sets": [asdict(point_set) for point_set in study.sets]}
        case RankStudy():
            return {
                "kind": "ranks",
                "noise": study.noise,
                "correlations": {
                    name: {"all": study.correlation(name), "better_half": study.correlation(name, better_half=True)}
                    for name in MEASURES
                },
                "sets": [asdict(point_set) for point_set in study.sets],
            }
        case FamilySweep():
            return {
                "kind": "sweep",
                "winners": [
                    {
                        "m": winner.m,
                        "dimension": winner.dimension,
                        "c": [str(value) for value in winner.candidate.c],
                        "points": winner.candidate.points,
                        "error": asdict(winner.error),
                        "reference": asdict(winner.reference),
                        "improvement": winner.improvement,
                    }
                    for winner in study.winners
                ],
            }
        case FieldStudy():
            return {
                "kind": "field",
                "correlations": {
                    tile: {
                        measure: {name: study.correlation(tile, measure, place) for place, name in enumerate(FORMATS)}
                        for measure in FIELD_MEASURES
                    }
                    for tile in study.by_tile
                },
                "sets": [
                    {
                        "tile": str(used.algorithm.tile),
                        "points": used.algorithm.point_names,
                        "users": list(used.users),
                        "kappa_finite": used.kappa_finite,
                        "kappa_balanced": used.kappa_balanced,
                        "errors": [comparison_record(row) for row in used.rows],
                    }
                    for used in study.sets
                ],
            }
        case _:
            raise TypeError(f"{type(study).__name__} has no plain form")
