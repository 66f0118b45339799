"""What the demo measured: conditions, errors in every format, and kernels beside scipy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wincook.demo.run import BankRun, DemoResult
from wincook.errors import escaped
from wincook.exact.rounded_up import rounded_up
from wincook.report.table import Table, View, number, table, words
from wincook.report.tables.conditions import conditions_table


def demo_view(result: DemoResult, path: Path | None) -> View:
    """Conditions, errors in every format, kernels beside scipy, and where the picture is, if there is one."""
    conditions = {report.algorithm: report.condition for report in result.reports}
    return View(
        (
            f"{result.photo.caption}\n",
            conditions_table(conditions.items()),
            "",
            _errors(result),
            "",
            *map(_kernels, result.banks),
            *([] if path is None else [f"picture: {escaped(str(path))}"]),
        )
    )


def _errors(result: DemoResult) -> Table:
    first = result.reports[0]
    reports = {(report.algorithm, report.precision): report for report in result.reports}
    algorithms = dict.fromkeys(algorithm for algorithm, _ in reports)
    precisions = dict.fromkeys(precision for _, precision in reports)
    rows = []
    for algorithm in algorithms:
        both = (reports[algorithm, precision] for precision in precisions)
        errors = (
            (report.predicted.relative_rms, report.measured.relative_rms, report.predicted.underflow) for report in both
        )
        rows.append((algorithm.name, *errors))
    return table(
        "errors",
        f"Relative RMS error, predicted / measured: C = {first.channels}, law {first.law.name}, "
        f"{first.samples} tiles, seed {first.seed}",
        [
            words("algorithm"),
            *(
                number(name, fields=(f"{name} predicted", f"{name} measured", f"{name} underflow"), show=_both)
                for name in map(str, precisions)
            ),
        ],
        rows,
        caption="* numbers below the normal range of the format: predicted less well",
    )


def _both(predicted: float, measured: float, underflow: bool) -> str:  # noqa: FBT001 (values come one by one)
    return f"{predicted:.2g}{'*' * underflow} / {measured:.2g}"


def _kernels(bank: BankRun) -> Table:
    rows: list[tuple[Any, ...]] = [
        (f"scipy {rival.name}, {rival.format.name}", rival.seconds, None, rival.rms_error, rival.max_error, None)
        for rival in bank.scipy
    ]
    rows += [
        (
            f"{kernel.tile} kernel, float32",
            kernel.seconds_one_thread,
            kernel.seconds,
            kernel.rms_error,
            kernel.max_error,
            kernel.bound,
        )
        for kernel in bank.kernels
    ]
    ratio = bank.quickest_scipy.seconds / bank.quickest_kernel.seconds_one_thread
    threads = f"{bank.kernels[0].plan.threads} threads"
    return table(
        f"{bank.size}×{bank.size} filters",
        f"{len(bank.outputs)} outputs of {bank.size}×{bank.size} filters, beside float64",
        [
            words("method"),
            *(number(name, fields=(f"{name}, seconds",), show=_milliseconds) for name in ("1 thread", threads)),
            number("RMS error", ".1e"),
            number("max error", ".1e"),
            number("bound", show=rounded_up),
        ],
        rows,
        caption=f"On one thread {bank.quickest_kernel.tile} takes {ratio:.1f} times less than scipy's quicker way.",
        filters=f"{bank.size}×{bank.size}",
    )


def _milliseconds(seconds: float) -> str:
    return f"{seconds * 1e3:.1f} ms"
