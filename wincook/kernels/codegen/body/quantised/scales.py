"""What a calibration says, as an array of floats, and what becomes of it.

    multipliers  (products, channels), quantised steps for each unit of V
    zeros        (products,), the zero points of V
    then         X_SCALE, X_ZERO and POWERS: scale and zero point of x, and 1 where scales of U are powers of two
    order        (products,), in which they are quantised
    weights      (products, products), in that order: how much of the errors of those before goes into each
    centres      (products, channels), the means of V
    spreads      (products, channels), how much V varies

V is made of x as it stands, so kernels multiply it by multiplier · scale of x. In 16 bits they multiply by a whole
number of 2^-15; filters are divided by what the multiplier is in effect.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from llvmlite import ir
from numba import njit, types
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
from wincook.kernels.codegen.body.nested.transforms import PRODUCTS
from wincook.kernels.codegen.body.quantised.blocks import IN_16_BITS

X_SCALE, X_ZERO, POWERS, SAID = range(4)  # places after the zeros, and how many there are
FOR_CHANNEL, FOR_PRODUCTS = 3 * PRODUCTS, PRODUCTS * (PRODUCTS + 2)  # floats for each channel, and for none
STEPS_OF_FACTOR = 2.0 ** (15 - (INTEGER_SHIFT or 0))  # of a whole factor, in one
LARGEST_FACTOR = 2.0**15 - 1


@njit(inline="always", error_model="numpy")
def floats_said(channels: int) -> int:
    """How many all these are."""
    floats: int = FOR_CHANNEL * channels + FOR_PRODUCTS + SAID
    return floats


class Tables(NamedTuple):
    """Where what is said of one product stands; `ends` is what is said of x, `weights` of all products."""

    multipliers: ir.Value
    zero: ir.Value
    ends: ir.Value
    order: ir.Value
    weights: ir.Value
    centres: ir.Value
    spreads: ir.Value


def tables_of(builder: ir.IRBuilder, given: ir.Value, product: ir.Value, channels: ir.Value) -> Tables:
    """Those of a product."""
    row, all_rows = builder.mul(product, channels), builder.mul(channels.type(PRODUCTS), channels)
    zeros = at(builder, given, all_rows)
    ends = at(builder, zeros, PRODUCTS)
    order = at(builder, ends, SAID)
    weights = at(builder, order, PRODUCTS)
    centres = at(builder, at(builder, weights, PRODUCTS * PRODUCTS), row)
    spreads = at(builder, centres, all_rows)
    return Tables(at(builder, given, row), at(builder, zeros, product), ends, order, weights, centres, spreads)


@intrinsic
def product_at(typingctx: Any, given: Any, place: Any, channels: Any) -> Any:
    """The product that stands at a place of the order."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        given, place, channels = arguments
        order = tables_of(builder, pointer(builder, given), place, channels).order
        return builder.fptosi(builder.load(at(builder, order, place), typ=F32, align=BYTES), place.type)

    return types.int64(*[types.int64] * 3), generate


def everywhere_at(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """The float at a place in all lanes."""
    return broadcast(builder, builder.load(place, typ=F32, align=BYTES))


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
