"""Products with half-transformed filters, where tiles are few and filters many.

So few tiles leave the processor waiting for U. Filters that are transformed down the columns alone have TAPS / RANKS
of its floats; the program along the rows runs in registers, once for each channel and row of products, just before
the products. Operations are those of whole filters, in the same order.

    U  [block of LANES filters][row of products, those with equal filters once][channel][tap along the row][filter]
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import FILTER_PROGRAMS, LANES, RANKS, ROWS, TAPS
from wincook.kernels.codegen.body.gemm import add_chain, for_chains, number_of_tallest, tallest
from wincook.kernels.codegen.body.job import MICRO_KERNELS, Geometry
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    VECTOR,
    at,
    broadcast,
    call,
    constant,
    fma,
    load,
    pointer,
    prefetch,
    run_program,
    word,
)
from wincook.kernels.codegen.body.nested.panels import product_stride
from wincook.kernels.codegen.body.nested.transforms import DOWN, FILTERS, KEPT, PRODUCTS
from wincook.machine_code import c_function

CHANNEL_FLOATS = TAPS[1] * LANES  # of U
ROWS_IN_U = np.array(DOWN)  # of each row of products
FETCHED_AHEAD = 64  # channels


@njit(inline="always", error_model="numpy")
def multiply_half(job: int, V: int, U: int, M: int, geometry: Geometry, share: tuple[int, int], tiles: int) -> None:
    """All products of a panel and a share of the blocks of filters: M = V U, LANES filters and a row at a time."""
    channels = geometry.channels
    blocks = -(-channels // LANES)
    filter_blocks = -(-geometry.filters // FILTERS)
    tile_floats = filter_blocks * PRODUCTS * FILTERS
    stride = product_stride(geometry)
    groups, lines, tall = -(-tiles // ROWS), tallest(tiles), number_of_tallest(tiles)
    for lane in range(share[0] * FILTERS, share[1] * FILTERS, LANES):
        for i in range(RANKS[0]):
            product = lane // FILTERS * PRODUCTS + i * RANKS[1]
            target = M + (product * FILTERS + lane % FILTERS) * BYTES
            weights = U + (lane // LANES * KEPT[0] + ROWS_IN_U[i]) * channels * CHANNEL_FLOATS * BYTES
            for group in range(groups):
                rows = lines if group < tall else lines - 1
                values = V + (i * RANKS[1] * stride + group * blocks * lines * LANES) * BYTES
                kernel = word(job, MICRO_KERNELS + rows - 1)
                call(kernel, (values, stride, lines, weights, channels, target, tile_floats))
                target += rows * tile_floats * BYTES


@lru_cache(maxsize=ROWS)
def half_kernel(rows: int) -> Any:
    """The C function for so many tiles and one row of products.

    It takes V and the floats between its products, the lines of a block of channels, U, channels, M and the floats
    between its tiles.
    """
    multiply = _finish_and_multiply(rows)

    def half_kernel(V: int, apart: int, lines: int, U: int, channels: int, M: int, stride: int) -> None:
        multiply(V, apart, lines, U, channels, M, stride)

    half_kernel.__name__ = half_kernel.__qualname__ = f"half_kernel_{rows}"
    return c_function(*[types.int64] * 7)(half_kernel)


def _finish_and_multiply(rows: int) -> Any:
    @intrinsic
    def multiply(typingctx: Any, V: Any, apart: Any, lines: Any, U: Any, channels: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, apart, lines, U, channels, M, stride = arguments
            number = channels.type
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(rows)] for _ in range(RANKS[1])]
            results = [at(builder, pointer(builder, M), j * FILTERS) for j in range(RANKS[1])]
            steps = [builder.mul(stride, number(i)) for i in range(rows)]
            grid = [[at(builder, place, step) for step in steps] for place in results]

            def add(first: ir.Value, here: ir.Value) -> None:
                for totals in sums:
                    for total in totals:
                        builder.store(constant(0.0), total)
                values = at(builder, pointer(builder, V), builder.mul(first, lines))
                filters = at(builder, pointer(builder, U), builder.mul(first, number(CHANNEL_FLOATS)))
                _finish_filters(builder, values, apart, lines, filters, here, sums)
                add_chain(builder, first, sums, grid)

            for_chains(builder, channels, add)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 7), generate

    return multiply


def _finish_filters(
    builder: ir.IRBuilder,
    V: ir.Value,
    apart: ir.Value,
    lines: ir.Value,
    U: ir.Value,
    channels: ir.Value,
    sums: list[list[ir.Value]],
) -> None:
    """Finish the filters of each channel, and add an fma to every sum."""
    number = channels.type
    with cgutils.for_range_slice(builder, number(0), channels, number(LANES), number) as (first, _):
        block = at(builder, V, builder.mul(first, lines))
        left = builder.sub(channels, first)
        here = builder.select(builder.icmp_signed("<", left, number(LANES)), left, number(LANES))
        with cgutils.for_range(builder, here) as loop:
            taps = at(builder, U, builder.mul(builder.add(first, loop.index), number(CHANNEL_FLOATS)))
            for k in range(TAPS[1]):
                prefetch(builder, at(builder, taps, FETCHED_AHEAD * CHANNEL_FLOATS + k * LANES))
            half = [load(builder, at(builder, taps, k * LANES)) for k in range(TAPS[1])]
            channel = at(builder, block, loop.index)
            for j, (weight, totals) in enumerate(
                zip(run_program(builder, FILTER_PROGRAMS[1], half), sums, strict=True)
            ):
                product = at(builder, channel, builder.mul(apart, number(j)))
                for i, total in enumerate(totals):
                    value = broadcast(builder, builder.load(at(builder, product, i * LANES), typ=F32, align=BYTES))
                    builder.store(fma(builder, value, weight, builder.load(total, typ=VECTOR)), total)
