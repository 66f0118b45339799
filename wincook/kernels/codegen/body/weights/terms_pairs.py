"""Weights as C gives them into U of direct convolution in bfloat16: terms take the place of channels."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import ROWS
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import address_of, copy_below, room
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call
from wincook.kernels.codegen.body.nested.filters import row_kernel
from wincook.kernels.codegen.body.products.blocks import filter_floats
from wincook.kernels.codegen.body.products.pairs import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.terms.numbers import terms_of_tap

packing_place = address_of("pack_filters")
packing_room = room(PACKING_FLOATS // 2)


def functions_of_family() -> list[Any]:
    """What is called by name: the filter transform, and the micro-kernels for 1 to ROWS pixels."""
    return [pack_filters, *(row_kernel(rows) for rows in range(1, ROWS + 1))]


@njit(inline="always", error_model="numpy")
def takes_filters(dims: Dims) -> bool:
    """Whether this code is for such channels, taps and steps: any."""
    return True


@njit(inline="always", error_model="numpy")
def packing_floats(dims: Dims) -> int:
    """Floats behind U that packing works in: the terms of all filters."""
    floats: int = dims.filters * dims.taps_down * dims.taps_across * terms_of_tap(dims.channels)
    return floats


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U, by way of (K, *taps, places of channels)."""
    taps, places = dims.taps_down * dims.taps_across, terms_of_tap(dims.channels)
    terms = U + filter_floats((dims.filters, dims.channels, dims.taps_down, dims.taps_across, 1)) * BYTES
    for k in range(dims.filters):
        for tap in range(taps):
            for channel in range(places):
                source = weights + ((k * dims.channels + channel) * taps + tap) * BYTES
                copy_below(source, terms + ((k * taps + tap) * places + channel) * BYTES, channel, dims.channels)
    call(packing_place(), (terms, U, packing_room(), taps * places, dims.filters))
