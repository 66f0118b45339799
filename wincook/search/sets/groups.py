"""What sets of points are made of: groups of factors that a search moves together.

A pair ±a is one group, so that a search keeps the symmetry that lets rows share their even and odd parts. A group is of
a kind; the groups of one kind that a space allows stand in a `Table`, as text and as numbers, and a batch of sets is
made of tables by indices.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wincook.arrays import Array


@dataclass(frozen=True, slots=True, order=True)
class Kind:
    """A kind of groups: their degree, their products, and how many points and quadratic factors each has."""

    name: str
    degree: int
    products: int
    points: int
    factors: int = 0


ZERO = Kind("zero", 1, 1, 1)
SINGLE = Kind("single", 1, 1, 1)  # a
PAIR = Kind("pair", 2, 2, 2)  # ±a
RECIPROCALS = Kind("reciprocals", 4, 4, 4)  # ±a, ±1/a
SQUARE = Kind("square", 2, 3, 0, 1)  # x²+c
TRINOMIAL = Kind("trinomial", 2, 3, 0, 1)  # x²+bx+c, the conjugate points of which are complex
MIRRORED = Kind("mirrored", 4, 6, 0, 2)  # x²±bx+c
INFINITY = Kind("infinity", 1, 1, 0)
INFINITY_TWICE = Kind("infinity twice", 2, 3, 0)  # ∞², the two leading coefficients

KINDS = (ZERO, PAIR, RECIPROCALS, SINGLE, SQUARE, TRINOMIAL, MIRRORED, INFINITY, INFINITY_TWICE)  # as sets are written


@dataclass(frozen=True, slots=True, order=True)
class Group:
    """Factors that stand in a set together: their kind, and their place in the table of that kind."""

    kind: Kind
    place: int = 0


@dataclass(frozen=True, eq=False)  # no slots: what is cached lies in the value's __dict__
class Table:
    """All groups of one kind: as text, and as numbers.

    `points` has the shape (groups, points of the kind), `factors` (groups, factors of the kind, 2): the b and c of
    x²+bx+c. `negatives` says which place has the group with -x in place of x.
    """

    kind: Kind
    names: tuple[str, ...]
    points: Array
    factors: Array
    negatives: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def sizes(self) -> Array:
        """The magnitude of each group: of its first point, or of the roots of its first factor."""
        if self.kind.points:
            return np.abs(self.points[:, 0])
        return np.sqrt(self.factors[:, 0, 1]) if self.kind.factors else np.zeros(len(self))


def table(kind: Kind, rows: Iterable[tuple[str, tuple[float, ...], tuple[tuple[float, float], ...], int]]) -> Table:
    """A table of a kind from its rows: the text, the points, the factors, and the place of the negative."""
    names, points, factors, negatives = zip(*rows, strict=True)
    return Table(
        kind,
        names,
        np.array(points, np.float64).reshape(len(names), kind.points),
        np.array(factors, np.float64).reshape(len(names), kind.factors, 2),
        negatives,
    )
