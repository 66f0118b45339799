"""Masks as C gives them: whether they are for a layer and for this code, and what they keep.

`bits` are those of `wincook.sparse.Mask`: of each product, block of filters and block of channels, in this order,
eight in a byte, the first one highest; zeros fill up the last.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import IN_WORD
from wincook.kernels.codegen.body.exported.sizes import ARGUMENT, NO_IMPLEMENTATION, OK
from wincook.kernels.codegen.body.exported.structures import Dims
from wincook.kernels.codegen.body.exported.words import address_in
from wincook.kernels.codegen.body.lanes.vectors import I8, I64, pointer, words_as
from wincook.kernels.codegen.body.nested.transforms import FILTERS, PRODUCTS

BITS_OF_BYTE = 8


class Mask(NamedTuple):
    """Which blocks of U are kept, of so many filters and channels."""

    filters: int
    channels: int
    products: int
    block_filters: int
    block_channels: int
    bytes: int
    bits: int


PLACE_OF_BITS = Mask._fields.index("bits")
sizes_at = words_as(Mask, 0)


@intrinsic
def byte_at(typingctx: Any, address: Any) -> Any:
    """One byte, without a sign."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        return builder.zext(builder.load(pointer(builder, arguments[0]), typ=I8, align=1), I64)

    return types.int64(types.int64), generate


@njit(inline="always", error_model="numpy")
def mask_at(place: int) -> Mask:
    """The mask at a place: words of 64 bits."""
    sizes = sizes_at(place)
    return Mask(
        sizes.filters,
        sizes.channels,
        sizes.products,
        sizes.block_filters,
        sizes.block_channels,
        sizes.bytes,
        address_in(place, PLACE_OF_BITS),
    )


@njit(inline="always", error_model="numpy")
def status_of_mask(place: int, dims: Dims) -> int:
    """Whether a mask is of this layer and tile, and its blocks are those of this code or multiples."""
    mask = mask_at(place)
    if mask.filters != dims.filters or mask.channels != dims.channels or mask.products != PRODUCTS or mask.bits == 0:
        return ARGUMENT
    if mask.block_filters < 1 or mask.block_channels < 1:
        return ARGUMENT
    bits = PRODUCTS * -(-dims.filters // mask.block_filters) * -(-dims.channels // mask.block_channels)
    if mask.bytes != -(-bits // BITS_OF_BYTE):
        return ARGUMENT
    if byte_at(mask.bits + mask.bytes - 1) & ((1 << mask.bytes * BITS_OF_BYTE - bits) - 1):
        return ARGUMENT
    if are_apart(dims.filters, FILTERS, mask.block_filters) or are_apart(dims.channels, IN_WORD, mask.block_channels):
        return NO_IMPLEMENTATION
    return OK


@njit(inline="always", error_model="numpy")
def are_apart(number: int, together: int, block: int) -> bool:
    """Whether of so many, some that are kept together lie in different blocks of a mask."""
    apart = False
    for first in range(0, number, together):
        apart |= first // block != (min(first + together, number) - 1) // block
    return apart


@njit(inline="always", error_model="numpy")
def is_kept(place: int, dims: Dims, product: int, first: int, channel: int) -> int:
    """1 if the mask at a place keeps a number of U, or there is none; else 0."""
    if place == 0:
        return 1
    mask = mask_at(place)
    rows, columns = -(-dims.filters // mask.block_filters), -(-dims.channels // mask.block_channels)
    number = (product * rows + first // mask.block_filters) * columns + channel // mask.block_channels
    bit: int = byte_at(mask.bits + number // BITS_OF_BYTE) >> BITS_OF_BYTE - 1 - number % BITS_OF_BYTE & 1
    return bit
