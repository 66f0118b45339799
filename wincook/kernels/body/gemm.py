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

from wincook.kernels.body.constants import LANES, ROWS, VECTORS
from wincook.kernels.body.vectors import (
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
    def kernel(typingctx: Any, V: Any, U: Any, ahead: Any, channels: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, U, ahead, channels, M, stride = arguments
            lines, filters, next_filters = pointer(builder, V), pointer(builder, U), pointer(builder, ahead)
            results = pointer(builder, M)
            for i in range(rows):
                line = at(builder, results, builder.mul(stride, stride.type(i)))
                for j in range(VECTORS):
                    prefetch(builder, at(builder, line, j * LANES), write=True)
            sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(VECTORS)] for _ in range(rows)]
            for total in chain.from_iterable(sums):
                builder.store(constant(0.0), total)
            number = channels.type
            with cgutils.for_range_slice(builder, number(0), channels, number(LANES), number) as (first, _):
                block = at(builder, lines, builder.mul(first, number(ROWS)))
                left = builder.sub(channels, first)
                short = builder.icmp_signed("<", left, number(LANES))
                here = builder.select(short, left, number(LANES))
                with cgutils.for_range(builder, here) as loop:
                    offset = builder.mul(builder.add(first, loop.index), number(VECTORS * LANES))
                    row, next_row = at(builder, filters, offset), at(builder, next_filters, offset)
                    for j in range(VECTORS):
                        prefetch(builder, at(builder, next_row, j * LANES))
                    weights = [load(builder, at(builder, row, j * LANES)) for j in range(VECTORS)]
                    channel = at(builder, block, loop.index)
                    for i in range(rows):
                        scalar = builder.load(at(builder, channel, i * LANES), typ=F32, align=BYTES)
                        value = broadcast(builder, scalar)
                        for total, weight in zip(sums[i], weights, strict=True):
                            builder.store(fma(builder, value, weight, builder.load(total, typ=VECTOR)), total)
            for i in range(rows):
                line = at(builder, results, builder.mul(stride, number(i)))
                for j, total in enumerate(sums[i]):
                    store(builder, builder.load(total, typ=VECTOR), at(builder, line, j * LANES))
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return kernel
