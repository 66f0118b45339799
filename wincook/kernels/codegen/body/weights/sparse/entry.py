"""The entry point of sparse kernels that takes a mask, and that of all kernels, which takes none."""

from __future__ import annotations

from typing import Any

from numba import njit, types

from wincook.kernels.codegen.body.exported.entry import described, finish_packing, scaled_weights, status_of_packing
from wincook.kernels.codegen.body.exported.sizes import OK
from wincook.kernels.codegen.body.exported.structures import DESCRIBED_WORDS, Dims, described_at, dims_at
from wincook.kernels.codegen.body.exported.words import ALIGNMENT, exported, room
from wincook.kernels.codegen.body.weights.sparse.kept import functions_that_keep, pack_kept

sizes_of_layer = room(DESCRIBED_WORDS)


def functions_of_family() -> list[Any]:
    """What is called by name: the entry point with a mask, and what it calls."""
    return [pack_sparse, *functions_that_keep()]


@njit(inline="always", error_model="numpy")
def pack_weights(weights: int, U: int, dims: Dims) -> None:
    """Weights (K, C, *taps) into U, all of them."""
    pack_kept(weights, U, dims, 0, 0)


@exported(*[types.int64] * 9)
def pack_sparse(
    dims: int,
    mask: int,
    weights: int,
    bias: int,
    scale: int,
    shift: int,
    packed: int,
    packed_bytes: int,
    transformed: int,
) -> int:
    """The same as `pack`, of what a mask keeps, or of all where that is null; transformed weights are U itself."""
    place = sizes_of_layer()
    status: int = described((dims, place))
    if status == OK:
        status = status_of_packing(described_at(place), weights, bias, scale, shift, packed, packed_bytes)
    if status != OK:
        return status
    layer, sizes = dims_at(dims), described_at(place)
    given = weights if transformed != 0 else scaled_weights(weights, packed, sizes, layer)
    status = pack_kept(given, packed + ALIGNMENT, layer, mask, transformed)
    if status == OK:
        finish_packing(layer, sizes, bias, scale, shift, packed)
    return status
