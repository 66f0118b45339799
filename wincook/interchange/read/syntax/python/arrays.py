"""Arrays of exact cells with the arithmetic of numpy, of lists, and of matrices, within a budget of operations."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from operator import add, floordiv, mul, sub, truediv
from typing import Any

import numpy as np

from wincook.errors import DataError, quoted
from wincook.interchange.read.numbers.cell import Cell, Grid, cells, grid
from wincook.interchange.read.numbers.element import integer_type, is_floating, narrow_format, rounding_remark

Value = Any  # a Cell, an array of cells, a list or tuple of values, a Fill, a TypeName, a text, None or a bool

_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: add,
    ast.Sub: sub,
    ast.Mult: mul,
    ast.Div: truediv,
    ast.FloorDiv: floordiv,
    ast.Pow: pow,
}
_MOST_ENTRIES = 1 << 16  # of an array
_MOST_OPERATIONS = 1 << 18  # on entries, in a file
_PRICE_OF_ROOTS = 30
_MOST_DECIMALS = 30
_SIDES = 2  # rows and columns
_WORD_SIZES = {"int": "int64", "int_": "int64", **{f"i{size}": f"int{8 * size}" for size in (1, 2, 4, 8)}}
_WORD_SIZES |= {f"u{size}": f"uint{8 * size}" for size in (1, 2, 4, 8)}  # numpy counts bytes
_WORD_SIZES |= {"b": "int8", "h": "int16", "i": "int32", "l": "int64", "q": "int64"}
_WORD_SIZES |= {"B": "uint8", "H": "uint16", "I": "uint32", "L": "uint64", "Q": "uint64", "uint": "uint64"}
_FLOATING_CODES = {"e", "f", "d", "g"}


class Fill:
    """An array that is made of a shape: it holds no data of its own."""


@dataclass(frozen=True, slots=True)
class TypeName:
    """The name of an element type."""

    name: str


class Matrix(np.ndarray):
    """An array whose product * is that of matrices, as numpy's matrix and sympy's Matrix have it."""


@dataclass(slots=True)
class Arrays:
    """The operations; `remarks` say what was assumed of the values that they gave."""

    remarks: list[str] = field(default_factory=list)
    operations: int = 0

    def array(self, value: Value) -> Grid:
        """A value as an array.

        Raises:
            DataError: it is none.
        """
        if isinstance(value, np.ndarray):
            return value
        if isinstance(value, list | tuple | Cell):
            return self.sized(grid(listed(value)))
        raise DataError(f"{kind_of(value)} where an array should be")

    def number(self, value: Value) -> Cell:
        """A value as a number.

        Raises:
            DataError: it is none.
        """
        if isinstance(value, bool):
            return Cell(int(value))
        if not isinstance(value, Cell):
            raise DataError(f"{kind_of(value)} where a number should be")
        return value

    def integer(self, value: Value) -> int:
        """A value as a whole number.

        Raises:
            DataError: it is none.
        """
        number = self.number(value).value
        if not isinstance(number, int):
            raise DataError(f"{quoted(str(number))} where a whole number should be")
        return number

    def sized(self, array: Grid) -> Grid:
        """The array itself.

        Raises:
            DataError: it is too large.
        """
        if array.size > _MOST_ENTRIES:
            raise DataError(f"an array of {array.size} numbers; at most {_MOST_ENTRIES} are read")
        return array

    def each(self, function: Callable[[Cell], Cell], value: Value, price: int = 1) -> Value:
        """A function of every entry."""
        if isinstance(value, Cell):
            self._spend(price)
            return function(value)
        array = self.array(value)
        self._spend(price * array.size, array)
        return np.frompyfunc(function, 1, 1)(array)

    def negated(self, value: Value) -> Value:
        """The value with the other sign."""
        return self.each(Cell.__neg__, self.number(value) if isinstance(value, bool) else value)

    def root(self, value: Value) -> Value:
        """The square root of every entry."""
        return self.each(Cell.root, value, _PRICE_OF_ROOTS)

    def operated(self, operator: ast.operator, left: Value, right: Value) -> Value:
        """The value of `left operator right`.

        Raises:
            DataError: Python has no such operation, or the arrays do not fit.
        """
        if isinstance(left, Fill) or isinstance(right, Fill):
            return Fill()
        if isinstance(left, list) or isinstance(right, list):
            if not (isinstance(left, np.ndarray) or isinstance(right, np.ndarray)):
                return self._lists(operator, left, right)
            left, right = self.array(left), self.array(right)  # numpy takes a list beside an array for one
        matrices = isinstance(left, Matrix) and isinstance(right, Matrix)
        if isinstance(operator, ast.MatMult) or (matrices and isinstance(operator, ast.Mult)):
            return self.product(left, right)
        function = _OPERATORS.get(type(operator))
        if function is None:
            raise DataError(f"the operator {type(operator).__name__}")
        a, b = (
            value if isinstance(value, np.ndarray) else np.asarray(self.number(value), object)
            for value in (left, right)
        )
        try:
            size = np.broadcast(a, b).size
        except ValueError as error:
            raise DataError(f"arrays of the shapes {a.shape} and {b.shape}, which do not fit") from error
        if size > _MOST_ENTRIES:
            raise DataError(f"an array of {size} numbers; at most {_MOST_ENTRIES} are read")
        self._spend(size, a, b)
        return function(a, b)

    def product(self, left: Value, right: Value) -> Value:
        """The product of matrices.

        Raises:
            DataError: their shapes do not fit.
        """
        a, b = self.array(left), self.array(right)
        if not (1 <= a.ndim <= _SIDES and 1 <= b.ndim <= _SIDES) or a.shape[-1] != b.shape[0] or not a.shape[-1]:
            raise DataError(f"a product of arrays of the shapes {a.shape} and {b.shape}")
        self._spend(a.size * (b.shape[1] if b.ndim > 1 else 1), a, b)
        return np.dot(a, b)

    def reshaped(self, value: Value, shape: Sequence[Value]) -> Grid:
        """An array in another shape."""
        array = self.array(value)
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], list | tuple) else shape
        lengths = tuple(map(self.integer, sizes))
        try:
            return array.reshape(lengths)
        except ValueError as error:
            raise DataError(f"{array.size} numbers in the shape {lengths}") from error

    def joined(self, join: Callable[[Any], Grid], values: Value) -> Grid:
        """Arrays stacked or joined."""
        if not isinstance(values, list | tuple) or not values:
            raise DataError(f"{kind_of(values)} where arrays should be that are joined")
        try:
            return self.sized(join([self.array(value) for value in values]))
        except ValueError as error:
            raise DataError("arrays of shapes that do not fit are joined") from error

    def rounded(self, value: Value, decimals: Value) -> Value:
        """To so many decimals, and to the even one of two that are as near."""
        digits = self.integer(decimals)
        if abs(digits) > _MOST_DECIMALS:
            raise DataError(f"a rounding to {digits} decimals")

        def rounded(cell: Cell) -> Cell:
            if not isinstance(cell.value, int | Fraction):
                raise DataError(f"{cell.value}, which is rounded")
            return Cell(round(Fraction(cell.value), digits))

        self.remarks.append(f"its numbers are rounded to {digits} decimals")
        return self.each(rounded, value)

    def converted(self, value: Value, kind: Value) -> Value:
        """Entries as an element type holds them; a type that is not known is taken for a floating-point one."""
        if kind is None:
            return value
        if not isinstance(kind, TypeName | str):
            raise DataError(f"{kind_of(kind)} where an element type should be")
        name = kind if isinstance(kind, str) else kind.name
        last = name.rsplit(".", maxsplit=1)[-1]
        integers = integer_type(_WORD_SIZES.get(last.lstrip("<>=|"), last))
        if integers is not None:
            return self.each(integers.convert, value)
        if last == "bool":
            raise DataError("entries of the type bool")
        narrow = narrow_format(last)
        entries = [value] if isinstance(value, Cell) else cells(self.array(value))
        if narrow is not None:
            self.remarks += rounding_remark(narrow, entries)
        integral = all(isinstance(cell.value, int) for cell in entries)
        if not (integral or last in _FLOATING_CODES or is_floating(last)):
            raise DataError(f"entries of the type {quoted(name, 30)}, which is not known")
        sure = last.lower() in {"float", "double", "half"} or (is_floating(last) and any(map(str.isdecimal, last)))
        if sure or last in _FLOATING_CODES:
            return self.each(Cell.floating, value)
        if not integral:
            self.remarks.append(f"its element type {quoted(name, 30)} is taken for a floating-point one")
        return value

    def _lists(self, operator: ast.operator, left: Value, right: Value) -> Value:
        """A list repeated, or joined to another; a list of one number, repeated, holds no data."""
        if isinstance(operator, ast.Add) and isinstance(left, list) and isinstance(right, list):
            return _short(left + right)
        times, items = (left, right) if isinstance(right, list) else (right, left)
        if not isinstance(operator, ast.Mult) or not isinstance(times, Cell) or not isinstance(times.value, int):
            raise DataError("an operation that lists do not have")
        if len(items) == 1 and isinstance(items[0], Cell | Fill):
            return Fill()
        return _short(items * min(max(times.value, 0), _MOST_ENTRIES))

    def _spend(self, operations: int, *operands: Grid) -> None:
        roots = any(not isinstance(cell.value, int | Fraction) for operand in operands for cell in cells(operand))
        self.operations += operations * (_PRICE_OF_ROOTS if roots else 1)
        if self.operations > _MOST_OPERATIONS:
            raise DataError("too many operations")


def listed(value: Value) -> Value:
    """Tuples and arrays within lists as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    return [listed(item) for item in value] if isinstance(value, list | tuple) else value


def kind_of(value: Value) -> str:
    """What a value is, for messages."""
    kinds = {list: "a list", tuple: "a tuple", str: "a text", Cell: "a number", Fill: "an array without data"}
    return "an array" if isinstance(value, np.ndarray) else kinds.get(type(value), "something else")


def _short(values: list[Value]) -> list[Value]:
    if len(values) > _MOST_ENTRIES:
        raise DataError(f"a list of {len(values)} entries")
    return values
