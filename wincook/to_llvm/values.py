"""What an expression is while it is written: a Python value that is known, an LLVM value, or a tuple of such."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils

INTEGER, BOOLEAN, DOUBLE = ir.IntType(64), ir.IntType(1), ir.DoubleType()
NUMBA_TYPES = {INTEGER: types.int64, BOOLEAN: types.boolean, DOUBLE: types.float64}


@dataclass(frozen=True, slots=True)
class Several:
    """The items of a tuple, and the class of a named one. Those of a variable are places in memory."""

    items: tuple[Any, ...]
    kind: Any = None

    def field(self, name: str) -> Any:
        """An item by its name."""
        return self.items[self.kind._fields.index(name)]


def is_known(value: Any) -> bool:
    """Whether a value is one of Python."""
    return not isinstance(value, ir.Value | Several)


def items_of(value: Any) -> tuple[Any, ...]:
    """The items of a tuple."""
    return value.items if isinstance(value, Several) else tuple(value)


def in_llvm(value: Any) -> Any:
    """A value with all numbers as those of LLVM.

    Raises:
        NotImplementedError: LLVM has no such value.
    """
    match value:
        case ir.Value():
            return value
        case Several(items, kind):
            return Several(tuple(map(in_llvm, items)), kind)
        case tuple():
            return Several(tuple(map(in_llvm, value)))
        case bool():
            return BOOLEAN(value)
        case int():
            return INTEGER(value)
        case float():
            return DOUBLE(value)
    raise NotImplementedError(f"{value!r} is no value of compiled code")


def converted(builder: ir.IRBuilder, value: ir.Value, wanted: ir.Type) -> ir.Value:
    """A number or a truth value as one of another type.

    Raises:
        NotImplementedError: a float64 as an integer, or a number of another type than Python has.
    """
    if value.type == wanted:
        return value
    if wanted == BOOLEAN:
        return is_true(builder, value)
    if value.type == DOUBLE and wanted == INTEGER:
        raise NotImplementedError("compiled code has no float64 as an integer")
    if value.type == DOUBLE:
        return builder.fptrunc(value, wanted)
    if value.type not in {BOOLEAN, INTEGER}:
        raise NotImplementedError(f"compiled code does not compute with {value.type}, but for what intrinsics do")
    return builder.zext(value, wanted) if value.type == BOOLEAN else builder.sitofp(value, wanted)


def is_true(builder: ir.IRBuilder, value: Any) -> Any:
    """Whether a value counts as true: known, or of LLVM."""
    if not isinstance(value, ir.Value):
        return bool(value.items) if isinstance(value, Several) else bool(value)
    if value.type == BOOLEAN:
        return value
    is_other = builder.fcmp_unordered if value.type == DOUBLE else builder.icmp_signed
    return is_other("!=", value, value.type(0))


def place_for(builder: ir.IRBuilder, value: Any) -> Any:
    """Memory for a value and others like it."""
    value = in_llvm(value)
    if isinstance(value, Several):
        return Several(tuple(place_for(builder, item) for item in value.items), value.kind)
    return cgutils.alloca_once(builder, value.type)


def write_place(builder: ir.IRBuilder, place: Any, value: Any) -> None:
    """Put a value into memory that was made for one like it."""
    value = in_llvm(value)
    if not isinstance(place, Several):
        builder.store(converted(builder, value, place.allocated_type), place)
        return
    for item, inner in zip(value.items, place.items, strict=True):
        write_place(builder, inner, item)


def read_place(builder: ir.IRBuilder, place: Any) -> Any:
    """The value in memory."""
    if isinstance(place, Several):
        return Several(tuple(read_place(builder, item) for item in place.items), place.kind)
    return builder.load(place, typ=place.allocated_type)


def for_intrinsic(builder: ir.IRBuilder, value: Any) -> ir.Value:
    """A value as intrinsics take it: tuples as arrays where their items are alike, else as structures."""
    value = in_llvm(value)
    if not isinstance(value, Several):
        return value
    items = [for_intrinsic(builder, item) for item in value.items]
    kinds = [item.type for item in items]
    is_array = bool(kinds) and all(kind == kinds[0] for kind in kinds)
    whole = ir.ArrayType(kinds[0], len(kinds)) if is_array else ir.LiteralStructType(kinds)
    return cgutils.pack_struct(builder, items) if not is_array else cgutils.pack_array(builder, items, whole.element)


def from_intrinsic(builder: ir.IRBuilder, value: ir.Value, numba_type: Any) -> Any:
    """What an intrinsic gives: a tuple of numbers, or anything else."""
    if not isinstance(numba_type, types.BaseTuple):
        return value
    kind = getattr(numba_type, "instance_class", None)
    return Several(tuple(cgutils.unpack_tuple(builder, value, len(numba_type))), kind)


def numba_type_of(value: Any) -> Any:
    """What numba calls the type of a value."""
    value = in_llvm(value)
    if isinstance(value, Several):
        return types.Tuple(tuple(map(numba_type_of, value.items)))
    return NUMBA_TYPES[value.type]
