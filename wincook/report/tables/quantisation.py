"""Quantisation reports as plain data and as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Group, RenderableType

from wincook.analysis.quantisation.sqnr import QuantisationReport
from wincook.interchange.write.plain import Plain
from wincook.report.tables.algorithm import table


def plain_quantisation(report: QuantisationReport) -> Plain:
    """The scheme, the sample, and the decibels, predicted and measured apart; infinite ones become null."""
    return {
        "tile": str(report.algorithm.tile),
        "points": [str(points) for points in report.algorithm.points],
        "multiplications": report.algorithm.multiplications,
        "scheme": asdict(report.scheme),
        "channels": report.channels,
        "filters": report.filters,
        "tiles": report.tiles,
        "layers": report.layers,
        "law": report.law.name,
        "seed": report.seed,
        "predicted_db": _finite(report.predicted),
        "measured_db": _finite(report.measured),
        "direct_db": _finite(report.direct),
    }


def quantisation_view(reports: Sequence[QuantisationReport]) -> RenderableType:
    """Theory in one table, the sample in another."""
    first = reports[0]
    theory = table(
        f"Predicted SQNR: C = {first.channels}, law {first.law.name}, {first.scheme}",
        "algorithm",
        "fewer multiplications",
        "dB",
        caption="For the scales found by calibration. In trials 95 % were within 0.8 dB of the measurement; with a "
        "percentile, which clips, between 0.5 dB below and 4 dB above it.",
    )
    sample = table(
        f"Measured SQNR: {first.layers} layers of {first.tiles} tiles and {first.filters} filters, seed {first.seed}",
        "algorithm",
        "dB",
        "direct convolution, dB",
    )
    for report in reports:
        theory.add_row(report.algorithm.name, f"{report.algorithm.speedup:.2f}×", f"{report.predicted:.1f}")
        sample.add_row(report.algorithm.name, f"{report.measured:.1f}", f"{report.direct:.1f}")
    return Group(theory, "", sample)


def _finite(decibels: float) -> float | None:
    return decibels if abs(decibels) < float("inf") else None
