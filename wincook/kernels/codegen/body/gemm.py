"""The products: for each of the RANKS product positions, M = V U over the channels.

A micro-kernel holds `rows` tiles × VECTORS vectors of filters in registers and walks the channels; each
accumulator is one chain of fmas in channel order, starting from zero.
"""

from __future__ import annotations

from itertools import chain
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES, ROWS, VECTORS
from wincook.kernels.codegen.body.vectors import (
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


def micro_kernel(rows: int) -> Any:
    """The intrinsic for `rows` tiles at once.

    V stands in blocks of LANES channels: ROWS lines of LANES floats each. U has VECTORS vectors per channel.
    The results go to lines `stride` floats apart.
    """

    @intrinsic
    def kernel(typingctx: Any, V: Any, U: Any, channels: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, U, channels, M, stride = arguments
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            for total in chain.from_iterable(sums):
                builder.store(constant(0.0), total)
            _walk_channels(builder, pointer(builder, V), pointer(builder, U), channels, sums)
            results = pointer(builder, M)
            for i, totals in enumerate(sums):
                line = at(builder, results, builder.mul(stride, stride.type(i)))
                for j, total in enumerate(totals):
                    store(builder, builder.load(total, typ=VECTOR), at(builder, line, j * LANES))
            return context.get_dummy_value()

        return types.void(*[types.int64] * 5), generate

    return kernel


def _walk_channels(
    builder: ir.IRBuilder, V: ir.Value, U: ir.Value, channels: ir.Value, sums: list[list[ir.Value]]
) -> None:
    """One fma for every sum and channel; the filters that come next are fetched on the way."""
    number = channels.type
    U_next = at(builder, U, builder.mul(channels, number(VECTORS * LANES)))
    with cgutils.for_range_slice(builder, number(0), channels, number(LANES), number) as (first, _):
        block = at(builder, V, builder.mul(first, number(ROWS)))
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
