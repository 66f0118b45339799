"""x into V: for each pixel of y the channels of each of its taps, as whole numbers.

Elements of 8 bits are taken as they are, those with a sign moved up by OFFSET where V has none; floats are multiplied
by the factor of their channel and rounded. Beside the image is the zero point.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import FORMAT, IN_WORD, LANES, X_FORMAT
from wincook.kernels.codegen.body.gemm import number_of_tallest, tallest
from wincook.kernels.codegen.body.job import Geometry, Job, Strides
from wincook.kernels.codegen.body.lanes.elements import ELEMENT_BYTES, ELEMENTS, X_BYTES, vector_of, widened
from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, I8, I32, at, broadcast, first_lanes, pointer
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST, group_of, word_blocks_of
from wincook.kernels.codegen.body.quantised.blocks import factor_floats, filters_of_U
from wincook.kernels.codegen.body.quantised.rounded import NUMBER, quantised
from wincook.kernels.codegen.body.terms.numbers import terms_of, terms_of_tap

IN_8_BITS = X_FORMAT in {"uint8", "int8"}
OFFSET = 128 if (FORMAT, X_FORMAT) == ("int8", "int8") else 0
OF_ONE_TAP = ir.VectorType(NUMBER, LANES)


@njit(inline="always", error_model="numpy")
def load_panel(
    work: Job, strides: Strides, V: int, strip: int, half: int, geometry: Geometry, first: int, last: int
) -> None:
    """The pixels first..last-1 of y."""
    channels, height, width = geometry.channels, geometry.height, geometry.width
    out_height, out_width = geometry.out_height, geometry.out_width
    word_blocks, of_tap = word_blocks_of(geometry), terms_of_tap(channels)
    terms = terms_of(geometry)
    factors = work.U + filters_of_U(geometry.filters, terms) * BYTES
    zeros = factors + factor_floats(terms) * BYTES
    lines, tall = tallest(last - first), number_of_tallest(last - first)
    for pixel in range(first, last):
        image, row, column = pixel // out_width // out_height, pixel // out_width % out_height, pixel % out_width
        group, line = group_of(pixel - first, lines, tall)
        for i in range(geometry.taps_down):
            y = row * geometry.stride_down + i * geometry.dilation_down - geometry.top
            for j in range(geometry.taps_across):
                x = column * geometry.stride_across + j * geometry.dilation_across - geometry.left
                is_inside = y >= 0 and y < height and x >= 0 and x < width
                source = work.x + (image * strides.image + y * strides.row + x * strides.column) * X_BYTES
                for block in range(0, channels, LANES):
                    word = ((i * geometry.taps_across + j) * of_tap + block) // IN_WORD
                    place = ((group * word_blocks + word // LANES) * lines + line) * LANES + word % LANES
                    there = min(LANES, channels - block) if is_inside else 0
                    places = (source + block * strides.channel * X_BYTES, V + place * BYTES)
                    put_numbers(places, strides.channel, (there, of_tap - block), factors + block * BYTES, zeros)


@intrinsic
def put_numbers(typingctx: Any, places: Any, step: Any, numbers: Any, factors: Any, zero: Any) -> Any:
    """The channels of one tap, from one place to another: how many there are, and how many are written, up to LANES."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        places, step, numbers, factors, zero = arguments
        source, target = (pointer(builder, address) for address in cgutils.unpack_tuple(builder, places))
        there, written = (first_lanes(builder, number) for number in cgutils.unpack_tuple(builder, numbers))
        point = builder.load(pointer(builder, zero), typ=F32, align=BYTES)
        if IN_8_BITS:
            whole = builder.bitcast(point, I32)  # the last bits of a float without fractions
            beside = builder.sub(builder.trunc(whole, I8), I8(OFFSET))
            elements = _elements(builder, source, step, there, beside)
            vector = builder.add(elements, ir.Constant(elements.type, [OFFSET] * LANES))
            if FORMAT == "int16":
                vector = (builder.sext if X_FORMAT == "int8" else builder.zext)(elements, OF_ONE_TAP)
        else:
            floats = widened(builder, _elements(builder, source, step, there, ELEMENTS[X_FORMAT](0)), X_FORMAT)
            vector = quantised(builder, floats, pointer(builder, factors), pointer(builder, zero))
        kind = ir.FunctionType(ir.VoidType(), [OF_ONE_TAP, ir.PointerType(), I32, written.type])
        function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.v{LANES}i{NUMBER.width}.p0")
        builder.call(function, (vector, target, I32(1), written))
        return context.get_dummy_value()

    return types.void(places, types.int64, numbers, types.int64, types.int64), generate


def _elements(builder: ir.IRBuilder, source: ir.Value, step: ir.Value, mask: ir.Value, other: ir.Value) -> ir.Value:
    """Elements of x where the mask is set, `step` elements apart; nothing else is read."""
    kind, size = vector_of(X_FORMAT), ELEMENT_BYTES[X_FORMAT]
    others = broadcast(builder, other)
    suffix = {"float32": "f32", "float16": "f16"}.get(X_FORMAT, f"i{8 * size}")
    if CHANNELS_LAST:
        signature = ir.FunctionType(kind, [ir.PointerType(), I32, mask.type, kind])
        name = f"llvm.masked.load.v{LANES}{suffix}.p0"
        return builder.call(
            cgutils.get_or_insert_function(builder.module, signature, name), (source, I32(1), mask, others)
        )
    pointers = ir.Constant(ir.VectorType(ir.PointerType(), LANES), ir.Undefined)
    for lane in range(LANES):
        place = at(builder, source, builder.mul(step, step.type(lane)), X_BYTES)
        pointers = builder.insert_element(pointers, place, I32(lane))
    signature = ir.FunctionType(kind, [pointers.type, I32, mask.type, kind])
    name = f"llvm.masked.gather.v{LANES}{suffix}.v{LANES}p0"
    return builder.call(
        cgutils.get_or_insert_function(builder.module, signature, name), (pointers, I32(1), mask, others)
    )
