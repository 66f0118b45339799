"""Vectors of float32 in LLVM IR: loads, stores, fma, transposition, and programs over them.

All addresses are integers, so that one compiled signature serves every array.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.constants import LANES

I1, I8, I32, I64 = ir.IntType(1), ir.IntType(8), ir.IntType(32), ir.IntType(64)
F32 = ir.FloatType()
VECTOR = ir.VectorType(F32, LANES)
MASK = ir.VectorType(I1, LANES)
INTEGERS = ir.VectorType(I32, LANES)
BYTES = 4  # of one float32
QUAD = 4  # floats of 128 bits


def pointer(builder: ir.IRBuilder, address: ir.Value) -> ir.Value:
    """An integer address as a pointer."""
    return builder.inttoptr(address, ir.PointerType())


def at(builder: ir.IRBuilder, base: ir.Value, number: ir.Value | int, size: int = BYTES) -> ir.Value:
    """The pointer so many floats, or elements of another size, after `base`."""
    offset = ir.Constant(I64, number * size) if isinstance(number, int) else builder.mul(number, I64(size))
    return builder.gep(base, [offset], source_etype=I8)


def load(builder: ir.IRBuilder, place: ir.Value) -> ir.Value:
    """LANES floats from any address."""
    return builder.load(place, typ=VECTOR, align=BYTES)


def store(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value) -> None:
    """LANES floats to any address."""
    builder.store(vector, place, align=BYTES)


def broadcast(builder: ir.IRBuilder, scalar: ir.Value) -> ir.Value:
    """One number in every lane."""
    undefined = ir.Constant(ir.VectorType(scalar.type, LANES), ir.Undefined)
    first = builder.insert_element(undefined, scalar, I32(0))
    return builder.shuffle_vector(first, first, _indices([0] * LANES))


def constant(value: float) -> ir.Constant:
    """A float32 constant in every lane."""
    return ir.Constant(VECTOR, [value] * LANES)


def all_lanes(number: int) -> ir.Constant:
    """A whole number in every lane."""
    return ir.Constant(INTEGERS, [number] * LANES)


def fma(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
    """a · b + c in every lane, rounded once."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    return builder.call(cgutils.get_or_insert_function(builder.module, kind, f"llvm.fma.v{LANES}f32"), (a, b, c))


def prefetch(builder: ir.IRBuilder, place: ir.Value, *, to_write: bool = False) -> None:
    """Ask for the cache line at a place, to be read from L2 later, or to be written soon."""
    kind = ir.FunctionType(ir.VoidType(), [ir.PointerType(), I32, I32, I32])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0")
    builder.call(function, (place, I32(1), I32(3), I32(1)) if to_write else (place, I32(0), I32(2), I32(1)))


def first_lanes(builder: ir.IRBuilder, number: ir.Value) -> ir.Value:
    """A mask of the first `number` lanes, of those that there are."""
    limit = broadcast(builder, builder.trunc(number, I32))
    return builder.icmp_signed("<", _indices(list(range(LANES))), limit)


def masked_load(builder: ir.IRBuilder, place: ir.Value, mask: ir.Value) -> ir.Value:
    """Floats where the mask is set, zero elsewhere; nothing else is read."""
    kind = ir.FunctionType(VECTOR, [ir.PointerType(), I32, MASK, VECTOR])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.load.v{LANES}f32.p0")
    return builder.call(function, (place, I32(BYTES), mask, constant(0.0)))


def masked_store(builder: ir.IRBuilder, vector: ir.Value, place: ir.Value, mask: ir.Value) -> None:
    """Write the floats where the mask is set; nothing else is touched."""
    kind = ir.FunctionType(ir.VoidType(), [VECTOR, ir.PointerType(), I32, MASK])
    function = cgutils.get_or_insert_function(builder.module, kind, f"llvm.masked.store.v{LANES}f32.p0")
    builder.call(function, (vector, place, I32(BYTES), mask))


def transposed(builder: ir.IRBuilder, base: ir.Value) -> list[ir.Value]:
    """The columns of a square of LANES lines of LANES floats, one after another in memory.

    Quads of floats from every fourth line are read into one vector, so that no float leaves its 128 bits afterwards:
    two shuffles for each column, and the cheapest there are.
    """
    low, high = _in_each_quad([0, LANES, 1, LANES + 1]), _in_each_quad([2, LANES + 2, 3, LANES + 3])
    low_pairs, high_pairs = _in_each_quad([0, 1, LANES, LANES + 1]), _in_each_quad([2, 3, LANES + 2, LANES + 3])
    columns = []
    for first in range(0, LANES, QUAD):
        a, b, c, d = (_quads(builder, base, line, first) for line in range(QUAD))
        for shuffle in (low, high):
            ab, cd = builder.shuffle_vector(a, b, shuffle), builder.shuffle_vector(c, d, shuffle)
            columns += [builder.shuffle_vector(ab, cd, pairs) for pairs in (low_pairs, high_pairs)]
    return columns


def _quads(builder: ir.IRBuilder, base: ir.Value, line: int, first: int) -> ir.Value:
    """A vector of the quads at column `first` of a line and of every fourth one after it."""
    lanes = list(range(LANES))
    vector = ir.Constant(VECTOR, ir.Undefined)
    for start in range(0, LANES, QUAD):
        quad = builder.load(
            at(builder, base, (line + start) * LANES + first), typ=ir.VectorType(F32, QUAD), align=BYTES
        )
        whole = builder.shuffle_vector(quad, quad, _indices([lane % QUAD for lane in lanes]))
        chosen = [LANES + lane if start <= lane < start + QUAD else lane for lane in lanes]
        vector = builder.shuffle_vector(vector, whole, _indices(chosen))
    return vector


def _in_each_quad(indices: list[int]) -> ir.Constant:
    return _indices([quad + index for quad in range(0, LANES, QUAD) for index in indices])


def _indices(indices: list[int]) -> ir.Constant:
    return ir.Constant(ir.VectorType(I32, len(indices)), indices)


def run_program(builder: ir.IRBuilder, program: Any, inputs: list[ir.Value]) -> list[ir.Value]:
    """The operations of one straight-line program `(ops, outputs)`, in order, on vectors."""
    ops, outputs = program
    values = list(inputs)
    for op in ops:
        match op:
            case ("add", a, b):
                value = builder.fadd(values[a], values[b])
            case ("sub", a, b):
                value = builder.fsub(values[a], values[b])
            case ("neg", a):
                value = builder.fneg(values[a])
            case ("mul", a, factor):
                value = builder.fmul(values[a], constant(factor))
            case ("fma", a, factor, b):
                value = fma(builder, values[a], constant(factor), values[b])
            case _:
                raise ValueError(f"no operation of a program: {op}")
        values.append(value)
    return [values[output] for output in outputs]


def words_as(kind: Any, first: int) -> Any:
    """The intrinsic that reads integers of an array of int64, from number `first` on, as a named tuple."""

    @intrinsic
    def read(typingctx: Any, address: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            base = pointer(builder, arguments[0])
            places = [builder.gep(base, [I64(first + i)], source_etype=I64) for i in range(len(kind._fields))]
            words = [builder.load(place, typ=I64) for place in places]
            return context.make_tuple(builder, signature.return_type, words)

        return types.NamedUniTuple(types.int64, len(kind._fields), kind)(types.int64), generate

    return read


@intrinsic
def word(typingctx: Any, address: Any, number: Any) -> Any:
    """The integer of that number in an array of int64."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        address, number = arguments
        return builder.load(builder.gep(pointer(builder, address), [number], source_etype=I64), typ=I64)

    return types.int64(types.int64, types.int64), generate


@intrinsic
def take(typingctx: Any, address: Any, number: Any) -> Any:
    """The integer of that number in an array of int64, which grows by one for all threads at once."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        address, number = arguments
        place = builder.gep(pointer(builder, address), [number], source_etype=I64)
        return builder.atomic_rmw("add", place, I64(1), "monotonic")

    return types.int64(types.int64, types.int64), generate


@intrinsic
def call(typingctx: Any, function: Any, arguments: Any) -> Any:
    """Call a C function of integers by its address; they are given as a tuple.

    To numba, a C function that returns nothing returns a null pointer; some machines see to it that callers know that.
    """

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
        function, packed = values
        numbers = cgutils.unpack_tuple(builder, packed)
        kind = ir.FunctionType(ir.PointerType(), [I64] * len(numbers))
        builder.call(builder.inttoptr(function, kind.as_pointer()), numbers)
        return context.get_dummy_value()

    return types.void(types.int64, arguments), generate
