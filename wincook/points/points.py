"""A set of interpolation points: coprime factors of the modulus, in the order of the multiplications."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import comb, factorial
from typing import Any

import sympy
from sympy.polys.domains.domain import Domain

from wincook.arguments import whole_number
from wincook.ceiling import check_work
from wincook.errors import PointsError, quoted
from wincook.exact.expansion import degree_of
from wincook.exact.field import common_field, conversion, weight
from wincook.exact.notation import X, text
from wincook.factor import INFINITY, Factor, Point, base_of, name_of, substituted
from wincook.points.default import default_points
from wincook.points.reading import EXAMPLES, points_of, read_points

_PER_POINT, _PER_PAIR, _PER_TERM, _CONVERSIONS = 1000, 1000, 100, 4  # operations; times until the matrices are made


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

    items: tuple[Point, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "items", points_of(self.items))
        if not self.items:
            raise PointsError(f"no points given: {EXAMPLES}")
        seen: set[Point] = set()
        for item in self.items:
            if item in seen:
                raise PointsError(f"point {name_of(item)} stands twice in {self}; points must be distinct")
            seen.add(item)
        if not all(item == INFINITY or (isinstance(item, sympy.Expr) and item.is_Rational) for item in self.items):
            field = self.field
            number = len(self.items)
            work = _CONVERSIONS * self.conversion + _PER_PAIR * number * number // 2
            check_work(f"to compare the points {quoted(str(self))}", work)
            self._check_coprime(field)

    def _check_coprime(self, field: Domain) -> None:
        """See that no two factors have a root in common, which ∞ and its powers have among them."""
        bases = [base_of(item) for item in self.items]
        polynomials = [None if base == INFINITY else sympy.Poly(base, X, domain=field) for base in bases]
        for (item, f), (other, g) in combinations(zip(self.items, polynomials, strict=True), 2):
            both_infinite = f is None and g is None
            if both_infinite or (f is not None and g is not None and f.gcd(g).degree() > 0):
                raise PointsError(
                    f"{name_of(item)} and {name_of(other)} in {self} have a root in common; write a power"
                )

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
        return cls(read_points(words))

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
        return cls(default_points(number))

    @property
    def finite(self) -> tuple[Point, ...]:
        """The factors other than ∞ and its powers, in order."""
        return tuple(item for item in self.items if base_of(item) != INFINITY)

    @property
    def has_infinity(self) -> bool:
        """Whether ∞, or a power of it, is one of the points."""
        return any(base_of(item) == INFINITY for item in self.items)

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
            PointsError: then two of them are the same, or a factor is reducible; or no values for symbols are given.
        """
        return Points(tuple(substituted(item, values) for item in self.items))

    def __len__(self) -> int:
        return len(self.items)

    def __iter__(self) -> Iterator[Point]:
        return iter(self.items)

    def __str__(self) -> str:
        words: list[str] = []
        rest = list(self.items)
        while rest:
            item = rest.pop(0)
            if isinstance(item, Factor) or item == INFINITY:
                words.append(name_of(item))
            elif item and not item.could_extract_minus_sign() and not item.is_Add and rest and rest[0] == -item:
                rest.pop(0)
                words.append(f"±{text(item)}")
            else:
                words.append(text(item))
        return ", ".join(words)


def names_of_sets(sets: Sequence[Points]) -> str:
    """The sets of the axes of a tile in text: once where all axes share them, else one per axis, parted by `;`."""
    names = [str(points) for points in sets]
    return names[0] if len(set(names)) == 1 else "; ".join(names)
