"""Factors of the modulus beyond simple points: polynomials such as x^2+1, and powers.

They are written `x^2+1`, `x^2±x+1` (two factors), `(x-1)^2`, `∞^2`, and `cyclotomic(6)` for all factors of x^6-1.
Text is read term by term; nothing is evaluated.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

import sympy

from wincook.errors import NotationError, PointsError

INFINITY = sympy.oo
X = sympy.Symbol("x")

_LARGEST_DEGREE = 64
_TERM = re.compile(r"([+-])(\d{1,99}(?:/\d{1,99})?)?\*?(x(?:\^(\d{1,2}))?)?")
POWERS = str.maketrans({"²": "^2", "³": "^3", "⁴": "^4", "⁵": "^5", "⁶": "^6"})


@dataclass(frozen=True, slots=True)
class Factor:
    """A monic polynomial in x irreducible over the rationals, or ∞, to a power.

    Raises:
        PointsError: the polynomial is constant or reducible; the message names its factors.
    """

    base: sympy.Expr
    power: int = 1

    def __post_init__(self) -> None:
        if self.power < 1:
            raise PointsError(f"{self} has power {self.power}; a power must be at least 1")
        if self.base == INFINITY:
            return
        polynomial = sympy.Poly(self.base, X, domain="QQ")
        if polynomial.degree() < 1:
            raise PointsError(f"{self.base} is constant; a factor must be a polynomial in x, like x^2+1")
        if not polynomial.is_irreducible:
            _, parts = sympy.factor_list(self.base, X)
            names = ", ".join(str(Factor(part, power)) for part, power in parts)
            raise PointsError(f"{_text(self.base)} is reducible; write its factors: {names}")

    @property
    def degree(self) -> int:
        """Of the base, times the power."""
        return self.power * (1 if self.base == INFINITY else int(sympy.degree(self.base, X)))

    @property
    def coefficients(self) -> list[sympy.Expr]:
        """Of the whole finite factor, power included, the constant first; monic."""
        whole = sympy.Poly(self.base, X) ** self.power
        return [coefficient / whole.LC() for coefficient in reversed(whole.all_coeffs())]

    def __str__(self) -> str:
        base = "∞" if self.base == INFINITY else _text(self.base)
        if self.power == 1:
            return base
        return f"{base}^{self.power}" if self.base == INFINITY else f"({base})^{self.power}"


def parse_polynomial(text: str) -> sympy.Expr:
    """A monic polynomial in x from text such as `x^2+1/2x-3`.

    Raises:
        NotationError: the text is no polynomial in x.
    """
    plain = text.replace(" ", "")
    signed = plain if plain[:1] in {"+", "-"} else f"+{plain}"
    polynomial, place = sympy.Integer(0), 0
    while place < len(signed):
        match = _TERM.match(signed, place)
        if match is None or match.end() < place + 2:
            raise NotationError(f"cannot read {text!r} as a polynomial in x: write x^2+1, x^2-x+1/2 or (x-1)^2")
        sign, number, variable, power = match.groups()
        if number and number.partition("/")[2].strip("0") == "" and "/" in number:
            raise NotationError(f"{text!r} divides by zero")
        exponent = int(power) if power else int(variable is not None)
        if exponent > _LARGEST_DEGREE:
            raise NotationError(f"{text!r} has degree {exponent}; at most {_LARGEST_DEGREE} is allowed")
        value = Fraction(number or 1)
        coefficient = sympy.Rational(value.numerator, value.denominator) * (-1 if sign == "-" else 1)
        polynomial += coefficient * X**exponent
        place = match.end()
    if not polynomial.has(X):
        raise NotationError(f"{text!r} is constant; a factor must be a polynomial in x, like x^2+1")
    return sympy.Poly(polynomial, X).monic().as_expr()


def cyclotomic_factors(order: int) -> list[sympy.Expr]:
    """The irreducible factors of x^N - 1, by growing order of the roots of unity.

    Raises:
        NotationError: N is below 1 or very large.
    """
    if not 1 <= order <= _LARGEST_DEGREE:
        raise NotationError(f"cyclotomic({order}) is not possible; give 1 to {_LARGEST_DEGREE}")
    return [sympy.cyclotomic_poly(divisor, X) for divisor in sympy.divisors(order)]


def _text(polynomial: sympy.Expr) -> str:
    return str(sympy.expand(polynomial)).replace("**", "^").replace(" ", "").replace("*", "")
