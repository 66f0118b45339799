"""Weights as C gives them into U of direct convolution in whole numbers, by the calibration of this code.

x of 8 bits is summed as it is, so its own scale and zero point are those of the sums.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from wincook.kernels.codegen.body.constants import CALIBRATED, ROWS
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import address_of, copy_float, put_float
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call
from wincook.kernels.codegen.body.nested.filters import row_kernel
from wincook.kernels.codegen.body.nested.transforms import FILTERS
from wincook.kernels.codegen.body.quantised.packing import error_floats, quantise_filters
from wincook.kernels.codegen.body.quantised.scales import FOR_PRODUCTS, POWERS, SAID, X_SCALE, X_ZERO, floats_said
from wincook.kernels.codegen.body.terms.numbers import terms_of_tap
from wincook.kernels.codegen.body.terms.packed import filter_floats
from wincook.kernels.codegen.body.terms.whole import IN_8_BITS, OFFSET
from wincook.kernels.codegen.body.weights.calibrated import CHANNELS, calibrated_place

ZERO, *OF_X = CALIBRATED[0][CHANNELS : CHANNELS + 1 + SAID]  # of V; of x scale and zero point; if scales are powers
CENTRES = CHANNELS + SAID + FOR_PRODUCTS  # where they begin, and spreads after them
INVERSE = float(1 / np.float32(OF_X[X_SCALE]))
MOST_TERMS = 1 << 20  # of a sum, as `wincook.quantisation.integers` has it

quantising_place = address_of("quantise_filters")


def functions_of_family() -> list[Any]:
    """What is called by name: the quantisation of filters, and the micro-kernels for 1 to ROWS pixels."""
    return [quantise_filters, *(row_kernel(rows) for rows in range(1, ROWS + 1))]


@njit(inline="always", error_model="numpy")
def takes_filters(dims: Dims) -> bool:
    """Whether this code is for as many channels, and sums have not too many terms to fit into 32 bits."""
    return dims.channels == CHANNELS and float(dims.channels) * dims.taps_down * dims.taps_across <= MOST_TERMS


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in: filters by terms, what is said of each term and of all, and errors."""
    terms = dims.taps_down * dims.taps_across * terms_of_tap(dims.channels)
    floats: int = -(-dims.filters // FILTERS) * FILTERS * terms + floats_said(terms) + error_floats(terms)
    return floats


@njit(inline="always", error_model="numpy")
def put_of_terms(table: int, target: int, terms: int, dims: Dims) -> int:
    """What a table of the calibration says of each channel for each term, for x of 8 bits its scale; where it ends."""
    channels = dims.channels
    places = terms_of_tap(channels)
    for term in range(terms):
        channel = term % places
        if channel >= channels:
            put_float(target, 1.0)
        elif IN_8_BITS and table == 0:
            put_float(target, INVERSE)
        else:
            copy_float(calibrated_place(dims) + (table + channel) * BYTES, target)
        target += BYTES
    return target


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U, by way of [block of filters][term][filter]."""
    taps, places = dims.taps_down * dims.taps_across, terms_of_tap(dims.channels)
    plain = U + filter_floats((dims.filters, dims.channels, dims.taps_down, dims.taps_across, 1)) * BYTES
    given = plain
    for first in range(0, dims.filters, FILTERS):
        for term in range(taps * places):
            tap, channel = term // places, term % places
            for lane in range(FILTERS):
                source = weights + (((first + lane) * dims.channels + channel) * taps + tap) * BYTES
                if channel < dims.channels and first + lane < dims.filters:
                    copy_float(source, given)
                else:
                    put_float(given, 0.0)
                given += BYTES
    terms = taps * places
    said = put_of_terms(0, given, terms, dims)
    put_float(said, OF_X[X_ZERO] + OFFSET if IN_8_BITS else ZERO)
    put_float(said + BYTES, 1.0 if IN_8_BITS else OF_X[X_SCALE])
    put_float(said + 2 * BYTES, OF_X[X_ZERO])
    put_float(said + 3 * BYTES, OF_X[POWERS])
    put_float(said + 4 * BYTES, 0.0)  # the only product, which no other one errs before
    put_float(said + 5 * BYTES, 0.0)
    said = put_of_terms(CENTRES, said + (SAID + FOR_PRODUCTS) * BYTES, terms, dims)
    said = put_of_terms(CENTRES + CHANNELS, said, terms, dims)
    call(quantising_place(), (plain, said, given, U, terms, dims.filters))
