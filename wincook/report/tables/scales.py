"""Layers of integers that are drawn: what they lose, and which scales their numbers have."""

from __future__ import annotations

from collections.abc import Sequence

from wincook.analysis.quantisation.of_law import ScalesReport
from wincook.quantisation.integers import INTEGERS
from wincook.report.table import Table, View, number, remark, table, words


def scales_view(reports: Sequence[ScalesReport]) -> View:
    """What each algorithm loses in each format, then the scales of each format."""
    formats = dict.fromkeys(report.calibrated.calibration.format for report in reports)
    return View((_losses(reports), *(part for name in formats for part in ("", _scales(name)))))


def _losses(reports: Sequence[ScalesReport]) -> Table:
    first, calibrated = reports[0], reports[0].calibrated
    channels, images = calibrated.layer.channels, calibrated.calibration.statistics.images
    columns = [words("algorithm"), words("format"), number("speed-up in products", ".2f")]
    columns += [number(name, ".1f") for name in ("predicted, dB", "measured, dB", "V by tap, dB", "powers of two, dB")]
    columns += [number("direct int8, dB", ".1f"), number("saturated", ".1e")]
    return table(
        "quantised",
        f"SNR in integers: C = {channels}, law {first.law.name}, a layer that is drawn, seed {first.seed}",
        columns,
        [
            (
                *(each.calibrated.name, each.calibrated.calibration.format, each.calibrated.speedup),
                *(each.calibrated.predicted, each.calibrated.measured, each.by_tap, each.powers_of_two),
                *(each.calibrated.direct, each.calibrated.saturated),
            )
            for each in reports
        ],
        caption=f"SNR: 20 log10(rms(y) / rms of the error of y). Calibrated on {images} images, measured on another. "
        "V by tap and powers of two: simpler scales, predicted. Saturated: the share of V beyond its range. For a "
        "layer and images of your own: wincook int8 --calibrate",
    )


def _scales(format: str) -> Table:
    """Where each scale of a format stands."""
    integers = INTEGERS[format]
    zero_of_v = "none" if integers.signed else "one for each product"
    rows = [
        ("x", "float32, or 8 bits", "none for float32; one for 8 bits", "of 8 bits: one"),
        ("U = G g GT", f"{-integers.most} to {integers.most}", "one for each product and filter", "none"),
        (
            "V = BT d B",
            f"{integers.lowest} to {integers.highest}",
            "one for each product, times one for each product and channel, by which U is multiplied",
            zero_of_v,
        ),
        ("sums of U V", "int32, exact", "that of U times that of V, for each product and filter", "none"),
        ("y = AT M A", "float32, or 8 bits", "none for float32; one for 8 bits", "of 8 bits: one"),
    ]
    return table(
        "scales",
        f"Scales in {format}: a number is its scale times (integer - zero point)",
        [words("number"), remark("integers"), remark("scale"), remark("zero point")],
        rows,
    )
