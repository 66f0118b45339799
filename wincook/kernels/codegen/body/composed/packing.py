"""Weights as C gives them into those of each kernel of a layer."""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.composed.exported import no_bias, weights_taken
from wincook.kernels.codegen.body.composed.moves import fill, move_weights
from wincook.kernels.codegen.body.composed.stages import NUMBER_OF_CALLS, bytes_of, put_dims
from wincook.kernels.codegen.body.composed.tables import (
    CALL_BYTES,
    WEIGHT_MOVE_BYTES,
    call_at,
    calls_place,
    status_at,
    weight_move_at,
    weights_place,
)
from wincook.kernels.codegen.body.constants import ADDS, PART_WEIGHTS
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import room

packing_room = room(len(Dims._fields))


def functions_of_family() -> list[Any]:
    """What is called by name: nothing."""
    return []


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights of the layer into those of each kernel; kernels whose outputs are not added up add -0 for a bias."""
    place, taken, bias = packing_room(), weights_taken(U), no_bias(U)
    for number in range(NUMBER_OF_CALLS):
        call = call_at(calls_place() + number * CALL_BYTES)
        fill(taken, PART_WEIGHTS, 0.0)
        for i in range(call.weights_begin, call.weights_end):
            move_weights(weights, taken, weight_move_at(weights_place() + i * WEIGHT_MOVE_BYTES))
        put_dims(place, call, 1)
        packed_bytes = bytes_of(call, 1, 1)
        status_at(call.pack, (place, taken, 0 if ADDS else bias, 0, 0, U, packed_bytes))
        U += packed_bytes
