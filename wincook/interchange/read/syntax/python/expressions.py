"""The value of a Python expression, as far as it is made of numbers, lists, arrays and functions that are known.

Nothing is executed: the tree of the expression is walked, and what is not known ends the walk. Arrays are numpy arrays
of exact cells, so that they broadcast and index as they do in the program.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from inspect import signature
from typing import Any

import numpy as np

from wincook.errors import DataError, quoted
from wincook.interchange.read.numbers.cell import literal
from wincook.interchange.read.numbers.element import is_number_type
from wincook.interchange.read.syntax.python.arrays import Arrays, Fill, TypeName, Value, kind_of
from wincook.interchange.read.syntax.python.calls import FILLS, FUNCTIONS, HARMLESS, METHODS

_DEEPEST = 40


class Evaluator:
    """Walks expressions; `names` are the values that are known, `aliases` what imports have renamed."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines
        self.names: dict[str, Value] = {}
        self.aliases: dict[str, str] = {}
        self.arrays = Arrays()
        self._depth = 0

    def value(self, node: ast.expr) -> Value:
        """The value of an expression.

        Raises:
            DataError: part of it is not understood; the message names that part.
        """
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                raise DataError("it is too deeply nested")
            return self._value(node)
        finally:
            self._depth -= 1

    def _value(self, node: ast.expr) -> Value:  # noqa: C901, PLR0911, PLR0912 (one case for each kind of node)
        match node:
            case ast.Constant(value=bool() | str() | None):
                return node.value
            case ast.Constant(value=int() | float()):
                return literal(self._text(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.arrays.negated(self.value(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return self.arrays.operated(operator, self.value(left), self.value(right))
            case ast.List(elts=elements):
                return [self.value(element) for element in elements]
            case ast.Tuple(elts=elements):
                return tuple(self.value(element) for element in elements)
            case ast.Name() | ast.Attribute() if dotted(node) in self.names:
                return self.names[dotted(node)]
            case ast.Attribute(value=inner, attr="T" | "mT"):
                return self.arrays.array(self.value(inner)).T
            case ast.Attribute(value=inner, attr="data"):
                return self.value(inner)
            case ast.Name() | ast.Attribute() if is_number_type(dotted(node).rsplit(".", maxsplit=1)[-1]):
                return TypeName(dotted(node))
            case ast.Subscript(value=inner, slice=index):
                return self._indexed(self.value(inner), index)
            case ast.Call():
                return self._called(node)
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node)
            case _:
                raise DataError(f"{self.shown(node)}, which is no number, list or array that is known")

    def shown(self, node: ast.AST) -> str:
        """The source of a node, for messages."""
        return quoted(ast.unparse(node), 40)

    def _text(self, node: ast.Constant) -> str:
        """The literal as it is written: a float64 has lost the digits."""
        line = self.lines[node.lineno - 1]
        return line[node.col_offset : node.end_col_offset].decode("ascii", "replace")

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Value:
        """`[[0] * 4 for _ in range(4)]`: lists that hold no data; any other is not understood."""
        if isinstance(node.elt, ast.Constant) or isinstance(self.value(node.elt), Fill):
            return Fill()
        raise DataError(f"{self.shown(node)}, which is a comprehension")

    def _indexed(self, value: Value, index: ast.expr) -> Value:
        if isinstance(value, Fill):
            return value
        if not isinstance(value, list | tuple | np.ndarray):
            raise DataError(f"an index of {kind_of(value)}")
        try:
            return value[self.index(index)]
        except (IndexError, TypeError, ValueError) as error:
            raise DataError(f"the index {self.shown(index)}, which does not fit") from error

    def index(self, index: ast.expr) -> Any:
        """What stands in brackets: a number, a slice, or several of these.

        Raises:
            DataError: it is not understood.
        """
        match index:
            case ast.Slice(lower=lower, upper=upper, step=step):
                return slice(*(None if part is None else self._integer(part) for part in (lower, upper, step)))
            case ast.Tuple(elts=elements):
                return tuple(self.index(element) for element in elements)
            case ast.Constant(value=None) | ast.Attribute(attr="newaxis") | ast.Name(id="newaxis"):
                return None
            case ast.Constant(value=value) if value is Ellipsis:
                return Ellipsis
            case _:
                return self._integer(index)

    def _integer(self, node: ast.expr) -> int:
        return self.arrays.integer(self.value(node))

    def _called(self, node: ast.Call) -> Value:
        name = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        last = self.aliases.get(name, name).rsplit(".", maxsplit=1)[-1]
        if last in FILLS:
            return Fill()
        receiver = self._receiver(node.func)
        if isinstance(receiver, Fill):
            return receiver
        function = FUNCTIONS.get(last) if receiver is None else METHODS.get(last)
        if function is None:
            raise DataError(f"{self.shown(node.func)}, which is not called here")
        values = [self.value(argument) for argument in node.args]
        words = {str(word.arg): self._word(word) for word in node.keywords if not _is_harmless(word)}
        arguments = [self.arrays, *([] if receiver is None else [receiver]), *values]
        try:
            signature(function).bind(*arguments, **words)
        except TypeError as error:
            raise DataError(f"{self.shown(node)}, which has other arguments than are read") from error
        return function(*arguments, **words)

    def _word(self, word: ast.keyword) -> Value:
        """An argument that is named; an element type may have any name."""
        if word.arg != "dtype":
            return self.value(word.value)
        try:
            return self.value(word.value)
        except DataError:
            return TypeName(dotted(word.value) or ast.unparse(word.value))

    def _receiver(self, function: ast.expr) -> Value:
        """The array that a method belongs to; None for a function, of a module or of none."""
        if not isinstance(function, ast.Attribute):
            return None
        try:
            receiver = self.value(function.value)
        except DataError:
            if dotted(function):
                return None
            raise
        return None if isinstance(receiver, TypeName) else receiver


def _is_harmless(word: ast.keyword) -> bool:
    usual_order = word.arg == "order" and isinstance(word.value, ast.Constant) and word.value.value in {"C", "K"}
    return word.arg in HARMLESS or usual_order


def dotted(node: ast.AST) -> str:
    """The name `a.b.c` of a node; empty if it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""
