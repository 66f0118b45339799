"""The C and NumPy source that `wincook show` writes: a header that states the algorithm, and literals that round.

Where a literal has the exact number beside it, `(float)0.4714045207910317 /* sqrt(2)/3 */`, and is nearest to it among
the numbers of its format, it stands for that number. AT0, G0, BT0 are the matrices of the first axis.
"""

from __future__ import annotations

import re
from typing import cast

import sympy

from wincook.errors import DataError
from wincook.formats import FLOAT32, FLOAT64
from wincook.interchange.read.numbers.cell import Cell
from wincook.interchange.read.stated.claim import LETTERS, Claim, Stated, StatedSet
from wincook.interchange.read.stated.own_json import exact_entry
from wincook.interchange.read.stated.rounding import rounds
from wincook.interchange.read.tables import Findings, Table

_HEADER = re.compile(
    r"(?P<tile>F\([\dx,]{3,60}\)(?:/[\dx]{1,40})?), a (?P<kind>[a-z ]{1,40}?)(?: modulo (?P<modulus>\d{1,400}))?"
    r": y = AT \[\(G g\) \* \(BT d\)\](?P<sets>[a-z ,]{0,40})\.?\n[ *%]*\n?[ *%]*points +(?P<points>[^\n]*)\n"
    r"[^\n]*\n[ *%]*made by +wincook "
)
_LITERAL = re.compile(r"(?:\(float\))?(?P<literal>[-+]?[\d.][\w.]*(?:[+-]\d+f?)?) /\* (?P<exact>[^\n]{1,400}?) \*/")


def stated_header(text: str) -> Claim | None:
    """What the header of an export says; None if there is none.

    Raises:
        DataError: it names no tile, kind or modulus that exists.
    """
    header = _HEADER.search(text[:10_000])
    if header is None:
        return None
    points = header["points"].strip()
    tile = header["tile"]
    sets = points.split(";") if ";" in points else [points] * (1 + tile.split(",")[0].count("x"))
    return Claim.of(
        tile, header["kind"], int(header["modulus"] or 0), sets, joint=header["sets"] == ", for all axes at once"
    )


def with_exact_numbers(text: str) -> tuple[str, dict[str, Cell]]:
    """The text with a name for each literal that rounds the number in the comment beside it; and these constants."""
    constants: dict[str, Cell] = {}

    def named(match: re.Match[str]) -> str:
        number = _rounded_number(match["literal"], match["exact"])
        if number is None:
            return match[0]
        name = f"exact_{len(constants)}"
        constants[name] = Cell(number)
        return name

    return _LITERAL.sub(named, text), constants


def stated_source(claim: Claim, findings: Findings) -> Stated:
    """The matrices that the header announces.

    Raises:
        DataError: one is missing, or could not be read.
    """
    tables = {table.name: table for table in findings.tables}
    unread = {item.name: item.reason for item in findings.unread}
    several = any(letters not in {*tables, *unread} for letters in LETTERS) and len(claim.tiles) > 1
    suffixes = [str(place) for place in range(len(claim.tiles))] if several else [""]
    sets = []
    for suffix in suffixes:
        names = [f"{letters}{suffix}" for letters in LETTERS]
        for name in names:
            if name not in tables:
                raise DataError(unread.get(name, f"{name} is missing"))
        sets.append(StatedSet(cast("tuple[Table, Table, Table]", tuple(tables[name] for name in names))))
    return Stated(claim, tuple(sets))


def _rounded_number(literal: str, text: str) -> sympy.Expr | None:
    plain = literal.rstrip("fF") if "p" not in literal else literal.removesuffix("f")
    try:
        value = float.fromhex(plain) if "0x" in plain else float(plain)
        number = exact_entry(text)
    except (ValueError, OverflowError, DataError):
        return None
    return number if number.is_real and rounds(value, number, FLOAT32 if "0x" in plain else FLOAT64) else None
