"""Error reports as a page: an overview, then one section per algorithm with all that is known of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.compare import compared
from wincook.arguments import instance, items, words
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import NotationError, ShapeError
from wincook.files import given_path, write_atomically
from wincook.program.cost import cost
from wincook.program.programs import programs_of
from wincook.report.figures.comparison import error_curves, front_chart
from wincook.report.figures.report import pictures_of
from wincook.report.html.algorithm import codes_of, matrices_of
from wincook.report.html.page import page
from wincook.report.html.section import Section
from wincook.report.tables.algorithm import costs_table
from wincook.report.tables.comparison import comparison_table
from wincook.report.tables.conditions import conditions_table
from wincook.report.tables.errors import reports_view

_REPORTS = "[wincook.analyse('F(2,3)')]"
TITLE = "How wrong fast convolution is"


def write_page(path: str | Path, reports: Sequence[ErrorReport], title: str = TITLE) -> Path:
    """Write the page, whole or not at all.

    Raises:
        NotationError: no path, something else than reports, or a title that is no text.
        OutputError: the file cannot be written.
        ShapeError: no reports.
    """
    path = given_path("path", path)
    write_atomically(path, render(reports, title).encode(errors="backslashreplace"))
    return path


def render(reports: Sequence[ErrorReport], title: str = TITLE) -> str:
    """The text of the page: one report per algorithm and precision, all with the same channels, law and sample.

    Raises:
        NotationError: something else than reports, or a title that is no text.
        ShapeError: no reports.
    """
    title = words("title", title, TITLE)
    several = (reports,) if isinstance(reports, ErrorReport) else items("reports", reports, _REPORTS, NotationError)
    reports = [instance("a report", report, ErrorReport, f"make them by {_REPORTS}") for report in several]
    if not reports:
        raise ShapeError("a page needs at least one report; analyse something first")
    first = reports[0]
    lead = (
        f"C = {first.channels} channels, {first.law.name} data, {first.samples} tiles from seed {first.seed}. A bound "
        "holds for all data within the limits beside it, a prediction for the law, a measurement for the sample: they "
        "never share a column."
    )
    algorithms = dict.fromkeys(report.algorithm for report in reports)
    per_algorithm = (
        _section(algorithm, [report for report in reports if report.algorithm == algorithm]) for algorithm in algorithms
    )
    return page(title, lead, [_overview(reports), *per_algorithm])


def _overview(reports: Sequence[ErrorReport]) -> Section:
    rows = [compared(report) for report in reports]
    return Section(
        "Overview",
        pictures=(front_chart(rows), *error_curves(rows)),
        tables=(comparison_table(rows),),
    )


def _section(algorithm: BilinearAlgorithm, reports: Sequence[ErrorReport]) -> Section:
    proof = algorithm.verify()
    sentence = (
        f"Proven: {proof}. The direct method takes {algorithm.tile.direct_multiplications} multiplications, "
        f"{algorithm.speedup:.2f} times as many."
    )
    return Section(
        algorithm.name,
        paragraphs=(sentence,),
        sections=(
            Section(
                "Errors",
                tables=reports_view(reports).tables,
                pictures=tuple(picture for report in reports for picture in pictures_of(report)),
            ),
            Section("Condition numbers", tables=(conditions_table([(algorithm, reports[0].condition)]),)),
            Section("Matrices", matrices=tuple(matrices_of(algorithm.axes))),
            _programs(algorithm),
        ),
    )


def _programs(algorithm: BilinearAlgorithm) -> Section:
    """The straight-line code of each different program, and what it costs."""
    codes = list(codes_of(programs_of(algorithm)))
    return Section(
        "Programs",
        tables=(costs_table({code.heading: cost(program) for code, program in codes}),),
        programs=tuple(code for code, _ in codes),
    )
