"""What a calibration says, as an array of floats, and what becomes of it.

    multipliers  (products, channels), quantised steps for each unit of V
    zeros        (products,), the zero points of V
    then         X_SCALE, X_ZERO and POWERS: scale and zero point of x, and 1 where scales of U are to be powers of two

V is made of x as it stands, so kernels multiply it by multiplier · scale of x. In 16 bits they multiply by a whole
number of 2^-15; filters are divided by what the multiplier is in effect.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import INTEGER_SHIFT, LANES
from wincook.kernels.codegen.body.lanes.elements import I16
from wincook.kernels.codegen.body.lanes.finish import WITHOUT_FRACTIONS
from wincook.kernels.codegen.body.lanes.vectors import (
    BYTES,
    F32,
    I32,
    INTEGERS,
    VECTOR,
    at,
    broadcast,
    constant,
    first_lanes,
    masked_load,
    pointer,
    store,
)
from wincook.kernels.codegen.body.quantised.blocks import IN_16_BITS

X_SCALE, X_ZERO, POWERS, SAID = range(4)  # places after the zeros, and how many there are
STEPS_OF_FACTOR = 2.0 ** (15 - (INTEGER_SHIFT or 0))  # of a whole factor, in one
LARGEST_FACTOR = 2.0**15 - 1


def in_kernel(builder: ir.IRBuilder, multipliers: ir.Value, scale: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Factors of V in the kernel, and what filters are divided by for them, of multipliers and the scale of x."""
    factors = builder.fmul(multipliers, scale)
    if not IN_16_BITS:
        return factors, multipliers
    scaled = builder.fmul(factors, constant(STEPS_OF_FACTOR))
    one, most = constant(1.0), constant(LARGEST_FACTOR)
    scaled = builder.select(builder.fcmp_ordered(">", scaled, one), scaled, one)
    scaled = builder.select(builder.fcmp_ordered("<", scaled, most), scaled, most)
    whole = nearest(builder, scaled)
    return whole, builder.fdiv(builder.fmul(whole, constant(1 / STEPS_OF_FACTOR)), scale)


def nearest(builder: ir.IRBuilder, vector: ir.Value) -> ir.Value:
    """The nearest whole numbers, ties to even, as floats."""
    kind = ir.FunctionType(VECTOR, [VECTOR])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.rint.v{LANES}f32")
    return builder.call(function, [vector])


@intrinsic
def put_factors(typingctx: Any, multipliers: Any, number: Any, scale: Any, target: Any) -> Any:
    """A line of factors for the kernel, from `number` multipliers and the place of the scale of x."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        multipliers, number, scale, target = arguments
        read, written = pointer(builder, multipliers), pointer(builder, target)
        everywhere = broadcast(builder, builder.load(pointer(builder, scale), typ=F32, align=BYTES))
        vectors = []
        for first in range(0, 2 * LANES if IN_16_BITS else LANES, LANES):
            mask = first_lanes(builder, builder.sub(number, number.type(first)))
            given = masked_load(builder, at(builder, read, first), mask)
            vectors.append(in_kernel(builder, given, everywhere)[0])
        if IN_16_BITS:
            halves = [builder.trunc(builder.fptosi(v, INTEGERS), ir.VectorType(I16, LANES)) for v in vectors]
            for i, half in enumerate(halves):
                builder.store(half, at(builder, written, i * LANES // 2), align=BYTES)
        else:
            store(builder, vectors[0], written)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 4), generate


@intrinsic
def put_zero(typingctx: Any, source: Any, target: Any) -> Any:
    """A zero point of V as the kernel reads it: with WITHOUT_FRACTIONS, or in 16 bits as a whole number."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments)
        value = builder.load(source, typ=F32, align=BYTES)
        lifted = (
            builder.fptosi(value, I32)
            if IN_16_BITS
            else builder.fadd(value, ir.Constant(F32, float(WITHOUT_FRACTIONS)))
        )
        builder.store(lifted, target, align=BYTES)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate


@intrinsic
def put_number(typingctx: Any, source: Any, target: Any) -> Any:
    """Copy a float."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments)
        builder.store(builder.load(source, typ=F32, align=BYTES), target, align=BYTES)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 2), generate
