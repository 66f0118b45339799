"""Words of 64 bits in memory, and functions by their names: what the functions for C are told, and what they call."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.lanes.vectors import BYTES, F32, I32, I64, pointer

ALIGNMENT = 64  # bytes: a cache line, and the widest vector
WORD = 8  # bytes


class Exported(NamedTuple):
    """A function that becomes machine code outside of this process."""

    function: Any
    arguments: tuple[Any, ...]
    returns: Any


def exported(*arguments: Any, returns: Any = types.int32) -> Callable[[Any], Exported]:
    """A function that C calls, and that returns a status if nothing else is said."""
    return lambda function: Exported(function, arguments, returns)


@intrinsic
def put_words(typingctx: Any, address: Any, number: Any, values: Any) -> Any:
    """Write a tuple of integers to an array of int64, from that number on."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        address, number, packed = arguments
        first = builder.gep(pointer(builder, address), [number], source_etype=I64)
        for i, value in enumerate(cgutils.unpack_tuple(builder, packed)):
            builder.store(value, builder.gep(first, [I64(i)], source_etype=I64))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, values), generate


@intrinsic
def address_in(typingctx: Any, words: Any, number: Any) -> Any:
    """The address that a pointer in a word of an array holds: half of the word, where addresses have 32 bits."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        words, number = arguments
        place = builder.gep(pointer(builder, words), [number], source_etype=I64)
        return builder.ptrtoint(builder.load(place, typ=ir.PointerType()), I64)

    return types.int64(types.int64, types.int64), generate


@intrinsic
def copy_float(typingctx: Any, source: Any, target: Any) -> Any:
    """Copy one float32 from any address to any other."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments)
        builder.store(builder.load(source, typ=F32, align=BYTES), target, align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@intrinsic
def copy_product(typingctx: Any, source: Any, target: Any, factor: Any) -> Any:
    """Copy one float32 times a factor."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments[:2])
        product = builder.fmul(builder.load(source, typ=F32, align=BYTES), arguments[2])
        builder.store(product, target, align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.float32), generate


@intrinsic
def put_float(typingctx: Any, target: Any, value: Any) -> Any:
    """Write one float32 to any address."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        builder.store(arguments[1], pointer(builder, arguments[0]), align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.float32), generate


@intrinsic
def put_integer(typingctx: Any, target: Any, value: Any) -> Any:
    """Write one whole number of 32 bits to any address."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        target, value = arguments
        builder.store(builder.trunc(value, I32), pointer(builder, target), align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@intrinsic
def add_float(typingctx: Any, source: Any, target: Any) -> Any:
    """Add one float32 at any address to that at another."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        source, target = (pointer(builder, address) for address in arguments)
        total = builder.fadd(builder.load(target, typ=F32, align=BYTES), builder.load(source, typ=F32, align=BYTES))
        builder.store(total, target, align=BYTES)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), generate


@njit(inline="always", error_model="numpy")
def copy_below(source: int, target: int, number: int, end: int) -> None:
    """Copy float `number` of some, or write zero if it lies at the end or behind it."""
    if number < end:
        copy_float(source, target)
    else:
        put_float(target, 0.0)


def room(words: int) -> Any:
    """The intrinsic that gives the address of so many words on the stack, from a cache line on."""

    @intrinsic
    def take_room(typingctx: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            place = cgutils.alloca_once(builder, ir.ArrayType(I64, words))
            place.align = ALIGNMENT
            return builder.ptrtoint(place, I64)

        return types.int64(), generate

    return take_room


def address_of(name: str) -> Any:
    """The intrinsic that gives the address of another function of this module."""

    @intrinsic
    def address(typingctx: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            return builder.ptrtoint(_declared(builder, name), I64)

        return types.int64(), generate

    return address


def status_of(name: str, words: int) -> Any:
    """The intrinsic that calls another function of this module, of so many words, for its status."""

    @intrinsic
    def call_for_status(typingctx: Any, arguments: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, values: Any) -> ir.Value:
            kind = ir.FunctionType(I32, [I64] * words)
            function = cgutils.get_or_insert_function(builder.module, kind, name)
            return builder.sext(builder.call(function, cgutils.unpack_tuple(builder, values[0])), I64)

        return types.int64(arguments), generate

    return call_for_status


def put_addresses(stem: str, number: int) -> Any:
    """The intrinsic that writes the addresses of the functions `stem_1` to `stem_number` to an array of int64."""

    @intrinsic
    def put_all(typingctx: Any, target: Any) -> Any:
        def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
            words = pointer(builder, arguments[0])
            for rows in range(1, number + 1):
                address = builder.ptrtoint(_declared(builder, f"{stem}_{rows}"), I64)
                builder.store(address, builder.gep(words, [I64(rows - 1)], source_etype=I64))
            return context.get_dummy_value()

        return types.void(types.int64), generate

    return put_all


def _declared(builder: ir.IRBuilder, name: str) -> ir.Value:
    """A function that is defined elsewhere; callers by address know its arguments."""
    return cgutils.get_or_insert_function(builder.module, ir.FunctionType(ir.VoidType(), []), name)
