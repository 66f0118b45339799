"""Points from text, such as `0, ±1, √2/2, x^2+1, ∞`, and from what Python programs hold."""

from __future__ import annotations

import re
from typing import Any

import sympy

from wincook.arguments import items
from wincook.arguments import words as text_argument
from wincook.errors import NotationError, PointsError, quoted
from wincook.exact.conversion import exact, is_infinite
from wincook.exact.notation import X
from wincook.factor import INFINITIES, INFINITY, Factor, Point, parse_factor, polynomial_factor

EXAMPLES = "write points as 0, ±1, ±1/2, √2, x^2+1, ∞ (or 0, +-1, +-1/2, sqrt(2), x^2+1, inf)"

_LONGEST, _MOST = 20_000, 1024
_BRACKETS = ("{}", "[]", "()")


def read_points(words: str) -> tuple[Point, ...]:
    """The points of a comma-separated list; `±a` and `+-a` stand for a, -a.

    Raises:
        NotationError: an item is no number, no polynomial in x and not ∞.
        PointsError: a factor is reducible, or there are too many points.

    >>> read_points("{0, ±1/2, inf}")
    (0, 1/2, -1/2, oo)
    """
    words = text_argument("points", words, "0, ±1, ∞")
    if len(words) > _LONGEST:
        raise NotationError(f"cannot read points {quoted(words)}: they are longer than {_LONGEST:,} characters")
    plain = words.strip().replace("\N{MINUS SIGN}", "-")
    if plain[:1] + plain[-1:] in _BRACKETS and plain.find(plain[-1]) == len(plain) - 1:
        plain = plain[1:-1]
    _check_number(plain.count(",") + 1)
    return tuple(point for item in plain.split(",") for point in _points_of_item(item.strip(), words))


def points_of(values: Any) -> tuple[Point, ...]:
    """The points that a sequence holds, each made exact; text among them may denote several.

    Raises:
        NotationError: text that is no point.
        PointsError: no sequence, something that is not exact, or too many points.
    """
    listed = items("points", values, "(0, 1, -1, 'inf'), or Points.parse('0, ±1, ∞')", PointsError)
    _check_number(len(listed))
    return tuple(point for value in listed for point in _points_of_value(value))


def _check_number(number: int) -> None:
    if number > _MOST:
        raise PointsError(f"{number} points are too many; give at most {_MOST:,}")


def _points_of_value(value: Any) -> tuple[Point, ...]:
    if isinstance(value, (Factor, sympy.Rational)):
        return (value,)
    if isinstance(value, str):
        return read_points(value)
    if is_infinite(value):
        return (INFINITY,)
    if isinstance(value, sympy.Expr) and X in value.free_symbols:
        return (polynomial_factor(value),)
    return (exact(value),)


def _points_of_item(item: str, words: str) -> tuple[Point, ...]:
    """The points of one item: two where it has a ±."""
    plain = re.sub(r"\+/?-", "±", item)
    signed = [plain.replace("±", sign, 1) for sign in "+-"] if "±" in plain else [plain]
    try:
        return tuple(point for variant in signed for point in _points_without_sign(variant))
    except NotationError as error:
        raise NotationError(f"{quoted(item)} in points {quoted(words)}: {error}; {EXAMPLES}") from error


def _points_without_sign(item: str) -> tuple[Point, ...]:
    if set(item) & set("±∓"):
        raise NotationError("a point has one ±; write points with several signs one by one")
    sign, word = ("", item) if item[:1] not in {"+", "-"} else (item[0], item[1:].lstrip())
    if word.lower() in INFINITIES:
        if sign == "-":
            raise NotationError(f"cannot read {quoted(item)}: ∞ has no sign, write ∞ or inf")
        return (INFINITY,)
    return parse_factor(item)
