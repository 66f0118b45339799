"""The field that exact numbers live in: Q, Q(√2), Q(i), Q(a), and what these make together."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from itertools import product
from math import prod

import sympy
from sympy.polys.domains import QQ, QQ_I
from sympy.polys.domains.domain import Domain

from wincook.arguments import instance, items
from wincook.errors import PointsError
from wincook.exact.expansion import expression
from wincook.exact.notation import X, text

_MOST_ROOTS, _LARGEST_DEGREE = 3, 16  # sympy's arithmetic beyond takes minutes
_MOST_NUMBERS = 1 << 24  # entries of matrices


def common_field(numbers: Iterable[sympy.Expr]) -> Domain:
    """The smallest sympy field that holds all numbers; symbols are transcendental.

    Raises:
        PointsError: a number is not made of fractions, i, real roots and symbols, or the roots are too many; or what
            is given are no numbers of sympy.

    >>> common_field([sympy.sqrt(2) / 2, sympy.Integer(1)]), common_field([1 / sympy.Symbol("a")])
    (QQ<sqrt(2)>, QQ(a))
    """
    symbols: set[sympy.Symbol] = set()
    roots: set[sympy.Expr] = set()
    for number in items("numbers", numbers, "[sympy.sqrt(2)]", PointsError, ordered=False, most=_MOST_NUMBERS):
        if not expression("number", number).is_Rational:
            symbols |= number.free_symbols
            here = {power for power in number.atoms(sympy.Pow) if not power.exp.is_Integer}
            roots |= number.atoms(sympy.I) | here
            foreign = number.atoms(sympy.NumberSymbol, sympy.Function, sympy.Float) | {X} & number.free_symbols
            foreign |= {root for root in here if not (root.is_real and root.exp.is_Rational)}
            if foreign or not (number.free_symbols or number.is_algebraic):
                what = text(min(foreign, key=str, default=number))
                raise PointsError(f"{what} is not made of fractions, i, real roots such as √2, and symbols")
    return _field(frozenset(roots), tuple(sorted(symbols, key=str)))


def simplest(number: sympy.Expr) -> sympy.Expr:
    """The number in one form, so that equal numbers are equal as expressions.

    Raises:
        PointsError: it is no number of sympy, or of no field that `common_field` has.

    >>> simplest(1 / (sympy.sqrt(2) - 1)), simplest(sympy.sqrt(3 + 2 * sympy.sqrt(2)))
    (1 + sqrt(2), 1 + sqrt(2))
    """
    if expression("number", number).is_Rational:
        return number
    field = common_field([number])
    if not number.free_symbols:
        return sympy.expand(sympy.radsimp(sympy.sqrtdenest(sympy.expand(number))))
    element = field.from_sympy(number)
    numerator, denominator = element.numer, element.denom
    if field.domain.is_Algebraic:  # sympy leaves a unit of Q(√2) in both
        unit = field.domain.one / denominator.LC
        return field.to_sympy(element.raw_new(numerator.mul_ground(unit), denominator.mul_ground(unit)))
    return field.to_sympy(element.new(numerator, denominator))  # with the sign that sympy prefers


def weight(field: Domain) -> int:
    """How many operations on fractions one in the field takes, about; symbols are not counted.

    Raises:
        PointsError: it is no field of sympy.
    """
    return 100 if _algebraic_part(field) else 1


def conversion(field: Domain) -> int:
    """How many operations it takes to find a number in a field: sympy's way to the element that several roots make.

    Raises:
        PointsError: it is no field of sympy.

    >>> conversion(sympy.QQ), conversion(common_field(map(sympy.sqrt, (2, 3, 5))))
    (1, 163840)
    """
    ground = _algebraic_part(field)
    if ground is None:
        return 1
    degree = int(ground.ext.minpoly.degree())
    return 40 * degree**4 if len(ground.orig_ext) > 1 else 1000 * degree


def _algebraic_part(field: Domain) -> Domain | None:
    """The algebraic field in a field of rational functions, or the field itself, if it is one."""
    field = instance("field", field, Domain, "make it with wincook.exact.field.common_field", PointsError)
    ground = field.domain if field.is_FractionField else field
    return ground if ground.is_Algebraic and ground != QQ_I else None


@lru_cache(maxsize=128)
def _field(roots: frozenset[sympy.Expr], symbols: tuple[sympy.Symbol, ...]) -> Domain:
    field = QQ
    if roots == {sympy.I}:
        field = QQ_I
    elif roots:
        generators = _independent(roots)
        if len(generators) > _MOST_ROOTS or prod(map(_order, generators)) > _LARGEST_DEGREE:
            raise PointsError(
                f"roots {', '.join(map(text, generators))} are too many for one field; "
                f"at most {_MOST_ROOTS}, of degree {_LARGEST_DEGREE} together, are possible"
            )
        field = QQ.algebraic_field(*sorted(generators, key=sympy.default_sort_key))
    return field.frac_field(*symbols) if symbols else field


def _independent(roots: Iterable[sympy.Expr]) -> list[sympy.Expr]:
    """The roots but for those that come from others, such as √6 beside √2 and √3."""
    generators: list[sympy.Expr] = []
    for root in sorted(roots, key=lambda root: (-_order(root), sympy.default_sort_key(root))):
        known = (
            (root * prod(g**k for g, k in zip(generators, powers, strict=True))).is_Rational
            for powers in product(*map(range, map(_order, generators)))
        )
        if len(generators) > _MOST_ROOTS or not any(known):  # too many are refused anyway
            generators.append(root)
    return generators


def _order(root: sympy.Expr) -> int:
    """2 for a square root and for i."""
    return 2 if root == sympy.I else int(root.exp.q)
