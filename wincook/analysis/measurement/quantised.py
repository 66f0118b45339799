"""Layers whose products are of integers: tiles through the float32 programs, quantised between them."""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array
from wincook.errors import DataError, FormatError
from wincook.formats import FLOAT32
from wincook.precision import Precision
from wincook.program.programs import Programs
from wincook.quantisation.affine import KINDS
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.quantise import nearest_inputs, quantised_filters, sums_of_products
from wincook.quantisation.transform import transformed


def read_input(x: Array, calibration: Calibration) -> tuple[Array, Array]:
    """x in float32 as it is transformed, and the multiplier (P, C) of its V: integers lack their zero point alone.

    Raises:
        DataError: integers, where the calibration has no scale for x.
    """
    if x.dtype.name not in KINDS:
        return x.astype(np.float32), calibration.multiplier
    if calibration.x is None:
        raise DataError(f"x is {x.dtype}, and the calibration has no scale for it; calibrate with x = Affine(scale)")
    centred = x.astype(np.float32) - np.float32(calibration.x.zero_point)
    return centred, calibration.multiplier * np.float32(calibration.x.scale)


def check_format(precision: Precision) -> None:
    """See that all but the products is in float32.

    Raises:
        FormatError: another format.
    """
    if precision != Precision.uniform(FLOAT32):
        raise FormatError(
            f"with a calibration all but the products is in float32, not in {precision}; leave format out"
        )


def quantised_tiles(programs: Programs, d: Array, g: Array, calibration: Calibration, multiplier: Array) -> Array:
    """y (tiles, K, outputs) of tiles d (tiles, C, n_1, ...) and filters g (K, C, r_1, ...), for a multiplier of V."""
    filters = quantised_filters(transformed(programs.filter, g), calibration)
    nearest = nearest_inputs(transformed(programs.input, d), calibration, multiplier)
    return transformed(programs.output, sums_of_products(filters, nearest, calibration))
