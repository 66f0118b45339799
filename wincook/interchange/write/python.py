"""Matrices as NumPy source, and programs as functions of arrays, formatted as black and ruff leave it.

Fractions are quotients, which Python rounds correctly to float64, and roots are `np.sqrt(2)`; what would be long is the
decimal of the nearest float64. The functions transform the first axis of an array, whatever axes follow; constants do
not widen float32. NumPy has no fma: a product is rounded before it is added.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import sympy

from wincook.exact.number import Number, nearest
from wincook.formats import FLOAT64
from wincook.interchange.write.ascii import ascii_text
from wincook.interchange.write.document import Document, NamedMatrix, NamedProgram
from wincook.interchange.write.listing import Listing
from wincook.interchange.write.plain import symbolic
from wincook.program.programs import exact

_WIDTH, _LONGEST = 88, 40
_OPERATOR = re.compile(r"(?<=[\w)])([*/])(?=\w)")


def numpy_export(document: Document) -> str:
    """A module with AT, G, BT, and the functions of the programs."""
    kind = "np.int64" if document.algorithm.modulus else "np.float64"
    matrices = "\n".join(["import numpy as np", "", *(_matrix(named, kind) for named in document.matrices)])
    contents = "\n\n\n".join([matrices, *(_function(named) for named in document.named_programs)]) + "\n"
    summary, *rest = map(ascii_text, document.header(contents))
    return "\n".join([f'"""{summary}.', "", *rest, '"""', "", contents])


def expression(number: Number) -> str:
    """A number as Python writes it.

    >>> from fractions import Fraction
    >>> expression(Fraction(-1, 6)), expression(Fraction(10**41 + 1, 4 * 10**41))
    ('-1 / 6', '0.25')
    """
    value = symbolic(number)
    simple = all(power.exp == sympy.Rational(1, 2) and power.base.is_Integer for power in value.atoms(sympy.Pow))
    written = _OPERATOR.sub(r" \1 ", str(value)).replace("sqrt(", "np.sqrt(")
    return written if simple and len(written) <= _LONGEST else repr(float(nearest(number, FLOAT64)))


def _matrix(named: NamedMatrix, kind: str) -> str:
    rows = (_listed(map(expression, row), 8, ",") for row in exact(named.matrix))
    lines = [
        f"{named.name} = np.array(",
        "    [",
        *(f"        {row}," for row in rows),
        "    ],",
        f"    dtype={kind},",
        ")",
    ]
    return "\n".join(lines)


def _function(named: NamedProgram) -> str:
    listing = _PythonListing(named.program)
    sizes = f"shape ({named.program.inputs}, ...) to ({len(named.program.outputs)}, ...)"
    return "\n".join(
        [
            f"def {named.name}({named.program.source}):",
            f'    """{named.formula}: {sizes}."""',
            f"    {_unpacked(listing.inputs)} = {named.program.source}",
            *(f"    {name} = {written}" for name, written in listing.statements),
            f"    return np.stack({_argument(listing.outputs)})",
        ]
    )


def _listed(entries: Iterable[str], indent: int, after: str) -> str:
    """A list on one line, or with one entry a line."""
    texts = list(entries)
    flat = f"[{', '.join(texts)}]"
    if indent + len(flat + after) <= _WIDTH:
        return flat
    inner = " " * (indent + 4)
    return "\n".join(["[", *(f"{inner}{entry}," for entry in texts), " " * indent + "]"])


def _argument(entries: list[str]) -> str:
    """A list as the only argument of a call in a return statement."""
    flat = _listed(entries, 4 + len("return np.stack("), ")")
    if "\n" not in flat:
        return flat
    return "\n".join(["", " " * 8 + "[", *(" " * 12 + f"{entry}," for entry in entries), " " * 8 + "]", "    "])


def _unpacked(names: list[str]) -> str:
    if len(names) == 1:
        return f"({names[0]},)"
    flat = ", ".join(names)
    if 4 + len(flat) + 4 <= _WIDTH:
        return flat
    return "\n".join(["(", *(f"        {name}," for name in names), "    )"])


class _PythonListing(Listing):
    def product(self, a: str, constant: Number) -> str:
        return f"{a} * {_factor(constant)}"

    def fused(self, a: str, constant: Number, b: str) -> str:
        return f"{a} * {_factor(constant)} + {b}"


def _factor(constant: Number) -> str:
    """A Python float, not a float64 of NumPy, so that arrays of float32 stay what they are."""
    written = expression(constant)
    if "np." in written:
        return f"float({written})"
    return f"({written})" if "/" in written else written
