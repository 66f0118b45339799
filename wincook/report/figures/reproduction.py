"""Reproductions as pictures: published errors against m, and condition numbers against real errors."""

from __future__ import annotations

import re
from math import nan

from wincook.errors import NotationError
from wincook.report.figures.canvas import Picture
from wincook.report.figures.charts.curve import ErrorCurve, Series
from wincook.report.figures.charts.kappa import KappaScatter, Measure
from wincook.reproduce.field import FORMATS, FieldStudy
from wincook.reproduce.field import MEASURES as FIELD_MEASURES
from wincook.reproduce.finding import Reproduction
from wincook.reproduce.rank import MEASURES, PLANE, RankStudy

_ERROR = re.compile(r"F\((\d+),3\), ([12])-D")


def picture_of(reproduction: Reproduction) -> Picture:
    """The picture of a paper.

    Raises:
        NotationError: there is none.
    """
    for study in reproduction.studies:
        if isinstance(study, RankStudy):
            return _ranks(study)
        if isinstance(study, FieldStudy):
            return _field(study)
    errors = [(match, finding) for finding in reproduction.findings if (match := _ERROR.fullmatch(finding.what))]
    if not errors:
        raise NotationError(f"there is no picture of {reproduction.key}; barabasz2020, nova2025 and field have one")
    series, marked = [], []
    for dimension in "12":
        cells = [(int(match[1]), finding) for match, finding in errors if match[2] == dimension]
        series.append(
            Series(f"{dimension}-D", tuple(m for m, _ in cells), tuple(finding.obtained for _, finding in cells))
        )
        marked += [(m, finding.published) for m, finding in cells if finding.published is not None]
    return ErrorCurve(
        "Published errors, and what the same points give here",
        f"Mean error of F(m,3) in float32, {reproduction.samples} runs, seed {reproduction.seed}.",
        tuple(series),
        tuple(marked),
        lines="obtained",
        error="mean |error|",
    )


def _ranks(study: RankStudy) -> KappaScatter:
    errors = tuple(point_set.error for point_set in study.sets)
    measures = tuple(
        Measure(name, tuple(getattr(point_set, field) for point_set in study.sets), errors, study.correlation(field))
        for field, name in MEASURES.items()
    )
    line = (
        f"{len(study.sets)} random symmetric sets for {PLANE}, float32, {study.samples} tiles each, seed {study.seed}."
    )
    return KappaScatter("Which number tells the error", line, measures, "RMS error, measured")


def _field(study: FieldStudy) -> KappaScatter:
    """Both condition numbers for each tile, beside the errors in the first of the formats."""
    panels = []
    for measure in ("kappa_finite", "kappa_balanced"):
        for tile in study.by_tile:
            numbers, errors = zip(*study.pairs(tile, measure, 0), strict=True)
            rho = study.correlation(tile, measure, 0)
            panels.append(Measure(f"{tile}: {FIELD_MEASURES[measure]}", numbers, errors, nan if rho is None else rho))
    line = f"The sets that libraries and papers use, {FORMATS[0]}, {study.samples} tiles each, seed {study.seed}."
    return KappaScatter("Condition numbers beside errors", line, tuple(panels))
