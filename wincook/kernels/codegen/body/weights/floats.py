"""Weights as C gives them into U: the filter transform alone."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import ROWS
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import address_of, room
from wincook.kernels.codegen.body.lanes.vectors import call
from wincook.kernels.codegen.body.nested.filters import row_kernel
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters

packing_place = address_of("pack_filters")
packing_room = room(PACKING_FLOATS // 2)


def functions_of_family() -> list[Any]:
    """What is called by name: the filter transform, and the micro-kernels for 1 to ROWS tiles."""
    return [pack_filters, *(row_kernel(rows) for rows in range(1, ROWS + 1))]


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U."""
    call(packing_place(), (weights, U, packing_room(), dims.channels, dims.filters))
