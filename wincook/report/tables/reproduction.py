"""Published figures beside those obtained, and the tables of other kinds that a paper takes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from wincook.report.table import Part, Table, View, number, remark, table, words
from wincook.reproduce.alam2022 import FamilySweep
from wincook.reproduce.field import FORMATS, FieldStudy
from wincook.reproduce.field import MEASURES as FIELD_MEASURES
from wincook.reproduce.finding import Finding, Reproduction
from wincook.reproduce.nova2025 import NamedSets
from wincook.reproduce.papers import PAPERS, Paper
from wincook.reproduce.rank import MEASURES, RankStudy


def papers_table(papers: Iterable[Paper]) -> Table:
    """What can be reproduced."""
    return table(
        "papers",
        "Papers: wincook reproduce NAME",
        [words("name"), words("title"), number("runs per figure", show=str)],
        [(paper.key, paper.title, paper.samples or "exact") for paper in papers],
    )


def reproduction_view(reproduction: Reproduction) -> View:
    """The source, the definition, the figures, and what else was found."""
    paper = PAPERS[reproduction.key]
    run = "exact" if reproduction.samples is None else f"{reproduction.samples} runs, seed {reproduction.seed}"
    findings = reproduction.findings
    parts: list[Part] = [f"{paper.title}\n{paper.source}\nHere: {reproduction.definition}; {run}."]
    tables = [_findings_table(findings)] if findings else []
    for shown in (*tables, *(part for study in reproduction.studies for part in _study_tables(study))):
        parts += ["", shown]
    notes = dict.fromkeys(f"explained: {finding.note}" for finding in findings if finding.verdict == "explained")
    summary = [_summary(findings)] if findings else []
    return View((*parts, "\n".join(["", *notes, *reproduction.remarks, *summary])))


def _findings_table(findings: Iterable[Finding]) -> Table:
    return table(
        "figures",
        "Published and obtained",
        [
            words("figure"),
            number("published", ".6g"),
            number("obtained", ".6g"),
            number("deviation", show=lambda share: f"{100 * share:+.1f} %"),
            number("± (sampling)", show=lambda share: f"{100 * share:.1f} %"),
            number("verdict", show=str),
        ],
        [
            (
                finding.what,
                finding.published,
                finding.obtained,
                finding.deviation,
                finding.noise or None,
                finding.verdict,
            )
            for finding in findings
        ],
    )


def _summary(findings: Iterable[Finding]) -> str:
    verdicts = [finding.verdict for finding in findings]
    counts = (
        f"{verdicts.count(name)} {name}" for name in ("reached", "better", "explained", "missed") if name in verdicts
    )
    return f"{len(verdicts)} figures: {', '.join(counts)}."


def _study_tables(study: Any) -> Iterator[Table]:
    match study:
        case NamedSets():
            yield _named_sets_table(study)
        case RankStudy():
            yield _rank_table(study)
        case FamilySweep():
            yield _sweep_table(study)
        case FieldStudy():
            yield from (_field_table(study, tile) for tile in study.by_tile)
        case _:
            raise TypeError(f"{type(study).__name__} has no table")


def _named_sets_table(study: NamedSets) -> Table:
    return table(
        "sets",
        f"Sets for F(8,3): {study.samples} runs, seed {study.seed}",
        [words("set"), words("points"), number("κ₂(V) without ∞", ".5g"), number("mean error, 2-D")],
        [(point_set.name, point_set.points, point_set.kappa, point_set.error.mean) for point_set in study.sets],
    )


def _rank_table(study: RankStudy) -> Table:
    return table(
        "ranks",
        f"Spearman's ρ with the measured RMS error of F(8x8,3x3), {len(study.sets)} random symmetric sets",
        [words("number"), number("all sets", ".3f"), number("better half", ".3f")],
        [
            (explained, study.correlation(name), study.correlation(name, better_half=True))
            for name, explained in MEASURES.items()
        ],
        caption=f"{study.samples} tiles per set, seed {study.seed}; a measured error is good to {study.noise:.1%}.",
    )


def _sweep_table(study: FamilySweep) -> Table:
    return table(
        "sweep",
        f"The best c found: {study.samples} runs, seed {study.seed}",
        [
            words("tile"),
            words("points"),
            number("mean error"),
            number("Barabasz 2020"),
            number("improvement", show=lambda share: f"{100 * share:.1f} %"),
            number("± (sampling)", show=lambda share: f"{100 * share:.1f} %"),
        ],
        [
            (
                f"F({winner.m},3), {winner.dimension}-D",
                winner.candidate.points,
                winner.error.mean,
                winner.reference.mean,
                winner.improvement,
                (winner.error.noise**2 + winner.reference.noise**2) ** 0.5,
            )
            for winner in study.winners
        ],
    )


def _field_table(study: FieldStudy, tile: str) -> Table:
    errors = [
        number(f"{name} (predicted)", fields=(name, f"{name}, predicted"), show="{:.2g} ({:.2g})".format)
        for name in FORMATS
    ]
    return table(
        "field",
        f"{tile}: relative RMS errors, {study.samples} tiles, seed {study.seed}",
        [
            words("points"),
            number("κ₂(V) without ∞", ".4g"),
            number("κ₂ balanced", ".3g"),
            *errors,
            remark("used by"),
        ],
        [
            (
                used.algorithm.point_names,
                used.kappa_finite,
                used.kappa_balanced,
                *((row.error, row.predicted.relative_rms) for row in used.rows),
                ", ".join(used.users),
            )
            for used in study.by_tile[tile]
        ],
        caption="\n".join(_correlations(study, tile)),
        tile=tile,
    )


def _correlations(study: FieldStudy, tile: str) -> Iterator[str]:
    yield f"Spearman's ρ with the measured error, in {', '.join(FORMATS)}:"
    for measure, name in FIELD_MEASURES.items():
        correlations = (study.correlation(tile, measure, place) for place in range(len(FORMATS)))
        yield f"  {', '.join('–' if rho is None else f'{rho:.2f}' for rho in correlations)}: {name}"
