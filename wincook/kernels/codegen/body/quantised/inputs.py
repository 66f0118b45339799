"""The steps of the inputs: down the columns into the strip, and along the rows from the strip, as whole numbers into V.

x is read less its zero point, and beside the image are zeros: what is not read is loaded as the zero point. In 16
bits V f is (V F + 2^14) >> 15, with a whole F: rounded to nearest, ties upward.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import INPUT_PROGRAMS, INTEGER_SHIFT, LANES, RANKS, TILE_INPUTS, X_FORMAT
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import I16, X_BYTES, read, read_masked, widened
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    I8,
    I32,
    at,
    broadcast,
    load,
    pointer,
    run_program,
    store,
)
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST
from wincook.kernels.codegen.body.nested.transforms import PRODUCTS
from wincook.kernels.codegen.body.quantised.blocks import AT_ONCE, IN_16_BITS, end_of_U, factor_floats, filters_of_U
from wincook.kernels.codegen.body.quantised.rounded import NUMBER, quantised
from wincook.kernels.codegen.body.quantised.shorts import SHORTS, all_shorts, quantised_shorts, run_program_of_shorts

PLANES = AT_ONCE // LANES  # of channels that are transformed at once if lanes are pixels
IN_8_BITS = X_FORMAT in {"uint8", "int8"}
PAIRS = [lane for pixel in range(LANES) for lane in (pixel, LANES + pixel)]  # of channels, pixel by pixel


@njit(inline="always", error_model="numpy")
def columns_into_strip(
    work: Job,
    geometry: Geometry,
    source: int,
    strides: Strides,
    rows: tuple[int, int],
    numbers: tuple[int, int],
    target: int,
    step: int,
) -> None:
    """Transform TILE_INPUTS[0] rows from address `source` on: those from rows[0] to before rows[1] are in the image.

    `numbers` tells how many lanes of a row are read, and how many channels there are if lanes are pixels.
    """
    zero = work.U + end_of_U(geometry.filters, geometry.channels) * BYTES
    down_from_zero(source, (strides.row, strides.channel), rows, numbers, zero, (target, step))


@intrinsic
def down_from_zero(typingctx: Any, source: Any, strides: Any, rows: Any, numbers: Any, zero: Any, target: Any) -> Any:
    """The first program of the inputs; `zero` is the address of the zero point of x, and the target has a step."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, *pairs = arguments
        zero = builder.load(pointer(builder, pairs.pop(3)), typ=F32, align=BYTES)
        (row, plane), (top, bottom), numbers, (target, step) = (cgutils.unpack_tuple(builder, pair) for pair in pairs)
        lanes, values = _lanes(builder, numbers), []
        for i in range(TILE_INPUTS[0]):
            below = builder.mul(row, row.type(i))
            place = at(builder, pointer(builder, source), below, X_BYTES)
            is_row = builder.and_(
                builder.icmp_signed("<=", top, top.type(i)), builder.icmp_signed("<", top.type(i), bottom)
            )
            masks = [builder.select(is_row, mask, ir.Constant(mask.type, None)) for mask in lanes]
            values.append(_inputs(builder, place, plane, masks, zero))
        run = run_program_of_shorts if IN_16_BITS else run_program
        written = pointer(builder, target)
        for i, vector in enumerate(run(builder, INPUT_PROGRAMS[0], values)):
            store(builder, vector, at(builder, written, builder.mul(step, step.type(i))))
        return context.get_dummy_value()

    return types.void(types.int64, strides, rows, numbers, types.int64, target), generate


def _lanes(builder: ir.IRBuilder, numbers: list[ir.Value]) -> list[ir.Value]:
    """The lanes of a row that are read: of each channel its own, where lanes are pixels of two."""
    number, channels = numbers
    if not IN_16_BITS or CHANNELS_LAST:
        return [lanes_before(builder, number, AT_ONCE)]
    is_second = builder.icmp_signed(">", channels, channels.type(1))
    return [lanes_before(builder, each, LANES) for each in (number, builder.select(is_second, number, number.type(0)))]


def _inputs(builder: ir.IRBuilder, place: ir.Value, plane: ir.Value, masks: list[ir.Value], zero: ir.Value) -> ir.Value:
    """A row: floats, or whole numbers shifted to the left."""
    if not IN_8_BITS:
        return read(builder, place, masks[0], X_FORMAT)
    whole = builder.fptosi(zero, I32)
    elements = _bytes(builder, place, masks[0], whole)
    if not IN_16_BITS:
        return builder.fsub(widened(builder, elements, X_FORMAT), broadcast(builder, zero))
    if not CHANNELS_LAST:
        second = _bytes(builder, at(builder, place, plane, X_BYTES), masks[1], whole)
        elements = builder.shuffle_vector(elements, second, ir.Constant(ir.VectorType(I32, AT_ONCE), PAIRS))
    shorts = (builder.zext if X_FORMAT == "uint8" else builder.sext)(elements, SHORTS)
    return builder.shl(builder.sub(shorts, _everywhere(builder, whole, I16)), all_shorts(INTEGER_SHIFT or 0))


def _bytes(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, zero: ir.Value) -> ir.Value:
    """Bytes where the mask is set, the zero point elsewhere; nothing else is read."""
    return read_masked(builder, place, mask, _everywhere(builder, zero, I8, mask.type.count))


def _everywhere(builder: ir.IRBuilder, number: ir.Value, kind: ir.IntType, lanes: int = AT_ONCE) -> ir.Value:
    """A number of 32 bits, cut to fewer, in so many lanes."""
    cut = builder.trunc(number, kind) if kind != I32 else number
    first = builder.insert_element(ir.Constant(ir.VectorType(kind, lanes), ir.Undefined), cut, I32(0))
    return builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(I32, lanes), [0] * lanes))


def lanes_before(builder: ir.IRBuilder, number: ir.Value, lanes: int) -> ir.Value:
    """A mask of the first `number` of so many lanes."""
    places = ir.Constant(ir.VectorType(I32, lanes), list(range(lanes)))
    return builder.icmp_signed("<", places, _everywhere(builder, builder.trunc(number, I32), I32, lanes))


@njit(inline="always", error_model="numpy")
def row_into_V(
    work: Job,
    geometry: Geometry,
    source: int,
    strips: tuple[int, int],
    target: int,
    stride: int,
    block: int,
    row: int,
) -> None:
    """Transform a row of inputs of a block of AT_ONCE channels into a row of products, `stride` words apart."""
    factors = work.U + filters_of_U(geometry.filters, geometry.channels) * BYTES
    zeros = factors + (factor_floats(geometry.channels) + row * RANKS[1]) * BYTES
    quantise(source, target, stride, factors + (block * PRODUCTS + row * RANKS[1]) * LANES * BYTES, zeros)


@intrinsic
def quantise(typingctx: Any, source: Any, target: Any, stride: Any, factors: Any, zeros: Any) -> Any:
    """A row of products of AT_ONCE channels: inputs one after another, products `stride` words apart."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target, stride, factors, zeros = arguments
        read, written, lines, lifts = (pointer(builder, address) for address in (source, target, factors, zeros))
        places = [at(builder, read, i * LANES) for i in range(TILE_INPUTS[1])]
        if IN_16_BITS:
            inputs = [builder.load(place, typ=SHORTS, align=BYTES) for place in places]
            products = run_program_of_shorts(builder, INPUT_PROGRAMS[1], inputs)
        else:
            products = run_program(builder, INPUT_PROGRAMS[1], [load(builder, place) for place in places])
        for j, product in enumerate(products):
            line, lift = at(builder, lines, j * LANES), at(builder, lifts, j)
            numbers = (quantised_shorts if IN_16_BITS else quantised)(builder, product, line, lift)
            builder.store(numbers, at(builder, written, builder.mul(stride, stride.type(j))), align=NUMBER.width // 8)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 5), generate
