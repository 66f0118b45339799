"""The values of expressions."""

from __future__ import annotations

import ast
import builtins
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any

from llvmlite import ir
from numba.core import cgutils

from wincook.to_llvm.calls import inserted, named, own
from wincook.to_llvm.operators import binary, compared, unary
from wincook.to_llvm.values import (
    DOUBLE,
    INTEGER,
    Several,
    is_known,
    is_true,
    items_of,
    place_for,
    read_place,
    write_place,
)


class Expressions(ast.NodeVisitor):
    """Expressions of a function, by what its names stand for: variables in memory, and all that never changes.

    Visiting an expression gives its value.
    """

    def __init__(self, builder: ir.IRBuilder, names: dict[str, Any]) -> None:
        self.builder = builder
        self.names = names
        self.variables: dict[str, Any] = {}

    @abstractmethod
    def value_of_call(self, function: Any, arguments: list[Any], by_name: dict[str, Any]) -> Any:
        """What a function returns, after all that it does."""

    def generic_visit(self, node: ast.AST) -> Any:
        """Nothing that compiled code has.

        Raises:
            NotImplementedError: always.
        """
        raise NotImplementedError(f"compiled code has nothing like: {ast.unparse(node)}")

    def visit_Constant(self, node: ast.Constant) -> Any:
        """What is written out."""
        return node.value

    def visit_Name(self, node: ast.Name) -> Any:
        """What a variable holds, or what else a name stands for."""
        if node.id in self.variables:
            return read_place(self.builder, self.variables[node.id])
        return self.names[node.id] if node.id in self.names else getattr(builtins, node.id)

    def visit_Tuple(self, node: ast.Tuple) -> Any:
        """A tuple."""
        return Several(tuple(self.values(node.elts)))

    def visit_Attribute(self, node: ast.Attribute) -> Any:
        """An item of a named tuple."""
        return self.visit(node.value).field(node.attr)

    def visit_Subscript(self, node: ast.Subscript) -> Any:
        """An item of a tuple, or one of known numbers in memory that is never written."""
        owner, index = self.visit(node.value), self.visit(node.slice)
        if is_known(index):
            return items_of(owner)[index]
        items = items_of(owner)
        kind = DOUBLE if any(isinstance(item, float) for item in items) else INTEGER
        numbers = [kind(float(item) if kind == DOUBLE else int(item)) for item in items]
        table = cgutils.global_constant(self.builder, "numbers", ir.ArrayType(kind, len(numbers))(numbers))
        return self.builder.load(self.builder.gep(table, [index], source_etype=kind), typ=kind)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> Any:
        """The value of an operation on one value."""
        return unary(self.builder, type(node.op), self.visit(node.operand))

    def visit_BinOp(self, node: ast.BinOp) -> Any:
        """The value of an operation on two values."""
        return binary(self.builder, type(node.op), self.visit(node.left), self.visit(node.right))

    def visit_BoolOp(self, node: ast.BoolOp) -> Any:
        """`and` or `or`."""
        return self._joined(node.values, is_and=isinstance(node.op, ast.And))

    def visit_Compare(self, node: ast.Compare) -> Any:
        """The truth of all comparisons of neighbours."""
        values = self.values([node.left, *node.comparators])
        pairs = zip(node.ops, values[:-1], values[1:], strict=True)
        total: Any = True
        for truth in [compared(self.builder, type(op), a, b) for op, a, b in pairs]:
            total = truth if total is True else binary(self.builder, ast.BitAnd, total, truth)
        return total

    def visit_IfExp(self, node: ast.IfExp) -> Any:
        """One of two values."""
        truth = is_true(self.builder, self.visit(node.test))
        if is_known(truth):
            return self.visit(node.body if truth else node.orelse)
        with self.builder.if_else(truth) as (if_true, if_false):
            with if_true:
                value = self.visit(node.body)
                place = place_for(self.builder, value)
                write_place(self.builder, place, value)
            with if_false:
                write_place(self.builder, place, self.visit(node.orelse))
        return read_place(self.builder, place)

    def visit_Call(self, node: ast.Call) -> Any:
        """The value of a call: of a function that numba would compile, of an intrinsic, of a class of named tuples."""
        function, arguments = self.visit(node.func), self.values(node.args)
        by_name = {str(keyword.arg): self.visit(keyword.value) for keyword in node.keywords}
        if hasattr(function, "py_func"):
            return self.value_of_call(function.py_func, arguments, by_name)
        if hasattr(function, "_defn"):
            return inserted(self.builder, function._defn, arguments)  # noqa: SLF001 (numba has no other way)
        if hasattr(function, "_fields"):
            return named(function, arguments, by_name)
        return own(self.builder, function, arguments)

    def values(self, nodes: Iterable[ast.expr]) -> list[Any]:
        """The values of several expressions, and of all items of those with a star."""
        values: list[Any] = []
        for node in nodes:
            if isinstance(node, ast.Starred):
                values += items_of(self.visit(node.value))
            else:
                values.append(self.visit(node))
        return values

    def _joined(self, nodes: list[ast.expr], *, is_and: bool) -> Any:
        """What follows the first value is computed only if that does not decide; the result is of its type."""
        first, rest = self.visit(nodes[0]), nodes[1:]
        if not rest:
            return first
        truth = is_true(self.builder, first)
        if is_known(truth):
            return self._joined(rest, is_and=is_and) if truth == is_and else first
        place = place_for(self.builder, first)
        write_place(self.builder, place, first)
        with self.builder.if_then(truth if is_and else self.builder.not_(truth)):
            write_place(self.builder, place, self._joined(rest, is_and=is_and))
        return read_place(self.builder, place)
