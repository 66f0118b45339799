"""Interpolation points: the factors of the modulus polynomial, and ∞.

An algorithm for F(m,r) needs factors of total degree n = m + r - 1, coprime to one another. A finite point a stands
for the factor x - a; a polynomial such as x^2+1 stands for itself; ∞ stands for the leading coefficient of the product,
∞^k for the k leading ones; powers repeat a factor (Blahut, *Fast Algorithms for Signal Processing* (2010), chapter 5).
Points are fractions, roots such as √2/2, complex numbers such as 1+i, and symbols such as 1/a.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, count
from math import comb, factorial
from typing import Any

import sympy
from sympy.polys.domains.domain import Domain

from wincook.arguments import items, whole_number
from wincook.arguments import words as text_argument
from wincook.ceiling import check_work
from wincook.errors import NotationError, PointsError, quoted
from wincook.exact.conversion import exact, is_infinite
from wincook.exact.expansion import degree_of
from wincook.exact.field import common_field, conversion, simplest, weight
from wincook.exact.notation import X, text
from wincook.factor import INFINITIES, INFINITY, Factor, parse_factor, polynomial_factor

_LONGEST, _MOST = 20_000, 1024
_PER_POINT, _PER_PAIR, _PER_TERM, _CONVERSIONS = 1000, 1000, 100, 4  # operations; times until the matrices are made
_BRACKETS = ("{}", "[]", "()")
_EXAMPLES = "write points as 0, ±1, ±1/2, √2, x^2+1, ∞ (or 0, +-1, +-1/2, sqrt(2), x^2+1, inf)"

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

    `items` holds sympy numbers for simple points, sympy's `oo` for a simple ∞, and a `Factor` for all else. They are
    made from what is given: integers, fractions, floats that are what they print as (0.5, not 0.1), infinity, numbers
    of numpy and sympy, polynomials in sympy's x, and text.

    >>> points = Points.parse("0, +-1, −1/2, inf")
    >>> len(points), points.has_infinity
    (5, True)
    >>> print(points)
    0, ±1, -1/2, ∞
    >>> Points.parse("0, ±1, x^2+1, ∞").degree
    6
    >>> print(Points((0, "±1", 0.5, float("inf"))))
    0, ±1, 1/2, ∞

    Raises:
        PointsError: no point at all, one that is not exact or stands twice, or factors that have a root in common.
        NotationError: text that is no point.
    """

    items: tuple[sympy.Expr | Factor, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", _items(self.items))
        if not self.items:
            raise PointsError(f"no points given: {_EXAMPLES}")
        seen: set[sympy.Expr | Factor] = set()
        for item in self.items:
            if item in seen:
                raise PointsError(f"point {_name(item)} stands twice in {self}; points must be distinct")
            seen.add(item)
        if not all(item == INFINITY or (isinstance(item, sympy.Expr) and item.is_Rational) for item in self.items):
            field = self.field
            number = len(self.items)
            work = _CONVERSIONS * self.conversion + _PER_PAIR * number * number // 2
            check_work(f"to compare the points {quoted(str(self))}", work)
            polynomials = [_polynomial(item, field) for item in self.items]
            for (one, f), (other, g) in combinations(zip(self.items, polynomials, strict=True), 2):
                if not (f is None or g is None or f.gcd(g).degree() == 0) or (f is None and g is None):
                    raise PointsError(f"{_name(one)} and {_name(other)} in {self} have a root in common; write a power")

    @classmethod
    def parse(cls, words: str) -> Points:
        """Read a comma-separated list of points and factors; `±a` and `+-a` stand for a, -a.

        Decimals are read exactly: 0.3 and 3e-1 are 3/10. Some letters are symbols: see `wincook.exact.notation`.

        >>> print(Points.parse("0, ±√2/2, ±sqrt(2), ∞"), "|", Points.parse("0, ±1/a, 1±i, inf"))
        0, ±√2/2, ±√2, ∞ | 0, ±1/a, 1+i, 1-i, ∞

        Raises:
            NotationError: an item is no number, no polynomial in x and not ∞.
            PointsError: a factor is reducible, or has a root in common with another.
        """
        words = text_argument("points", words, "0, ±1, ∞")
        if len(words) > _LONGEST:
            raise NotationError(f"cannot read points {quoted(words)}: they are longer than {_LONGEST:,} characters")
        plain = words.strip().replace("\N{MINUS SIGN}", "-")
        if plain[:1] + plain[-1:] in _BRACKETS and plain.find(plain[-1]) == len(plain) - 1:
            plain = plain[1:-1]
        _check_number(plain.count(",") + 1)
        return cls(tuple(point for item in plain.split(",") for point in _parse_item(item.strip(), words)))

    @classmethod
    def of(cls, points: Points | str | Iterable[Any]) -> Points:
        """The points themselves, or those that the text or the items of a list denote."""
        if isinstance(points, Points):
            return points
        return cls.parse(points) if isinstance(points, str) else cls(points)  # type: ignore[arg-type]  # made exact

    @classmethod
    def default(cls, number: int) -> Points:
        """Points to start from: the published ones up to 18, then small fractions in order of size.

        >>> print(Points.default(8))
        0, ±1, ±1/2, ±2, ∞

        Raises:
            PointsError: a number below 1.
        """
        number = whole_number("number of points", number, error=PointsError)
        check_work(f"a set of {number} points", _PER_POINT * number)
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
    def numbers(self) -> tuple[sympy.Expr, ...]:
        """The finite points and the coefficients of the factors."""
        per_item = (item.coefficients if isinstance(item, Factor) else [item] for item in self.finite)
        return tuple(number for numbers in per_item for number in numbers)

    @property
    def field(self) -> Domain:
        """The smallest sympy field that holds all numbers."""
        return common_field(self.numbers)

    @property
    def degree(self) -> int:
        """The degree of the modulus, ∞ included: what must be m + r - 1."""
        return sum(item.degree if isinstance(item, Factor) else 1 for item in self.items)

    @property
    def weight(self) -> float:
        """How many operations on fractions one on entries made from these points takes, about.

        Entries over symbols have denominators like that of the Vandermonde matrix: p! terms for p points with symbols,
        or as many as a polynomial of its degree in so many symbols can have.
        """
        symbolic = [number for number in self.numbers if number.free_symbols]
        symbols = len({symbol for number in symbolic for symbol in number.free_symbols})
        degree = max(map(degree_of, symbolic), default=0) * len(symbolic) * (len(symbolic) - 1) // 2
        terms = min(factorial(len(symbolic)), comb(degree + symbols, symbols))
        return max(weight(self.field), _PER_TERM * terms if symbolic else 1)

    @property
    def conversion(self) -> int:
        """How many operations it takes to find all numbers in their field, about."""
        return len(self.numbers) * conversion(self.field)

    def at(self, values: Mapping[sympy.Symbol, sympy.Expr]) -> Points:
        """The points with values in place of symbols.

        Raises:
            PointsError: then two of them are the same, or a factor is reducible.
        """
        return Points(tuple(_item_at(item, values) for item in self.items))

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
            elif item and not item.could_extract_minus_sign() and not item.is_Add and rest and rest[0] == -item:
                rest.pop(0)
                words.append(f"±{text(item)}")
            else:
                words.append(text(item))
        return ", ".join(words)


def _items(given: Any) -> tuple[sympy.Expr | Factor, ...]:
    """What points are made from, each as a sympy number or a factor."""
    values = items("points", given, "(0, 1, -1, 'inf'), or Points.parse('0, ±1, ∞')", PointsError)
    _check_number(len(values))
    return tuple(point for value in values for point in _points_of(value))


def _check_number(number: int) -> None:
    if number > _MOST:
        raise PointsError(f"{number} points are too many; give at most {_MOST:,}")


def _points_of(value: Any) -> tuple[sympy.Expr | Factor, ...]:
    """The points of one item of a list: text may denote several."""
    if isinstance(value, (Factor, sympy.Rational)):
        return (value,)
    if isinstance(value, str):
        return Points.parse(value).items
    if is_infinite(value):
        return (INFINITY,)
    if isinstance(value, sympy.Expr) and X in value.free_symbols:
        return (polynomial_factor(value),)
    return (exact(value),)


def _name(item: sympy.Expr | Factor) -> str:
    return "∞" if item == INFINITY else str(item) if isinstance(item, Factor) else text(item)


def _base(item: sympy.Expr | Factor) -> sympy.Expr:
    """What a factor is a power of, as a polynomial."""
    if isinstance(item, Factor):
        return item.base
    return item if item == INFINITY else X - item


def _polynomial(item: sympy.Expr | Factor, field: Domain) -> sympy.Poly | None:
    """What a factor is a power of, over the field of all; none for ∞."""
    base = _base(item)
    return None if base == INFINITY else sympy.Poly(base, X, domain=field)


def _item_at(item: sympy.Expr | Factor, values: Mapping[sympy.Symbol, sympy.Expr]) -> sympy.Expr | Factor:
    if _base(item) == INFINITY:
        return item
    number = (item.base if isinstance(item, Factor) else item).xreplace(dict(values))
    if number.has(sympy.oo, sympy.zoo, sympy.nan):
        names = ", ".join(f"{symbol} = {text(value)}" for symbol, value in values.items())
        raise PointsError(f"{_name(item)} becomes infinite at {names}")
    return Factor(number, item.power) if isinstance(item, Factor) else simplest(number)


def _parse_item(item: str, words: str) -> tuple[sympy.Expr | Factor, ...]:
    """The points of one item: two where it has a ±."""
    plain = re.sub(r"\+/?-", "±", item)
    signed = [plain.replace("±", sign, 1) for sign in "+-"] if "±" in plain else [plain]
    try:
        return tuple(point for variant in signed for point in _parse_one(variant))
    except NotationError as error:
        raise NotationError(f"{quoted(item)} in points {quoted(words)}: {error}; {_EXAMPLES}") from error


def _parse_one(item: str) -> tuple[sympy.Expr | Factor, ...]:
    if set(item) & set("±∓"):
        raise NotationError("a point has one ±; write points with several signs one by one")
    sign, word = ("", item) if item[:1] not in {"+", "-"} else (item[0], item[1:].lstrip())
    if word.lower() in INFINITIES:
        if sign == "-":
            raise NotationError(f"cannot read {quoted(item)}: ∞ has no sign, write ∞ or inf")
        return (INFINITY,)
    return parse_factor(item)


def _small_fractions() -> Iterator[sympy.Expr]:
    """±p/q and ±q/p by growing p + q: each with its reciprocal, so that products stay near 1."""
    for total in count(3):
        for q in range(total // 2, 0, -1):
            p = total - q
            fraction = sympy.Rational(p, q)
            if fraction.p + fraction.q == total:
                yield from (fraction, -fraction, 1 / fraction, -1 / fraction)
