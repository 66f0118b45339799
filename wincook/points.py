"""Interpolation points: the factors of the modulus polynomial, and ∞.

An algorithm for F(m,r) needs factors of total degree n = m + r - 1, coprime to one another. A finite point a stands
for the factor x - a; a polynomial such as x^2+1 stands for itself; ∞ stands for the leading coefficient of the product,
∞^k for the k leading ones; powers repeat a factor (Blahut, *Fast Algorithms for Signal Processing* (2010), chapter 5).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, count

import sympy

from wincook.errors import NotationError, PointsError
from wincook.factor import INFINITY, POWERS, Factor, X, cyclotomic_factors, parse_polynomial

_SIGN = r"(?P<sign>±|\+/?-|\+|-)?\s*"
_D = r"\d{1,99}"
_ITEM = re.compile(rf"{_SIGN}(?P<value>{_D}\s*/\s*{_D}|{_D}(?:\.{_D})?|\.{_D}|inf(?:inity)?|oo|∞)", re.IGNORECASE)
_BRACKETS = ("{}", "[]", "()")
_EXAMPLES = "write points as 0, ±1, ±1/2, x^2+1, ∞ (or 0, +-1, +-1/2, x^2+1, inf)"

# The best published sets for r = 3, by n (Barabasz, Anderson, Soodhalter, Gregg, ACM TOMS 46 (2020), table 1,
# as tabulated in TVM); for n = 6 those of oneDNN's x64 kernels, which leave a third less error and pair up.
# Other r share them: the error depends on n far more than on how n splits into m and r.
_PUBLISHED = {
    1: "∞",
    2: "0, ∞",
    3: "0, 1, ∞",
    4: "0, ±1, ∞",
    5: "0, ±1, 1/2, ∞",
    6: "0, ±5/8, ±3/2, ∞",
    7: "0, ±1, ±1/2, -2, ∞",
    8: "0, ±1, ±1/2, ±2, ∞",
    9: "0, ±1, ±1/2, ±2, -1/4, ∞",
    10: "0, ±1, ±1/2, ±2, -1/4, 4, ∞",
    11: "0, ±1, ±1/2, ±2, -1/4, 3/4, -4/3, ∞",
    12: "0, ±1, ±1/2, ±2, -1/4, 4, 3/4, -4/3, ∞",
    13: "0, ±1, ±1/2, ±2, ±1/4, 4, 3/4, -4/3, ∞",
    14: "0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, ∞",
    15: "0, ±1, ±1/2, ±2, ±1/4, 4, ±3/4, ±4/3, ∞",
    16: "0, ±1, ±1/2, ±2, ±1/4, ±4, ±3/4, ±4/3, ∞",
    17: "0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, 2/3, ±3/2, ∞",
    18: "0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, ±2/3, ±3/2, ∞",
}


@dataclass(frozen=True, slots=True)
class Points:
    """Coprime factors of the modulus, in the order in which they number the multiplications.

    `items` holds sympy rationals for simple points, sympy's `oo` for a simple ∞, and a `Factor` for all else.

    >>> points = Points.parse("0, +-1, −1/2, inf")
    >>> len(points), points.has_infinity
    (5, True)
    >>> print(points)
    0, ±1, -1/2, ∞
    >>> Points.parse("0, ±1, x^2+1, ∞").degree
    6

    Raises:
        PointsError: no point at all, one that stands twice, or factors that have a root in common.
    """

    items: tuple[sympy.Expr | Factor, ...]

    def __post_init__(self) -> None:
        if not self.items:
            raise PointsError(f"no points given: {_EXAMPLES}")
        seen: set[sympy.Expr | Factor] = set()
        for item in self.items:
            if item in seen:
                raise PointsError(f"point {_name(item)} stands twice in {self}; points must be distinct")
            seen.add(item)
        if any(isinstance(item, Factor) for item in self.items):
            for one, other in combinations(self.items, 2):
                if _base(one) == _base(other):
                    raise PointsError(f"{_name(one)} and {_name(other)} in {self} have a root in common; write a power")

    @classmethod
    def parse(cls, text: str) -> Points:
        """Read a comma-separated list of points and factors; `±a` and `+-a` stand for a, -a.

        Decimals are read exactly: 0.3 is 3/10.

        Raises:
            NotationError: an item is no rational number, no polynomial in x and not ∞.
            PointsError: a factor is reducible, or has a root in common with another.
        """
        plain = text.strip().replace("\N{MINUS SIGN}", "-")
        if plain[:1] + plain[-1:] in _BRACKETS:
            plain = plain[1:-1]
        return cls(tuple(point for item in plain.split(",") for point in _parse_item(item.strip(), text)))

    @classmethod
    def of(cls, points: Points | str) -> Points:
        """The points themselves, or the points that the text denotes."""
        return cls.parse(points) if isinstance(points, str) else points

    @classmethod
    def default(cls, number: int) -> Points:
        """Points to start from: the published ones up to 18, then small fractions in order of size.

        >>> print(Points.default(8))
        0, ±1, ±1/2, ±2, ∞

        Raises:
            PointsError: a number below 1.
        """
        if number < 1:
            raise PointsError(f"{number} points asked for; a set has at least 1")
        if number in _PUBLISHED:
            return cls.parse(_PUBLISHED[number])
        finite = cls.parse(_PUBLISHED[18]).finite
        more = (point for point in _small_fractions() if point not in finite)
        finite += tuple(next(more) for _ in range(number - 1 - len(finite)))
        return cls((*finite, INFINITY))

    @property
    def finite(self) -> tuple[sympy.Expr | Factor, ...]:
        """The factors other than ∞ and its powers, in order."""
        return tuple(item for item in self.items if _base(item) != INFINITY)

    @property
    def has_infinity(self) -> bool:
        """Whether ∞, or a power of it, is one of the points."""
        return any(_base(item) == INFINITY for item in self.items)

    @property
    def degree(self) -> int:
        """The degree of the modulus, ∞ included: what must be m + r - 1."""
        return sum(item.degree if isinstance(item, Factor) else 1 for item in self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[sympy.Expr | Factor]:
        return iter(self.items)

    def __str__(self) -> str:
        words: list[str] = []
        rest = list(self.items)
        while rest:
            item = rest.pop(0)
            if isinstance(item, Factor) or item == INFINITY:
                words.append(_name(item))
            elif item > 0 and rest and rest[0] == -item:
                rest.pop(0)
                words.append(f"±{item}")
            else:
                words.append(str(item))
        return ", ".join(words)


def _name(item: sympy.Expr | Factor) -> str:
    return "∞" if item == INFINITY else str(item)


def _base(item: sympy.Expr | Factor) -> sympy.Expr:
    """What a factor is a power of, as a monic polynomial; irreducible, so that equal or coprime are all cases."""
    if isinstance(item, Factor):
        return item.base if item.base == INFINITY else sympy.Poly(item.base, X).monic().as_expr()
    return item if item == INFINITY else X - item


def _parse_factor(item: str) -> tuple[sympy.Expr | Factor, ...]:
    """A polynomial, a power, or all cyclotomic factors; polynomials of degree one are points."""
    cyclotomic = re.fullmatch(r"cyclotomic\(\s*(\d{1,9})\s*\)", item)
    if cyclotomic:
        return tuple(_simplest(base, 1) for base in cyclotomic_factors(int(cyclotomic[1])))
    power = re.fullmatch(r"(\(.+\)|∞|oo|inf(?:inity)?)\s*\^\s*(\d{1,2})", item, re.IGNORECASE)
    word, times = (power[1], int(power[2])) if power else (item, 1)
    if word.lower() in {"∞", "oo", "inf", "infinity"}:
        return (_simplest(INFINITY, times),)
    inner = word[1:-1] if word.startswith("(") and word.endswith(")") else word
    return tuple(
        _simplest(parse_polynomial(inner.replace("±", sign)), times)
        for sign in (("+", "-") if "±" in inner else ("+",))
    )


def _simplest(base: sympy.Expr, power: int) -> sympy.Expr | Factor:
    if power == 1 and base == INFINITY:
        return base
    if power == 1 and sympy.degree(base, X) == 1:
        return -base.subs(X, 0)
    return Factor(base, power)


def _parse_item(item: str, text: str) -> tuple[sympy.Expr | Factor, ...]:
    if "x" in item or "^" in item or "cyclotomic" in item:
        return _parse_factor(item.translate(POWERS))
    match = _ITEM.fullmatch(item)
    if match is None:
        raise NotationError(f"cannot read {item!r} in points {text!r}: {_EXAMPLES}")
    sign, value = match["sign"] or "+", "".join(match["value"].split()).lower()
    both = sign not in {"+", "-"}
    if value in {"inf", "infinity", "oo", "∞"}:
        if sign != "+":
            raise NotationError(f"{item!r} in points {text!r}: ∞ has no sign, write ∞ or inf")
        return (INFINITY,)
    if "/" in value and int(value.split("/")[1]) == 0:
        raise NotationError(f"{item!r} in points {text!r} divides by zero; write ∞ or inf for infinity")
    fraction = Fraction(value)
    number = sympy.Rational(fraction.numerator, fraction.denominator)
    if both:
        return (number, -number)
    return (-number,) if sign == "-" else (number,)


def _small_fractions() -> Iterator[sympy.Expr]:
    """±p/q and ±q/p by growing p + q: each with its reciprocal, so that products stay near 1."""
    for total in count(3):
        for q in range(total // 2, 0, -1):
            p = total - q
            fraction = sympy.Rational(p, q)
            if fraction.p + fraction.q == total:
                yield from (fraction, -fraction, 1 / fraction, -1 / fraction)
