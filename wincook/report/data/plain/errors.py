"""Error reports, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict

from wincook.analysis.analyse import ErrorReport
from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite


def plain_report(report: ErrorReport) -> Plain:
    """An error report, theory and sample apart; numbers that are not finite become null."""
    return {
        "tile": str(report.algorithm.tile),
        "points": [str(points) for points in report.algorithm.points],
        "multiplications": report.algorithm.multiplications,
        "format": str(report.precision),
        "channels": report.channels,
        "law": report.law.name,
        "condition": asdict(report.condition),
        "reach": finite(asdict(report.reach)),
        "bound": finite(report.bound),
        "predicted": asdict(report.predicted),
        "direct": finite(asdict(report.direct)),
        "error_ratio": finite(report.error_ratio),
        "speedup": report.algorithm.speedup,
        "measured": finite(asdict(report.measured)),
        "samples": report.samples,
        "seed": report.seed,
        "warnings": list(report.warnings),
    }
