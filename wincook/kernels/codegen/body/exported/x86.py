"""Which level of x86-64 a processor has, by its own account and that of the system."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from wincook.kernels.codegen.body.exported.words import exported
from wincook.kernels.codegen.body.lanes.vectors import I32, I64

# Bits of what `cpuid` and `xgetbv` say: the extensions of each level, and registers that the system saves.
FMA, MOVBE, OSXSAVE, AVX, F16C = 1 << 12, 1 << 22, 1 << 27, 1 << 28, 1 << 29  # leaf 1, ecx
BMI1, AVX2, BMI2 = 1 << 3, 1 << 5, 1 << 8  # leaf 7, ebx
AVX512F, AVX512DQ, AVX512CD, AVX512BW, AVX512VL = 1 << 16, 1 << 17, 1 << 28, 1 << 30, 1 << 31  # leaf 7, ebx
AVX512_VNNI, AVX512_BF16 = 1 << 11, 1 << 5  # leaf 7: ecx; eax of subleaf 1
LZCNT = 1 << 5  # leaf 0x80000001, ecx
SAVED_YMM, SAVED_ZMM = 0x06, 0xE6
OF_LEAF_1 = FMA | MOVBE | OSXSAVE | AVX | F16C
OF_LEAF_7 = BMI1 | AVX2 | BMI2
OF_LEVEL_4 = AVX512F | AVX512DQ | AVX512CD | AVX512BW | AVX512VL
EXTENDED = 0x80000001
A, B, C, D = range(4)


@intrinsic
def cpuid(typingctx: Any, leaf: Any, subleaf: Any) -> Any:
    """The four registers that the instruction fills."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        words = ir.LiteralStructType([I32] * 4)
        kind = ir.FunctionType(words, [I32, I32])
        constraint = "={eax},={ebx},={ecx},={edx},{eax},{ecx},~{dirflag},~{fpsr},~{flags}"
        asked = [builder.trunc(number, I32) for number in arguments]
        filled = builder.call(ir.InlineAsm(kind, "cpuid", constraint, side_effect=True), asked)
        values = [builder.zext(builder.extract_value(filled, i), I64) for i in range(4)]
        return context.make_tuple(builder, signature.return_type, values)

    return types.UniTuple(types.int64, 4)(types.int64, types.int64), generate


@intrinsic
def saved_registers(typingctx: Any) -> Any:
    """The kinds of registers that the system saves, as bits."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        kind = ir.FunctionType(ir.LiteralStructType([I32] * 2), [I32])
        assembly = ir.InlineAsm(kind, "xgetbv", "={eax},={edx},{ecx}", side_effect=True)
        return builder.zext(builder.extract_value(builder.call(assembly, [I32(0)]), 0), I64)

    return types.int64(), generate


@njit(inline="always", error_model="numpy")
def has(bits: int, wanted: int) -> bool:
    """Whether all bits are set."""
    return bits & wanted == wanted


@exported()
def level() -> int:
    """1, 3 or 4, as in x86-64-v4, or 5 with dot products of narrow numbers."""
    if cpuid(0, 0)[A] < 7 or cpuid(EXTENDED - 1, 0)[A] < EXTENDED or not has(cpuid(1, 0)[C], OF_LEAF_1):  # noqa: PLR2004
        return 1
    if not has(saved_registers(), SAVED_YMM) or not has(cpuid(EXTENDED, 0)[C], LZCNT):
        return 1
    if not has(cpuid(7, 0)[B], OF_LEAF_7):
        return 1
    if not has(saved_registers(), SAVED_ZMM) or not has(cpuid(7, 0)[B], OF_LEVEL_4):
        return 3
    # Where leaf 7 has but one subleaf, others are zeros.
    return 5 if has(cpuid(7, 0)[C], AVX512_VNNI) and has(cpuid(7, 1)[A], AVX512_BF16) else 4
