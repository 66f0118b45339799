"""Weights as C gives them into U of sparse kernels: what a mask keeps of them, or all.

The filters of all channels are made where those of U have their last place, and then moved to the front, as far as
they are kept. U may also be given as it is, (K, C, *products).
"""

from __future__ import annotations

from typing import Any

from numba import njit

from wincook.kernels.codegen.body.constants import IN_WORD, LANES, ROWS, SCALE_OF_X
from wincook.kernels.codegen.body.exported.sizes import OK
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import (
    address_of,
    copy_float,
    copy_product,
    put_float,
    put_integer,
    put_words,
    room,
)
from wincook.kernels.codegen.body.lanes.vectors import BYTES, call
from wincook.kernels.codegen.body.nested.filters import row_kernel
from wincook.kernels.codegen.body.nested.packing import PACKING_FLOATS, pack_filters
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS
from wincook.kernels.codegen.body.sparse.blocks import HEADER, filter_floats, list_floats
from wincook.kernels.codegen.body.weights.sparse.floats import put_line
from wincook.kernels.codegen.body.weights.sparse.masks import is_kept, status_of_mask

packing_place = address_of("pack_filters")
packing_room = room(PACKING_FLOATS // 2)
line_room = room(IN_WORD * LANES)


def functions_that_keep() -> list[Any]:
    """What is called by name, beside the entry point: the filter transform, and the micro-kernels."""
    return [pack_filters, *(row_kernel(rows) for rows in range(1, ROWS + 1))]


@njit(inline="always", error_model="numpy")
def pack_kept(weights: int, U: int, dims: Dims, mask: int, transformed: int) -> int:
    """What the mask at a place keeps of U, as `sparse/blocks` says, or why it cannot be; all, if that is 0."""
    status: int = OK if mask == 0 else status_of_mask(mask, dims)
    if status != OK:
        return status
    blocks, words = -(-dims.filters // FILTERS), -(-dims.channels // IN_WORD)
    lists = PRODUCTS * blocks
    number = 0
    for block in range(lists):
        for word in range(words):
            number += is_kept(mask, dims, block // blocks, block % blocks * FILTERS, word * IN_WORD)
    sizes = (dims.filters, dims.channels, dims.taps_down, dims.taps_across, 1)
    plain = U + (filter_floats(sizes) - lists * words * FILTERS) * BYTES
    if transformed == 0:
        call(packing_place(), (weights, plain, packing_room(), dims.channels, dims.filters))
    to_list = U + lists * HEADER * BYTES
    to_lines = to_list + list_floats(number) * BYTES
    for block in range(lists):
        header = U + block * HEADER * BYTES
        first_in_list, first_line, kept = to_list, to_lines, 0
        for word in range(words):
            if is_kept(mask, dims, block // blocks, block % blocks * FILTERS, word * IN_WORD):
                put_integer(to_list, word)
                if transformed != 0:
                    gather_line(weights, dims, block // blocks, block % blocks * FILTERS, word * IN_WORD, to_lines)
                else:
                    source = plain + (block * words + word) * FILTERS * BYTES
                    for lane in range(FILTERS):
                        copy_float(source + lane * BYTES, to_lines + lane * BYTES)
                to_list += BYTES
                to_lines += FILTERS * BYTES
                kept += 1
        put_words(header, 0, (kept, first_in_list - header, first_line - header))
    return OK


@njit(inline="always", error_model="numpy")
def gather_line(weights: int, dims: Dims, product: int, begin: int, channel: int, target: int) -> None:
    """A word of FILTERS filters, from U (K, C, *products)."""
    line = line_room()
    for first in range(0, FILTERS, LANES):
        for part in range(IN_WORD):
            for lane in range(LANES):
                k, c = begin + first + lane, channel + part
                end = dims.filters if c < dims.channels else 0
                source = weights + ((k * dims.channels + c) * PRODUCTS + product) * BYTES
                place = line + (part * LANES + lane) * BYTES
                if k < end:
                    copy_product(source, place, SCALE_OF_X)
                else:
                    put_float(place, 0.0)
        put_line(line, target + first * BYTES)
