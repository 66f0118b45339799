"""A block of outputs straight from x, with the channels last: a vector is LANES channels of a pixel, wherever it lies.

Beside the image are zeros: blocks at its edge read a pixel there from a vector of them. This is for layers of as many
filters as channels, in whole vectors; others take the strip.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import BLOCK, CHUNK, DILATION, LANES, LAYOUT, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.blocks import (
    WEIGHT,
    Meeting,
    add_product,
    meetings_of,
    no_sums,
    values_of,
    weight_at,
)
from wincook.kernels.codegen.body.depthwise.outputs import finish_block, unpacked
from wincook.kernels.codegen.body.depthwise.places import Window
from wincook.kernels.codegen.body.job import Geometry
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.inputs import inputs_at
from wincook.kernels.codegen.body.lanes.vectors import I64, at, pointer

# By places that a block reads: the outputs that meet them, and by which tap.
DOWN = meetings_of(BLOCK[0], TAPS[0], STRIDE[0], DILATION[0])
ALONG = meetings_of(BLOCK[1], TAPS[1], STRIDE[1], DILATION[1])
READS_PIXELS = LAYOUT == "NHWC" and CHUNK == TAPS  # more taps find their inputs sooner in a strip


@njit(inline="always", error_model="numpy")
def is_of_pixels(geometry: Geometry) -> bool:
    """Whether x is read straight."""
    whole: bool = geometry.filters == geometry.channels and geometry.channels % LANES == 0
    return READS_PIXELS and whole


@intrinsic
def block_of_pixels(typingctx: Any, window: Any, outputs: Any, rows: Any, columns: Any, lanes: Any) -> Any:
    """As `output_block`, from what a window shows."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        seen, made, *size = arguments
        window, outputs = Window(*cgutils.unpack_tuple(builder, seen)), unpacked(builder, made)
        sums = no_sums(builder, BLOCK[0])
        taps, nothing = pointer(builder, outputs.weights), pointer(builder, window.zeros)
        zero = pointer(builder, window.zero_point)
        factors = {
            (i, j): weight_at(builder, at(builder, taps, (i * TAPS[1] + j) * WEIGHT))
            for i, j in product(range(TAPS[0]), range(TAPS[1]))
        }
        down, across = window.down, window.across
        before = builder.add(builder.mul(window.row, down), builder.mul(window.column, across))
        first = at(builder, pointer(builder, window.image), before, X_BYTES)
        places = {
            (i, j): at(builder, first, builder.add(builder.mul(down, I64(i)), builder.mul(across, I64(j))), X_BYTES)
            for i, j in product(DOWN, ALONG)
        }
        is_pixel = {
            (i, j): builder.and_(
                _is_within(builder, window.row, i, window.height), _is_within(builder, window.column, j, window.width)
            )
            for i, j in places
        }
        corners = (is_pixel[min(DOWN), min(ALONG)], is_pixel[max(DOWN), max(ALONG)])
        with builder.if_else(builder.and_(*corners)) as (inside, at_edge):
            with inside:
                _add_pixels(builder, places, zero, factors, sums)
            with at_edge:
                chosen = {where: builder.select(is_pixel[where], place, nothing) for where, place in places.items()}
                _add_pixels(builder, chosen, zero, factors, sums)
        finish_block(builder, values_of(builder, sums), outputs, *size)
        return context.get_dummy_value()

    return types.void(window, outputs, *[types.int64] * 3), generate


def _add_pixels(
    builder: ir.IRBuilder,
    places: dict[Meeting, ir.Value],
    zero: ir.Value,
    factors: dict[Meeting, ir.Value],
    sums: list[list[Any]],
) -> None:
    """All products of the pixels at some places, by row and column of the block."""
    for (i, j), place in places.items():
        value = inputs_at(builder, place, zero)
        for (output, tap_row), (vector, tap) in product(DOWN[i], ALONG[j]):
            add_product(builder, value, factors[tap_row, tap], sums[output][vector])


def _is_within(builder: ir.IRBuilder, start: ir.Value, place: int, size: ir.Value) -> ir.Value:
    """Whether a place after the start is one of so many."""
    return builder.icmp_unsigned("<", builder.add(start, I64(place)), size)
