"""The field that exact numbers live in: Q, Q(√2), Q(i), Q(a), and what these make together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import sympy
from sympy.polys.domains import QQ, QQ_I
from sympy.polys.domains.domain import Domain

from wincook.errors import PointsError

_MOST_ROOTS = 3  # sympy's primitive element of more takes minutes


def common_field(numbers: Iterable[sympy.Expr]) -> Domain:
    """The smallest sympy field that holds all numbers; symbols are transcendental.

    Raises:
        PointsError: a number is not algebraic, or more than three different roots occur.

    >>> common_field([sympy.sqrt(2) / 2, sympy.Integer(1)]), common_field([1 / sympy.Symbol("a")])
    (QQ<sqrt(2)>, QQ(a))
    """
    symbols: set[sympy.Symbol] = set()
    roots: set[sympy.Expr] = set()
    for number in numbers:
        if not number.is_Rational:
            symbols |= number.free_symbols
            roots |= number.atoms(sympy.I) | {power for power in number.atoms(sympy.Pow) if not power.exp.is_Integer}
            if not number.free_symbols and not number.is_algebraic:
                raise PointsError(f"{number} is no algebraic number; give fractions, roots such as √2, or symbols")
    return _field(frozenset(roots), tuple(sorted(symbols, key=str)))


@lru_cache(maxsize=128)
def _field(roots: frozenset[sympy.Expr], symbols: tuple[sympy.Symbol, ...]) -> Domain:
    field = QQ
    if roots == {sympy.I}:
        field = QQ_I
    elif roots:
        if len(roots) > _MOST_ROOTS:
            raise PointsError(f"{len(roots)} different roots occur; at most {_MOST_ROOTS} are possible")
        field = QQ.algebraic_field(*sorted(roots, key=sympy.default_sort_key))
    return field.frac_field(*symbols) if symbols else field


def simplest(number: sympy.Expr) -> sympy.Expr:
    """The number in the one form that its field gives it, so that equal numbers are equal as expressions."""
    if number.is_Rational:
        return number
    if number.free_symbols:
        field = common_field([number])
        return field.to_sympy(field.from_sympy(number))
    return sympy.radsimp(sympy.expand(number))
