"""A block of outputs straight from x: with a stride of one, filling a strip takes nearly as long as the sums.

The vectors of a row of x that a block stands on, and one more, are read once, and shifted in registers for each tap.
Beside the image are zeros: lanes to the left and right of it are masked, and a row above or below it is read from a row
of zeros. This wants registers for masks, which avx512 has.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import BLOCK, CHUNK, DILATION, ISA, LANES, LAYOUT, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.blocks import add_product, meetings_of, no_sums, weight_at
from wincook.kernels.codegen.body.depthwise.outputs import finish_block
from wincook.kernels.codegen.body.lanes.partial import lanes_of
from wincook.kernels.codegen.body.lanes.vectors import BYTES, I32, I64, INTEGERS, MASK, VECTOR, at, pointer

REACH = (TAPS[1] - 1) * DILATION[1]  # columns from the first tap to the last
IS_STRAIGHT = ISA == "avx512" and LAYOUT == "NCHW" and STRIDE == (1, 1) and CHUNK == TAPS and REACH <= LANES
EXTRA = 1 if REACH else 0  # vectors of a row that the last taps reach into
ZEROS = (BLOCK[1] + EXTRA) * LANES  # floats of a row beside the image


@intrinsic
def block_of_image(  # noqa: PLR0913, PLR0917 (where a block reads, where it writes, and how much)
    typingctx: Any,
    plane: Any,
    pitch: Any,
    zeros: Any,
    row: Any,
    column: Any,
    height: Any,
    width: Any,
    weights: Any,
    bias: Any,
    apart: Any,
    residual: Any,
    target: Any,
    rows: Any,
    columns: Any,
    lanes: Any,
) -> Any:
    """As `output_block`, from a channel of height × width pixels: its first output has its first tap on (row, column).

    Rows of pixels are `pitch` floats apart. ZEROS floats at `zeros` are zero.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        plane, pitch, zeros, row, column, height, width, weights, *after = arguments
        sums = no_sums(builder)
        masks = [_within(builder, builder.add(column, I64(j * LANES)), width) for j in range(BLOCK[1] + EXTRA)]
        taps = pointer(builder, weights)
        factors = {
            (i, j): weight_at(builder, at(builder, taps, i * TAPS[1] + j))
            for i, j in product(range(TAPS[0]), range(TAPS[1]))
        }
        for place, met in meetings_of(BLOCK[0], TAPS[0], 1, DILATION[0]).items():
            y = builder.add(row, I64(place))
            is_row = builder.icmp_unsigned("<", y, height)
            floats = builder.add(builder.mul(y, pitch), column)
            line = builder.select(is_row, at(builder, pointer(builder, plane), floats), pointer(builder, zeros))
            vectors = [_load_integers(builder, at(builder, line, j * LANES), mask) for j, mask in enumerate(masks)]
            for tap in range(TAPS[1]):
                values = [_shifted(builder, vectors[j : j + 2], tap * DILATION[1]) for j in range(BLOCK[1])]
                for i, tap_row in met:
                    for value, total in zip(values, sums[i], strict=True):
                        add_product(builder, value, factors[tap_row, tap], total)
        finish_block(builder, sums, *after)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 10, residual, target, *[types.int64] * 3), generate


def _within(builder: ir.IRBuilder, column: ir.Value, width: ir.Value) -> ir.Value:
    """A mask of the lanes of a vector at a column that are pixels."""
    left, right = builder.neg(column), builder.sub(width, column)
    first = builder.select(builder.icmp_signed(">", left, I64(0)), left, I64(0))
    last = builder.select(builder.icmp_signed("<", right, I64(LANES)), right, I64(LANES))
    return lanes_of(builder, first, last)


def _load_integers(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value) -> ir.Value:
    """The bits of floats where the mask is set: when integers are shifted, LLVM takes the quickest instruction."""
    kind = ir.FunctionType(INTEGERS, [ir.PointerType(), I32, MASK, INTEGERS])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.v{LANES}i32.p0")
    return builder.call(function, (place, I32(BYTES), mask, INTEGERS([0] * LANES)))


def _shifted(builder: ir.IRBuilder, pair: list[ir.Value], lanes: int) -> ir.Value:
    """The floats that start so many lanes after the first of two neighbours."""
    if lanes:
        places = ir.Constant(INTEGERS, list(range(lanes, lanes + LANES)))
        return builder.bitcast(builder.shuffle_vector(*pair, places), VECTOR)
    return builder.bitcast(pair[0], VECTOR)
