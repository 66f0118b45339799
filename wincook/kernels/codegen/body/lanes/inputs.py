"""Elements of x as the floats that are multiplied: those of 8 bits less the zero point of x, all others as they are.

So beside the image are elements with that value, where others have zeros. The scale of x is in the filters.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import X_FORMAT
from wincook.kernels.codegen.body.job import Job
from wincook.kernels.codegen.body.lanes.elements import (
    ELEMENTS,
    X_BYTES,
    narrowed,
    read,
    read_masked,
    vector_of,
    widened,
)
from wincook.kernels.codegen.body.lanes.finish import FILTER_ROWS, ROWS_OF_X
from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, I32, broadcast, pointer


@njit(inline="always", error_model="numpy")
def zero_of_x(work: Job) -> int:
    """The address of the zero point of x: behind the numbers for each filter, if x has 8 bits."""
    place: int = work.bias + (FILTER_ROWS - ROWS_OF_X) * work.apart * BYTES
    return place


def inputs_at(builder: ir.IRBuilder, place: ir.Value, zero: ir.Value) -> ir.Value:
    """LANES of them."""
    elements = builder.load(place, typ=vector_of(X_FORMAT), align=X_BYTES)
    return _centred(builder, widened(builder, elements, X_FORMAT), zero)


def inputs_where(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, zero: ir.Value) -> ir.Value:
    """Those where the mask is set, zero elsewhere; nothing else is read."""
    if not ROWS_OF_X:
        return read(builder, place, mask, X_FORMAT)
    elements = read_masked(builder, place, mask, beside(builder, zero))
    return _centred(builder, widened(builder, elements, X_FORMAT), zero)


def input_at(builder: ir.IRBuilder, place: ir.Value, zero: ir.Value) -> ir.Value:
    """One of them."""
    element = builder.load(place, typ=ELEMENTS[X_FORMAT], align=X_BYTES)
    vector = builder.insert_element(ir.Constant(vector_of(X_FORMAT), None), element, I32(0))
    return builder.extract_element(_centred(builder, widened(builder, vector, X_FORMAT), zero), I32(0))


def beside(builder: ir.IRBuilder, zero: ir.Value) -> ir.Value:
    """LANES elements beside the image."""
    if not ROWS_OF_X:
        return ir.Constant(vector_of(X_FORMAT), None)
    return narrowed(builder, _zero_point(builder, zero), X_FORMAT)


def _centred(builder: ir.IRBuilder, floats: ir.Value, zero: ir.Value) -> ir.Value:
    return builder.fsub(floats, _zero_point(builder, zero)) if ROWS_OF_X else floats


def _zero_point(builder: ir.IRBuilder, zero: ir.Value) -> ir.Value:
    return broadcast(builder, builder.load(zero, typ=F32, align=BYTES))


@intrinsic
def put_beside(typingctx: Any, zero: Any, target: Any) -> Any:
    """Write LANES elements as they are beside the image."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        zero, target = (pointer(builder, address) for address in arguments)
        builder.store(beside(builder, zero), target, align=X_BYTES)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate
