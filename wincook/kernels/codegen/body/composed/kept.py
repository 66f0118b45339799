"""Weights as C gives them into those of the sparse kernel of a layer: what a mask keeps of them, or all."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.composed.exported import no_bias
from wincook.kernels.codegen.body.composed.stages import bytes_of, put_dims
from wincook.kernels.codegen.body.composed.tables import call_at, calls_place, status_at
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import room

packing_room = room(len(Dims._fields))


def functions_that_keep() -> list[Any]:
    """What is called by name, beside the entry point: nothing."""
    return []


@njit(inline="always", error_model="numpy")
def pack_kept(weights: int, U: int, dims: Dims, mask: int, transformed: int) -> int:
    """The only kernel packs, and says whether it takes the mask at a place; all is kept, if that is 0."""
    place, call = packing_room(), call_at(calls_place())
    put_dims(place, call, 1)
    status: int = status_at(call.pack, (place, mask, weights, no_bias(U), 0, 0, U, bytes_of(call, 1, 1), transformed))
    return status
