"""Error reports for a terminal: theory in one table, the sample in others, warnings below."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.measurement.statistics import CONFIDENCE, RESOLUTION, Interval
from wincook.exact.rounded_up import rounded_up
from wincook.report.tables.algorithm import grid, table
from wincook.stages import STAGES

_SHADES = " ░▒▓█"


def reports_view(reports: list[ErrorReport]) -> RenderableType:
    """All that is known of some algorithms; of a single one also where its errors lie."""
    parts: list[RenderableType] = [_theory(reports), "", _sample(reports), "", _quantiles(reports)]
    if len(reports) == 1:
        parts += ["", *_shape(reports[0])]
    lines = [f"{_title(report)}: {warning}" for report in reports for warning in report.warnings]
    if lines:
        parts += ["", Text("Warnings", style="bold"), *map(Text, lines)]
    return Group(*parts)


def _title(report: ErrorReport) -> str:
    return f"{report.algorithm.name} {report.precision}"


def _theory(reports: list[ErrorReport]) -> Table:
    first = reports[0]
    made = table(
        f"Theory: C = {first.channels}, law {first.law.name}",
        "algorithm",
        "format",
        "predicted RMS",
        "relative",
        " / ".join(STAGES),
        "worst-case bound",
        "for |d| ≤",
        "and |g| ≤",
        "beyond",
        names=2,
        caption="The bound holds for data within these limits, where nothing overflows; beyond: how likely one number "
        f"or more of {first.samples} tiles lies outside. * underflow: see the warnings.",
    )
    for report in reports:
        predicted = report.predicted
        made.add_row(
            report.algorithm.name,
            str(report.precision),
            f"{predicted.rms:.3g}{'*' if predicted.underflow else ''}",
            f"{predicted.relative_rms:.3g}",
            " / ".join(f"{share:.0%}" for share in predicted.shares.values()),
            rounded_up(report.bound, 3),
            *report.reach.limits,
            report.reach.chance,
        )
    return made


def _sample(reports: list[ErrorReport]) -> Table:
    first = reports[0]
    made = table(
        f"Sample: C = {first.channels}, law {first.law.name}, {first.measured.samples} tiles, seed {first.seed}",
        "algorithm",
        "format",
        "mean |error|",
        "RMS",
        "relative RMS",
        "bias",
        "max",
        "overflows",
        names=2,
        caption=f"{CONFIDENCE:.0%} intervals; a maximum has none. {first.measured.certified} tiles of each row were "
        "judged in exact arithmetic.",
    )
    for report in reports:
        measured = report.measured
        made.add_row(
            report.algorithm.name,
            str(report.precision),
            _with_share(measured.mean, measured.mean_interval),
            _with_share(measured.rms, measured.rms_interval),
            _with_share(measured.relative_rms, measured.relative_rms_interval),
            f"{_number(measured.bias)} ± {_number(measured.bias_interval.high - measured.bias)}",
            _number(measured.max),
            f"{measured.overflows} of {measured.outputs}" if measured.overflows else "none",
        )
    return made


def _quantiles(reports: list[ErrorReport]) -> Table:
    probabilities = [f"{quantile.probability:.1%}" for quantile in reports[0].measured.quantiles]
    made = table(
        "Sample: |error| of so many outputs is at most",
        "algorithm",
        "format",
        *probabilities,
        names=2,
        caption=f"Right to {RESOLUTION:.1%}; {CONFIDENCE:.0%} intervals, open where the sample is too small.",
    )
    for report in reports:
        cells = [
            f"{_number(quantile.value)}\n{_number(quantile.interval.low)} … {_number(quantile.interval.high)}"
            for quantile in report.measured.quantiles
        ]
        made.add_row(report.algorithm.name, str(report.precision), *cells)
    return made


def _shape(report: ErrorReport) -> list[RenderableType]:
    """Errors in units of the last place, and place by place."""
    measured, parts = report.measured, list[RenderableType]()
    if measured.ulps is not None:
        counted = measured.outputs - measured.overflows
        ulps = table("Sample: |error| in units of the last place of the exact result", "from", "below", "outputs", "")
        ulps.columns[3].justify = "left"
        rows = [("no error", "", measured.ulps.zero)]
        for k, number in enumerate(measured.ulps.counts, start=measured.ulps.first):
            rows.append((f"{2.0**k:.6g}", f"{2.0 ** (k + 1):.6g}", number))
        for low, high, number in rows:
            ulps.add_row(low, high, f"{number / max(1, counted):.2%}", "█" * round(40 * number / max(1, counted)))
        parts += [ulps, ""]
    *_, last = report.algorithm.tile.outputs
    rms = [_number(value) for value in measured.position_rms]
    largest = max(measured.position_rms)
    shades = [
        _SHADES[round((len(_SHADES) - 1) * value / largest)] if 0 < largest < float("inf") else ""
        for value in measured.position_rms
    ]
    places = [f"{shade} {number}" for shade, number in zip(shades, rms, strict=True)]
    lines = [places[start : start + last] for start in range(0, len(places), last)]
    return [*parts, grid(f"RMS error by place in the tile {report.algorithm.tile}", lines)]


def _with_share(value: float, interval: Interval) -> str:
    """A number and how far its interval reaches, in percent of it."""
    share = interval.high / value - 1 if value else 0.0
    return f"{_number(value)} ± {share:.1%}" if abs(share) < float("inf") else _number(value)


def _number(value: float) -> str:
    """Three digits; a dash for what the sample does not tell."""
    return f"{value:.3g}" if abs(value) < float("inf") else "–"
