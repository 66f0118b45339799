"""The channels of one tap into V, as whole numbers.

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
from wincook.kernels.codegen.body.job import Geometry, Job
from wincook.kernels.codegen.body.lanes.elements import ELEMENTS, widened, write_masked
from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, I8, I32, first_lanes, pointer
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST
from wincook.kernels.codegen.body.quantised.blocks import factor_floats, filters_of_U
from wincook.kernels.codegen.body.quantised.rounded import NUMBER, quantised
from wincook.kernels.codegen.body.terms.elements import elements_of_tap
from wincook.kernels.codegen.body.terms.numbers import terms_of

IN_8_BITS = X_FORMAT in {"uint8", "int8"}
OFFSET = 128 if (FORMAT, X_FORMAT) == ("int8", "int8") else 0
TAKES_LINES = IN_8_BITS and CHANNELS_LAST  # of V, where a tap has whole ones
OF_ONE_TAP = ir.VectorType(NUMBER, LANES)


@njit(inline="always", error_model="numpy")
def put_tap(
    work: Job, geometry: Geometry, places: tuple[int, int], step: int, numbers: tuple[int, int], block: int
) -> None:
    """The channels of one tap from `block` on: how many there are, and how many places they have, up to LANES."""
    terms = terms_of(geometry)
    factors = work.U + filters_of_U(geometry.filters, terms) * BYTES
    put_numbers(places, step, numbers, factors + block * BYTES, factors + factor_floats(terms) * BYTES)


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
            elements = elements_of_tap(builder, source, step, there, beside)
            vector = _numbers(builder, elements)
        else:
            floats = widened(builder, elements_of_tap(builder, source, step, there, ELEMENTS[X_FORMAT](0)), X_FORMAT)
            vector = quantised(builder, floats, pointer(builder, factors), pointer(builder, zero))
        write_masked(builder, vector, target, written)
        return context.get_dummy_value()

    return types.void(places, types.int64, numbers, types.int64, types.int64), generate


@intrinsic
def put_line(typingctx: Any, source: Any, target: Any) -> Any:
    """As many channels of 8 bits as a line of V has, from one place to another."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments)
        elements = builder.load(source, typ=ir.VectorType(I8, IN_WORD * LANES), align=1)
        builder.store(_numbers(builder, elements), target, align=1)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate


def _numbers(builder: ir.IRBuilder, elements: ir.Value) -> ir.Value:
    """Elements of 8 bits as numbers of V."""
    lanes = elements.type.count
    moved = builder.add(elements, ir.Constant(elements.type, [OFFSET] * lanes))
    if NUMBER == I8:
        return moved
    is_signed = X_FORMAT == "int8" and not OFFSET
    return (builder.sext if is_signed else builder.zext)(moved, ir.VectorType(NUMBER, lanes))
