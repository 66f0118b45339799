"""The entry points of a library: each calls its function of the best variant that the processor can run.

The first argument of every entry point is the address of a structure whose first word names a variant by its level, or
is 0 for the best. What the processor can run is asked once and kept; threads that ask at once find the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import ir
from numba.core import cgutils

from wincook.kernels.codegen.body.exported.sizes import ARGUMENT, NO_IMPLEMENTATION

ABI_VERSION = 1

_WORD, _STATUS = ir.IntType(64), ir.IntType(32)
_LEVEL = ir.FunctionType(_STATUS, [])


@dataclass(frozen=True, slots=True)
class EntryPoint:
    """One function that C calls: its name, how many words it is given, and what it calls.

    For each variant, the best first: its level, and the name of the function.
    """

    name: str
    words: int
    variants: tuple[tuple[int, str], ...]


def entry_points(name: str, entries: list[EntryPoint], *, asks: bool) -> ir.Module:
    """LLVM of the entry points of a library, whose symbols start with a name.

    Args:
        name: of the library.
        entries: what C calls.
        asks: whether a function `level` says which level the processor has; else it is the lowest.
    """
    module = ir.Module(name)
    version = _defined(module, f"{name}_abi_version", _LEVEL)
    version.ret(_STATUS(ABI_VERSION))
    level = _level(module, asks=asks)
    for entry in entries:
        kind = ir.FunctionType(_STATUS, [_WORD] * entry.words)
        builder = _defined(module, entry.name, kind)
        arguments = builder.function.args
        with builder.if_then(builder.icmp_unsigned("==", arguments[0], _WORD(0))):
            builder.ret(_STATUS(ARGUMENT))
        wanted = builder.load(builder.inttoptr(arguments[0], ir.PointerType()), typ=_WORD)
        is_any, has = builder.icmp_unsigned("==", wanted, _WORD(0)), builder.call(level, [])
        for least, function in entry.variants:
            is_wanted = builder.or_(is_any, builder.icmp_unsigned("==", wanted, _WORD(least)))
            can_run = builder.icmp_unsigned(">=", has, _STATUS(least))
            with builder.if_then(builder.and_(is_wanted, can_run)):
                builder.ret(builder.call(cgutils.get_or_insert_function(module, kind, function), arguments))
        builder.ret(_STATUS(NO_IMPLEMENTATION))
    return module


def _level(module: ir.Module, *, asks: bool) -> ir.Function:
    """The level of the processor, which is 0 in memory until it was asked."""
    builder = _defined(module, "known_level", _LEVEL)
    builder.function.linkage = "internal"
    if not asks:
        builder.ret(_STATUS(1))
        return builder.function
    kept = ir.GlobalVariable(module, _STATUS, "kept_level")
    kept.linkage, kept.initializer = "internal", _STATUS(0)
    before = builder.load_atomic(kept, "monotonic", 4, typ=_STATUS)
    with builder.if_then(builder.icmp_unsigned("==", before, _STATUS(0))):
        asked = builder.call(ir.Function(module, _LEVEL, "level"), [])
        builder.store_atomic(asked, kept, "monotonic", 4)
        builder.ret(asked)
    builder.ret(before)
    return builder.function


def _defined(module: ir.Module, name: str, kind: ir.FunctionType) -> ir.IRBuilder:
    return ir.IRBuilder(ir.Function(module, kind, name).append_basic_block())
