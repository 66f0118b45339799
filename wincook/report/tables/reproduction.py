"""Published figures beside those obtained, as tables and as plain data."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wincook.interchange.write.plain import Plain
from wincook.report.tables.algorithm import table
from wincook.reproduce.alam2022 import FamilySweep
from wincook.reproduce.finding import Finding, Reproduction
from wincook.reproduce.nova2025 import NamedSets
from wincook.reproduce.papers import PAPERS, Paper
from wincook.reproduce.rank import MEASURES, RankStudy


def papers_table(papers: Iterable[Paper]) -> Table:
    """What can be reproduced."""
    made = table("Papers: wincook reproduce NAME", "name", "title", "runs per figure", names=2)
    for paper in papers:
        made.add_row(paper.key, paper.title, str(paper.samples or "exact"))
    return made


def plain_papers(papers: Iterable[Paper]) -> list[Plain]:
    """The same as plain data."""
    return [
        {"name": paper.key, "title": paper.title, "source": paper.source, "samples": paper.samples} for paper in papers
    ]


def reproduction_view(found: Reproduction) -> RenderableType:
    """The source, the definition, the figures, and what else was found."""
    paper = PAPERS[found.key]
    run = "exact" if found.samples is None else f"{found.samples} runs, seed {found.seed}"
    head = Text(f"{paper.title}\n{paper.source}\nHere: {found.definition}; {run}.\n")
    parts: list[RenderableType] = [head, _findings_table(found.findings)]
    for study in found.studies:
        parts += ["", _study_view(study)]
    notes = list(dict.fromkeys(f"explained: {one.note}" for one in found.findings if one.verdict == "explained"))
    parts += [Text("\n".join(["", *notes, *found.remarks, _summary(found.findings)]))]
    return Group(*parts)


def plain_reproduction(found: Reproduction) -> Plain:
    """The same as plain data."""
    paper = PAPERS[found.key]
    return {
        "paper": found.key,
        "title": paper.title,
        "source": paper.source,
        "definition": found.definition,
        "samples": found.samples,
        "seed": found.seed,
        "findings": [asdict(one) | {"deviation": one.deviation, "verdict": one.verdict} for one in found.findings],
        "studies": [_plain_study(study) for study in found.studies],
        "remarks": list(found.remarks),
        "holds": found.holds,
    }


def _findings_table(findings: Iterable[Finding]) -> Table:
    made = table("Published and obtained", "figure", "published", "obtained", "deviation", "± (sampling)", "verdict")
    for one in findings:
        noise = f"{100 * one.noise:.1f} %" if one.noise else ""
        deviation = f"{100 * one.deviation:+.1f} %"
        made.add_row(one.what, f"{one.published:.6g}", f"{one.obtained:.6g}", deviation, noise, one.verdict)
    return made


def _summary(findings: Iterable[Finding]) -> str:
    verdicts = [one.verdict for one in findings]
    counts = (
        f"{verdicts.count(name)} {name}" for name in ("reached", "better", "explained", "missed") if name in verdicts
    )
    return f"{len(verdicts)} figures: {', '.join(counts)}."


def _study_view(study: Any) -> RenderableType:
    match study:
        case NamedSets():
            return _named_sets_table(study)
        case RankStudy():
            return _rank_table(study)
        case FamilySweep():
            return _sweep_table(study)
        case _:
            raise TypeError(f"{type(study).__name__} has no view")


def _named_sets_table(study: NamedSets) -> Table:
    made = table(
        f"Sets for F(8,3): {study.samples} runs, seed {study.seed}",
        "set",
        "points",
        "κ₂(V) without ∞",
        "mean error, 2-D",
        names=2,
    )
    for one in study.sets:
        made.add_row(one.name, one.points, f"{one.kappa:.5g}", f"{one.error.mean:.3g}")
    return made


def _rank_table(study: RankStudy) -> Table:
    number = len(study.sets)
    made = table(
        f"Spearman's ρ with the measured RMS error of F(8x8,3x3), {number} random symmetric sets",
        "number",
        "all sets",
        "better half",
        caption=f"{study.samples} tiles per set, seed {study.seed}; a measured error is good to {study.noise:.1%}.",
    )
    for name, words in MEASURES.items():
        whole, half = study.correlation(name), study.correlation(name, better_half=True)
        made.add_row(words, f"{whole:.3f}", f"{half:.3f}")
    return made


def _sweep_table(study: FamilySweep) -> Table:
    made = table(
        f"The best c found: {study.samples} runs, seed {study.seed}",
        "tile",
        "points",
        "mean error",
        "Barabasz 2020",
        "improvement",
        "± (sampling)",
        names=2,
    )
    for one in study.winners:
        noise = 100 * (one.error.noise**2 + one.reference.noise**2) ** 0.5
        made.add_row(
            f"F({one.m},3), {one.dimension}-D",
            one.candidate.points,
            f"{one.error.mean:.3g}",
            f"{one.reference.mean:.3g}",
            f"{100 * one.improvement:.1f} %",
            f"{noise:.1f} %",
        )
    return made


def _plain_study(study: Any) -> Plain:
    match study:
        case NamedSets():
            return {"kind": "sets", "sets": [asdict(one) for one in study.sets]}
        case RankStudy():
            return {
                "kind": "ranks",
                "noise": study.noise,
                "correlations": {
                    name: {"all": study.correlation(name), "better_half": study.correlation(name, better_half=True)}
                    for name in MEASURES
                },
                "sets": [asdict(one) for one in study.sets],
            }
        case FamilySweep():
            return {
                "kind": "sweep",
                "winners": [
                    {
                        "m": one.m,
                        "dimension": one.dimension,
                        "c": [str(value) for value in one.candidate.c],
                        "points": one.candidate.points,
                        "error": asdict(one.error),
                        "reference": asdict(one.reference),
                        "improvement": one.improvement,
                    }
                    for one in study.winners
                ],
            }
        case _:
            raise TypeError(f"{type(study).__name__} has no plain form")
