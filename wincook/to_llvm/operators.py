"""What Python's operators make of values: numbers round down when divided, as Python's do."""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir

from wincook.to_llvm.values import BOOLEAN, DOUBLE, INTEGER, converted, in_llvm, is_known, is_true

BINARY: dict[type[ast.AST], tuple[Callable[[Any, Any], Any], str, str]] = {  # of Python, of words, of reals
    ast.Add: (operator.add, "add", "fadd"),
    ast.Sub: (operator.sub, "sub", "fsub"),
    ast.Mult: (operator.mul, "mul", "fmul"),
    ast.Div: (operator.truediv, "", "fdiv"),
    ast.FloorDiv: (operator.floordiv, "", ""),
    ast.Mod: (operator.mod, "", ""),
    ast.BitAnd: (operator.and_, "and_", ""),
    ast.BitOr: (operator.or_, "or_", ""),
    ast.BitXor: (operator.xor, "xor", ""),
    ast.LShift: (operator.lshift, "shl", ""),
    ast.RShift: (operator.rshift, "ashr", ""),
}
COMPARED: dict[type[ast.AST], tuple[Callable[[Any, Any], Any], str]] = {
    ast.Eq: (operator.eq, "=="),
    ast.NotEq: (operator.ne, "!="),
    ast.Lt: (operator.lt, "<"),
    ast.LtE: (operator.le, "<="),
    ast.Gt: (operator.gt, ">"),
    ast.GtE: (operator.ge, ">="),
}


def binary(builder: ir.IRBuilder, kind: type[ast.AST], a: Any, b: Any) -> Any:
    """The value of an operation on two values.

    Raises:
        NotImplementedError: on values of such types.
    """
    if kind not in BINARY:
        raise NotImplementedError(f"compiled code has no {kind.__name__}")
    in_python, of_words, of_reals = BINARY[kind]
    if is_known(a) and is_known(b):
        return in_python(a, b)
    a, b = alike(builder, in_llvm(a), in_llvm(b))
    if a.type == DOUBLE and of_reals:
        return getattr(builder, of_reals)(a, b)
    if a.type == BOOLEAN and kind not in {ast.BitAnd, ast.BitOr, ast.BitXor}:
        a, b = converted(builder, a, INTEGER), converted(builder, b, INTEGER)
    if a.type in {INTEGER, BOOLEAN} and of_words:
        return getattr(builder, of_words)(a, b)
    if a.type == INTEGER and kind in {ast.FloorDiv, ast.Mod}:
        return _divided(builder, kind, a, b)
    raise NotImplementedError(f"compiled code has no {kind.__name__} of {a.type}")


def _divided(builder: ir.IRBuilder, kind: type[ast.AST], a: ir.Value, b: ir.Value) -> ir.Value:
    """Quotient or remainder, rounded down: LLVM rounds towards zero, so both change where the signs differ."""
    rest = builder.srem(a, b)
    is_inexact, differ = (
        builder.icmp_signed("!=", rest, INTEGER(0)),
        builder.icmp_signed("<", builder.xor(rest, b), INTEGER(0)),
    )
    is_above = builder.and_(is_inexact, differ)
    if kind is ast.Mod:
        return builder.add(rest, builder.select(is_above, b, INTEGER(0)))
    return builder.sub(builder.sdiv(a, b), builder.zext(is_above, INTEGER))


def compared(builder: ir.IRBuilder, kind: type[ast.AST], a: Any, b: Any) -> Any:
    """The truth value of a comparison of two values.

    Raises:
        NotImplementedError: of another kind than by size.
    """
    if kind not in COMPARED:
        raise NotImplementedError(f"compiled code has no comparison by {kind.__name__}")
    in_python, symbol = COMPARED[kind]
    if is_known(a) and is_known(b):
        return in_python(a, b)
    a, b = alike(builder, in_llvm(a), in_llvm(b))
    if a.type == DOUBLE:
        is_such = builder.fcmp_unordered if kind is ast.NotEq else builder.fcmp_ordered
        return is_such(symbol, a, b)
    return builder.icmp_unsigned(symbol, a, b) if a.type == BOOLEAN else builder.icmp_signed(symbol, a, b)


def unary(builder: ir.IRBuilder, kind: type[ast.AST], value: Any) -> Any:
    """The value of an operation on one value."""
    if kind is ast.Not:
        truth = is_true(builder, value)
        return builder.not_(truth) if isinstance(truth, ir.Value) else not truth
    if is_known(value):
        return -value if kind is ast.USub else ~value
    if kind is ast.USub and value.type == DOUBLE:
        return builder.fneg(value)
    number = converted(builder, value, INTEGER)
    return builder.neg(number) if kind is ast.USub else builder.not_(number)


def alike(builder: ir.IRBuilder, a: ir.Value, b: ir.Value) -> tuple[ir.Value, ir.Value]:
    """Two numbers as such of the wider type of both."""
    wider = next(kind for kind in (DOUBLE, INTEGER, BOOLEAN) if kind in {a.type, b.type})
    return converted(builder, a, wider), converted(builder, b, wider)
