"""Factors of the modulus beyond simple points: polynomials such as x^2+1, and powers.

They are written `x^2+1`, `x^2±x+1` (two factors), `(x-1)^2`, `∞^2`, and `cyclotomic(6)` for all factors of x^6-1. Their
coefficients are fractions, roots such as √2, or symbols.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import sympy
from sympy.polys.polyerrors import DomainError

from wincook.arguments import LARGEST, mapping, whole_number, words
from wincook.errors import NotationError, PointsError, quoted
from wincook.exact.expansion import expression
from wincook.exact.field import common_field, simplest
from wincook.exact.notation import SUPERSCRIPTS, X, read, text

INFINITY = sympy.oo
INFINITIES = ("∞", "oo", "inf", "infinity")

_LARGEST_DEGREE, _LARGEST_TOTAL = 64, 256


@dataclass(frozen=True, slots=True)
class Factor:
    """A monic polynomial in x irreducible over the field of its coefficients, or ∞, to a power.

    Raises:
        PointsError: the polynomial is constant or reducible; the message names its factors.
    """

    base: sympy.Expr
    power: int = 1

    def __post_init__(self) -> None:
        power = whole_number("the power of a factor", self.power, least=-LARGEST, error=PointsError)
        object.__setattr__(self, "power", power)
        base = read(self.base) if isinstance(self.base, str) else self.base
        object.__setattr__(self, "base", base)
        infinite = isinstance(base, sympy.Expr) and base == INFINITY
        exact = isinstance(base, sympy.Expr) and not base.has(sympy.Float) and base.is_polynomial(X)
        if not exact and not infinite:
            raise PointsError(f"{quoted(base)} is no exact polynomial; give text such as 'x^2+1', or one in sympy's x")
        if self.power < 1:
            raise PointsError(f"{self} has power {self.power}; a power must be at least 1")
        if self.degree > _LARGEST_TOTAL:
            raise PointsError(f"{self} has degree {self.degree}; a factor has at most {_LARGEST_TOTAL}, power included")
        if infinite:
            return
        polynomial = sympy.Poly(self.base, X)
        if polynomial.degree() < 1:
            raise PointsError(f"{text(self.base)} is constant; a factor must be a polynomial in x, like x^2+1")
        parts = _irreducible_parts(polynomial.set_domain(common_field(polynomial.coeffs())))
        if len(parts) > 1 or parts[0][1] > 1:
            names = ", ".join(str(Factor(part, power)) for part, power in parts)
            raise PointsError(f"{text(sympy.expand(self.base))} is reducible; write its factors: {names}")

    @property
    def degree(self) -> int:
        """Of the base, times the power."""
        return self.power * (1 if self.base == INFINITY else int(sympy.degree(self.base, X)))

    @property
    def coefficients(self) -> list[sympy.Expr]:
        """Of the whole finite factor, power included, the constant first; monic."""
        coefficients = (sympy.Poly(self.base, X) ** self.power).all_coeffs()
        return [coefficient / coefficients[0] for coefficient in reversed(coefficients)]

    def __str__(self) -> str:
        base = "∞" if self.base == INFINITY else text(sympy.expand(self.base))
        if self.power == 1:
            return base
        return f"{base}^{self.power}" if self.base == INFINITY else f"({base})^{self.power}"


Point: TypeAlias = sympy.Expr | Factor
"""One item of a set of points: a number, ∞, or a factor of a higher degree or power."""


def name_of(item: Point) -> str:
    """A point as people write it.

    Raises:
        PointsError: it is no point.

    >>> name_of(sympy.Rational(-1, 2)), name_of(INFINITY), name_of(Factor("x^2+1", 2))
    ('-1/2', '∞', '(x^2+1)^2')
    """
    if isinstance(item, Factor):
        return str(item)
    return "∞" if expression("point", item) == INFINITY else text(item)


def base_of(item: Point) -> sympy.Expr:
    """What a factor is a power of, as a polynomial: x - a for the point a; ∞ for itself.

    Raises:
        PointsError: it is no point.
    """
    if isinstance(item, Factor):
        return item.base
    return item if expression("point", item) == INFINITY else X - item


def substituted(item: Point, values: Mapping[sympy.Symbol, sympy.Expr]) -> Point:
    """A point with values in place of symbols.

    Raises:
        PointsError: it becomes infinite, or reducible; no point, or no values for symbols.
    """
    values = expressions(values)
    if base_of(item) == INFINITY:
        return item
    number = (item.base if isinstance(item, Factor) else item).xreplace(values)
    if number.has(sympy.oo, sympy.zoo, sympy.nan):
        names = ", ".join(f"{symbol} = {text(value)}" for symbol, value in values.items())
        raise PointsError(f"{name_of(item)} becomes infinite at {names}")
    return Factor(number, item.power) if isinstance(item, Factor) else simplest(number)


def expressions(values: Mapping[sympy.Symbol, sympy.Expr]) -> dict[sympy.Symbol, sympy.Expr]:
    """Values for symbols, as sympy's numbers for sympy's symbols.

    Raises:
        PointsError: they are something else.
    """
    values = mapping("values", values, "{sympy.Symbol('a'): sympy.sqrt(2)}", PointsError)
    return {expression("a symbol", symbol): expression("a value", value) for symbol, value in values.items()}


def parse_factor(item: str) -> tuple[Point, ...]:
    """A number, a polynomial, a power, or all cyclotomic factors; simple factors of degree one are points.

    Raises:
        NotationError: the text is none of these.
        PointsError: it is a reducible polynomial.
    """
    item = words("factor", item, "x^2+1")
    cyclotomic = re.fullmatch(r"cyclotomic\(\s*([0-9]{1,9})\s*\)", item)
    if cyclotomic:
        return tuple(_simplest(base, 1) for base in cyclotomic_factors(int(cyclotomic[1])))
    plain = item.translate(SUPERSCRIPTS)
    power = re.fullmatch(r"(\(.+\)|∞|oo|inf(?:inity)?)\s*\^\s*([0-9]{1,2})", plain, re.IGNORECASE)
    word, times = (power[1], int(power[2])) if power else (plain, 1)
    if word.lower() in INFINITIES:
        return (_simplest(INFINITY, times),)
    value = read(word)
    return (simplest(value) if times == 1 and not value.has(X) else _simplest(_monic(value, word), times),)


def polynomial_factor(value: sympy.Expr) -> Point:
    """A polynomial in sympy's x as a factor, or as the point that it stands for.

    Raises:
        NotationError: it is no polynomial.
        PointsError: it is reducible.
    """
    value = expression("polynomial", value, NotationError)
    return _simplest(_monic(value, str(value)), 1)


def cyclotomic_factors(order: int) -> list[sympy.Expr]:
    """The irreducible factors of x^N - 1, by growing order of the roots of unity.

    Raises:
        NotationError: N is below 1 or very large.
    """
    order = whole_number("the order of cyclotomic(N)", order, 1, _LARGEST_DEGREE, NotationError)
    return [sympy.cyclotomic_poly(divisor, X) for divisor in sympy.divisors(order)]


def _monic(value: sympy.Expr, written: str) -> sympy.Expr:
    """The polynomial in x over its leading coefficient."""
    if not value.is_polynomial(X):
        raise NotationError(f"{quoted(written)} is no polynomial in x; write x^2+1, x^2-x+1/2 or (x-1)^2")
    if not value.has(X):
        raise NotationError(f"{quoted(written)} is constant; a factor must be a polynomial in x, like x^2+1")
    lead, *rest = sympy.Poly(value, X).all_coeffs()
    if len(rest) > _LARGEST_DEGREE:
        raise NotationError(f"{quoted(written)} has degree {len(rest)}; at most {_LARGEST_DEGREE} is allowed")
    coefficients = [sympy.Integer(1), *(simplest(coefficient / lead) for coefficient in rest)]
    return sympy.Poly(coefficients, X).as_expr()


def _simplest(base: sympy.Expr, power: int) -> Point:
    if power == 1 and base == INFINITY:
        return base
    if power == 1 and sympy.degree(base, X) == 1:
        return simplest(-base.subs(X, 0))
    return Factor(base, power)


def _irreducible_parts(polynomial: sympy.Poly) -> list[tuple[sympy.Expr, int]]:
    try:
        return [(part.as_expr(), power) for part, power in polynomial.factor_list()[1]]
    except DomainError:  # sympy does not factor over Q(√2)(a); the construction asks for coprime factors only
        return [(polynomial.as_expr(), 1)]
