"""Elements of x into the image of a kernel: as they are, or as float32, less a zero point, where it reads that."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import BESIDE, CENTRE, INNER_FORMAT, X_FORMAT
from wincook.kernels.codegen.body.lanes.elements import ELEMENT_BYTES, ELEMENTS, vector_of, widened
from wincook.kernels.codegen.body.lanes.vectors import F32, I32, pointer

INNER_BYTES = ELEMENT_BYTES[INNER_FORMAT]


@intrinsic
def copy_element(typingctx: Any, source: Any, target: Any) -> Any:
    """Copy one element of x, from any address to any other."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments)
        element = builder.load(source, typ=ELEMENTS[X_FORMAT], align=1)
        if X_FORMAT != INNER_FORMAT:
            vector = ir.Constant(vector_of(X_FORMAT), ir.Undefined)
            floats = widened(builder, builder.insert_element(vector, element, I32(0)), X_FORMAT)
            element = builder.fsub(builder.extract_element(floats, I32(0)), F32(float(CENTRE)))
        builder.store(element, target, align=1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@intrinsic
def put_beside(typingctx: Any, target: Any) -> Any:
    """Write what x is beside the image: zero, or its zero point."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        builder.store(ELEMENTS[INNER_FORMAT](BESIDE), pointer(builder, arguments[0]), align=1)
        return context.get_dummy_value()

    return types.void(types.int64), generate
