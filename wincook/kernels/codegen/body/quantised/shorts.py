"""The transform of inputs of 8 bits in 16: exact, twice as many channels in a vector.

Inputs are shifted to the left by INTEGER_SHIFT bits, as far as no result leaves 16 bits.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import HIGHEST, LANES, LOWEST
from wincook.kernels.codegen.body.lanes.elements import I16
from wincook.kernels.codegen.body.lanes.vectors import BYTES, I8, I32
from wincook.kernels.codegen.body.quantised.dots import BITS, NATIVE, OF_PAIRS

SHORTS = ir.VectorType(I16, 2 * LANES)
HALF_OF_STEP = 1 << 14


def run_program_of_shorts(builder: ir.IRBuilder, program: Any, inputs: list[ir.Value]) -> list[ir.Value]:
    """The operations of a program whose constants are whole, on vectors of 16 bits."""
    ops, outputs = program
    values = list(inputs)
    for op in ops:
        match op:
            case ("add", a, b):
                value = builder.add(values[a], values[b])
            case ("sub", a, b):
                value = builder.sub(values[a], values[b])
            case ("neg", a):
                value = builder.neg(values[a])
            case ("mul", a, factor):
                value = builder.mul(values[a], all_shorts(int(factor)))
            case ("fma", a, factor, b):
                value = builder.add(builder.mul(values[a], all_shorts(int(factor))), values[b])
            case _:
                raise ValueError(f"no operation of a program: {op}")
        values.append(value)
    return [values[output] for output in outputs]


def quantised_shorts(builder: ir.IRBuilder, vector: ir.Value, line: ir.Value, lift: ir.Value) -> ir.Value:
    """2 LANES whole numbers, of a line of factors and one zero point."""
    scaled = _scaled(builder, vector, builder.load(line, typ=SHORTS, align=BYTES))
    first = builder.insert_element(ir.Constant(SHORTS, ir.Undefined), builder.load(lift, typ=I16, align=BYTES), I32(0))
    zero = builder.shuffle_vector(first, first, ir.Constant(ir.VectorType(I32, 2 * LANES), [0] * 2 * LANES))
    numbers = _of_two(builder, "llvm.sadd.sat", scaled, zero)
    numbers = _of_two(
        builder, "llvm.smin", _of_two(builder, "llvm.smax", numbers, all_shorts(LOWEST)), all_shorts(HIGHEST)
    )
    return builder.trunc(numbers, ir.VectorType(I8, 2 * LANES)) if I8.width == BITS else numbers


def _scaled(builder: ir.IRBuilder, vector: ir.Value, factors: ir.Value) -> ir.Value:
    """(v f + 2^14) >> 15, which x86 has an instruction for."""
    names = {32: "llvm.x86.avx512.pmul.hr.sw.512", 16: "llvm.x86.avx2.pmul.hr.sw"}
    if NATIVE or OF_PAIRS:
        return _of_two(builder, names[2 * LANES], vector, factors, is_typed=False)
    wide = ir.VectorType(I32, 2 * LANES)
    product = builder.mul(builder.sext(vector, wide), builder.sext(factors, wide))
    shifted = builder.ashr(builder.add(product, wide([HALF_OF_STEP] * wide.count)), wide([15] * wide.count))
    return builder.trunc(shifted, SHORTS)


def _of_two(builder: ir.IRBuilder, name: str, a: ir.Value, b: ir.Value, *, is_typed: bool = True) -> ir.Value:
    """An LLVM intrinsic of two vectors of 16 bits; those of all machines have the type in their name."""
    kind = ir.FunctionType(SHORTS, [SHORTS, SHORTS])
    full = f"{name}.v{2 * LANES}i16" if is_typed else name
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, full), [a, b])


def all_shorts(number: int) -> ir.Constant:
    """A whole number in every lane."""
    return ir.Constant(SHORTS, [number] * SHORTS.count)
