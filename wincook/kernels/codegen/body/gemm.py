"""The products: for each of the RANKS product positions, M = V U over the channels.

A micro-kernel holds some tiles × VECTORS vectors of filters in registers and walks the channels; each accumulator
is one chain of fmas in channel order, starting from zero, and chains are added up in M. There is one for each number
of tiles up to ROWS, compiled when it is first needed; a panel is split evenly among the fewest of them, as small ones
wait for their own results.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import chain
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import CHAIN, LANES, ONE_CHAIN, ROWS, VECTORS
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    VECTOR,
    at,
    broadcast,
    constant,
    fma,
    load,
    pointer,
    prefetch,
    store,
)
from wincook.machine_code import c_function


@njit(inline="always", error_model="numpy")
def tallest(tiles: int) -> int:
    """The most tiles that a micro-kernel takes of so many in a panel."""
    return -(-tiles // -(-tiles // ROWS))


@njit(inline="always", error_model="numpy")
def number_of_tallest(tiles: int) -> int:
    """How many take as many; all others take one less."""
    groups = -(-tiles // ROWS)
    return tiles - groups * (-(-tiles // groups) - 1)


@lru_cache(maxsize=ROWS)
def micro_kernel(rows: int) -> Any:
    """The C function for so many tiles at once, of V, lines a block, U, channels, M and its stride.

    V stands in blocks of LANES channels, of as many lines of LANES floats as are told. U has VECTORS vectors per
    channel. The results go to lines `stride` floats apart.
    """
    multiply = _multiply(rows)

    def micro_kernel(V: int, lines: int, U: int, channels: int, M: int, stride: int) -> None:
        multiply(V, lines, U, channels, M, stride)

    micro_kernel.__name__ = micro_kernel.__qualname__ = f"micro_kernel_{rows}"
    return c_function(*[types.int64] * 6)(micro_kernel)


def _multiply(rows: int) -> Any:
    @intrinsic
    def multiply(typingctx: Any, V: Any, lines: Any, U: Any, channels: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, lines, U, channels, M, stride = arguments
            number = channels.type
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            places = [at(builder, pointer(builder, M), builder.mul(stride, number(i))) for i in range(rows)]
            grid = [[at(builder, place, j * LANES) for j in range(VECTORS)] for place in places]

            def add(first: ir.Value, here: ir.Value) -> None:
                for total in chain.from_iterable(sums):
                    builder.store(constant(0.0), total)
                values = at(builder, pointer(builder, V), builder.mul(first, lines))
                weights = at(builder, pointer(builder, U), builder.mul(first, number(VECTORS * LANES)))
                ahead = at(builder, weights, builder.mul(channels, number(VECTORS * LANES)))
                _walk_channels(builder, (values, lines, weights, ahead), here, sums)
                add_chain(builder, first, sums, grid)

            for_chains(builder, channels, add)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return multiply


def for_chains(builder: ir.IRBuilder, channels: ir.Value, add: Callable[[ir.Value, ir.Value], None]) -> None:
    """For each chain in which channels are summed, add it, told its first channel and how many it has."""
    number = channels.type
    if not CHAIN:
        add(number(0), channels)
        return
    length = builder.select(builder.icmp_signed(">", channels, number(ONE_CHAIN)), number(CHAIN), channels)
    with cgutils.for_range_slice(builder, number(0), channels, length, number) as (first, _):
        left = builder.sub(channels, first)
        add(first, builder.select(builder.icmp_signed("<", left, length), left, length))


def add_chain(builder: ir.IRBuilder, first: ir.Value, sums: list[list[ir.Value]], grid: list[list[ir.Value]]) -> None:
    """Write sums to their places, added to what earlier chains left there."""
    is_first = builder.icmp_signed("==", first, first.type(0))
    with builder.if_then(builder.not_(is_first)):
        for total, place in zip(chain.from_iterable(sums), chain.from_iterable(grid), strict=True):
            builder.store(builder.fadd(load(builder, place), builder.load(total, typ=VECTOR)), total)
    for total, place in zip(chain.from_iterable(sums), chain.from_iterable(grid), strict=True):
        store(builder, builder.load(total, typ=VECTOR), place)


def _walk_channels(
    builder: ir.IRBuilder, places: tuple[ir.Value, ...], channels: ir.Value, sums: list[list[ir.Value]]
) -> None:
    """One fma for every sum and channel; the filters that come next are fetched on the way.

    The places are V, the lines of a block of it, U, and what comes next.
    """
    number, (V, lines, U, U_next) = channels.type, places
    with cgutils.for_range_slice(builder, number(0), channels, number(LANES), number) as (first, _):
        block = at(builder, V, builder.mul(first, lines))
        left = builder.sub(channels, first)
        here = builder.select(builder.icmp_signed("<", left, number(LANES)), left, number(LANES))
        with cgutils.for_range(builder, here) as loop:
            offset = builder.mul(builder.add(first, loop.index), number(VECTORS * LANES))
            row, row_next = at(builder, U, offset), at(builder, U_next, offset)
            for j in range(VECTORS):
                prefetch(builder, at(builder, row_next, j * LANES))
            weights = [load(builder, at(builder, row, j * LANES)) for j in range(VECTORS)]
            channel = at(builder, block, loop.index)
            for i, totals in enumerate(sums):
                value = broadcast(builder, builder.load(at(builder, channel, i * LANES), typ=F32, align=BYTES))
                for total, weight in zip(totals, weights, strict=True):
                    builder.store(fma(builder, value, weight, builder.load(total, typ=VECTOR)), total)
