"""How large an expression grows when it is multiplied out: seen from its tree, before anything is.

(a+b+c)^8 has 45 terms, and a sum of fractions has the product of their denominators below it. The numbers of terms are
those of a polynomial of that degree in so many variables, or those of all products, whichever are fewer.
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import sympy

from wincook.arguments import instance
from wincook.errors import LimitError, PointsError, WincookError, quoted

_MOST_TERMS = 1000


class _Size(NamedTuple):
    """Terms and degree of a numerator, and of its denominator."""

    terms: int = 1
    degree: int = 0
    terms_below: int = 1
    degree_below: int = 0

    def plus(self, other: _Size) -> _Size:
        return _Size(
            self.terms * other.terms_below + other.terms * self.terms_below,
            max(self.degree + other.degree_below, other.degree + self.degree_below),
            self.terms_below * other.terms_below,
            self.degree_below + other.degree_below,
        )

    def times(self, other: _Size) -> _Size:
        return _Size(
            self.terms * other.terms,
            self.degree + other.degree,
            self.terms_below * other.terms_below,
            self.degree_below + other.degree_below,
        )

    def power(self, exponent: int) -> _Size:
        times = abs(exponent)
        above, below = (self.terms**times, self.degree * times), (self.terms_below**times, self.degree_below * times)
        return _Size(*above, *below) if exponent > 0 else _Size(*below, *above)


def expression(name: str, value: object, error: type[WincookError] = PointsError) -> sympy.Expr:
    """An expression of sympy.

    Raises:
        WincookError: the given error, if it is none.
    """
    return instance(name, value, sympy.Expr, "give a number of sympy, as wincook.exact.conversion makes it", error)


def check_terms(value: sympy.Expr, words: str) -> None:
    """See that a value has a thousand terms at most, over one denominator.

    Raises:
        LimitError: it may have more.
        PointsError: it is no expression of sympy.
    """
    value = expression("value", value)
    variables = len(value.free_symbols | {root for root in value.atoms(sympy.Pow) if not root.exp.is_Integer})
    size = _size(value)
    terms = max(
        min(size.terms, comb(size.degree + variables, variables)),
        min(size.terms_below, comb(size.degree_below + variables, variables)),
    )
    if terms > _MOST_TERMS:
        raise LimitError(
            f"{quoted(words)} has some {terms:.2g} terms when multiplied out; at most {_MOST_TERMS:,} are possible"
        )


def degree_of(value: sympy.Expr) -> int:
    """The degree of the numerator or the denominator, whichever is larger.

    Raises:
        PointsError: it is no expression of sympy.
    """
    size = _size(expression("value", value))
    return max(size.degree, size.degree_below)


def _size(value: sympy.Expr) -> _Size:
    if value.is_Add:
        total, *rest = map(_size, value.args)
        for term in rest:
            total = total.plus(term)
        return total
    if value.is_Mul:
        total = _Size()
        for factor in value.args:
            total = total.times(_size(factor))
        return total
    if value.is_Pow and value.exp.is_Integer:
        return _size(value.base).power(int(value.exp))
    return _Size() if value.is_Rational else _Size(degree=1)
