"""The values of initialisers in other languages than Python, computed as soon as the grammar has them.

A value is a cell or a list of values.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from lark import Token, Transformer, v_args
from lark.exceptions import VisitError

from wincook.errors import DataError, quoted
from wincook.interchange.read.numbers.cell import Cell, grid, literal
from wincook.interchange.read.numbers.element import integer_type, is_floating
from wincook.interchange.read.syntax.declared.grammar import check_size, tree_of
from wincook.interchange.read.syntax.language import PROSE, Language
from wincook.interchange.read.syntax.words import Word, plain, words

Value = Any  # a Cell, or a list of values

_LISTS = {
    *("array", "arrayof", "floatarrayof", "doublearrayof", "intarrayof", "listof", "list", "vector", "matrix", "mat"),
    *("mat4", "mat3", "mat2", "of", "stack", "tensor", "float32array", "float64array", "vec!", "array!", "arr1!"),
    *("arr2!", "matrix!", "vec2", "vec3", "vec4", "float2", "float3", "float4", "half4", "m", "c"),
}
_ROOTS, _QUOTIENTS, _INTEGERS = {"sqrt", "sqrtf", "sqrtl"}, {"Fraction", "Rational"}, {"INT64_C"}
_LONGEST_TEXT = 400
_MOST_NUMBERS = 4096
_MOST_WORDS = 40_000
_MOST_OPERATIONS, _PRICE_OF_ROOTS = 100_000, 20


class Values:
    """Reads values of one text, one after another; `constants` are the names that are known."""

    def __init__(self, language: Language, constants: Mapping[str, Cell]) -> None:
        self._blanks = language.arrays
        self._builder = _Builder(language, constants)

    def read(self, listed: Sequence[Word]) -> Value:
        """The value of all the words together.

        Raises:
            DataError: they are not understood as a whole; the message names the first that does not fit.
        """
        if not listed:
            raise DataError("nothing")
        if len(listed) > _MOST_WORDS:
            raise DataError(f"more than {_MOST_NUMBERS} numbers")
        check_size(listed)
        try:
            return self._builder.transform(tree_of(plain(listed, blanks=self._blanks))).children[0]
        except VisitError as error:
            if isinstance(error.orig_exc, DataError):
                raise error.orig_exc from error
            raise


@lru_cache(maxsize=4096)
def evaluate(text: str) -> Cell:
    """The number that a text denotes.

    >>> evaluate("-5/4").value, evaluate("3*sqrt(2)/4").value, evaluate("0.333333333").value
    (Fraction(-5, 4), 3*sqrt(2)/4, Fraction(1, 3))

    Raises:
        DataError: it is no constant expression, or too large.
    """
    wanted = "is no number such as 1/2, -0.25 or sqrt(2)/2"
    if len(text) > _LONGEST_TEXT:
        raise DataError(f"{quoted(text, 40)} is no number of at most {_LONGEST_TEXT} characters")
    try:
        value = _numbers().read(words(text))
    except DataError as error:
        raise DataError(f"{quoted(text, 40)} {wanted}: {error}") from error
    if not isinstance(value, Cell):
        raise DataError(f"{quoted(text, 40)} {wanted}")
    return value


@lru_cache(maxsize=1)
def _numbers() -> Values:
    return Values(PROSE, {})


@v_args(inline=True)
class _Builder(Transformer[Token, Any]):
    """Computes each value as soon as the grammar has it."""

    def __init__(self, language: Language, constants: Mapping[str, Cell]) -> None:
        super().__init__()
        self.language = language
        self.constants = constants
        self.operations = 0

    def number(self, text: Token) -> Value:
        return literal(str(text))

    def constant(self, name: Token) -> Value:
        if name in self.constants:
            return self.constants[name]
        raise DataError(f"{quoted(str(name), 40)}, which is no number or constant")

    def add(self, a: Value, b: Value) -> Value:
        return self._operate(lambda x, y: x + y, a, b)

    def subtract(self, a: Value, b: Value) -> Value:
        return self._operate(lambda x, y: x - y, a, b)

    def multiply(self, a: Value, b: Value) -> Value:
        if isinstance(a, list) and isinstance(b, list):
            raise DataError("a product of two lists")
        return self._operate(lambda x, y: x * y, a, b)

    def divide(self, a: Value, b: Value) -> Value:
        if self.language.cuts:
            return self._operate(Cell.cut_quotient, a, b)
        return self._operate(lambda x, y: x / y, a, b)

    def ratio(self, a: Value, b: Value) -> Value:
        return self._operate(lambda x, y: x / y, a, b)

    def raised(self, a: Value, b: Value) -> Value:
        return self._operate(lambda x, y: x**y, a, b)

    def negate(self, a: Value) -> Value:
        return self._operate(lambda x, _: -x, a, Cell(0))

    def indexed(self, value: Value, rows: Value) -> Value:
        index = rows[0][0] if len(rows) == len(rows[0]) == 1 else None
        if not isinstance(value, list) or not isinstance(index, Cell) or not isinstance(index.value, int):
            raise DataError("an index that is no whole number")
        if not 0 <= index.value < len(value):
            raise DataError(f"the index {quoted(index.value)} of a list of {len(value)}")
        return value[index.value]

    def transposed(self, value: Value) -> Value:
        return grid(value).T.tolist()

    def converted(self, kind: Token, value: Value) -> Value:
        integers = integer_type(str(kind))
        if integers is not None:
            return _each(integers.convert, value)
        return _each(Cell.floating, value)

    def constructed(self, kind: Token, items: list[Value]) -> Value:
        if len(items) == 1 and (isinstance(items[0], list) or is_floating(str(kind).split()[-1]) or "_cast" in kind):
            return self.converted(kind, items[0])
        return self.converted(kind, items)

    def called(self, name: Token, items: list[Value]) -> Value:
        last = name.rsplit(".", maxsplit=1)[-1].rsplit("::", maxsplit=1)[-1]
        if last in _ROOTS and len(items) == 1 and isinstance(items[0], Cell):
            self._spend(_PRICE_OF_ROOTS)
            return items[0].root()
        if last in _QUOTIENTS and 1 <= len(items) <= 2 and all(isinstance(item, Cell) for item in items):  # noqa: PLR2004
            return items[0].floating() / items[1] if len(items) > 1 else items[0].floating()
        if last in _INTEGERS and len(items) == 1:
            return items[0]
        if len(items) == 1 and isinstance(items[0], Cell) and (is_floating(last) or integer_type(last)):
            return self.converted(name, items[0])
        if last.lower() in _LISTS and items:
            return self.converted(name, items[0] if len(items) == 1 and isinstance(items[0], list) else items)
        if last in {"transpose", "permutedims"} and len(items) == 1:
            return self.transposed(items[0])
        raise DataError(f"{quoted(str(name), 40)}, which is not called here")

    def braced(self, items: list[Value]) -> Value:
        return self._short(items)

    def bracketed(self, rows: list[list[Value]]) -> Value:
        rows = [row for row in rows if row]
        if self.language.repeats and len(rows) > 1:
            raise DataError("a size where a list of numbers should be")
        if len(rows) > 1:
            return self._short([self._short(row) for row in rows])
        return self._short(rows[0]) if rows else []

    def rows(self, *rows: list[Value]) -> list[list[Value]]:
        return list(rows)

    def items(self, *items: Value) -> list[Value]:
        return list(items)

    def _short(self, values: list[Value]) -> list[Value]:
        if len(values) > _MOST_NUMBERS:
            raise DataError(f"more than {_MOST_NUMBERS} numbers")
        return values

    def _operate(self, operation: Callable[[Cell, Cell], Cell], a: Value, b: Value) -> Value:
        if isinstance(a, Cell) and isinstance(b, Cell):
            self._spend(1 if all(hasattr(cell.value, "numerator") for cell in (a, b)) else _PRICE_OF_ROOTS)
            return operation(a, b)
        if not self.language.arrays:
            raise DataError("an operation on a list")
        left, right = (np.asarray(value if isinstance(value, Cell) else grid(value), object) for value in (a, b))
        try:
            size = np.broadcast(left, right).size
        except ValueError as error:
            raise DataError(f"lists of the shapes {left.shape} and {right.shape}, which do not fit") from error
        if size > _MOST_NUMBERS:
            raise DataError(f"more than {_MOST_NUMBERS} numbers")
        self._spend(size)
        return np.frompyfunc(operation, 2, 1)(left, right).tolist()

    def _spend(self, operations: int) -> None:
        self.operations += operations
        if self.operations > _MOST_OPERATIONS:
            raise DataError("too many operations")


def _each(function: Callable[[Cell], Cell], value: Value) -> Value:
    return [_each(function, item) for item in value] if isinstance(value, list) else function(value)
