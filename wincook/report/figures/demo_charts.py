"""The charts and the table of the demo, each at its place on a sheet."""

from __future__ import annotations

from collections.abc import Iterator

from matplotlib.axes import Axes

from wincook.analysis.analyse import ErrorReport
from wincook.demo.run import CURVE, FORMATS, BankRun, DemoResult
from wincook.formats import FLOAT32
from wincook.report.figures.scales import number_text
from wincook.report.figures.sheet import Sheet
from wincook.tile import Tile

CHARTS = 4.1  # inches, like all lengths here: how high the charts are

_PLAIN = 1e3  # numbers up to it, and from its inverse on, are written without an exponent
_SURPRISE = 3.0  # a measurement so many times its prediction gets an explanation


def error_curve(sheet: Sheet, result: DemoResult, top: float, left: float) -> None:
    """Errors against m in every format, predicted and measured."""
    sheet.heading(
        left,
        top,
        "Larger tiles, larger errors",
        "Relative RMS error of F(m×m,3×3), three channels, uniform data.",
    )
    axes = sheet.axes(left + 0.5, top + 0.45, 4.75, CHARTS - 0.45)
    for fmt, colour in zip(FORMATS, sheet.theme.series, strict=False):
        reports = result.curve(fmt)
        m = [report.algorithm.tile.outputs[0] for report in reports]
        predicted = [report.predicted.relative_rms for report in reports]
        measured = [report.measured.relative_rms for report in reports]
        axes.plot(m, predicted, color=colour, linewidth=1.8)
        axes.plot(m, measured, "o", color=colour, markersize=6.5, markeredgecolor=sheet.theme.paper)
        axes.text(m[-1] + 0.25, predicted[-1], str(fmt), color=colour, fontweight="bold", va="center")
        for report in reports:
            _explain(axes, report, colour)
    axes.plot([], [], color=sheet.theme.frame, linewidth=1.8, label="predicted in closed form")
    axes.plot([], [], "o", color=sheet.theme.frame, label=f"measured on {result.reports[0].samples} random tiles")
    axes.legend(frameon=False, loc="upper left", labelcolor=sheet.theme.faint)
    axes.set(yscale="log", xlim=(0.7, 9.6), xlabel="m, outputs per tile and axis")
    axes.set_xticks(CURVE, [f"{m}\ndirect" if m == 1 else str(m) for m in CURVE])
    axes.grid(axis="y")
    axes.tick_params(which="both", length=0)


def _explain(axes: Axes, report: ErrorReport, colour: str) -> None:
    m = report.algorithm.tile.outputs[0]
    predicted, measured = report.predicted.relative_rms, report.measured.relative_rms
    if measured > _SURPRISE * predicted:
        axes.plot([m, m], [predicted, measured], ":", color=colour)
        axes.text(m + 0.25, measured, "underflow,\nnot in theory", color=colour, va="center", fontsize=8.5)


def time_bars(sheet: Sheet, result: DemoResult, top: float) -> None:
    """Milliseconds of each kernel, beside scipy."""
    left, step = 6.35, 1.0
    threads = max(kernel.plan.threads for bank in result.banks for kernel in bank.kernels)
    sheet.heading(left, top, "How long it takes", f"Milliseconds on one thread; in brackets, the kernel on {threads}.")
    axes = sheet.axes(left + 1.7, top + 0.45, 2.3, CHARTS - 0.15)
    ticks: dict[float, str] = {}
    for bank in result.banks:
        axes.text(0, step, f" {len(bank.outputs)} outputs, {bank.size}×{bank.size}", fontweight="bold", va="center")
        for name, seconds, more, colour in _bars(sheet, bank):
            step += 1
            ticks[step] = name
            axes.barh(step, seconds, color=colour, height=0.72)
            axes.text(seconds, step, f" {_milliseconds(seconds)}{more}", va="center", fontsize=8.5)
        step += 1.5
    axes.set_yticks([*ticks], [*ticks.values()])
    axes.set(xticks=[], ylim=(step - 0.8, 0.4))
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=sheet.theme.ink)


def _bars(sheet: Sheet, bank: BankRun) -> Iterator[tuple[str, float, str, str]]:
    """Name, seconds, what stands behind them, and colour."""
    for rival in bank.scipy:
        yield f"scipy.{rival.name}", rival.seconds, "", sheet.theme.frame
    for kernel in bank.kernels:
        all_threads = f" ({_milliseconds(kernel.seconds)})"
        yield name_of(kernel.tile), kernel.seconds_one_thread, all_threads, sheet.theme.series[0]


def algorithm_table(sheet: Sheet, result: DemoResult, top: float) -> None:
    """Products, condition numbers and errors of the algorithms that ran, and what is gained over scipy."""
    left, columns = 11.2, (0.0, 1.65, 2.25, 2.8, 3.5, 4.35)
    sheet.heading(left, top, "The algorithms", "κ₂ of the transforms; relative RMS error predicted for float32.")
    kernels = [kernel.tile for bank in result.banks for kernel in bank.kernels]
    rows = [("", "products", "AT", "G", "BT", "error")] + [
        (
            name_of(report.algorithm.tile),
            f"1 / {report.algorithm.speedup:.1f}",
            *(f"{float(f'{kappa.kappa_2:.3g}'):,g}" for kappa in (conditions.AT, conditions.G, conditions.BT)),
            brief(report.predicted.relative_rms),
        )
        for report, conditions in ((report, report.condition) for report in result.reports)
        if str(report.precision) == FLOAT32.name and report.algorithm.tile in kernels
    ]
    for number, row in enumerate(rows):
        for column, text in zip(columns, row, strict=True):
            sheet.text(
                left + column,
                top + 0.62 + 0.25 * number,
                text,
                math=True,
                fontsize=9,
                ha="right" if column else "left",
                color=sheet.theme.ink if number else sheet.theme.faint,
            )
    below = top + 0.62 + 0.25 * len(rows)
    sheet.text(left, below + 0.28, "Speed against scipy’s quicker way", fontweight="bold", fontsize=10.5)
    sheet.text(
        left, below + 0.48, "one thread each; filters transformed beforehand", color=sheet.theme.faint, fontsize=8.5
    )
    for number, bank in enumerate(result.banks):
        _gain(sheet, bank, left + 1.55 * number, below + 0.98)


def _gain(sheet: Sheet, bank: BankRun, left: float, top: float) -> None:
    kernel, other = bank.quickest_kernel, bank.quickest_scipy
    sheet.text(
        left,
        top,
        f"{other.seconds / kernel.seconds_one_thread:.1f}×",
        fontsize=24,
        fontweight="bold",
        color=sheet.theme.series[0],
    )
    sheet.text(left, top + 0.25, f"{name_of(kernel.tile)}", fontsize=9, fontweight="bold")
    sheet.text(left, top + 0.43, f"scipy.{other.name}, {other.format}", fontsize=8.5, color=sheet.theme.faint)


def name_of(tile: Tile) -> str:
    """F(m×m,r×r)."""
    return str(tile).replace("x", "×")


def _milliseconds(seconds: float) -> str:
    return f"{1e3 * seconds:.1f}"


def brief(value: float) -> str:
    """Two digits."""
    return number_text(value, _PLAIN)
