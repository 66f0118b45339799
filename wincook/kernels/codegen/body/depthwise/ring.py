"""Rows of outputs straight from x: the sums of as many rows as a filter spans stay in registers, as a ring.

Each row of pixels is read once. Its vectors are shifted in registers for each tap across, and added to the sums of
all rows that it belongs to. After that the sums of one row are whole: they go to y, and those of a new row take their
place. So a row costs its products, and little else.

Beside the image are zeros: lanes to the left and right of it are masked, and a row above or below it is read from a
row of zeros. This wants registers for masks, which avx512 has.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, product
from math import lcm
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import BLOCK, DILATION, LANES, TAPS, X_FORMAT
from wincook.kernels.codegen.body.depthwise.blocks import add_product, clear, no_sums, values_of, weight_at
from wincook.kernels.codegen.body.depthwise.outputs import finish_block, from_row, unpacked
from wincook.kernels.codegen.body.depthwise.places import ALL_TAPS, Window
from wincook.kernels.codegen.body.lanes.elements import X_BYTES
from wincook.kernels.codegen.body.lanes.finish import SIDE
from wincook.kernels.codegen.body.lanes.inputs import inputs_where
from wincook.kernels.codegen.body.lanes.partial import lanes_of
from wincook.kernels.codegen.body.lanes.vectors import BYTES, I32, I64, INTEGERS, MASK, VECTOR, at, pointer

SPAN = (TAPS[0] - 1) * DILATION[0] + 1  # rows of the ring
REACH = (TAPS[1] - 1) * DILATION[1]  # columns from the first tap to the last
CENTRE = REACH // 2  # the tap where vectors of pixels start: where the padding is as usual, so do lines of the cache
BEFORE, AFTER = min(1, CENTRE), min(1, REACH - CENTRE)  # vectors beside those of the outputs that taps reach into
PLACES = [j * LANES + CENTRE for j in range(-BEFORE, BLOCK[1] + AFTER)]  # of vectors of pixels, from the first tap on
ZEROS = len(PLACES) * LANES  # elements of a row beside the image
AHEAD = [i * DILATION[0] for i in range(TAPS[0])]  # rows from an output to the pixels of its taps
PERIOD = lcm(SPAN, SIDE)  # rows after which the ring stands as before
FEW_TAPS = 10  # whose weights stay in registers; others are read when they are needed


@intrinsic
def rows_of_outputs(typingctx: Any, window: Any, outputs: Any, rows: Any, columns: Any, lanes: Any) -> Any:
    """y = sums, and what follows, of so many rows of `columns` vectors, and `lanes` of the last one.

    ZEROS elements at the zeros of the window are as beside the image. Where squares are pooled, rows are even.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        seen, made, rows, columns, lanes = arguments
        window, outputs = Window(*cgutils.unpack_tuple(builder, seen)), unpacked(builder, made)
        masks = [_within(builder, builder.add(window.column, I64(place)), window.width) for place in PLACES]
        weight = _weights(builder, pointer(builder, outputs.weights))
        ring = no_sums(builder, SPAN)
        for row in range(SPAN - 1):
            met = [ring[row - ahead] if ahead <= row else None for ahead in AHEAD]
            _add_row(builder, _row_of_pixels(builder, window, I64(row), masks), weight, met)
            _end_row(builder, ring)
        periods = builder.sdiv(builder.add(rows, I64(PERIOD - 1)), I64(PERIOD))
        with cgutils.for_range(builder, periods) as loop:
            first, done = builder.mul(loop.index, I64(PERIOD)), []
            for phase in range(PERIOD):
                row = builder.add(first, I64(phase))
                if phase and phase % SIDE == 0:
                    with builder.if_then(builder.icmp_signed(">=", row, rows)):
                        loop.do_break()
                pixels = _row_of_pixels(builder, window, builder.add(row, I64(SPAN - 1)), masks)
                met = [ring[(phase + SPAN - 1 - ahead) % SPAN] for ahead in AHEAD]
                _add_row(builder, pixels, weight, met)
                _end_row(builder, ring)
                done += values_of(builder, [ring[phase % SPAN]])
                clear(builder, [ring[phase % SPAN]])
                if len(done) == SIDE:
                    there = from_row(builder, outputs, builder.sub(row, I64(SIDE - 1)))
                    finish_block(builder, done, there, I64(SIDE), columns, lanes)
                    done = []
        return context.get_dummy_value()

    return types.void(window, outputs, *[types.int64] * 3), generate


def _weights(builder: ir.IRBuilder, taps: ir.Value) -> Callable[[int, int], ir.Value]:
    """What gives the weight of a tap: few are read at once, and stay in registers."""

    def read(i: int, j: int) -> ir.Value:
        return weight_at(builder, at(builder, taps, i * TAPS[1] + j))

    if ALL_TAPS > FEW_TAPS:
        return read
    held = {(i, j): read(i, j) for i, j in product(*map(range, TAPS))}
    return lambda i, j: held[i, j]


def _add_row(
    builder: ir.IRBuilder,
    pixels: list[ir.Value],
    weight: Callable[[int, int], ir.Value],
    met: Sequence[list[Any] | None],
) -> None:
    """Add a row of pixels to the sums that each row of taps belongs to, where there are any."""
    for tap in range(TAPS[1]):
        start = BEFORE * LANES - CENTRE + tap * DILATION[1]
        values = [_shifted(builder, pixels, start + j * LANES) for j in range(BLOCK[1])]
        for i, sums in enumerate(met):
            if sums is not None:
                factor = weight(i, tap)
                for value, total in zip(values, sums, strict=True):
                    add_product(builder, value, factor, total)


def _end_row(builder: ir.IRBuilder, ring: list[list[Any]]) -> None:
    """Let no work pass from one row to the next, which takes no instruction.

    LLVM would keep weights that are read in place, and move terms behind the next branch: there is no room for either.
    """
    same = ir.InlineAsm(ir.FunctionType(VECTOR, [VECTOR]), "", "=v,0", side_effect=True)
    for total in chain.from_iterable(ring):
        builder.store(builder.call(same, [builder.load(total, typ=VECTOR)]), total)
    builder.fence("seq_cst", "singlethread")


def _row_of_pixels(builder: ir.IRBuilder, window: Window, row: ir.Value, masks: list[ir.Value]) -> list[ir.Value]:
    """The vectors of a row of a window, as integers, or of zeros where it is beside the image."""
    y = builder.add(window.row, row)
    before = builder.add(builder.mul(y, window.down), window.column)
    place = at(builder, pointer(builder, window.image), builder.add(before, I64(PLACES[0])), X_BYTES)
    line = builder.select(builder.icmp_unsigned("<", y, window.height), place, pointer(builder, window.zeros))
    zero = pointer(builder, window.zero_point)
    return [_load_integers(builder, at(builder, line, j * LANES, X_BYTES), mask, zero) for j, mask in enumerate(masks)]


def _within(builder: ir.IRBuilder, column: ir.Value, width: ir.Value) -> ir.Value:
    """A mask of the lanes of a vector at a column that are pixels."""
    left, right = builder.neg(column), builder.sub(width, column)
    first = builder.select(builder.icmp_signed(">", left, I64(0)), left, I64(0))
    last = builder.select(builder.icmp_signed("<", right, I64(LANES)), right, I64(LANES))
    return lanes_of(builder, first, last)


def _load_integers(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, zero: ir.Value) -> ir.Value:
    """The bits of floats where the mask is set: when integers are shifted, LLVM takes the quickest instruction."""
    if X_FORMAT != "float32":
        return builder.bitcast(inputs_where(builder, place, mask, zero), INTEGERS)
    kind = ir.FunctionType(INTEGERS, [ir.PointerType(), I32, MASK, INTEGERS])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.v{LANES}i32.p0")
    return builder.call(function, (place, I32(BYTES), mask, INTEGERS([0] * LANES)))


def _shifted(builder: ir.IRBuilder, vectors: list[ir.Value], start: int) -> ir.Value:
    """The floats that start at so many lanes of neighbouring vectors."""
    number, lanes = divmod(start, LANES)
    if lanes:
        places = ir.Constant(INTEGERS, list(range(lanes, lanes + LANES)))
        return builder.bitcast(builder.shuffle_vector(vectors[number], vectors[number + 1], places), VECTOR)
    return builder.bitcast(vectors[number], VECTOR)
