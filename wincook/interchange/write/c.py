"""Matrices as C constants, and programs as C functions, in float32: C99 to include.

Fractions are quotients in double, rounded to float; roots are decimals in double, with the exact number in a comment.
Where two roundings would not be as good as one, the float32 stands in hexadecimal. The functions do the operations of
the programs, with `fmaf` for an fma: their results are those of wincook's float32 interpreter, bit for bit.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from textwrap import wrap

from wincook.exact.number import Number, nearest
from wincook.formats import FLOAT32, FLOAT64
from wincook.interchange.write.ascii import ascii_text
from wincook.interchange.write.document import Document, NamedMatrix, NamedProgram
from wincook.interchange.write.listing import Listing
from wincook.interchange.write.plain import symbolic
from wincook.program.programs import exact

_WIDTH = 100
_LONGEST_DECIMAL = 10
_LARGEST_INTEGER = 2**53
_UNBROKEN = "\N{NO-BREAK SPACE}"

_QUIET = """\
#ifdef __GNUC__ /* who includes this may use a part of it */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#pragma GCC diagnostic ignored "-Wunused-function"
#endif"""
_LOUD = """\
#ifdef __GNUC__
#pragma GCC diagnostic pop
#endif"""
_CONTRACTION = "bit for bit      with -ffp-contract=off, and without -ffast-math"


def c_export(document: Document) -> str:
    """Declarations to include, such as `static const float AT[m][R]` and `static void input_transform(…)`."""
    modulus = document.algorithm.modulus
    includes = ["#include <math.h>"] * bool(document.named_programs) + ["#include <stdint.h>"] * bool(modulus)
    matrices = [_residues(part) if modulus else _matrix(part) for part in document.matrices]
    parts = [*includes, _QUIET, *matrices, *(_function(part) for part in document.named_programs), _LOUD]
    contents = "\n\n".join(parts) + "\n"
    header = document.header(contents) + [_CONTRACTION] * bool(document.named_programs)
    comment = "\n".join(f" * {line}".rstrip() for line in header)
    return f"/*\n{ascii_text(comment)}\n */\n\n{contents}"


def literal(number: Number) -> str:
    """An expression for the float32 nearest to a number, which `verify` reads back.

    >>> from fractions import Fraction
    >>> literal(Fraction(-5, 4)), literal(Fraction(1, 6)), literal(Fraction(10**18 + 1, 3))
    ('-1.25f', '(float)(1.0 / 6.0)', '(float)3.333333333333333e+17 /* 1000000000000000001/3 */')
    >>> literal(1 + Fraction(1, 2**24) + Fraction(1, 10**20))[:14]
    '0x1.000002p+0f'

    Raises:
        FormatError: the number is too large.
    """
    rounded = nearest(number, FLOAT32)
    value, double = float(rounded), float(nearest(number, FLOAT64))
    if len(repr(value)) <= _LONGEST_DECIMAL and Fraction(repr(value)) == number:
        return f"{value!r}f"
    if FLOAT32.nearest(Fraction(double)) != rounded:
        mantissa, exponent = value.hex().split("p")
        return f"{mantissa.rstrip('0').removesuffix('.')}p{exponent}f /* {symbolic(number)} */"
    if isinstance(number, Fraction) and max(abs(number.numerator), number.denominator) <= _LARGEST_INTEGER:
        return f"(float)({number.numerator}.0 / {number.denominator}.0)"
    return f"(float){double!r} /* {symbolic(number)} */"


def _matrix(named: NamedMatrix) -> str:
    return _declaration(named, "float", [_row(map(literal, row)) for row in exact(named.matrix)])


def _residues(named: NamedMatrix) -> str:
    return _declaration(named, "int64_t", [_row(f"INT64_C({entry})" for entry in row) for row in named.matrix.tolist()])


def _declaration(named: NamedMatrix, element: str, rows: list[str]) -> str:
    head = f"static const {element} {named.name}[{named.matrix.rows}][{named.matrix.cols}] = {{"
    return "\n".join([head, *rows, "};"])


def _row(entries: Iterable[str]) -> str:
    """Lines that break between entries only."""
    words = ", ".join(entry.replace(" ", _UNBROKEN) for entry in entries)
    lines = wrap(f"{{{words}}},", _WIDTH, initial_indent=" " * 4, subsequent_indent=" " * 5, break_long_words=False)
    return "\n".join(lines).replace(_UNBROKEN, " ")


def _function(named: NamedProgram) -> str:
    """All is read before anything is written, so that source and target may be one array."""
    listing = _CListing(named.program)
    source, target = named.program.source, named.program.target
    arguments = f"const float {source}[{len(listing.inputs)}], float {target}[{len(listing.outputs)}]"
    lines = [
        f"/* {named.formula} */",
        f"static void {named.name}({arguments})",
        "{",
        *(f"    const float {name} = {source}[{i}];" for i, name in enumerate(listing.inputs) if name in listing.read),
        *(f"    const float {name} = {words};" for name, words in listing.statements),
        *(f"    {target}[{place}] = {name};" for place, name in enumerate(listing.outputs)),
        "}",
    ]
    return "\n".join(lines)


class _CListing(Listing):
    def product(self, a: str, constant: Number) -> str:
        return f"{a} * {literal(constant)}"

    def fused(self, a: str, constant: Number, b: str) -> str:
        return f"fmaf({a}, {literal(constant)}, {b})"
