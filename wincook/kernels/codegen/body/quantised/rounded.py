"""Floats as whole numbers of V.

    q = V f + z, rounded to the nearest whole number, ties to even, and held between LOWEST and HIGHEST

with a factor f for each product and channel, and a zero point z for each product. Not a number becomes LOWEST.
"""

from __future__ import annotations

from llvmlite import ir

from wincook.kernels.codegen.body.constants import HIGHEST, LANES, LOWEST
from wincook.kernels.codegen.body.lanes.finish import WITHOUT_FRACTIONS
from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, INTEGERS, broadcast, constant, fma, load
from wincook.kernels.codegen.body.quantised.dots import BITS

NUMBER = ir.IntType(BITS)  # of V


def quantised(builder: ir.IRBuilder, vector: ir.Value, line: ir.Value, lift: ir.Value) -> ir.Value:
    """LANES whole numbers, of a line of factors and one zero with WITHOUT_FRACTIONS: the last bits of the sum."""
    zero = broadcast(builder, builder.load(lift, typ=F32, align=BYTES))
    lifted = fma(builder, vector, load(builder, line), zero)
    low, high = (constant(WITHOUT_FRACTIONS + limit) for limit in (LOWEST, HIGHEST))
    lifted = builder.select(builder.fcmp_ordered(">", lifted, low), lifted, low)
    lifted = builder.select(builder.fcmp_ordered("<", lifted, high), lifted, high)
    return builder.trunc(builder.bitcast(lifted, INTEGERS), ir.VectorType(NUMBER, LANES))
