"""Constant expressions as C and Python write them, read token by token; nothing is evaluated by Python.

    sum = product (± product)*        product = unary (×÷ unary)*        unary = ± unary | power
    power = atom [** unary]           atom = number | constant | (sum) | (float) unary | sqrt(sum) | Fraction(sum, sum)

In C the quotient of two integers is an integer, cut towards zero: `1/4` is 0 there, as it is for the compiler.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache

import numpy as np
import sympy

from wincook.construct.foreign.arithmetic import cut_quotient, operate, power, root
from wincook.construct.foreign.recognise import Number, exact_number
from wincook.construct.foreign.table import LARGEST_SIDE, Cell, Decimal
from wincook.errors import DataError

_TOKEN = re.compile(r"\.?\d(?:[eEpP][+-]|[\w.])*|[A-Za-z_][\w.]*(?:::\w+)*|\"[^\"\n]{0,99}\"|'[^'\n]{0,99}'|\*\*|\S")
_NUMBER = re.compile(r"([\d.]+(?:[eE][+-]?\d+)?)[fFlLuU]{0,3}")
_HEXADECIMAL = re.compile(r"(0[xX][\da-fA-F]{0,16}(?:\.[\da-fA-F]{0,16})?[pP][+-]?\d{1,4})([fFlL]?)")
_CASTS = {"float", "double", "float32", "float64", "float16", "__fp16", "half", "real", "T"}
_ROOTS = {"sqrt", "sqrtf", "sqrtl"}
_QUOTIENTS = {"Fraction", "Rational"}
_INTEGERS = {"INT64_C"}
_CLOSING = {"[": "]", "{": "}"}
_SIMPLE_BINARY = 1 << 20  # a hexadecimal float of smaller terms stands for itself
_DEEPEST = 20
_LONGEST_TEXT = 400
_MOST_OPERATIONS = 1000  # in one expression
_MOST_SURDS = 10_000  # operations on roots, which take longer, in all


def tokens(text: str) -> list[str]:
    """Numbers, names, short strings and signs; what belongs to no expression comes sign by sign."""
    return _TOKEN.findall(text)


def is_name(token: str) -> bool:
    """Whether a token is a name such as sq2, np.sqrt or std::sqrt."""
    return token[:1].isalpha() or token[:1] == "_"


@lru_cache(maxsize=4096)
def evaluate(text: str) -> Cell:
    """The number that a text denotes.

    >>> evaluate("-5/4").value, evaluate("3*sqrt(2)/4").value, evaluate("0.333333333").value
    (Fraction(-5, 4), 3*sqrt(2)/4, Fraction(1, 3))

    Raises:
        DataError: it is no constant expression, or too large.
    """
    if len(text) > _LONGEST_TEXT:
        raise DataError(f"{text[:40]!r}… is no number of at most {_LONGEST_TEXT} characters")
    reader = Reader(tokens(text), {})
    try:
        cell = reader.cell()
    except DataError as error:
        raise DataError(f"{text[:40]!r} is no number such as 1/2, -0.25 or sqrt(2)/2: {error}") from error
    if reader.text:
        raise DataError(f"{text[:40]!r} is no number such as 1/2, -0.25 or sqrt(2)/2")
    return cell


class Reader:
    """Reads expressions and nested lists from tokens, from `place` on."""

    def __init__(self, found: list[str], constants: Mapping[str, Cell], *, integer_division: bool = False) -> None:
        self.tokens = found
        self.place = 0
        self.constants = constants
        self.integer_division = integer_division
        self._decimals: list[Decimal] = []
        self._surds = 0
        self._operations = 0
        self._depth = 0

    @property
    def text(self) -> str:
        """The next token; empty at the end."""
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def rows(self) -> list[list[Cell]]:
        """A list of rows, or a list of numbers as the only row, in brackets or braces.

        Raises:
            DataError: anything else.
        """
        rows: list[list[Cell]] = [[]]
        nested = self.tokens[self.place + 1 : self.place + 2] in (["["], ["{"])
        closing = self._open()
        while self.text != closing:
            if nested:
                rows.append(self._row())
            else:
                rows[0].append(self.cell())
            if max(len(rows), len(rows[0])) > LARGEST_SIDE**2:
                raise DataError(f"more than {LARGEST_SIDE**2} numbers")
            self._separate(closing)
        self.place += 1
        return rows[1:] if nested else rows

    def _row(self) -> list[Cell]:
        row: list[Cell] = []
        closing = self._open()
        while self.text != closing:
            row.append(self.cell())
            if len(row) > LARGEST_SIDE**2:
                raise DataError(f"more than {LARGEST_SIDE**2} numbers")
            self._separate(closing)
        self.place += 1
        return row

    def _open(self) -> str:
        closing = _CLOSING.get(self.text)
        if closing is None:
            raise DataError(f"{self.text[:40]!r} where a list of numbers should start")
        self.place += 1
        return closing

    def _separate(self, closing: str) -> None:
        if self.text == ",":
            self.place += 1
        elif self.text != closing:
            raise DataError(
                f"{self.text[:40]!r} where a comma or {closing} should be" if self.text else "it breaks off"
            )

    def cell(self) -> Cell:
        """One expression."""
        self._decimals, self._depth, self._operations = [], 0, 0
        return Cell(self._sum(), tuple(self._decimals))

    def _sum(self) -> Number:
        value = self._product()
        while self.text in {"+", "-"}:
            sign = self._next()
            value = self._operate(sign, value, self._product())
        return value

    def _product(self) -> Number:
        value = self._unary()
        while self.text in {"*", "/"}:
            sign = self._next()
            value = self._operate(sign, value, self._unary())
        return value

    def _unary(self) -> Number:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise DataError("too deeply nested")
        negative = False
        while self.text in {"+", "-"}:
            negative ^= self._next() == "-"
        value = self._atom()
        if self.text == "**":
            self.place += 1
            value = power(value, self._unary())
        self._depth -= 1
        return -value if negative else value

    def _atom(self) -> Number:
        text = self._next()
        name = re.split(r"\.|::", text)[-1] if is_name(text) else ""
        if text.lstrip(".")[:1].isdecimal():
            return self._number(text)
        if text == "(":
            return self._bracket()
        if name and self.text == "(":
            return self._call(name)
        if text in self.constants:
            constant = self.constants[text]
            self._decimals += constant.decimals
            return constant.value
        raise DataError(f"{text[:40]!r} is no number or constant" if text else "it breaks off")

    def _number(self, text: str) -> Number:
        match = _NUMBER.fullmatch(text)
        plain = match[1] if match else text
        exact = _hexadecimal(text)
        if exact is not None and max(abs(exact.numerator), exact.denominator) < _SIMPLE_BINARY:
            return exact
        decimal = plain if exact is None else _decimal(exact, single=text[-1] in "fF")
        value, certain = exact_number(decimal)
        if not (certain and value == Fraction(decimal)):
            self._decimals.append(Decimal(plain, value if certain else None))
        return value if certain or exact is None else exact

    def _bracket(self) -> Number:
        """A cast, or an expression in round brackets; the opening one is read."""
        if self.text.split(".")[-1] in _CASTS:
            self.place += 1
            self._expect(")")
            value = self._unary()
            return Fraction(value) if isinstance(value, int) else value
        value = self._sum()
        self._expect(")")
        return value

    def _call(self, name: str) -> Number:
        if name not in _CASTS | _ROOTS | _QUOTIENTS | _INTEGERS:
            raise DataError(f"{name[:40]!r} is not called; sqrt, float, Fraction and Rational are")
        self.place += 1
        value = self._sum()
        if name in _QUOTIENTS and self.text == ",":
            self.place += 1
            value = self._operate("/", Fraction(value) if isinstance(value, int) else value, self._sum())
        self._expect(")")
        if name in _ROOTS:
            return root(value)
        return Fraction(value) if isinstance(value, int) and name not in _INTEGERS else value

    def _operate(self, sign: str, a: Number, b: Number) -> Number:
        if sign == "/" and self.integer_division and isinstance(a, int) and isinstance(b, int):
            return cut_quotient(a, b)
        self._operations += 1
        self._surds += isinstance(a, sympy.Expr) or isinstance(b, sympy.Expr)
        if self._operations > _MOST_OPERATIONS or self._surds > _MOST_SURDS:
            raise DataError("too many operations")
        return operate(sign, a, b)

    def _expect(self, text: str) -> None:
        if self._next() != text:
            raise DataError(f"a {text} is missing")

    def _next(self) -> str:
        text = self.text
        self.place += 1
        return text


def _hexadecimal(text: str) -> Fraction | None:
    """The value of a hexadecimal float; None for other text."""
    match = _HEXADECIMAL.fullmatch(text)
    if match is None:
        return None
    try:
        return Fraction(float.fromhex(match[1]))
    except (ValueError, OverflowError) as error:
        raise DataError(f"{text[:40]!r} is no hexadecimal float of 64 bits") from error


def _decimal(exact: Fraction, *, single: bool) -> str:
    """The shortest decimal that denotes a float, of 32 bits or of 64."""
    with np.errstate(over="ignore"):
        return str((np.float32 if single else np.float64)(float(exact)))
