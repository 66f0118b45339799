"""The products: for each of the RANKS product positions, M = V U over the channels.

A micro-kernel holds some tiles × VECTORS vectors of filters in registers and walks the words of the channels; chains
of sums are added up in M. There is one for each number of tiles up to ROWS, compiled when it is first needed; a panel
is split evenly among the fewest of them, as small ones wait for their own results. What a word is, and what is done
with it, `products` says.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from llvmlite import ir
from numba import njit
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import CHAIN, LANES, ONE_CHAIN, ROWS, VECTORS
from wincook.kernels.codegen.body.lanes.vectors import VECTOR, at, load, prefetch, store
from wincook.kernels.codegen.body.products.float32 import SUM, dot, word_everywhere, words_at


@njit(inline="always", error_model="numpy")
def tallest(tiles: int) -> int:
    """The most tiles that a micro-kernel takes of so many in a panel."""
    return -(-tiles // -(-tiles // ROWS))


@njit(inline="always", error_model="numpy")
def number_of_tallest(tiles: int) -> int:
    """How many take as many; all others take one less."""
    groups = -(-tiles // ROWS)
    return tiles - groups * (-(-tiles // groups) - 1)


def for_chains(builder: ir.IRBuilder, words: ir.Value, add: Callable[[ir.Value, ir.Value], None]) -> None:
    """For each chain in which words are summed, add it, told its first word and how many it has."""
    number = words.type
    if not CHAIN:
        add(number(0), words)
        return
    length = builder.select(builder.icmp_signed(">", words, number(ONE_CHAIN)), number(CHAIN), words)
    with cgutils.for_range_slice(builder, number(0), words, length, number) as (first, _):
        left = builder.sub(words, first)
        add(first, builder.select(builder.icmp_signed("<", left, length), left, length))


def add_chain(builder: ir.IRBuilder, first: ir.Value, sums: list[list[ir.Value]], grid: list[list[ir.Value]]) -> None:
    """Write sums to their places, added to what earlier chains left there."""
    is_first = builder.icmp_signed("==", first, first.type(0))
    with builder.if_then(builder.not_(is_first)):
        for total, place in zip(chain.from_iterable(sums), chain.from_iterable(grid), strict=True):
            builder.store(builder.fadd(load(builder, place), builder.load(total, typ=VECTOR)), total)
    for total, place in zip(chain.from_iterable(sums), chain.from_iterable(grid), strict=True):
        store(builder, builder.load(total, typ=VECTOR), place)


def walk_words(
    builder: ir.IRBuilder, places: tuple[ir.Value, ...], words: ir.Value, sums: list[list[ir.Value]]
) -> None:
    """One step of every sum for each word; the filters that come next are fetched on the way.

    The places are V, the lines of a block of it, U, and what comes next.
    """
    number, (V, lines, U, U_next) = words.type, places
    with cgutils.for_range_slice(builder, number(0), words, number(LANES), number) as (first, _):
        block = at(builder, V, builder.mul(first, lines))
        left = builder.sub(words, first)
        here = builder.select(builder.icmp_signed("<", left, number(LANES)), left, number(LANES))
        with cgutils.for_range(builder, here) as loop:
            offset = builder.mul(builder.add(first, loop.index), number(VECTORS * LANES))
            row, row_next = at(builder, U, offset), at(builder, U_next, offset)
            for j in range(VECTORS):
                prefetch(builder, at(builder, row_next, j * LANES))
            weights = [words_at(builder, at(builder, row, j * LANES)) for j in range(VECTORS)]
            word = at(builder, block, loop.index)
            for i, totals in enumerate(sums):
                value = word_everywhere(builder, at(builder, word, i * LANES))
                for total, weight in zip(totals, weights, strict=True):
                    builder.store(dot(builder, value, weight, builder.load(total, typ=SUM)), total)
