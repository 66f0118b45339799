"""Which sets of points a search may take: fractions of bounded height, and what may stand beside them.

The height of p/q in lowest terms is the larger of |p| and q. With x in -x sets change into sets of the same error: AT,
G and BT change signs of rows and columns, no more. So of a set and its negative a search takes one. Other changes that
keep the algorithm's products do not keep its rounding errors: x → 1/x, with 0 and ∞ in each other's place, reverses
inputs, taps and outputs, but then a float may have to round constants that it held; and x → 2x weighs outputs
differently.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import gcd, isqrt

import numpy as np
import sympy

from wincook.analysis.prediction.batch.sets import PointSets
from wincook.arguments import choice, items, whole_number
from wincook.arrays import Array
from wincook.errors import SearchError, quoted
from wincook.exact.notation import text
from wincook.points import Points
from wincook.search.sets.groups import (
    INFINITY,
    INFINITY_TWICE,
    KINDS,
    MIRRORED,
    PAIR,
    RECIPROCALS,
    SINGLE,
    SQUARE,
    TRINOMIAL,
    ZERO,
    Group,
    Kind,
    Table,
    table,
)

Candidate = tuple[Group, ...]
"""A set of points for one axis: its groups, sorted."""

FAMILIES: dict[str, tuple[Kind, ...]] = {
    "free": (PAIR, SINGLE, SQUARE, TRINOMIAL, MIRRORED, INFINITY_TWICE),
    "pairs": (PAIR, SINGLE, SQUARE, MIRRORED, INFINITY_TWICE),
    "reciprocals": (RECIPROCALS, PAIR, SINGLE, SQUARE, MIRRORED),
}
_MOST: dict[tuple[str, Kind], int] = {("pairs", SINGLE): 1, ("reciprocals", SINGLE): 1, ("reciprocals", PAIR): 1}
PRESENCE = ("any", "yes", "no")

_LARGEST_HEIGHT, _LARGEST_EXTRA = 1024, 8
_FACTOR_HEIGHT = 4  # of the coefficients of polynomial factors: larger ones make larger matrices


@dataclass(frozen=True, slots=True)
class Space:
    """The sets of points of one axis that a search may take.

    `height` bounds numerators and denominators, `denominator` the denominators alone. `family` says whether points
    stand alone (`free`), as ±a but for one (`pairs`), or as ±a, ±1/a but for one pair and one point (`reciprocals`).
    `zero` and `infinity` are any, yes or no. `extra` products beyond m + r - 1 admit polynomial factors: one each for
    x²+bx+c, and for ∞²; a set takes at least `least_extra` of them. `roots` are square roots whose multiples are points
    too, such as √2.

    Raises:
        SearchError: an unknown family, presence or root.
        ShapeError: a height or a denominator below 1, or negative extra products.
    """

    height: int = 12
    denominator: int | None = None
    family: str = "free"
    zero: str = "any"
    infinity: str = "any"
    extra: int = 0
    least_extra: int = 0
    roots: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        whole_number("height", self.height, 1, _LARGEST_HEIGHT)
        if self.denominator is not None:
            whole_number("denominator", self.denominator, 1, _LARGEST_HEIGHT)
        choice("family", self.family, FAMILIES, SearchError)
        choice("zero", self.zero, PRESENCE, SearchError)
        choice("infinity", self.infinity, PRESENCE, SearchError)
        whole_number("extra products", self.extra, 0, _LARGEST_EXTRA)
        whole_number("least extra products", self.least_extra, 0, self.extra)
        for root in items("roots", self.roots, "(2, 3)", SearchError):
            if isqrt(whole_number("root", root, 2, _LARGEST_HEIGHT)) ** 2 == root:
                raise SearchError(f"√{root} is a whole number; give square roots that are irrational, such as √2")

    def table(self, kind: Kind) -> Table:
        """The groups of a kind that the space allows."""
        return _table(self, kind)

    def tables(self) -> dict[Kind, Table]:
        """Those of every kind of its family that has any and that the extra products allow, 0 and ∞ included."""
        kinds = [kind for kind in FAMILIES[self.family] if kind.products - kind.degree <= self.extra]
        kinds += [ZERO] * (self.zero != "no") + [INFINITY] * (self.infinity != "no")
        if self.infinity == "no":
            kinds = [kind for kind in kinds if kind != INFINITY_TWICE]
        return {kind: self.table(kind) for kind in kinds if len(self.table(kind))}

    def admits(self, kinds: Sequence[Kind], degree: int) -> bool:
        """Whether groups of these kinds make a set of the space: of the degree, and with 0, ∞ and products as asked."""
        zeros, infinities = kinds.count(ZERO), kinds.count(INFINITY) + kinds.count(INFINITY_TWICE)
        return (
            sum(kind.degree for kind in kinds) == degree
            and self.least_extra <= sum(kind.products - kind.degree for kind in kinds) <= self.extra
            and all(kinds.count(kind) <= most for (family, kind), most in _MOST.items() if family == self.family)
            and zeros <= 1
            and infinities <= 1
            and not (self.zero == "yes" and not zeros)
            and not (self.infinity == "yes" and not infinities)
        )

    def is_distinct(self, groups: Iterable[Group]) -> bool:
        """Whether no two points and no two factors are the same."""
        roots: list[object] = []
        for group in groups:
            table = self.table(group.kind)
            roots += table.points[group.place].tolist()
            roots += map(tuple, table.factors[group.place].tolist())
        return len({*roots}) == len(roots)

    def text(self, candidate: Candidate) -> str:
        """A set as people write it: 0, then pairs, single points and polynomials by size, then ∞."""
        return ", ".join(self.table(group.kind).names[group.place] for group in candidate)

    def points(self, candidate: Candidate) -> Points:
        """The same exactly."""
        return Points.parse(self.text(candidate))

    def candidate(self, points: Points | str) -> Candidate:
        """The groups of a set that is given.

        Raises:
            SearchError: a point or a factor that the space has not.
            NotationError, PointsError: as `Points.parse`.
        """
        sets = PointSets.of([Points.of(points)])
        groups = [Group(INFINITY if sets.infinity == 1 else INFINITY_TWICE)] * bool(sets.infinity)
        left = sets.points[0].tolist()
        while left:
            a = left.pop(0)
            kind = ZERO if a == 0 else PAIR if -a in left else SINGLE
            if kind == PAIR:
                left.remove(-a)
                a = abs(a)
            groups.append(self._group(kind, self.table(kind).points[:, 0], a, str(points)))
        for b, c in sets.factors[0].tolist():
            kind = TRINOMIAL if b else SQUARE
            there = self.table(kind).factors[:, 0]
            groups.append(self._group(kind, there[:, 0] + 1j * there[:, 1], b + 1j * c, str(points)))
        return self.canonical(groups)

    def _group(self, kind: Kind, known: Array, value: complex, given: str) -> Group:
        places = np.flatnonzero(known == value)
        if not len(places):
            raise SearchError(
                f"{quoted(given)} has a point or a factor that is none of the space of height {self.height}"
                f"{f', denominator {self.denominator}' if self.denominator else ''}; give a larger height"
            )
        return Group(kind, int(places[0]))

    def canonical(self, groups: Iterable[Group]) -> Candidate:
        """Of a set and its negative the one that is taken, its groups sorted by size; a and -a are one pair."""
        there = self._paired(groups)
        negated = [Group(group.kind, self.table(group.kind).negatives[group.place]) for group in there]
        return min(self._sorted(there), self._sorted(negated), key=self._signs)

    def _paired(self, groups: Iterable[Group]) -> list[Group]:
        """The groups, of which two that are negatives of each other are one of the kind that has both."""
        there = [*groups]
        for group in [*there]:
            negative = Group(group.kind, self.table(group.kind).negatives[group.place])
            if group.kind in _BOTH and group in there and negative in there:
                there.remove(group)
                there.remove(negative)
                there.append(Group(_BOTH[group.kind], min(group.place, negative.place)))
        return there

    def _sorted(self, groups: Iterable[Group]) -> Candidate:
        def key(group: Group) -> tuple[int, float, int]:
            return _RANK[group.kind], float(self.table(group.kind).sizes[group.place]), group.place

        return tuple(sorted(groups, key=key))

    def _signs(self, candidate: Candidate) -> tuple[tuple[float, ...], ...]:
        """The signs of what changes when x does, so that the first of a set that can is positive."""
        return tuple(
            (*-self.table(group.kind).points[group.place], *-self.table(group.kind).factors[group.place, :, 0])
            for group in candidate
            if self.table(group.kind).negatives[group.place] != group.place
        )


_RANK = {kind: rank for rank, kind in enumerate(KINDS)}


@lru_cache(maxsize=256)
def _table(space: Space, kind: Kind) -> Table:
    return table(kind, _ROWS[kind](space)) if kind in _ROWS else table(kind, [_CONSTANT[kind]])


_BOTH = {SINGLE: PAIR, TRINOMIAL: MIRRORED}  # the first half of the tables of the former is in the order of the latter
_CONSTANT = {ZERO: ("0", (0.0,), (), 0), INFINITY: ("∞", (), (), 0), INFINITY_TWICE: ("∞^2", (), (), 0)}
Row = tuple[str, tuple[float, ...], tuple[tuple[float, float], ...], int]


def fractions(height: int, denominator: int | None = None) -> list[Fraction]:
    """All positive fractions in lowest terms of at most a height, and at most a denominator, from small to large."""
    largest = min(height, denominator or height)
    return sorted(Fraction(p, q) for q in range(1, largest + 1) for p in range(1, height + 1) if gcd(p, q) == 1)


def _values(space: Space) -> list[tuple[str, float]]:
    """The positive numbers of a space, as text and as numbers, from small to large."""
    rational = fractions(space.height, space.denominator)
    values = [(str(value), float(value)) for value in rational]
    for root in space.roots:
        multiples = (sympy.sqrt(root) * sympy.Rational(value.numerator, value.denominator) for value in rational)
        values += [(text(multiple), float(multiple)) for multiple in multiples]
    return sorted(values, key=lambda value: value[1])


def _pairs(space: Space) -> Iterator[Row]:
    for place, (name, value) in enumerate(_values(space)):
        yield f"±{name}", (value, -value), (), place


def _singles(space: Space) -> Iterator[Row]:
    values = _values(space)
    for place, (name, value) in enumerate(values):
        yield name, (value,), (), place + len(values)
    for place, (name, value) in enumerate(values):
        yield f"-{name}", (-value,), (), place


def _reciprocals(space: Space) -> Iterator[Row]:
    larger = [value for value in fractions(space.height, space.denominator) if value > 1]
    inverse = [value for value in larger if space.denominator is None or value.numerator <= space.denominator]
    for place, value in enumerate(inverse):
        high, low = float(value), float(1 / value)
        yield f"±{1 / value}, ±{value}", (low, -low, high, -high), (), place


def _coefficients(space: Space) -> list[Fraction]:
    return fractions(min(space.height, _FACTOR_HEIGHT), space.denominator)


def _squares(space: Space) -> Iterator[Row]:
    for place, c in enumerate(_coefficients(space)):
        yield f"x^2+{c}", (), ((0.0, float(c)),), place


def _complex(space: Space) -> list[tuple[Fraction, Fraction]]:
    """The b > 0 and c of x²+bx+c without real roots."""
    allowed = _coefficients(space)
    return [(b, c) for c in allowed for b in allowed if b * b < 4 * c]


def _linear(b: Fraction) -> str:
    return "x" if b == 1 else f"{b}*x"


def _trinomials(space: Space) -> Iterator[Row]:
    known = _complex(space)
    for place, (b, c) in enumerate(known):
        yield f"x^2+{_linear(b)}+{c}", (), ((float(b), float(c)),), place + len(known)
    for place, (b, c) in enumerate(known):
        yield f"x^2-{_linear(b)}+{c}", (), ((-float(b), float(c)),), place


def _mirrored(space: Space) -> Iterator[Row]:
    for place, (b, c) in enumerate(_complex(space)):
        factors = ((float(b), float(c)), (-float(b), float(c)))
        yield f"x^2+{_linear(b)}+{c}, x^2-{_linear(b)}+{c}", (), factors, place


_ROWS = {
    PAIR: _pairs,
    SINGLE: _singles,
    RECIPROCALS: _reciprocals,
    SQUARE: _squares,
    TRINOMIAL: _trinomials,
    MIRRORED: _mirrored,
}
