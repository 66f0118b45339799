"""The value of a Python expression, as far as it is made of numbers, lists, arrays and the functions named here.

Nothing is executed: the tree of the expression is walked, and what is not known ends the walk. Arrays are numpy arrays
of exact cells, so that they broadcast and index as they do in the program.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from inspect import signature
from operator import add, floordiv, mul, sub, truediv
from typing import Any

import numpy as np

from wincook.construct.foreign.numbers.cell import Cell, Grid, cells, grid, literal
from wincook.construct.foreign.numbers.element import integer_type, is_floating, narrow_format, rounding_remark
from wincook.errors import DataError, quoted

_MAKERS = frozenset(
    "array asarray asanyarray ascontiguousarray asfortranarray matrix mat asmatrix tensor as_tensor Tensor from_numpy "
    "FloatTensor DoubleTensor HalfTensor BFloat16Tensor LongTensor IntTensor ShortTensor CharTensor ByteTensor constant "
    "Variable Parameter Buffer convert_to_tensor to_tensor Matrix ImmutableMatrix const_matrix list tuple copy deepcopy "
    "float16 float32 float64 bfloat16 single double half int8 int16 int32 int64 uint8 uint16 uint32 uint64 asnumpy "
    "array_to_tensor device_put NDArray cast astype".split()
)
_IGNORED_WORDS = frozenset("dtype device requires_grad name copy trainable persistable stop_gradient ctx order".split())
_FILLS = frozenset(
    "zeros ones full empty zeros_like ones_like full_like empty_like rand randn randint random uniform normal "
    "standard_normal random_sample arange linspace".split()
)
_UNCHANGED = frozenset(
    "cuda cpu contiguous copy clone detach numpy tolist requires_grad_ float half double bfloat16 to asnumpy "
    "realize as_mutable as_immutable squeeze_".split()
)
_INTEGER_METHODS = frozenset("int long short char byte".split())
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
_DEEPEST = 40
_MOST_DECIMALS = 30

Value = Any  # a Cell, an array of cells, a list or tuple of values, a text, None or a bool


class Fill:
    """An array that is made of a shape: it holds no data of its own."""


class Evaluator:
    """Walks expressions; `names` are the values that are known, `remarks` what was assumed in the last one."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        self.lines = lines
        self.names: dict[str, Value] = {}
        self.remarks: list[str] = []
        self.aliases: dict[str | None, str] = {}
        self._operations = 0
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

    def _value(self, node: ast.expr) -> Value:
        match node:
            case ast.Constant(value=bool() | str() | None):
                return node.value
            case ast.Constant(value=int() | float()):
                return literal(self._text(node))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negated(self.value(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.value(operand)
            case ast.BinOp(left=left, op=operator, right=right):
                return self._operated(operator, self.value(left), self.value(right))
            case ast.List(elts=elements) | ast.Tuple(elts=elements):
                values = [self.value(element) for element in elements]
                return values if isinstance(node, ast.List) else tuple(values)
            case ast.Name() | ast.Attribute() if dotted(node) in self.names:
                return self.names[dotted(node)]
            case ast.Attribute(value=inner, attr="T" | "mT"):
                return self._array(self.value(inner)).T
            case ast.Attribute(value=inner, attr="data"):
                return self.value(inner)
            case ast.Subscript(value=inner, slice=index):
                return self._indexed(self.value(inner), index)
            case ast.Call():
                return self._called(node)
            case ast.ListComp() | ast.GeneratorExp():
                return self._comprehension(node)
            case _:
                raise DataError(f"{self.shown(node)}, which is no number, list or array that is known")

    def operated(self, operator: ast.operator, left: Value, right: Value) -> Value:
        """The value of `left operator right`.

        Raises:
            DataError: as for `value`.
        """
        return self._operated(operator, left, right)

    def shown(self, node: ast.AST) -> str:
        """The source of a node, for messages."""
        return quoted(ast.unparse(node), 40)

    def _text(self, node: ast.Constant) -> str:
        """The literal as it is written: a float64 has lost the digits."""
        line = self.lines[node.lineno - 1]
        return line[node.col_offset : node.end_col_offset].decode("ascii", "replace").rstrip("jJ")

    def _array(self, value: Value) -> Grid:
        if isinstance(value, np.ndarray):
            return value
        if isinstance(value, list | tuple | Cell):
            return self._sized(grid(_listed(value)))
        raise DataError(f"{_kind(value)} where an array should be")

    def _sized(self, array: Grid) -> Grid:
        if array.size > _MOST_ENTRIES:
            raise DataError(f"an array of {array.size} numbers; at most {_MOST_ENTRIES} are read")
        return array

    def _spend(self, operations: int, *operands: Grid) -> None:
        roots = any(not isinstance(cell.value, int | Fraction) for operand in operands for cell in cells(operand))
        self._operations += operations * (_PRICE_OF_ROOTS if roots else 1)
        if self._operations > _MOST_OPERATIONS:
            raise DataError("too many operations")

    def _negated(self, value: Value) -> Value:
        return -self._numeric(value)

    def _numeric(self, value: Value) -> Cell | Grid:
        if isinstance(value, Cell | np.ndarray):
            return value
        if isinstance(value, bool):
            return Cell(int(value))
        raise DataError(f"{_kind(value)} where a number or an array should be")

    def _operated(self, operator: ast.operator, left: Value, right: Value) -> Value:
        if isinstance(left, Fill) or isinstance(right, Fill):
            return Fill()
        if isinstance(left, list) or isinstance(right, list):
            if not (isinstance(left, np.ndarray) or isinstance(right, np.ndarray)):
                return self._lists(operator, left, right)
            left, right = self._array(left), self._array(right)  # numpy takes a list beside an array for one
        if isinstance(operator, ast.MatMult):
            return self._product(left, right)
        function = _OPERATORS.get(type(operator))
        if function is None:
            raise DataError(f"the operator {type(operator).__name__}")
        a, b = np.asarray(self._numeric(left), object), np.asarray(self._numeric(right), object)
        if isinstance(left, _Matrix) and isinstance(right, _Matrix) and isinstance(operator, ast.Mult):
            return self._product(left, right)
        try:
            size = np.broadcast(a, b).size
        except ValueError as error:
            raise DataError(f"arrays of the shapes {a.shape} and {b.shape}, which do not fit") from error
        if size > _MOST_ENTRIES:
            raise DataError(f"an array of {size} numbers; at most {_MOST_ENTRIES} are read")
        self._spend(size, a, b)
        result = function(a, b)
        if not isinstance(result, np.ndarray):
            return result
        return result.view(_Matrix) if isinstance(left, _Matrix) or isinstance(right, _Matrix) else result

    def _lists(self, operator: ast.operator, left: Value, right: Value) -> Value:
        """A list repeated, or joined to another; a list of one number, repeated, holds no data."""
        if isinstance(operator, ast.Add) and isinstance(left, list) and isinstance(right, list):
            return self._short(left + right)
        times, items = (left, right) if isinstance(right, list) else (right, left)
        if not isinstance(operator, ast.Mult) or not isinstance(times, Cell) or not isinstance(times.value, int):
            raise DataError("an operation that lists do not have")
        if len(items) == 1 and isinstance(items[0], Cell | Fill):
            return Fill()
        return self._short(items * min(max(times.value, 0), _MOST_ENTRIES))

    def _short(self, values: list[Value]) -> list[Value]:
        if len(values) > _MOST_ENTRIES:
            raise DataError(f"a list of {len(values)} entries")
        return values

    def _product(self, left: Value, right: Value) -> Value:
        a, b = self._array(left), self._array(right)
        if not (1 <= a.ndim <= 2 and 1 <= b.ndim <= 2) or a.shape[-1] != b.shape[0] or not a.shape[-1]:
            raise DataError(f"a product of arrays of the shapes {a.shape} and {b.shape}")
        self._spend(a.size * (b.shape[1] if b.ndim > 1 else 1), a, b)
        return np.dot(a, b)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp) -> Value:
        """`[[0] * 4 for _ in range(4)]`: lists that hold no data; any other is not understood."""
        if isinstance(node.elt, ast.Constant) or isinstance(self.value(node.elt), Fill):
            return Fill()
        raise DataError(f"{self.shown(node)}, which is a comprehension")

    def _indexed(self, value: Value, index: ast.expr) -> Value:
        if isinstance(value, Fill):
            return value
        if not isinstance(value, list | tuple | np.ndarray):
            raise DataError(f"an index of {_kind(value)}")
        try:
            return value[self._index(index)]
        except (IndexError, TypeError, ValueError) as error:
            raise DataError(f"the index {self.shown(index)}, which does not fit") from error

    def _index(self, index: ast.expr) -> Any:
        match index:
            case ast.Slice(lower=lower, upper=upper, step=step):
                return slice(*(None if part is None else self._whole(part) for part in (lower, upper, step)))
            case ast.Tuple(elts=elements):
                return tuple(self._index(element) for element in elements)
            case ast.Constant(value=None) | ast.Attribute(attr="newaxis") | ast.Name(id="newaxis"):
                return None
            case ast.Constant(value=value) if value is Ellipsis:
                return Ellipsis
            case _:
                return self._whole(index)

    def _whole(self, node: ast.expr) -> int:
        value = self.value(node)
        if not isinstance(value, Cell) or not isinstance(value.value, int):
            raise DataError(f"{self.shown(node)} where a whole number should be")
        return value.value

    def _called(self, node: ast.Call) -> Value:
        name = dotted(node.func) or (node.func.attr if isinstance(node.func, ast.Attribute) else "")
        name = self.aliases.get(name, name)
        last = name.rsplit(".", maxsplit=1)[-1]
        if last in _FILLS:
            return Fill()
        if isinstance(node.func, ast.Attribute):
            try:
                receiver = self.value(node.func.value)
            except DataError:
                if not dotted(node.func):
                    raise
            else:
                return self._method(receiver, last, node)
        words = {word.arg: word.value for word in node.keywords}
        if last in {"round", "around", "round_"} and 1 <= len(node.args) <= 2 and not words.keys() - {"decimals"}:
            return self._rounded(self.value(node.args[0]), [*node.args[1:], *words.values()])
        function = getattr(self, f"_call_{last}", None)
        if function is not None and not words:
            values = [self.value(argument) for argument in node.args]
            try:
                signature(function).bind(*values)
            except TypeError as error:
                raise DataError(f"{self.shown(node)}, which has other arguments than are read") from error
            return function(*values)
        if last in _MAKERS and node.args and words.keys() <= _IGNORED_WORDS:
            if last == "asfortranarray" or (last == "const_matrix" and len(node.args) > 2):
                raise DataError(f"{self.shown(node.func)} with these arguments")
            return self._made(last, node, words)
        raise DataError(f"{self.shown(node.func)}, which is not called here")

    def _made(self, maker: str, node: ast.Call, words: Mapping[str | None, ast.expr]) -> Value:
        value = self.value(node.args[0])
        if isinstance(value, Fill):
            return value
        if isinstance(value, str):
            value = _matrix_of_text(value)
        if maker == "cast" or maker == "astype":
            kinds = node.args[1:2]
        else:
            kinds = [
                argument
                for argument in node.args[1:2]
                if not isinstance(argument, ast.Constant) or maker != "const_matrix"
            ]
        if maker in {"Matrix", "ImmutableMatrix"} and len(node.args) == 3:
            rows, columns = self._whole(node.args[0]), self._whole(node.args[1])
            return self._reshaped(self._array(self.value(node.args[2])).ravel(), (rows, columns)).view(_Matrix)
        if isinstance(value, Cell) and maker in {"list", "tuple"}:
            raise DataError(f"{self.shown(node)}")
        if isinstance(value, Cell):
            array: Grid | Cell = value
        else:
            array = self._array(value)
            if maker in {"matrix", "mat", "asmatrix", "Matrix", "ImmutableMatrix"}:
                array = (
                    array.reshape(1, -1) if array.ndim == 1 and "at" in maker.lower() and maker != "Matrix" else array
                )
                array = array.view(_Matrix)
        stated = [words["dtype"]] if "dtype" in words else kinds
        for kind in stated:
            array = self._converted(array, kind)
        return self._converted(array, ast.Name(maker)) if integer_type(maker) or narrow_format(maker) else array

    def _converted(self, value: Value, kind: ast.expr) -> Value:
        """Entries as the element type that an expression names holds them."""
        if isinstance(kind, ast.Constant) and kind.value is None:
            return value
        name = str(kind.value) if isinstance(kind, ast.Constant) else dotted(kind) or ast.unparse(kind)
        last = name.rsplit(".", maxsplit=1)[-1]
        integers = integer_type("int64" if last in {"int", "int_"} else last)
        if integers is not None:
            self._spend(np.asarray(value, object).size)
            return np.frompyfunc(integers.convert, 1, 1)(np.asarray(value, object))
        if (narrow := narrow_format(last)) is not None and isinstance(value, np.ndarray):
            self.remarks += rounding_remark(narrow, cells(value))
        if last == "bool":
            raise DataError("entries of the type bool")
        if not is_floating(last):
            self.remarks.append(f"its element type {quoted(name, 30)} is taken for a floating-point one")
        elif last.lower() not in {"float", "double", "half"} and not any(digit.isdecimal() for digit in last):
            self.remarks.append(f"its element type {quoted(name, 30)} is taken for a floating-point one")
        return value

    def _method(self, receiver: Value, name: str, node: ast.Call) -> Value:
        if isinstance(receiver, Fill):
            return receiver
        words = {word.arg for word in node.keywords}
        array = self._array(receiver)
        if name in {"astype", "type"} and len(node.args) == 1 and words <= {"copy"}:
            return self._converted(array, node.args[0])
        if name == "to":
            for argument in (*node.args, *(word.value for word in node.keywords if word.arg == "dtype")):
                text = argument.value if isinstance(argument, ast.Constant) else dotted(argument)
                kind = str(text or ast.unparse(argument)).rsplit(".", maxsplit=1)[-1]
                array = self._converted(array, argument) if integer_type(kind) or is_floating(kind) else array
            return array
        if name in _INTEGER_METHODS and not node.args:
            return self._converted(array, ast.Name(name))
        if name in _UNCHANGED:
            narrow = narrow_format(name)
            self.remarks += rounding_remark(narrow, cells(array)) if narrow is not None else []
            return array
        if name in {"transpose", "t", "permute"} and not words:
            axes = tuple(self._whole(argument) for argument in node.args)
            if not axes or sorted(axes) == list(range(array.ndim)) and len(axes) == array.ndim:
                return array.transpose(axes) if axes else array.T
            if name == "transpose" and array.ndim == 2 and sorted(axis % 2 for axis in axes) == [0, 1]:
                return array.T
        if name in {"reshape", "view"} and not words:
            return self._reshaped(array, self._shape(node.args))
        if name in {"dot", "matmul", "mm"} and len(node.args) == 1:
            return self._product(array, self.value(node.args[0]))
        if name in {"mul", "multiply", "div", "divide", "add", "sub"} and len(node.args) == 1 and not words:
            operators = {"m": ast.Mult(), "d": ast.Div(), "a": ast.Add(), "s": ast.Sub()}
            return self._operated(operators[name[0]], array, self.value(node.args[0]))
        if name == "round" and len(node.args) + len(words) <= 1:
            return self._rounded(array, [*node.args, *(word.value for word in node.keywords)])
        if name in {"flatten", "ravel"} and not node.args:
            return array.ravel()
        raise DataError(f"{quoted('.' + name)}, which is not called here")

    def _rounded(self, value: Value, places: Sequence[ast.expr]) -> Value:
        """To so many decimals, and to the even one of two that are as near."""
        digits = self._whole(places[0]) if places else 0
        if abs(digits) > _MOST_DECIMALS:
            raise DataError(f"a rounding to {digits} decimals")

        def rounded(cell: Cell) -> Cell:
            if not isinstance(cell.value, int | Fraction):
                raise DataError(f"{cell.value}, which is rounded")
            return Cell(round(Fraction(cell.value), digits))

        self.remarks.append(f"its numbers are rounded to {digits} decimals")
        return rounded(value) if isinstance(value, Cell) else np.frompyfunc(rounded, 1, 1)(self._array(value))

    def _shape(self, arguments: Sequence[ast.expr]) -> tuple[int, ...]:
        if len(arguments) == 1 and isinstance(arguments[0], ast.Tuple | ast.List):
            arguments = arguments[0].elts
        return tuple(self._whole(argument) for argument in arguments)

    def _reshaped(self, array: Grid, shape: tuple[int, ...]) -> Grid:
        try:
            return array.reshape(shape)
        except ValueError as error:
            raise DataError(f"{array.size} numbers in the shape {shape}") from error

    def _call_sqrt(self, value: Value) -> Value:
        if isinstance(value, Cell):
            self._operations += _PRICE_OF_ROOTS
            return value.root()
        self._spend(_PRICE_OF_ROOTS * self._array(value).size)
        return np.frompyfunc(Cell.root, 1, 1)(self._array(value))

    def _call_float(self, value: Value) -> Value:
        if isinstance(value, str):
            return (
                literal(value.strip().lstrip("+-"))
                if not value.strip().startswith("-")
                else -literal(value.strip()[1:])
            )
        return self._number(value).floating()

    def _call_Fraction(self, value: Value, divisor: Value = None) -> Value:  # noqa: N802 (Python's name)
        if isinstance(value, str):
            above, slash, below = value.partition("/")
            quotient = self._call_float(above)
            return quotient / self._call_float(below) if slash else quotient
        number = self._number(value).floating()
        return number if divisor is None else number / self._number(divisor)

    _call_Rational = _call_S = _call_Integer = _call_mpq = _call_sympify = _call_nsimplify = _call_Fraction

    def _call_diag(self, *values: Value) -> Value:
        array = self._array(list(values) if len(values) > 1 else values[0])
        if array.ndim != 1:
            raise DataError("the diagonal of an array that is no list")
        square = grid([[Cell(0)] * array.size for _ in range(array.size)])
        square[np.diag_indices(array.size)] = array
        return self._sized(square)

    def _call_eye(self, size: Value) -> Value:
        count = self._number(size).value
        if not isinstance(count, int) or not 0 < count < 1 << 8:
            raise DataError(f"the identity of the size {quoted(count)}")
        return self._call_diag([Cell(1)] * count)

    _call_identity = _call_eye

    def _call_transpose(self, value: Value, *axes: Value) -> Value:
        if axes and [self._number(axis).value for axis in axes] not in ([1, 0], [0, 1]):
            raise DataError("axes that are no rows and columns")
        return self._array(value).T

    def _call_dot(self, left: Value, right: Value) -> Value:
        return self._product(left, right)

    _call_matmul = _call_mm = _call_dot

    def _call_multiply(self, left: Value, right: Value) -> Value:
        return self._operated(ast.Mult(), self._array(left), self._array(right))

    def _call_divide(self, left: Value, right: Value) -> Value:
        return self._operated(ast.Div(), self._array(left), self._array(right))

    _call_true_divide = _call_divide

    def _call_reshape(self, value: Value, *shape: Value) -> Value:
        sizes = shape[0] if len(shape) == 1 and isinstance(shape[0], list | tuple) else shape
        return self._reshaped(self._array(value), tuple(int(self._number(size).value) for size in sizes))

    def _call_vstack(self, values: Value) -> Value:
        return self._joined(np.vstack, values)

    def _call_hstack(self, values: Value) -> Value:
        return self._joined(np.hstack, values)

    def _call_stack(self, values: Value) -> Value:
        return self._joined(np.stack, values)

    def _call_concatenate(self, values: Value) -> Value:
        return self._joined(np.concatenate, values)

    def _call_flipud(self, value: Value) -> Value:
        return self._array(value)[::-1]

    def _call_fliplr(self, value: Value) -> Value:
        return self._array(value)[:, ::-1]

    def _joined(self, join: Callable[[Any], Grid], values: Value) -> Grid:
        if not isinstance(values, list | tuple) or not values:
            raise DataError("arrays that are joined")
        try:
            return self._sized(join([self._array(value) for value in values]))
        except ValueError as error:
            raise DataError("arrays of shapes that do not fit are joined") from error

    def _number(self, value: Value) -> Cell:
        number = self._numeric(value)
        if not isinstance(number, Cell):
            raise DataError("an array where a number should be")
        return number


class _Matrix(np.ndarray):  # type: ignore[type-arg]  # of objects
    """An array whose product * is that of matrices, as numpy's matrix and sympy's Matrix have it."""


def dotted(node: ast.AST) -> str:
    """The name `a.b.c` of a node; empty if it is none."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and (before := dotted(node.value)):
        return f"{before}.{node.attr}"
    return ""


def _listed(value: Value) -> Value:
    """Tuples and arrays within lists as lists."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, list | tuple):
        return [_listed(item) for item in value]
    return value


def _matrix_of_text(text: str) -> list[list[Cell]]:
    """np.matrix('1 0; 0 1')."""

    def cell(word: str) -> Cell:
        return -literal(word[1:]) if word.startswith("-") else literal(word.removeprefix("+"))

    return [[cell(word) for word in row.replace(",", " ").split()] for row in text.strip(" []").split(";")]


def _kind(value: Value) -> str:
    kinds = {list: "a list", tuple: "a tuple", str: "a text", np.ndarray: "an array", Cell: "a number"}
    return kinds.get(type(value), "something")
