"""Error reports: theory in one table, the sample in others, warnings below; first of all, whether it is worth it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.measurement.statistics import CONFIDENCE, RESOLUTION, Interval, UlpHistogram
from wincook.exact.rounded_up import rounded_up
from wincook.report.table import Cell, Heading, Part, Table, View, decoration, grid, number, table, words
from wincook.report.tables.comparison import direct_name, overflows_text, starred
from wincook.stages import STAGES

_SHADES = " ░▒▓█"
_BAR = 40  # blocks that stand for all outputs


def reports_view(reports: Sequence[ErrorReport]) -> View:
    """All that is known of some algorithms; of a single one also where its errors lie."""
    parts: list[Part] = [_beside_direct(reports), "", _theory(reports), "", _sample(reports), "", _quantiles(reports)]
    if len(reports) == 1:
        parts += ["", *_shape(reports[0])]
    lines = [
        f"{report.algorithm.name} {report.precision}: {warning}" for report in reports for warning in report.warnings
    ]
    if lines:
        parts += ["", Heading("Warnings"), *lines]
    return View(tuple(parts))


def _beside_direct(reports: Sequence[ErrorReport]) -> Table:
    """What is gained, and what it costs: direct convolution has a row for each kernel size and format."""
    direct = {(report.algorithm.tile.taps, str(report.precision)): report.direct.predicted for report in reports}
    rows: list[list[Any]] = [
        [direct_name(taps), precision, 1.0, (predicted.relative_rms, predicted.underflow), 1.0, None]
        for (taps, precision), predicted in direct.items()
    ]
    rows += [
        [
            report.algorithm.name,
            str(report.precision),
            report.algorithm.speedup,
            (report.predicted.relative_rms, report.predicted.underflow),
            report.error_ratio,
            report.measured.relative_rms,
        ]
        for report in reports
    ]
    predicted = "relative RMS, predicted"
    return table(
        "beside direct convolution",
        f"Beside direct convolution: {_conditions(reports[0])}",
        [
            words("algorithm"),
            words("format"),
            number("speed-up in products", ".2f"),
            number(predicted, fields=(predicted, "underflow"), show=starred),
            number("× direct", show=_number),
            number("measured", show=_number),
        ],
        rows,
        caption="× direct: the predicted error as a multiple of that of direct convolution in the same format.",
    )


def _theory(reports: Sequence[ErrorReport]) -> Table:
    first = reports[0]
    return table(
        "theory",
        f"Theory: {_conditions(first)}",
        [
            words("algorithm"),
            words("format"),
            number("predicted RMS", fields=("predicted RMS", "underflow"), show=starred),
            number("relative"),
            number(" / ".join(STAGES), fields=STAGES, show=_percentages),
            number("worst-case bound", show=lambda bound: rounded_up(bound, 3)),
            number("for |d| ≤", ".8g"),
            number("and |g| ≤", ".8g"),
            number("beyond"),
        ],
        [
            (
                report.algorithm.name,
                str(report.precision),
                (report.predicted.rms, report.predicted.underflow),
                report.predicted.relative_rms,
                report.predicted.shares.values(),
                report.bound,
                report.reach.d_max,
                report.reach.g_max,
                Cell(report.reach.chance, (report.reach.beyond,)),
            )
            for report in reports
        ],
        caption="The bound holds for data within these limits, where nothing overflows; beyond: how likely one number "
        f"or more of {first.samples} tiles lies outside. * underflow: see the warnings.",
    )


def _sample(reports: Sequence[ErrorReport]) -> Table:
    first = reports[0]
    means = ("mean |error|", "RMS", "relative RMS")
    return table(
        "sample",
        f"Sample: {_conditions(first)}, {first.measured.samples} tiles, seed {first.seed}",
        [
            words("algorithm"),
            words("format"),
            *(number(name, fields=_interval_fields(name), show=_with_share) for name in means),
            number("bias", fields=_interval_fields("bias"), show=_with_reach),
            number("max", show=_number),
            number("overflows", fields=("overflows", "outputs"), show=overflows_text),
        ],
        [_sample_row(report) for report in reports],
        caption=f"{CONFIDENCE:.0%} intervals; a maximum has none. {first.measured.certified} tiles of each row were "
        "judged in exact arithmetic.",
    )


def _sample_row(report: ErrorReport) -> list[Any]:
    measured = report.measured
    return [
        report.algorithm.name,
        str(report.precision),
        _with_interval(measured.mean, measured.mean_interval),
        _with_interval(measured.rms, measured.rms_interval),
        _with_interval(measured.relative_rms, measured.relative_rms_interval),
        _with_interval(measured.bias, measured.bias_interval),
        measured.max,
        (measured.overflows, measured.outputs),
    ]


def _quantiles(reports: Sequence[ErrorReport]) -> Table:
    names = [f"{quantile.probability:.1%}" for quantile in reports[0].measured.quantiles]
    return table(
        "quantiles",
        "Sample: |error| of so many outputs is at most",
        [
            words("algorithm"),
            words("format"),
            *(number(name, fields=_interval_fields(name), show=_over_interval) for name in names),
        ],
        [
            (
                report.algorithm.name,
                str(report.precision),
                *(_with_interval(quantile.value, quantile.interval) for quantile in report.measured.quantiles),
            )
            for report in reports
        ],
        caption=f"Right to {RESOLUTION:.1%}; {CONFIDENCE:.0%} intervals, open where the sample is too small.",
    )


def _shape(report: ErrorReport) -> Iterator[Part]:
    """Errors in units of the last place, and place by place."""
    measured = report.measured
    if measured.ulps is not None:
        yield _ulps(measured.ulps, max(1, measured.outputs - measured.overflows))
        yield ""
    *_, last = report.algorithm.tile.outputs
    errors = measured.position_rms
    rows = [errors[start : start + last] for start in range(0, len(errors), last)]
    largest = max(errors)

    def shaded(error: float) -> str:
        shade = _SHADES[round((len(_SHADES) - 1) * error / largest)] if 0 < largest < float("inf") else ""
        return f"{shade} {_number(error)}"

    yield grid("places", f"RMS error by place in the tile {report.algorithm.tile}", rows, shaded)


def _ulps(ulps: UlpHistogram, outputs: int) -> Table:
    """So many outputs in each binade of ulps."""
    bins: list[tuple[float, float | None, int]] = [(0.0, None, ulps.zero)]
    bins += [(2.0**k, 2.0 ** (k + 1), count) for k, count in enumerate(ulps.counts, ulps.first)]
    return table(
        "ulps",
        "Sample: |error| in units of the last place of the exact result",
        [
            words("from"),
            number("below", ".6g"),
            number("outputs", fields=("outputs", "share of outputs"), show=lambda _, share: f"{share:.2%}"),
            decoration(),
        ],
        [
            (
                Cell(f"{low:.6g}" if low else "no error", (low,)),
                high,
                (count, count / outputs),
                Cell("█" * round(_BAR * count / outputs), ()),
            )
            for low, high, count in bins
        ],
    )


def _conditions(report: ErrorReport) -> str:
    return f"C = {report.channels}, law {report.law.name}"


def _percentages(*shares: float) -> str:
    return " / ".join(f"{share:.0%}" for share in shares)


def _interval_fields(name: str) -> tuple[str, str, str]:
    return name, f"{name}, low", f"{name}, high"


def _with_interval(value: float, interval: Interval) -> tuple[float, float, float]:
    return value, interval.low, interval.high


def _with_share(value: float, _: float, high: float) -> str:
    """A number and how far its interval reaches, in percent of it."""
    share = high / value - 1 if value else 0.0
    return f"{_number(value)} ± {share:.1%}" if abs(share) < float("inf") else _number(value)


def _with_reach(value: float, _: float, high: float) -> str:
    """A number and how far its interval reaches."""
    return f"{_number(value)} ± {_number(high - value)}"


def _over_interval(value: float, low: float, high: float) -> str:
    """A number over the ends of its interval."""
    return f"{_number(value)}\n{_number(low)} … {_number(high)}"


def _number(value: float) -> str:
    """Three digits; a dash for what the sample does not tell."""
    return f"{value:.3g}" if abs(value) < float("inf") else "–"
