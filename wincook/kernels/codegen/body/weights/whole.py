"""Weights as C gives them into U of whole numbers, by the calibration that this code was made for."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import ROWS, TAPS, TILE_STRIDES
from wincook.kernels.codegen.body.exported.structures import Dims, has_steps
from wincook.kernels.codegen.body.exported.words import address_of, room
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call
from wincook.kernels.codegen.body.nested.filters import row_kernel
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT
from wincook.kernels.codegen.body.quantised.packed import filter_floats
from wincook.kernels.codegen.body.quantised.packing import error_floats, quantise_filters
from wincook.kernels.codegen.body.weights.calibrated import CHANNELS, calibrated_place

packing_place, quantising_place = address_of("pack_filters"), address_of("quantise_filters")
packing_room = room(PACKING_FLOATS // 2)


def functions_of_family() -> list[Any]:
    """What is called by name: the filter transform, its quantisation, and the micro-kernels for 1 to ROWS tiles."""
    return [pack_filters, quantise_filters, *(row_kernel(rows) for rows in range(1, ROWS + 1))]


@njit(inline="always", error_model="numpy")
def takes_filters(dims: Dims) -> bool:
    """Whether this code is for such taps and steps, and as many channels as were calibrated."""
    return dims.channels == CHANNELS and has_steps(dims, TAPS, TILE_STRIDES, (1, 1))


@njit(inline="always", error_model="numpy")
def plain_floats(dims: Dims) -> int:
    """Floats of U before it is quantised."""
    floats: int = KEPT[0] * KEPT[1] * -(-dims.filters // FILTERS) * FILTERS * dims.channels
    return floats


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in: U of float32, and errors."""
    floats: int = plain_floats(dims) + error_floats(dims.channels)
    return floats


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U."""
    plain = U + filter_floats((dims.filters, dims.channels, dims.taps_down, dims.taps_across, 1)) * BYTES
    call(packing_place(), (weights, plain, packing_room(), dims.channels, dims.filters))
    errors = plain + plain_floats(dims) * BYTES
    call(quantising_place(), (plain, errors, calibrated_place(dims), U, dims.channels, dims.filters))
