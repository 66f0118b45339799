"""Types of elements: what becomes of 0.5 in an array of integers, in any of the languages.

A conversion to an integer cuts towards zero and keeps the lowest bits, as C, Java, Go, C# and numpy do. Floating-point
types are passed over: a file's 1.f/6 means 1/6.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from wincook.errors import DataError, WincookError
from wincook.formats import BFLOAT16, FLOAT16, Format
from wincook.interchange.read.numbers.cell import Cell

_WORD = re.compile(r"[A-Za-z_]\w*")
_INTEGER = re.compile(
    r"(?P<sign>u|unsigned)?_?(?:int|i|integer|ap_int|ap_uint|intc|longlong|fast|least)_?(?P<bits>8|16|32|64|128)?"
    r"(?:_?t|_|ptr|size)?(?:array|tensor|vector)?|(?P<vector>[iu]vec[234])|(?P<short>[iu])(?P<size>8|16|32|64|128)"
)
_NAMED = {
    **dict.fromkeys(("char", "byte", "sbyte", "bit", "logic", "reg"), 8),
    **dict.fromkeys(("short", "shortint"), 16),
    **dict.fromkeys(("int", "signed", "unsigned", "integer", "mat_i"), 32),
    **dict.fromkeys(
        ("long", "longint", "longlong", "ulonglong", "size_t", "ssize_t", "isize", "usize", "ptrdiff_t"), 64
    ),
    **dict.fromkeys(("intp", "uintp", "int_fast64_t"), 64),
    **dict.fromkeys(("intc", "uintc"), 32),
}
_UNSIGNED = {"unsigned", "usize", "size_t", "ulonglong", "uintp", "uintc"}
_SUFFIXED = re.compile(r"(u?)(char|byte|short|int|long)(?:tensor|array|_t|buffer|arrayof|[234])?")
_FLOATING = re.compile(
    r"(?:b?f(?:loat)?_?(?:8|16|32|64)|tf32|float|double|half|real|number|single|fp(?:16|32|64)|bfloat16?|__fp16|_float16"
    r"|float(?:8|16|32|64)_t|mat[234]?|[dh]?vec[234]|float[234](?:x[234])?|half[234](?:x[234])?|f[248]|scalar|scalar_t"
    r"|t|dtype|d?type|value_type|data_type|floating|longdouble|decimal|fraction|rational)(?:array|tensor|arrayof|buffer)?"
)


class IntegerType(NamedTuple):
    """An integer type of so many bits."""

    bits: int
    signed: bool

    def convert(self, cell: Cell) -> Cell:
        """What a number is once it is stored so.

        Raises:
            DataError: a root, which no program converts exactly.
        """
        try:
            value = int(cell.value)
        except TypeError as error:
            raise DataError(f"{cell.value} is not converted to an integer") from error
        value %= 1 << self.bits
        if self.signed and value >> (self.bits - 1):
            value -= 1 << self.bits
        return Cell(value, cell.decimals if cell.value == value else ())


def integer_type(words: str | Iterable[str]) -> IntegerType | None:
    """The integer type that the words of a declaration name; None if they name none.

    >>> (
    ...     integer_type("static const short"),
    ...     integer_type("torch.int8"),
    ...     integer_type("const float"),
    ...     integer_type("Vec<u8>"),
    ... )
    (IntegerType(bits=16, signed=True), IntegerType(bits=8, signed=True), None, IntegerType(bits=8, signed=False))
    """
    lowered = [word.lower() for word in _WORD.findall(words if isinstance(words, str) else " ".join(words))]
    sizes: list[int] = []
    signed = True
    for word in lowered:
        if word in {"double", "float"}:
            return None  # long double
        if word in _NAMED:
            sizes.append(_NAMED[word])
            signed &= word not in _UNSIGNED
        elif match := _SUFFIXED.fullmatch(word):
            sizes.append(_NAMED[match[2]])
            signed &= not match[1]
        elif match := _INTEGER.fullmatch(word):
            sizes.append(_bits(match))
            signed &= not word.startswith(("u", "ap_u"))
    if not sizes:
        return None
    named = [size for size in sizes if size != _NAMED["int"]] or sizes  # unsigned char, short int, long int
    return IntegerType(named[0], signed)


def is_floating(word: str) -> bool:
    """Whether a type holds fractions, as far as its name says.

    >>> is_floating("np.float32"), is_floating("Dtype"), is_floating("out_dtype"), is_floating("widget")
    (True, True, True, False)
    """
    name = re.split(r"\.|::", word)[-1].lower()
    return bool(_FLOATING.fullmatch(name)) or "dtype" in name or "float" in name


def is_number_type(name: str) -> bool:
    """Whether a name is that of a type of numbers."""
    return is_floating(name) or integer_type(name) is not None


def narrow_format(word: str) -> Format | None:
    """float16 or bfloat16, if a type is one of these."""
    name = word.lower()
    if re.fullmatch(r"(?:np\.|torch\.)?(?:half|halftensor|float16|float16_t|_float16|__fp16|fp16|f16|half_t)", name):
        return FLOAT16
    return BFLOAT16 if re.fullmatch(r"b(?:float16|f16)(?:tensor)?|__nv_bfloat16|bfloat16_t", name) else None


def rounding_remark(fmt: Format, entries: Iterable[Cell]) -> list[str]:
    """What to say of numbers that a narrow format rounds; nothing if it holds them all."""
    rational = [cell.value for cell in entries if isinstance(cell.value, int | Fraction)]
    inexact = [value for value in rational if not _holds(fmt, Fraction(value))]
    return [f"its entries are rounded to {fmt.name} in the program; judged are the exact ones"] if inexact else []


def _holds(fmt: Format, value: Fraction) -> bool:
    try:
        return fmt.nearest(value) == value
    except WincookError:
        return False


def _bits(match: re.Match[str]) -> int:
    return int(match["bits"] or match["size"] or 32)
