"""Elements of float16 for processors without instructions for them, with the results of those that have them.

Rounding is to nearest, ties to even; a NaN becomes a quiet one and keeps its highest digits.
"""

from __future__ import annotations

from llvmlite import ir

from wincook.kernels.codegen.body.constants import ISA, LANES
from wincook.kernels.codegen.body.lanes.vectors import INTEGERS, VECTOR, all_lanes, constant

HAS_HALVES = ISA in {"avx512", "avx2", "neon"}  # whether all processors with these vectors have the instructions
HALF = ir.HalfType() if HAS_HALVES else ir.IntType(16)  # an element, or its bits
SHORTS_OF_HALVES = ir.VectorType(ir.IntType(16), LANES)
MORE_DIGITS = 13  # of float32
BIASES_APART = 112 << 23  # of the exponents, as bits of float32
LEAST_NORMAL, INFINITE, DIGITS_OF_NAN = 0x0400, 0x7C00, 0x0200  # of float16
OF_LEAST_NORMAL, OF_INFINITY, BEYOND_ALL = 0x38800000, 0x7F800000, 0x477FF000  # of float32


def floats_of_halves(builder: ir.IRBuilder, elements: ir.Value) -> ir.Value:
    """Float16 as float32."""
    bits = builder.zext(elements, INTEGERS)
    size, sign = (
        builder.and_(bits, all_lanes(0x7FFF)),
        builder.shl(builder.and_(bits, all_lanes(0x8000)), all_lanes(16)),
    )
    digits = builder.shl(size, all_lanes(MORE_DIGITS))
    tiny = builder.bitcast(builder.fmul(builder.uitofp(size, VECTOR), constant(2.0**-24)), INTEGERS)
    quiet = builder.or_(digits, all_lanes(OF_INFINITY | DIGITS_OF_NAN << MORE_DIGITS))
    infinite = builder.select(builder.icmp_unsigned("==", size, all_lanes(INFINITE)), all_lanes(OF_INFINITY), quiet)
    number = builder.add(digits, all_lanes(BIASES_APART))
    number = builder.select(builder.icmp_unsigned("<", size, all_lanes(LEAST_NORMAL)), tiny, number)
    number = builder.select(builder.icmp_unsigned(">=", size, all_lanes(INFINITE)), infinite, number)
    return builder.bitcast(builder.or_(number, sign), VECTOR)


def halves_of_floats(builder: ir.IRBuilder, vector: ir.Value) -> ir.Value:
    """Float32 as float16: a sum with 1/2, whose last place is that of the least numbers, rounds those."""
    bits = builder.bitcast(vector, INTEGERS)
    size, sign = (
        builder.and_(bits, all_lanes(0x7FFFFFFF)),
        builder.and_(builder.lshr(bits, all_lanes(16)), all_lanes(0x8000)),
    )
    rounded = builder.bitcast(builder.fadd(builder.bitcast(size, VECTOR), constant(0.5)), INTEGERS)
    tiny = builder.sub(rounded, builder.bitcast(constant(0.5), INTEGERS))
    is_odd = builder.and_(builder.lshr(size, all_lanes(MORE_DIGITS)), all_lanes(1))
    half_of_last = builder.add(is_odd, all_lanes((1 << MORE_DIGITS - 1) - 1))
    number = builder.lshr(builder.add(builder.sub(size, all_lanes(BIASES_APART)), half_of_last), all_lanes(MORE_DIGITS))
    kept = builder.and_(builder.lshr(size, all_lanes(MORE_DIGITS)), all_lanes(LEAST_NORMAL - 1))
    quiet = builder.or_(kept, all_lanes(INFINITE | DIGITS_OF_NAN))
    is_nan = builder.icmp_unsigned(">", size, all_lanes(OF_INFINITY))
    number = builder.select(builder.icmp_unsigned("<", size, all_lanes(OF_LEAST_NORMAL)), tiny, number)
    number = builder.select(builder.icmp_unsigned(">=", size, all_lanes(BEYOND_ALL)), all_lanes(INFINITE), number)
    number = builder.or_(builder.select(is_nan, quiet, number), sign)
    return builder.trunc(number, SHORTS_OF_HALVES)
