"""A block of outputs: every input of the strip that it reads is loaded once, and added to all sums that it belongs to.

Inputs come row by row and from left to right, so each sum is one chain of fmas over the taps in that order, starting
from zero. Many taps come in chunks, whose weights fit into registers beside the sums.
"""

from __future__ import annotations

from itertools import chain, product
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import BLOCK, CHUNK, DILATION, LANES, LAYOUT, STRIDE, TAPS
from wincook.kernels.codegen.body.depthwise.outputs import finish_block, unpacked
from wincook.kernels.codegen.body.lanes.partial import load_everywhere
from wincook.kernels.codegen.body.lanes.vectors import I64, VECTOR, at, constant, fma, load, pointer

WEIGHT = LANES if LAYOUT == "NHWC" else 1  # floats of one tap
Meeting = tuple[int, int]  # an output of the block, and the tap by which it reads an input


@intrinsic
def output_block(
    typingctx: Any,
    source: Any,
    row: Any,
    part: Any,
    outputs: Any,
    rows: Any,
    columns: Any,
    lanes: Any,
) -> Any:
    """y = sums, and what follows, of the first rows × columns of a block, and of the last column so many lanes.

    Rows of the strip are `row` floats apart, its parts `part` floats.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, row, part, made, *size = arguments
        outputs = unpacked(builder, made)
        sums = no_sums(builder, BLOCK[0])
        _add_taps(builder, pointer(builder, source), row, part, pointer(builder, outputs.weights), sums)
        finish_block(builder, values_of(builder, sums), outputs, *size)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 3, outputs, *[types.int64] * 3), generate


def no_sums(builder: ir.IRBuilder, rows: int) -> list[list[Any]]:
    """Room for so many rows of the vectors of a block, which are zero."""
    sums = [[cgutils.alloca_once(builder, VECTOR) for _ in range(BLOCK[1])] for _ in range(rows)]
    clear(builder, sums)
    return sums


def clear(builder: ir.IRBuilder, sums: list[list[Any]]) -> None:
    """Begin anew."""
    for total in chain.from_iterable(sums):
        builder.store(constant(0.0), total)


def values_of(builder: ir.IRBuilder, sums: list[list[Any]]) -> list[list[ir.Value]]:
    """The vectors that they hold."""
    return [[builder.load(total, typ=VECTOR) for total in totals] for totals in sums]


def add_product(builder: ir.IRBuilder, value: ir.Value, factor: ir.Value, total: Any) -> None:
    """One more term of a sum."""
    builder.store(fma(builder, value, factor, builder.load(total, typ=VECTOR)), total)


def weight_at(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """What stands at a place for each lane: a vector of filters, or one number for all pixels."""
    return load(builder, place) if WEIGHT == LANES else load_everywhere(builder, place)


def _add_taps(
    builder: ir.IRBuilder, source: ir.Value, row: ir.Value, part: ir.Value, weights: ir.Value, sums: list[list[Any]]
) -> None:
    """All chunks, row by row."""
    for first_row, rows, row_times in _chunks(TAPS[0], CHUNK[0]):
        with cgutils.for_range(builder, I64(row_times)) as down:
            i = builder.add(I64(first_row), builder.mul(down.index, I64(rows)))
            line = at(builder, source, builder.mul(row, builder.mul(i, I64(DILATION[0]))))
            for first, columns, times in _chunks(TAPS[1], CHUNK[1]):
                with cgutils.for_range(builder, I64(times)) as across:
                    j = builder.add(I64(first), builder.mul(across.index, I64(columns)))
                    # CHUNK is a multiple of STRIDE where there are several, so each starts in the first part.
                    step = DILATION[1] * LANES if LAYOUT == "NHWC" else DILATION[1]
                    floats = builder.mul(j, I64(step))
                    if LAYOUT != "NHWC":
                        floats = builder.sdiv(floats, I64(STRIDE[1]))
                    tap = builder.add(builder.mul(i, I64(TAPS[1])), j)
                    here = at(builder, weights, builder.mul(tap, I64(WEIGHT)))
                    _add_chunk(builder, at(builder, line, floats), row, part, here, (rows, columns), sums)


def _chunks(taps: int, chunk: int) -> list[tuple[int, int, int]]:
    """First tap, number of taps and how often: whole chunks, then what is left."""
    times, left = divmod(taps, chunk)
    return [(0, chunk, times)] * (times > 0) + [(taps - left, left, 1)] * (left > 0)


def _add_chunk(
    builder: ir.IRBuilder,
    source: ir.Value,
    row: ir.Value,
    part: ir.Value,
    weights: ir.Value,
    taps: tuple[int, int],
    sums: list[list[Any]],
) -> None:
    factors = {
        (i, j): weight_at(builder, at(builder, weights, (i * TAPS[1] + j) * WEIGHT))
        for i, j in product(range(taps[0]), range(taps[1]))
    }
    down = meetings_of(BLOCK[0], taps[0], STRIDE[0], DILATION[0])
    for place_down, met_down in down.items():
        line = at(builder, source, builder.mul(row, I64(place_down)))
        for place, met_across in _across(builder, line, part, taps[1]):
            value = load(builder, place)
            for (i, tap_row), (j, tap) in product(met_down, met_across):
                add_product(builder, value, factors[tap_row, tap], sums[i][j])


def _across(builder: ir.IRBuilder, line: ir.Value, part: ir.Value, taps: int) -> list[tuple[ir.Value, list[Meeting]]]:
    """The places of a row, from left to right, and which outputs meet which taps there."""
    if LAYOUT == "NHWC":
        meetings = meetings_of(BLOCK[1], taps, STRIDE[1], DILATION[1])
        return [(at(builder, line, place * LANES), met) for place, met in meetings.items()]
    places = []
    for tap, j in product(range(taps), range(BLOCK[1])):
        over, modulo = divmod(tap * DILATION[1], STRIDE[1])
        start = at(builder, line, builder.mul(part, I64(modulo)))
        places.append((at(builder, start, over + j * LANES), [(j, tap)]))
    return places


def meetings_of(outputs: int, taps: int, stride: int, dilation: int) -> dict[int, list[Meeting]]:
    """By place: the outputs that read it, each by one tap."""
    meetings: dict[int, list[Meeting]] = {}
    for output, tap in product(range(outputs), range(taps)):
        meetings.setdefault(output * stride + tap * dilation, []).append((output, tap))
    return dict(sorted(meetings.items()))
