"""Sums of products rounded once, for machines that have no instruction for it: by float64, without a branch.

A product of float32 is exact in float64. The sum is rounded to odd: where it is inexact, to that of its two neighbours
whose last bit is 1. As float64 has more than two digits to spare, rounding that to float32 is rounding once (Boldo and
Melquiond, "Emulation of a FMA and correctly rounded sums", IEEE Transactions on Computers 57, 2008).
"""

from __future__ import annotations

import re

from llvmlite import binding, ir

_CALLED = re.compile(r"@llvm\.fma\.v(\d+)f32\b")
_NAMED = "fma_of_"


def with_fma(module: binding.ModuleRef) -> binding.ModuleRef:
    """The module with functions of its own in the place of LLVM's fma of vectors of float32."""
    text = str(module)
    lanes = sorted({int(number) for number in _CALLED.findall(text)})
    replaced = binding.parse_assembly(_CALLED.sub(rf"@{_NAMED}\1", text))
    for number in lanes:
        replaced.link_in(binding.parse_assembly(str(fma_module(number))))
        replaced.get_function(f"{_NAMED}{number}").linkage = binding.Linkage.internal
    return replaced


def fma_module(lanes: int) -> ir.Module:
    """LLVM of the function `fma_of_LANES`: a · b + c of vectors of so many float32."""
    narrow, wide = ir.VectorType(ir.FloatType(), lanes), ir.VectorType(ir.DoubleType(), lanes)
    bits = ir.VectorType(ir.IntType(64), lanes)
    module = ir.Module()
    function = ir.Function(module, ir.FunctionType(narrow, [narrow] * 3), f"{_NAMED}{lanes}")
    function.attributes.add("alwaysinline")
    builder = ir.IRBuilder(function.append_basic_block())
    a, b, c = (builder.fpext(value, wide) for value in function.args)
    product = builder.fmul(a, b)
    nearest = builder.fadd(product, c)
    added = builder.fsub(nearest, product)
    error = builder.fadd(builder.fsub(product, builder.fsub(nearest, added)), builder.fsub(c, added))  # Knuth's two-sum
    digits, one = builder.bitcast(nearest, bits), bits([1] * lanes)
    is_even = builder.icmp_unsigned("==", builder.and_(digits, one), bits([0] * lanes))
    is_inexact = builder.fcmp_ordered("!=", error, wide([0.0] * lanes))  # not so if anything is infinite or no number
    sides = builder.xor(builder.bitcast(error, bits), digits)
    outward = builder.or_(builder.ashr(sides, bits([63] * lanes)), one)  # 1, or -1 if the exact sum is nearer to 0
    odd = builder.select(builder.and_(is_even, is_inexact), builder.add(digits, outward), digits)
    builder.ret(builder.fptrunc(builder.bitcast(odd, wide), narrow))
    return module
