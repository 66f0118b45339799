"""Layers whose products are of integers: tiles through the float32 programs, quantised between them."""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array
from wincook.errors import FormatError
from wincook.formats import FLOAT32
from wincook.precision import Precision
from wincook.program.programs import Programs
from wincook.quantisation.affine import KINDS
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.factors import Factors
from wincook.quantisation.quantise import centred, nearest_inputs, quantised_filters, sums_of_products
from wincook.quantisation.transform import transformed


def read_input(x: Array, calibration: Calibration, programs: Programs) -> tuple[Array, Factors]:
    """x in float32 as it is transformed, and the factors of its V: integers lack their zero point alone."""
    factors = Factors.of(calibration, programs.input, x.dtype)
    values = x.astype(np.float32)
    return (values - np.float32(calibration.x.zero_point) if x.dtype.name in KINDS else values), factors


def check_format(precision: Precision) -> None:
    """See that all but the products is in float32.

    Raises:
        FormatError: another format.
    """
    if precision != Precision.uniform(FLOAT32):
        raise FormatError(
            f"with a calibration all but the products is in float32, not in {precision}; leave format out"
        )


def saturated(V: Array, calibration: Calibration, factors: Factors) -> int:
    """How many of V (tiles, C, P) are beyond the range of their integers."""
    nearest, integers = nearest_inputs(V, calibration, factors), calibration.integers
    return int(np.count_nonzero((nearest < integers.lowest) | (nearest > integers.highest)))


def quantised_tiles(programs: Programs, d: Array, g: Array, calibration: Calibration, factors: Factors) -> Array:
    """y (tiles, K, outputs) of tiles d (tiles, C, n_1, ...) and filters g (K, C, r_1, ...), for factors of V."""
    filters = quantised_filters(transformed(programs.filter, g), calibration, programs.output, factors.divisors)
    nearest = nearest_inputs(transformed(programs.input, d), calibration, factors)
    return transformed(programs.output, sums_of_products(filters, centred(nearest, calibration)))
