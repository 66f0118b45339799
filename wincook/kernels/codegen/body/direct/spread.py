"""The products of narrow groups: for TOGETHER of them at once, M = V U over the taps and the channels of a group.

A vector of V has one tap of a pixel, all channels of these groups. From it, each channel of a group goes to the lanes
of that group's filters, and so on for the next channel: a load, a permutation and an fma for each vector of products.
As in `gemm`, every sum is one chain of fmas from zero, and there is a micro-kernel for each number of pixels.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import GROUP, LANES, ROWS
from wincook.kernels.codegen.body.direct.gather import TOGETHER
from wincook.kernels.codegen.body.lanes.vectors import INTEGERS, VECTOR, at, constant, fma, load, pointer, store
from wincook.machine_code import c_function


@lru_cache(maxsize=ROWS)
def spread_kernel(rows: int) -> Any:
    """The C function for so many pixels at once, of V, lines a block, U, taps, M and its stride.

    V stands in blocks of one tap, of as many lines of LANES floats as are told. U has a vector for each tap and
    channel. The results go to lines `stride` floats apart.
    """
    multiply = _spread(rows)

    def spread_kernel(V: int, lines: int, U: int, taps: int, M: int, stride: int) -> None:
        multiply(V, lines, U, taps, M, stride)

    spread_kernel.__name__ = spread_kernel.__qualname__ = f"spread_kernel_{rows}"
    return c_function(*[types.int64] * 6)(spread_kernel)


def _spread(rows: int) -> Any:
    @intrinsic
    def multiply(typingctx: Any, V: Any, lines: Any, U: Any, taps: Any, M: Any, stride: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            V, lines, U, taps, M, stride = arguments
            number, (channels, filters) = taps.type, GROUP
            group_of_lane = [min(lane // filters, TOGETHER - 1) for lane in range(LANES)]
            lanes_read = [[group * channels + channel for group in group_of_lane] for channel in range(channels)]
            sums = [cgutils.alloca_once(builder, VECTOR) for _ in range(rows)]
            for total in sums:
                builder.store(constant(0.0), total)
            values, weights = pointer(builder, V), pointer(builder, U)
            with cgutils.for_range(builder, taps) as loop:
                block = at(builder, values, builder.mul(builder.mul(loop.index, lines), number(LANES)))
                factors = at(builder, weights, builder.mul(loop.index, number(channels * LANES)))
                of_channels = [load(builder, at(builder, factors, channel * LANES)) for channel in range(channels)]
                for row, total in enumerate(sums):
                    several = load(builder, at(builder, block, row * LANES))
                    for weight, lanes in zip(of_channels, lanes_read, strict=True):
                        value = builder.shuffle_vector(several, several, ir.Constant(INTEGERS, lanes))
                        builder.store(fma(builder, value, weight, builder.load(total, typ=VECTOR)), total)
            results = pointer(builder, M)
            for row, total in enumerate(sums):
                line = at(builder, results, builder.mul(stride, number(row)))
                store(builder, builder.load(total, typ=VECTOR), line)
            return context.get_dummy_value()

        return types.void(*[types.int64] * 6), generate

    return multiply
