"""Elements of x, y and a residual: read as vectors of float32, and written as what they are.

Numbers become bfloat16 as the processor's own instruction makes it: rounded to nearest, ties to even; what is smaller
than all normal numbers becomes zero.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.constants import FEATURES, ISA, LANES, LAYOUT, RESIDUAL_FORMAT, X_FORMAT, Y_FORMAT
from wincook.kernels.codegen.body.lanes.halves import HALF, HAS_HALVES, floats_of_halves, halves_of_floats
from wincook.kernels.codegen.body.lanes.vectors import F32, I1, I8, I32, INTEGERS, VECTOR, all_lanes, masked_load

I16 = ir.IntType(16)
ELEMENTS = {"float32": F32, "float16": HALF, "bfloat16": I16, "uint8": I8, "int8": I8}
ELEMENT_BYTES = {"float32": 4, "float16": 2, "bfloat16": 2, "uint8": 1, "int8": 1}  # bytes
BYTES_OF = {ELEMENTS[name]: size for name, size in ELEMENT_BYTES.items()}
X_BYTES, Y_BYTES, RESIDUAL_BYTES = ELEMENT_BYTES[X_FORMAT], ELEMENT_BYTES[Y_FORMAT], ELEMENT_BYTES[RESIDUAL_FORMAT]
STRIP_FORMAT = Y_FORMAT if LAYOUT == "NHWC" else "float32"  # of outputs in a strip: floats, where they are turned
STRIP_BYTES = ELEMENT_BYTES[STRIP_FORMAT]
ADDED_FORMAT = RESIDUAL_FORMAT if LAYOUT == "NHWC" else "float32"  # of a residual in a strip, likewise
ADDED_BYTES = ELEMENT_BYTES[ADDED_FORMAT]
ADDED_STEP = 4 // ADDED_BYTES  # elements of a residual in the place of a float, where a vector of them starts
ROUNDS_TO_BFLOAT16 = LANES == 16 and "avx512bf16" in FEATURES  # noqa: PLR2004 (a vector of AVX-512)
HAS_MASKS = ISA in {"avx512", "rvv"}  # for elements of any size; elsewhere masked ones are moved one by one
EXPONENT, SIGN, QUIET, HALF_OF_LAST = 0x7F800000, -0x80000000, 0x40, 0x7FFF  # bits of float32 and of bfloat16


class BFloat(ir.types._BaseFloatType):  # type: ignore[misc]  # noqa: SLF001 (llvmlite has no type for it)
    """LLVM's bfloat."""

    null = "0.0"
    intrinsic_name = "bf16"

    def __str__(self) -> str:
        return "bfloat"

    def format_constant(self, value: Any) -> str:
        """A number as LLVM reads it."""
        return str(value)


BFloat._create_instance()  # noqa: SLF001 (as llvmlite does for its own)


def vector_of(name: str) -> ir.VectorType:
    """A vector of LANES elements."""
    return ir.VectorType(ELEMENTS[name], LANES)


def read(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, name: str) -> ir.Value:
    """Elements as floats where the mask is set, zero elsewhere; nothing else is read."""
    return widened(builder, read_as_they_are(builder, place, mask, name), name)


def read_as_they_are(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, name: str) -> ir.Value:
    """The same, as elements."""
    if name == "float32":
        return masked_load(builder, place, mask)
    return read_masked(builder, place, mask, ir.Constant(vector_of(name), None))


def read_all(builder: ir.IRBuilder, place: ir.Value, name: str) -> ir.Value:
    """LANES elements from any address, as floats."""
    return widened(builder, builder.load(place, typ=vector_of(name), align=ELEMENT_BYTES[name]), name)


def read_masked(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value, others: ir.Value) -> ir.Value:
    """Elements where the mask is set, others elsewhere; nothing else is read."""
    kind, align = others.type, BYTES_OF[others.type.element]
    signature = ir.FunctionType(kind, [ir.PointerType(), I32, mask.type, kind])
    name = f"llvm.masked.load.v{kind.count}{kind.element.intrinsic_name}.p0"
    function = cgutils.get_or_insert_function(builder.module, signature, name)
    if HAS_MASKS:
        return builder.call(function, (place, I32(align), mask, others))
    with builder.if_else(_is_whole(builder, mask)) as (whole, part):
        with whole:
            every, block_of_every = builder.load(place, typ=kind, align=align), builder.block
        with part:
            several, block_of_several = builder.call(function, (place, I32(align), mask, others)), builder.block
    elements = builder.phi(kind)
    elements.add_incoming(every, block_of_every)
    elements.add_incoming(several, block_of_several)
    return elements


def write(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value, name: str) -> None:
    """LANES floats to any address, as elements."""
    builder.store(narrowed(builder, vector, name), place, align=ELEMENT_BYTES[name])


def write_masked(builder: ir.IRBuilder, elements: ir.Value, place: ir.Value, mask: ir.Value) -> None:
    """Write elements where the mask is set; nothing else is touched."""
    kind, align = elements.type, BYTES_OF[elements.type.element]
    signature = ir.FunctionType(ir.VoidType(), [kind, ir.PointerType(), I32, mask.type])
    name = f"llvm.masked.store.v{kind.count}{kind.element.intrinsic_name}.p0"
    function = cgutils.get_or_insert_function(builder.module, signature, name)
    if HAS_MASKS or kind.element is F32:
        builder.call(function, (elements, place, I32(align), mask))
        return
    with builder.if_else(_is_whole(builder, mask)) as (whole, part):
        with whole:
            builder.store(elements, place, align=align)
        with part:
            builder.call(function, (elements, place, I32(align), mask))


def _is_whole(builder: ir.IRBuilder, mask: ir.Value) -> ir.Value:
    """Whether all of a mask is set."""
    kind = ir.FunctionType(I1, [mask.type])
    name = f"llvm.vector.reduce.and.v{mask.type.count}i1"
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [mask])


def widened(builder: ir.IRBuilder, elements: ir.Value, name: str) -> ir.Value:
    """Elements as floats, which hold them all."""
    match name:
        case "float16":
            return builder.fpext(elements, VECTOR) if HAS_HALVES else floats_of_halves(builder, elements)
        case "bfloat16":
            return builder.bitcast(builder.shl(builder.zext(elements, INTEGERS), all_lanes(16)), VECTOR)
        case "uint8":
            return builder.uitofp(elements, VECTOR)
        case "int8":
            return builder.sitofp(elements, VECTOR)
    return elements


def narrowed(builder: ir.IRBuilder, vector: ir.Value, name: str) -> ir.Value:
    """Floats as elements: rounded, or whole numbers that the elements hold."""
    match name:
        case "float16":
            return builder.fptrunc(vector, vector_of(name)) if HAS_HALVES else halves_of_floats(builder, vector)
        case "bfloat16":
            return rounded_to_bfloat16(builder, vector)
        case "uint8":
            return builder.fptoui(vector, vector_of(name))
        case "int8":
            return builder.fptosi(vector, vector_of(name))
    return vector


def rounded_to_bfloat16(builder: ir.IRBuilder, vector: ir.Value) -> ir.Value:
    """The bits of bfloat16 numbers: by one instruction, or with its results."""
    if ROUNDS_TO_BFLOAT16:
        kind = ir.FunctionType(ir.VectorType(BFloat(), LANES), [VECTOR])
        name = "llvm.x86.avx512bf16.cvtneps2bf16.512"
        rounded = builder.call(cgutils.get_or_insert_function(builder.module, kind, name), [vector])
        return builder.bitcast(rounded, vector_of("bfloat16"))
    bits = flushed(builder, builder.bitcast(vector, INTEGERS))
    is_odd = builder.and_(builder.lshr(bits, all_lanes(16)), all_lanes(1))
    nearest = builder.lshr(builder.add(bits, builder.add(is_odd, all_lanes(HALF_OF_LAST))), all_lanes(16))
    quiet = builder.or_(builder.lshr(bits, all_lanes(16)), all_lanes(QUIET))
    is_nan = builder.fcmp_unordered("uno", vector, vector)
    return builder.trunc(builder.select(is_nan, quiet, nearest), vector_of("bfloat16"))


def flushed(builder: ir.IRBuilder, bits: ir.Value) -> ir.Value:
    """Bits of floats, zeros with their sign in place of numbers smaller than all normal ones."""
    is_tiny = builder.icmp_unsigned("==", builder.and_(bits, all_lanes(EXPONENT)), all_lanes(0))
    return builder.select(is_tiny, builder.and_(bits, all_lanes(SIGN)), bits)
