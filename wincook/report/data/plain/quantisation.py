"""Quantisation reports, ready for JSON."""

from __future__ import annotations

from dataclasses import asdict

from wincook.analysis.quantisation.calibrated import CalibrationReport
from wincook.analysis.quantisation.of_law import ScalesReport
from wincook.analysis.quantisation.of_scheme import QuantisationReport
from wincook.interchange.write.plain import Plain
from wincook.report.data.values import finite


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
        "predicted_db": finite(report.predicted),
        "measured_db": finite(report.measured),
        "direct_db": finite(report.direct),
    }


def plain_calibration(report: CalibrationReport) -> Plain:
    """What was calibrated, the decibels, predicted and measured apart, and what saturates; not the scales."""
    return {
        "algorithm": report.name,
        "tile": str(report.algorithm.tile),
        "points": [str(points) for points in report.algorithm.points],
        "multiplications": report.algorithm.multiplications,
        "format": report.calibration.format,
        "input_format": report.input_format,
        "layer": str(report.layer),
        "calibrated_images": report.calibration.statistics.images,
        "measured_images": report.images,
        "predicted_db": finite(report.predicted),
        "measured_db": finite(report.measured),
        "direct_int8_db": finite(report.direct),
        "saturated": report.saturated,
    }


def plain_scales(report: ScalesReport) -> Plain:
    """A drawn layer of a law: that of its calibration, and the decibels that simpler scales are predicted to leave."""
    return plain_calibration(report.calibrated) | {
        "law": report.law.name,
        "seed": report.seed,
        "by_tap_db": finite(report.by_tap),
        "powers_of_two_db": finite(report.powers_of_two),
    }
