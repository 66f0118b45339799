"""What calibrations and scales say, as constants of the code that holds them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wincook.kernels.codegen.body.lanes.finish import WITHOUT_FRACTIONS
from wincook.kernels.plans.formats import Formats
from wincook.quantisation.affine import KINDS, Affine


class Calibrated(NamedTuple):
    """The numbers of calibrations, as `scales_of` tells them of each turn, and the scales of x, y and a residual."""

    numbers: tuple[tuple[float, ...], ...] = ()
    x: Affine | None = None
    y: Affine | None = None
    residual: Affine | None = None


UNCALIBRATED = Calibrated()


def constants_of_scales(formats: Formats, calibrated: Calibrated) -> dict[str, object]:
    """The constants of code that reads, writes and adds elements of such formats."""
    return {
        "CALIBRATED": calibrated.numbers,
        "ROWS_SAID": tuple(_rows(formats, calibrated)),
        "SCALE_OF_X": calibrated.x.scale if calibrated.x is not None and _is_centred(formats) else 1.0,
    }


def _rows(formats: Formats, calibrated: Calibrated) -> list[float]:
    """The numbers that are the same for every filter, in the order of `lanes/finish`."""
    rows: list[float] = []
    if calibrated.y is not None and formats.output_format in KINDS:
        rows += [float(1 / np.float32(calibrated.y.scale)), float(WITHOUT_FRACTIONS + calibrated.y.zero_point)]
    if calibrated.residual is not None and formats.residual_format in KINDS:
        rows += [float(np.float32(calibrated.residual.scale)), float(calibrated.residual.zero_point)]
    if calibrated.x is not None and _is_centred(formats):
        rows.append(float(calibrated.x.zero_point))
    return rows


def _is_centred(formats: Formats) -> bool:
    """Whether x has 8 bits, and is multiplied as float32 less its zero point."""
    return formats.format == "float32" and formats.input_format in KINDS
