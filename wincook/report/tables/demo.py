"""What the demo found, as tables and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from rich.console import Group, RenderableType
from rich.table import Table

from wincook.demo.run import DemoResult
from wincook.errors import escaped
from wincook.exact.rounded_up import rounded_up
from wincook.interchange.write.plain import Plain
from wincook.report.data.plain import plain_report
from wincook.report.tables.algorithm import conditions_table, table


def demo_view(result: DemoResult, path: Path) -> RenderableType:
    """Conditions, errors in every format, kernels beside scipy, and where the picture is."""
    seen = {report.algorithm: report.condition for report in result.reports}
    return Group(
        f"{result.photo.caption}\n",
        conditions_table(seen.items()),
        "",
        _errors(result),
        "",
        *(_kernels(result, number) for number in range(len(result.banks))),
        f"picture: {escaped(str(path))}",
    )


def _errors(result: DemoResult) -> Table:
    precisions = list(dict.fromkeys(report.precision for report in result.reports))
    first = result.reports[0]
    made = table(
        f"Relative RMS error, predicted / measured: C = {first.channels}, law {first.law.name}, "
        f"{first.samples} tiles, seed {first.seed}",
        "algorithm",
        *map(str, precisions),
        caption="* numbers below the normal range of the format: predicted less well",
    )
    for algorithm in dict.fromkeys(report.algorithm for report in result.reports):
        cells = []
        for precision in precisions:
            report = next(one for one in result.reports if (one.algorithm, one.precision) == (algorithm, precision))
            star = "*" if report.predicted.underflow else ""
            cells.append(f"{report.predicted.relative_rms:.2g}{star} / {report.measured.relative_rms:.2g}")
        made.add_row(algorithm.name, *cells)
    return made


def _kernels(result: DemoResult, number: int) -> Table:
    bank = result.banks[number]
    made = table(
        f"{len(bank.outputs)} outputs of {bank.size}×{bank.size} filters, beside float64",
        "method",
        "1 thread",
        f"{bank.kernels[0].plan.threads} threads",
        "RMS error",
        "max error",
        "bound",
    )
    for rival in bank.scipy:
        name = f"scipy {rival.name}, {rival.format.name}"
        made.add_row(name, _milliseconds(rival.seconds), "", f"{rival.rms_error:.1e}", f"{rival.max_error:.1e}", "")
    for kernel in bank.kernels:
        made.add_row(
            f"{kernel.tile} kernel, float32",
            _milliseconds(kernel.seconds_one_thread),
            _milliseconds(kernel.seconds),
            f"{kernel.rms_error:.1e}",
            f"{kernel.max_error:.1e}",
            rounded_up(kernel.bound),
        )
    ratio = bank.quickest_scipy.seconds / bank.quickest_kernel.seconds_one_thread
    made.caption = f"On one thread {bank.quickest_kernel.tile} takes {ratio:.1f} times less than scipy's quicker way."
    return made


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"


def plain_demo(result: DemoResult) -> Plain:
    """The same as plain data; times in seconds, errors in the units of the photo (brightness 0 to 1)."""
    return {
        "photo": {"caption": result.photo.caption, "size": list(result.photo.size)},
        "reports": [plain_report(report) for report in result.reports],
        "banks": [
            {
                "filter_size": bank.size,
                "filters": [one.name for one in bank.filters],
                "outputs": len(bank.outputs),
                "kernels": [
                    {
                        "tile": str(kernel.tile),
                        "threads": kernel.plan.threads,
                        "seconds": kernel.seconds,
                        "seconds_one_thread": kernel.seconds_one_thread,
                        "max_error": kernel.max_error,
                        "rms_error": kernel.rms_error,
                        "relative_rms": kernel.relative_rms,
                        "bound": kernel.bound,
                    }
                    for kernel in bank.kernels
                ],
                "scipy": [asdict(rival) | {"format": rival.format.name} for rival in bank.scipy],
            }
            for bank in result.banks
        ],
    }
