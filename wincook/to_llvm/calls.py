"""Calls of what is not written in Python: its own functions of numbers, named tuples, and intrinsics."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import reduce
from inspect import signature
from typing import Any

from llvmlite import ir
from numba import types

from wincook.to_llvm.operators import alike, binary, compared
from wincook.to_llvm.values import (
    BOOLEAN,
    DOUBLE,
    INTEGER,
    Several,
    converted,
    for_intrinsic,
    from_intrinsic,
    in_llvm,
    is_known,
    items_of,
    numba_type_of,
)

TYPES: dict[Any, ir.Type] = {bool: BOOLEAN, int: INTEGER, float: DOUBLE}


class Asked:
    """What intrinsics ask of numba while they write."""

    @staticmethod
    def get_dummy_value() -> None:
        """What stands for nothing."""

    @staticmethod
    def make_tuple(builder: ir.IRBuilder, _kind: Any, values: list[ir.Value]) -> ir.Value:
        """Numbers as one value."""
        return for_intrinsic(builder, Several(tuple(values)))


def inserted(builder: ir.IRBuilder, intrinsic: Callable[..., Any], arguments: list[Any]) -> Any:
    """The value of an intrinsic, as it is defined, which writes its LLVM here."""
    called, generate = intrinsic(None, *map(numba_type_of, arguments))
    values = [for_intrinsic(builder, value) for value in arguments]
    values = [
        converted(builder, value, ir.FloatType()) if kind is types.float32 else value
        for value, kind in zip(values, called.args, strict=True)
    ]
    return from_intrinsic(builder, generate(Asked, builder, called, values), called.return_type)


def named(kind: Any, arguments: list[Any], by_name: dict[str, Any]) -> Several:
    """A named tuple."""
    bound = signature(kind).bind(*arguments, **by_name)
    bound.apply_defaults()
    return Several(bound.args, kind)


def own(builder: ir.IRBuilder, function: Any, arguments: list[Any]) -> Any:
    """The value of one of Python's own functions.

    Raises:
        NotImplementedError: a function that compiled code has no use for.
    """
    if all(map(is_known, arguments)):
        return function(*arguments)
    if function in {min, max}:
        return reduce(lambda a, b: _extreme(builder, function, a, b), arguments)
    (value,) = arguments
    if function is len:
        return len(items_of(value))
    if function is sum:
        return reduce(lambda a, b: binary(builder, ast.Add, a, b), items_of(value), 0)
    if function in TYPES:
        return converted(builder, value, TYPES[function])
    raise NotImplementedError(f"compiled code has no {function!r}")


def _extreme(builder: ir.IRBuilder, function: Any, a: Any, b: Any) -> Any:
    """The smaller or the larger one of two numbers, the first where they are equal."""
    if is_known(a) and is_known(b):
        return function(a, b)
    a, b = alike(builder, in_llvm(a), in_llvm(b))
    return builder.select(compared(builder, ast.Lt if function is min else ast.Gt, b, a), b, a)
