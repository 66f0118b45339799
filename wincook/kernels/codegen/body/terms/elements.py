"""Elements of x, channels of one pixel: neighbours, or planes apart."""

from __future__ import annotations

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import LANES, X_FORMAT
from wincook.kernels.codegen.body.lanes.elements import X_BYTES, read_masked, vector_of
from wincook.kernels.codegen.body.lanes.vectors import I32, at, broadcast
from wincook.kernels.codegen.body.nested.panels import CHANNELS_LAST


def elements_of_tap(
    builder: ir.IRBuilder, source: ir.Value, step: ir.Value, mask: ir.Value, other: ir.Value
) -> ir.Value:
    """Elements of x where the mask is set, `step` elements apart; nothing else is read."""
    kind, others = vector_of(X_FORMAT), broadcast(builder, other)
    if CHANNELS_LAST:
        return read_masked(builder, source, mask, others)
    pointers = ir.Constant(ir.VectorType(ir.PointerType(), LANES), ir.Undefined)
    for lane in range(LANES):
        place = at(builder, source, builder.mul(step, step.type(lane)), X_BYTES)
        pointers = builder.insert_element(pointers, place, I32(lane))
    signature = ir.FunctionType(kind, [pointers.type, I32, mask.type, kind])
    name = f"llvm.masked.gather.v{LANES}{kind.element.intrinsic_name}.v{LANES}p0"
    return builder.call(
        cgutils.get_or_insert_function(builder.module, signature, name), (pointers, I32(1), mask, others)
    )
