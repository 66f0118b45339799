"""The channels of one tap into V, as bfloat16; zeros beside the image, and in places beyond the channels."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import IN_WORD, LANES, X_FORMAT
from wincook.kernels.codegen.body.job import Geometry, Job
from wincook.kernels.codegen.body.lanes.elements import (
    ELEMENTS,
    EXPONENT,
    I16,
    SIGN,
    rounded_to_bfloat16,
    widened,
    write_masked,
)
from wincook.kernels.codegen.body.lanes.vectors import first_lanes, pointer
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST
from wincook.kernels.codegen.body.products.bfloat16 import BITS, HAS_DOT
from wincook.kernels.codegen.body.terms.elements import elements_of_tap

TAKES_LINES = CHANNELS_LAST and X_FORMAT == "bfloat16"  # of V, where a tap has whole ones


@intrinsic
def put_line(typingctx: Any, source: Any, target: Any) -> Any:
    """As many channels of bfloat16 as a line of V has, from one place to another."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source, target = (pointer(builder, address) for address in arguments)
        elements = builder.load(source, typ=ir.VectorType(I16, IN_WORD * LANES), align=2)
        builder.store(_normal(builder, elements), target, align=2)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate


@njit(inline="always", error_model="numpy")
def put_tap(
    work: Job, geometry: Geometry, places: tuple[int, int], step: int, numbers: tuple[int, int], block: int
) -> None:
    """The channels of one tap from `block` on: how many there are, and how many places they have, up to LANES."""
    put_channels(places, step, numbers)


@intrinsic
def put_channels(typingctx: Any, places: Any, step: Any, numbers: Any) -> Any:
    """The same, from one place to another."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        places, step, numbers = arguments
        source, target = (pointer(builder, address) for address in cgutils.unpack_tuple(builder, places))
        there, written = (first_lanes(builder, number) for number in cgutils.unpack_tuple(builder, numbers))
        elements = elements_of_tap(builder, source, step, there, ELEMENTS[X_FORMAT](0))
        if X_FORMAT == "bfloat16":
            elements = _normal(builder, elements)
        else:
            elements = rounded_to_bfloat16(builder, widened(builder, elements, X_FORMAT))
        write_masked(builder, elements, target, written)
        return context.get_dummy_value()

    return types.void(places, types.int64, numbers), generate


def _normal(builder: ir.IRBuilder, elements: ir.Value) -> ir.Value:
    """Without what is smaller than all normal numbers, unless the instruction takes it for zeros anyway."""
    if HAS_DOT:
        return elements
    exponent, sign = (ir.Constant(elements.type, [bits >> BITS] * elements.type.count) for bits in (EXPONENT, SIGN))
    is_tiny = builder.icmp_unsigned("==", builder.and_(elements, exponent), ir.Constant(elements.type, None))
    return builder.select(is_tiny, builder.and_(elements, sign), elements)
