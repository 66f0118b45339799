"""U as nested kernels read it, for Python."""

from __future__ import annotations

from typing import Any

from wincook.kernels.codegen.body.calls.memory import aligned, frozen
from wincook.kernels.codegen.body.constants import HALF_FILTERS, IN_WORD, LANES, TAPS, TILE
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, KEPT
from wincook.kernels.codegen.body.products.blocks import filter_floats
from wincook.machine_code import in_python


def packed_filters(weights: Any, groups: int, extra: Any = None) -> Any:
    """U, (products, blocks of filters, words, filters of a block), of contiguous weights (K, C, *taps).

    Products with equal filters are there once. Half-transformed, U is (vectors of filters, rows of products, channels,
    taps along a row, filters of a vector).

    Raises:
        ValueError: other shapes, more than one group, or anything extra, which there is none of.
    """
    if weights.shape[2:] != TAPS or 0 in weights.shape or groups != 1:
        raise ValueError(f"{TILE} takes weights (K, C, {TAPS[0]}, {TAPS[1]}) of one group, not {weights.shape}")
    if extra is not None:
        raise ValueError("this module packs weights alone")
    filters, channels = weights.shape[:2]
    shape: tuple[int, ...] = (KEPT[0] * KEPT[1], -1, -(-channels // IN_WORD), FILTERS)
    if HALF_FILTERS:
        shape = (-1, KEPT[0], channels, TAPS[1], LANES)
    U = aligned(in_python(filter_floats)((*weights.shape, groups)))
    strip = aligned(PACKING_FLOATS)
    in_c = pack_filters.ctypes  # without the interpreter's lock
    in_c(weights.ctypes.data, U.ctypes.data, strip.ctypes.data, channels, filters)
    return frozen(U).reshape(shape)
