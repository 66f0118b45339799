"""The signal-to-noise ratio of quantised products, predicted and measured."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.analysis.quantisation.calibrated import CalibrationReport
from wincook.analysis.quantisation.of_scheme import QuantisationReport
from wincook.report.table import View, number, table, words


def quantisation_view(reports: Sequence[QuantisationReport]) -> View:
    """Theory in one table, the sample in another."""
    first = reports[0]
    theory = table(
        "predicted",
        f"Predicted SNR: C = {first.channels}, law {first.law.name}, {first.scheme}",
        [words("algorithm"), number("speed-up in products", ".2f"), number("predicted, dB", ".1f")],
        [(report.algorithm.name, report.algorithm.speedup, report.predicted) for report in reports],
        caption="For the scales found by calibration. In trials 95 % were within 0.8 dB of the measurement; with a "
        "percentile, which clips, between 0.5 dB below and 4 dB above it.",
    )
    sample = table(
        "measured",
        f"Measured SNR: {first.layers} layers of {first.tiles} tiles and {first.filters} filters, seed {first.seed}",
        [words("algorithm"), number("measured, dB", ".1f"), number("direct convolution, dB", ".1f")],
        [(report.algorithm.name, report.measured, report.direct) for report in reports],
    )
    return View((theory, "", sample))


def calibration_view(reports: Sequence[CalibrationReport]) -> View:
    """The algorithms of one layer side by side."""
    first = reports[0]
    columns = [words("algorithm"), number("speed-up in products", ".2f"), number("predicted, dB", ".1f")]
    columns += [number("measured, dB", ".1f"), number("saturated", ".1e")]
    rows = [(each.name, each.speedup, each.predicted, each.measured, each.saturated) for each in reports]
    of_images = f"calibrated on {first.calibration.statistics.images} images, measured on {first.images}"
    return View(
        (
            table(
                "calibrated",
                f"{first.calibration.format}, x {first.input_format}, {first.layer}: {of_images}",
                columns,
                rows,
                caption=f"direct convolution in int8, one scale for x and one for each filter: {first.direct:.1f} dB. "
                "Saturated is the share of V beyond its range; the prediction takes nothing to saturate.",
            ),
        )
    )
