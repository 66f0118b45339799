"""The JSON that `wincook show` writes: tile, kind, modulus and points beside matrices of exact strings.

Numbers are those of sympy: 1/24, sqrt(2)/2, 1/(2*a**4 - 2); letters are symbols.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, TypeGuard, cast

import sympy

from wincook.errors import DataError, WincookError
from wincook.exact.field import simplest
from wincook.exact.notation import read
from wincook.interchange.read.stated.claim import LETTERS, Claim, Stated, StatedSet
from wincook.interchange.read.tables import Table, exact_table
from wincook.transforms import Factors

_FRACTION = re.compile(r"-?\d{1,400}(?:/[1-9]\d{0,399})?")
_RECIPROCAL = re.compile(r"\b([A-Za-z])\*\*\(-(\d{1,2})\)")
_MOST_BRACKETS, _MOST_BRACKETS_WITH_SYMBOLS, _MOST_SYMBOLS = 16, 4, 2
_LARGEST_POWER = 16  # sympy takes minutes for fractions of two symbols with such powers
_MOST_FACTORS = 16


def is_document(contents: Any) -> TypeGuard[Mapping[str, Any]]:
    """Whether parsed JSON is an object that states an algorithm."""
    return isinstance(contents, dict) and {"tile", "axes"} <= contents.keys()


def stated_document(contents: Mapping[str, Any]) -> Stated:
    """What the document states, its numbers not yet judged.

    Raises:
        DataError: it names no tile, kind or modulus that exists, or a matrix cannot be read.
    """
    points = contents.get("points", [])
    modulus = str(contents.get("modulus", "0"))
    axes = contents["axes"]
    if not isinstance(axes, list) or not axes or not all(isinstance(axis, dict) for axis in axes):
        raise DataError("its axes are no list of objects with AT, G and BT")
    if not modulus.isdecimal() or not modulus.isascii():
        raise DataError(f"its modulus {modulus[:40]!r} is no whole number")
    claim = Claim.of(
        str(contents["tile"]),
        str(contents.get("kind", "correlation")),
        int(modulus[:400]),
        [str(listed) for listed in points] if isinstance(points, list) else [],
        joint=len(axes) == 1,
    )
    return Stated(claim, tuple(_set(axis, str(place) if len(axes) > 1 else "") for place, axis in enumerate(axes)))


@lru_cache(maxsize=4096)
def exact_entry(text: str) -> sympy.Expr:
    """The number that sympy writes so.

    >>> exact_entry("-5/4"), exact_entry("3*sqrt(2)/4"), exact_entry("a**(-2)"), exact_entry("-a/(2*a**2 - 2)")
    (-5/4, 3*sqrt(2)/4, a**(-2), -a/(2*a**2 - 2))

    Raises:
        DataError: it cannot be read, or is too large.
    """
    if _FRACTION.fullmatch(text):
        return sympy.Rational(*map(int, text.split("/")))
    plain = _RECIPROCAL.sub(r"(1/\1^\2)", text).replace("**", "^")
    symbols = set(re.findall(r"\b[A-Za-z]\b", plain)) - {"I"}
    most = _MOST_BRACKETS_WITH_SYMBOLS if symbols else _MOST_BRACKETS
    powers = [int(power) for power in re.findall(r"\^(\d{1,9})", plain)] if symbols else []
    if max(powers, default=0) > _LARGEST_POWER // len(symbols or "1"):
        raise DataError(f"{text[:40]!r}, which has powers of symbols above {_LARGEST_POWER // len(symbols)}")
    if len(symbols) > _MOST_SYMBOLS or plain.count("(") > most:
        raise DataError(f"{text[:40]!r}, which has more than {most} brackets or {_MOST_SYMBOLS} symbols")
    try:
        value = read(re.sub(r"\bI\b", "i", plain))
        return simplest(value) if symbols else value
    except WincookError as error:
        raise DataError(f"{text[:40]!r}, no number such as 1/2, sqrt(2)/2 or 1/(a - 1)") from error


def _set(axis: Mapping[str, Any], suffix: str) -> StatedSet:
    tables = tuple(_table(f"{letters}{suffix}", axis.get(letters)) for letters in LETTERS)
    products = axis.get("factors", {})
    factors = tuple(
        _factors(f"{letters}{suffix}", products.get(letters, []) if isinstance(products, dict) else None)
        for letters in LETTERS
    )
    return StatedSet(cast("tuple[Table, Table, Table]", tables), cast("tuple[Factors, Factors, Factors]", factors))


def _factors(name: str, matrices: Any) -> Factors:
    if not isinstance(matrices, list) or len(matrices) > _MOST_FACTORS:
        raise DataError(f"the factors of {name} must be a list of at most {_MOST_FACTORS} matrices")
    return tuple(_table(f"factor {place} of {name}", rows).matrix for place, rows in enumerate(matrices))


def _table(name: str, rows: Any) -> Table:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise DataError(f"{name} must be a list of rows, each a list of numbers")
    try:
        return exact_table(name, [[exact_entry(_text(entry)) for entry in row] for row in rows])
    except DataError as error:
        raise DataError(str(error) if str(error).startswith(name) else f"{name} holds {error}") from error


def _text(entry: Any) -> str:
    if not isinstance(entry, str):
        raise DataError(f"{str(entry)[:40]}; numbers are text such as 1/2, sqrt(2)/2 or 1/(a - 1)")
    return entry
