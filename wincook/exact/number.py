"""Exact real numbers beyond the fractions: elements of a real algebraic field such as Q(√2).

Programs hold their constants as fractions wherever these are rational; √2/2 and the golden ratio are of this kind. An
element is a polynomial in one generator θ with rational coefficients, and arithmetic is sympy's, exact. Order, floats
and rounding follow from enclosures: θ is isolated between fractions, as near as one asks (Collins and Akritas 1976).
An irrational number is never a tie nor a number of a format, so that some enclosure always decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import sympy
from sympy.polys.domains.algebraicfield import AlgebraicField
from sympy.polys.polyerrors import CoercionFailed

from wincook.arguments import instance
from wincook.errors import FormatError, PointsError
from wincook.exact.expansion import expression
from wincook.exact.notation import text
from wincook.formats import Format

_FIRST_BITS = 128


@dataclass(frozen=True, slots=True)
class Algebraic:
    """An irrational element of a real algebraic field.

    >>> root = number_of(sympy.sqrt(2), sympy.QQ.algebraic_field(sympy.sqrt(2)))
    >>> print(root, root * root, 1 / root < Fraction(5, 7), float(root))
    √2 2 True 1.4142135623730951
    """

    element: Any
    field: AlgebraicField

    def __add__(self, other: Number | int) -> Number:
        return self._with(other, lambda a, b: a + b)

    def __sub__(self, other: Number | int) -> Number:
        return self._with(other, lambda a, b: a - b)

    def __rsub__(self, other: Fraction | int) -> Number:
        return self._with(other, lambda a, b: b - a)

    def __mul__(self, other: Number | int) -> Number:
        return self._with(other, lambda a, b: a * b)

    def __truediv__(self, other: Number | int) -> Number:
        return self._with(other, lambda a, b: a / b)

    def __rtruediv__(self, other: Fraction | int) -> Number:
        return self._with(other, lambda a, b: b / a)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Algebraic:
        return Algebraic(-self.element, self.field)

    def __abs__(self) -> Algebraic:
        return self if self > 0 else -self

    def __gt__(self, other: Number | int) -> bool:
        difference = self - other
        if isinstance(difference, Fraction):
            return difference > 0
        return difference.enclosure(1)[0] > 0

    def __lt__(self, other: Number | int) -> bool:
        return -self > -other

    def __bool__(self) -> bool:
        return True

    def __float__(self) -> float:
        return float(self.enclosure(_FIRST_BITS)[0])

    def __str__(self) -> str:
        return text(self.field.to_sympy(self.element))

    def enclosure(self, bits: int) -> tuple[Fraction, Fraction]:
        """Fractions below and above, of one sign, whose difference is at most 2^-bits of either."""
        coefficients = [_fraction(coefficient) for coefficient in self.element.to_list()]
        asked = bits + _FIRST_BITS
        while True:
            low, high = Fraction(0), Fraction(0)
            for coefficient in coefficients:  # Horner's rule on intervals
                ends = [a * b for a in (low, high) for b in _generator(self.field, asked)]
                low, high = min(ends) + coefficient, max(ends) + coefficient
            if low * high > 0 and (high - low) * 2**bits <= min(abs(low), abs(high)):
                return low, high
            asked *= 2

    def _with(self, other: Number | int, operate: Callable[[Any, Any], Any]) -> Number:
        if isinstance(other, Algebraic):
            if other.field != self.field:
                raise TypeError(f"{self} and {other} are of different fields")
            return _simplest(operate(self.element, other.element), self.field)
        fraction = Fraction(other)
        rational = self.field.from_sympy(sympy.Rational(fraction.numerator, fraction.denominator))
        return _simplest(operate(self.element, rational), self.field)


Number = Fraction | Algebraic


def number_of(value: sympy.Expr, field: AlgebraicField) -> Number:
    """A sympy number of a real algebraic field, as a fraction if it is one.

    Raises:
        PointsError: no number of sympy, or of the field; or no algebraic field.
    """
    field = instance("field", field, AlgebraicField, "make it with wincook.exact.field.common_field", PointsError)
    try:
        return _simplest(field.from_sympy(expression("value", value)), field)
    except CoercionFailed as error:
        raise PointsError(f"{text(value)} is no number of {field}; give one of that field") from error


def nearest(number: Number, fmt: Format) -> Fraction:
    """The number of a format nearest to an exact one, ties to even.

    Raises:
        FormatError: it lies beyond the largest number of the format, or is irrational where nothing is rounded; or
            there is no number, or no format.
    """
    fmt = Format.of(fmt)
    if isinstance(number, Fraction):
        return fmt.nearest(number)
    number = instance("number", number, Algebraic, "give that, or a Fraction", FormatError)
    if fmt.is_exact:
        raise FormatError(f"{number} is irrational: no fraction is nearest to it")
    bits = _FIRST_BITS
    while True:
        low, high = (fmt.nearest(end) for end in number.enclosure(bits))
        if low == high:
            return low
        bits *= 2


def _simplest(element: Any, field: AlgebraicField) -> Number:
    coefficients = element.to_list()
    if len(coefficients) > 1:
        return Algebraic(element, field)
    return _fraction(coefficients[0]) if coefficients else Fraction(0)


def _fraction(coefficient: Any) -> Fraction:
    return Fraction(int(coefficient.numerator), int(coefficient.denominator))


@lru_cache(maxsize=256)
def _generator(field: AlgebraicField, bits: int) -> tuple[Fraction, Fraction]:
    """Fractions at most 2^-bits apart, with θ between them."""
    polynomial = sympy.Poly(field.ext.minpoly, domain=sympy.QQ)
    near = sympy.N(field.ext.as_expr(), 30)
    intervals = [interval for interval, _ in polynomial.intervals()]
    low, high = min(intervals, key=lambda ends: abs(sum(ends) / 2 - near) - (ends[1] - ends[0]) / 2)
    low, high = polynomial.refine_root(low, high, eps=sympy.Rational(1, 2**bits))
    return Fraction(int(low.p), int(low.q)), Fraction(int(high.p), int(high.q))
