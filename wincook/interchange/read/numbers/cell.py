"""One number of a file: its exact value, and the decimals it was read from.

Cells have the operations of arithmetic, so that arrays of them have those of numpy: they broadcast, index and multiply
as the arrays of a program do, exactly.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, NamedTuple, cast

import numpy as np

from wincook.errors import DataError, quoted
from wincook.interchange.read.numbers.arithmetic import cut_quotient, floor_quotient, operate, power, root
from wincook.interchange.read.numbers.recognise import Number, exact_number

Grid = np.ndarray[Any, Any]  # an array of objects, which are cells

_DECIMAL = re.compile(
    r"(?P<digits>[\d.]+(?:[eE][+-]?\d+)?)(?P<suffix>(?:_?(?:bf16|[fi](?:8|16|32|64))|[uU]?[lL]{0,2}[uU]?|[fFhHdDmM]|[hl]f)?)"
)
_FLOATING = re.compile(r"_?b?f(?:8|16|32|64)|[fFhHdDmM]|[hl]f")
_SIZED = re.compile(r"\d{0,4}'s?d(\d{1,99})")  # of hardware languages: 8'sd1
_WHOLE_HEXADECIMAL = re.compile(r"0[xX][\da-fA-F]{1,16}[uUlL]{0,3}")
_OCTAL = re.compile(r"0+[1-9]\d*")
_HEXADECIMAL = re.compile(r"(0[xX][\da-fA-F]{0,16}(?:\.[\da-fA-F]{0,16})?[pP][+-]?\d{1,4})([fFlL]?)")
_SIMPLE_BINARY = 1 << 20  # a hexadecimal float of smaller terms stands for itself
_MOST_DECIMALS = 64  # that one entry keeps


class Decimal(NamedTuple):
    """A decimal, and the exact number it was taken for; None if it is the rounding of no simple one."""

    text: str
    exact: Number | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One entry. `value` is an int only if the file writes an integer: in C the quotient of two is cut.

    `decimals` are those in it that do not stand for themselves.
    """

    value: Number
    decimals: tuple[Decimal, ...] = ()

    def __add__(self, other: object) -> Cell:
        return self._with("+", other)

    def __sub__(self, other: object) -> Cell:
        return self._with("-", other)

    def __mul__(self, other: object) -> Cell:
        return self._with("*", other)

    def __truediv__(self, other: object) -> Cell:
        return self._with("/", other)

    def __floordiv__(self, other: object) -> Cell:
        return self._whole(floor_quotient, other)

    def __pow__(self, other: object) -> Cell:
        if not isinstance(other, Cell):
            return NotImplemented
        return Cell(power(self.value, other.value), self._decimals(other))

    def __neg__(self) -> Cell:
        return Cell(-self.value, self.decimals)

    def __pos__(self) -> Cell:
        return self

    def cut_quotient(self, other: Cell) -> Cell:
        """The quotient as C has it: of two integers, cut towards zero."""
        both = isinstance(self.value, int) and isinstance(other.value, int)
        return self._whole(cut_quotient, other) if both else self / other

    def root(self) -> Cell:
        """The square root."""
        return Cell(root(self.value), self.decimals)

    def floating(self) -> Cell:
        """The same number, no longer an integer."""
        return Cell(Fraction(self.value), self.decimals) if isinstance(self.value, int) else self

    def _with(self, sign: str, other: object) -> Cell:
        if not isinstance(other, Cell):
            return cast("Cell", NotImplemented)
        return Cell(operate(sign, self.value, other.value), self._decimals(other))

    def _whole(self, quotient: Callable[[Number, Number], int], other: object) -> Cell:
        if not isinstance(other, Cell):
            return cast("Cell", NotImplemented)
        return Cell(quotient(self.value, other.value), self._decimals(other))

    def _decimals(self, other: Cell) -> tuple[Decimal, ...]:
        if not (self.decimals and other.decimals):
            return self.decimals or other.decimals
        return tuple(dict.fromkeys(self.decimals + other.decimals))[:_MOST_DECIMALS]


def literal(text: str) -> Cell:
    """The number that an unsigned literal of any language denotes.

    >>> literal("0.25f").value, literal("8'sd3").value, literal("0.333333333").value, literal("1_000").value
    (Fraction(1, 4), 3, Fraction(1, 3), 1000)

    Raises:
        DataError: it is no number, or too large for any algorithm.
    """
    if sized := _SIZED.fullmatch(text):
        return Cell(int(sized[1]))
    binary = _hexadecimal(text)
    if binary is not None and max(abs(binary.numerator), binary.denominator) < _SIMPLE_BINARY:
        return Cell(binary)
    if _WHOLE_HEXADECIMAL.fullmatch(text):
        return Cell(int(text.rstrip("uUlL"), 16))
    if _OCTAL.fullmatch(text):
        raise DataError(f"{quoted(text)}, which is octal in some languages")
    match = _DECIMAL.fullmatch(re.sub(r"(?<=\d)_(?=\d)", "", text))
    plain = match["digits"] if match else text
    decimal = plain if binary is None else _shortest(binary, single=text[-1] in "fF")
    value, certain = exact_number(decimal)
    decimals = () if certain and value == Fraction(decimal) else (Decimal(plain, value if certain else None),)
    if not certain and binary is not None:
        value = binary
    cell = Cell(value, decimals)
    return cell.floating() if match and _FLOATING.fullmatch(match["suffix"]) else cell


def grid(values: object) -> Grid:
    """Nested lists of cells as an array.

    Raises:
        DataError: rows of different lengths, or something that is no cell.
    """
    shape = _shape(values)
    array = np.empty(shape, dtype=object)
    for place in np.ndindex(*shape):
        entry: Any = values
        for index in place:
            entry = entry[index]
        if not isinstance(entry, Cell):
            raise DataError(f"{quoted(entry)} where a number should be")
        array[place] = entry
    return array


def _shape(values: object) -> tuple[int, ...]:
    if not isinstance(values, list):
        return ()
    shapes = {_shape(value) for value in values}
    if len(shapes) > 1:
        lengths = sorted({shape[0] if shape else 1 for shape in shapes})
        raise DataError(f"rows of {' and '.join(map(str, lengths[:3]))} numbers; all must be as long")
    return (len(values), *(shapes.pop() if shapes else ()))


def cells(array: Grid) -> list[Cell]:
    """All entries, row by row."""
    return list(array.ravel())


def _hexadecimal(text: str) -> Fraction | None:
    """The value of a hexadecimal float; None for other text."""
    match = _HEXADECIMAL.fullmatch(text)
    if match is None:
        return None
    try:
        return Fraction(float.fromhex(match[1]))
    except (ValueError, OverflowError) as error:
        raise DataError(f"{quoted(text)} is no hexadecimal float of 64 bits") from error


def _shortest(binary: Fraction, *, single: bool) -> str:
    """The shortest decimal that denotes a float, of 32 bits or of 64."""
    with np.errstate(over="ignore"):
        return str((np.float32 if single else np.float64)(float(binary)))
