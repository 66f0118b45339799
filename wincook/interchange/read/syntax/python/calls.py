"""The functions and methods whose values are known: those that make arrays, and those that turn or combine them.

Each takes the operations on arrays, then values; a method takes the array that it belongs to first. Arguments that do
not change numbers, such as `device`, are left out before.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import partial

import numpy as np

from wincook.errors import DataError, quoted
from wincook.interchange.read.numbers.cell import Cell, grid, literal
from wincook.interchange.read.syntax.python.arrays import Arrays, Fill, Matrix, TypeName, Value

Call = Callable[..., Value]

FILLS = frozenset(
    [
        "zeros",
        "ones",
        "full",
        "empty",
        "zeros_like",
        "ones_like",
        "full_like",
        "empty_like",
        "rand",
        "randn",
        "randint",
        "random",
        "uniform",
        "normal",
        "standard_normal",
        "random_sample",
        "arange",
        "linspace",
    ]
)
"""What makes an array of a shape; its arguments are sizes, and never data."""

HARMLESS = frozenset(
    [
        "device",
        "requires_grad",
        "name",
        "copy",
        "trainable",
        "persistable",
        "stop_gradient",
        "ctx",
        "persistent",
        "non_blocking",
    ]
)
"""Arguments that leave numbers as they are."""

_LARGEST_IDENTITY = 256
_SIDES = 2


def _array(arrays: Arrays, data: Value, dtype: Value = None, shape: Value = None) -> Value:
    """An array of lists, or of another array."""
    if isinstance(data, Fill):
        return data
    array = data if isinstance(data, Cell) else arrays.array(data)
    array = arrays.converted(array, dtype)
    return array if shape is None else arrays.reshaped(array, [shape])


def _typed(kind: str, arrays: Arrays, data: Value) -> Value:
    """np.float32([…]), torch.LongTensor([…])."""
    return _array(arrays, data, TypeName(kind))


def _converted(arrays: Arrays, data: Value, dtype: Value) -> Value:
    return _array(arrays, data, dtype)


def _numpy_matrix(arrays: Arrays, data: Value, dtype: Value = None) -> Value:
    """np.matrix([…]) and np.matrix('1 0; 0 1')."""
    array = arrays.array(_rows_of_text(data) if isinstance(data, str) else data)
    return arrays.converted(array.reshape(1, -1) if array.ndim == 1 else array, dtype).view(Matrix)


def _sympy_matrix(arrays: Arrays, *data: Value) -> Value:
    """Matrix([[…]]) and Matrix(rows, columns, […])."""
    if len(data) == 1:
        array = arrays.array(data[0])
        return (array.reshape(-1, 1) if array.ndim == 1 else array).view(Matrix)
    rows, columns, entries = data if len(data) == _SIDES + 1 else (None, None, None)
    return arrays.reshaped(entries, [rows, columns]).view(Matrix)


def _copied(arrays: Arrays, data: Value) -> Value:
    if isinstance(data, Cell):
        raise DataError("a number where a list should be")
    return data if isinstance(data, Fill | list) else arrays.array(data)


def _const_matrix(arrays: Arrays, data: Value, _: Value = None) -> Value:
    return arrays.array(data)


def _unchanged(arrays: Arrays, data: Value, *_: Value) -> Value:
    return arrays.array(data)


def _floating(arrays: Arrays, data: Value) -> Value:
    """float(…), of a number or a text."""
    text = data.strip() if isinstance(data, str) else ""
    if text:
        return -literal(text[1:]) if text.startswith("-") else literal(text.removeprefix("+")).floating()
    return arrays.number(data).floating()


def _fraction(arrays: Arrays, numerator: Value, denominator: Value = None) -> Value:
    """Fraction(1, 6) and Fraction('1/6')."""
    if isinstance(numerator, str):
        above, slash, below = numerator.partition("/")
        quotient = _floating(arrays, above)
        return quotient / _floating(arrays, below) if slash else quotient
    number = arrays.number(numerator).floating()
    return number if denominator is None else number / arrays.number(denominator)


def _diagonal(arrays: Arrays, *entries: Value) -> Value:
    array = arrays.array(list(entries) if len(entries) > 1 else entries[0])
    if array.ndim != 1:
        raise DataError("the diagonal of an array that is no list")
    square = grid([[Cell(0)] * array.size for _ in range(array.size)])
    square[np.diag_indices(array.size)] = array
    return arrays.sized(square)


def _identity(arrays: Arrays, size: Value, dtype: Value = None) -> Value:
    count = arrays.integer(size)
    if not 0 < count <= _LARGEST_IDENTITY:
        raise DataError(f"the identity of the size {quoted(count)}")
    return arrays.converted(_diagonal(arrays, [Cell(1)] * count), dtype)


def _transposed(arrays: Arrays, data: Value, *order: Value, axes: Value = None) -> Value:
    array = arrays.array(data)
    listed = order[0] if len(order) == 1 and isinstance(order[0], list | tuple) else order or axes
    if listed is None or not listed:
        return array.T
    places = [arrays.integer(axis) % max(array.ndim, 1) for axis in listed]
    if sorted(places) != list(range(array.ndim)):
        raise DataError("axes that are not those of the array")
    return array.transpose(places)


def _reshaped(arrays: Arrays, data: Value, *shape: Value, newshape: Value = None) -> Value:
    return arrays.reshaped(data, shape or [newshape])


def _flat(arrays: Arrays, data: Value) -> Value:
    return arrays.array(data).ravel()


def _rounded(arrays: Arrays, data: Value, decimals: Value = Cell(0)) -> Value:  # noqa: B008 (a cell never changes)
    return arrays.rounded(data, decimals)


def _moved(arrays: Arrays, data: Value, *where: Value, dtype: Value = None) -> Value:
    """x.to(torch.int8), x.to("cpu"), x.to(dtype=…)."""
    kinds = [kind for kind in (*where, dtype) if isinstance(kind, TypeName)]
    for kind in kinds:
        data = arrays.converted(data, kind)
    return arrays.array(data)


def _flipped(axis: int, arrays: Arrays, data: Value) -> Value:
    return np.flip(arrays.array(data), axis)


def _joined(join: Callable[..., np.ndarray], arrays: Arrays, values: Value, axis: Value = Cell(0)) -> Value:  # noqa: B008
    place = arrays.integer(axis)
    takes_axis = join in {np.stack, np.concatenate}
    return arrays.joined(partial(join, axis=place) if takes_axis else join, values)


def _operation(operator: ast.operator, arrays: Arrays, left: Value, right: Value) -> Value:
    return arrays.operated(operator, arrays.array(left), arrays.array(right) if isinstance(right, list) else right)


def _rows_of_text(text: str) -> list[list[Cell]]:
    def cell(word: str) -> Cell:
        return -literal(word[1:]) if word.startswith("-") else literal(word.removeprefix("+"))

    return [[cell(word) for word in row.replace(",", " ").split()] for row in text.strip(" []").split(";")]


def _named(call: Call, names: str) -> dict[str, Call]:
    return dict.fromkeys(names.split(), call)


_OPERATIONS: dict[str, Call] = {
    **_named(partial(_operation, ast.Mult()), "multiply mul"),
    **_named(partial(_operation, ast.Div()), "divide true_divide div"),
    **_named(partial(_operation, ast.Add()), "add"),
    **_named(partial(_operation, ast.Sub()), "subtract sub"),
    **_named(Arrays.product, "dot matmul mm"),
    **_named(_transposed, "transpose permute t"),
    **_named(_reshaped, "reshape"),
    **_named(_flat, "ravel flatten"),
    **_named(_rounded, "round around round_"),
}
FUNCTIONS: dict[str, Call] = {
    **_OPERATIONS,
    **_named(
        _array,
        "array asarray asanyarray ascontiguousarray tensor as_tensor Tensor from_numpy constant Variable Parameter "
        "Buffer convert_to_tensor to_tensor asnumpy device_put NDArray copy deepcopy",
    ),
    **{
        name: partial(_typed, name)
        for name in [
            "FloatTensor",
            "DoubleTensor",
            "HalfTensor",
            "BFloat16Tensor",
            "LongTensor",
            "IntTensor",
            "ShortTensor",
            "CharTensor",
            "ByteTensor",
            "float16",
            "float32",
            "float64",
            "bfloat16",
            "single",
            "double",
            "half",
            "int8",
            "int16",
            "int32",
            "int64",
            "uint8",
            "uint16",
            "uint32",
            "uint64",
        ]
    },
    **_named(_converted, "cast astype"),
    **_named(_numpy_matrix, "matrix mat asmatrix"),
    **_named(_sympy_matrix, "Matrix ImmutableMatrix"),
    **_named(_copied, "list tuple"),
    **_named(_const_matrix, "const_matrix"),
    **_named(_floating, "float"),
    **_named(_fraction, "Fraction Rational S Integer mpq sympify nsimplify"),
    **_named(Arrays.root, "sqrt"),
    **_named(Arrays.negated, "negative"),
    **_named(_diagonal, "diag"),
    **_named(_identity, "eye identity"),
    **_named(partial(_flipped, 0), "flipud"),
    **_named(partial(_flipped, 1), "fliplr"),
    **{name: partial(_joined, getattr(np, name)) for name in ("vstack", "hstack", "stack", "concatenate")},
}
METHODS: dict[str, Call] = {
    **_OPERATIONS,
    **_named(_converted, "astype type"),
    **_named(_moved, "to"),
    **_named(_reshaped, "view"),
    **_named(
        _unchanged,
        "cuda cpu contiguous copy clone detach numpy tolist requires_grad_ float double asnumpy realize "
        "as_mutable as_immutable",
    ),
    **{name: partial(lambda kind, arrays, data: arrays.converted(data, kind), name) for name in ("half", "bfloat16")},
    **{name: partial(_typed, name) for name in ("int", "long", "short", "char", "byte")},
}
