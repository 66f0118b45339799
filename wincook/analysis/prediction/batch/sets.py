"""Many sets of points of one kind, as arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sympy

from wincook.arguments import whole_number
from wincook.arrays import Array, real_array
from wincook.errors import PointsError, ShapeError
from wincook.factor import INFINITY, Factor
from wincook.points import Points

_MOST_INFINITY = 2


@dataclass(frozen=True, slots=True, eq=False)
class PointSets:
    """Sets of one kind: so many points, so many factors x²+bx+c, and a power of ∞.

    Args:
        points: the finite points of each set: float64 of shape (sets, points).
        factors: the b and c of each factor x²+bx+c: float64 of shape (sets, factors, 2).
        infinity: 0 for sets without ∞, 1 for those with it, 2 for those with ∞².

    Raises:
        ShapeError: arrays of other shapes, or of different numbers of sets; another power of ∞.
        DataError: what is no array of real numbers.
        PointsError: a number that is infinite or NaN.
    """

    points: Array
    factors: Array
    infinity: int = 1

    def __post_init__(self) -> None:
        points = np.ascontiguousarray(real_array("points", self.points), np.float64)
        factors = np.ascontiguousarray(real_array("factors", self.factors), np.float64)
        if points.ndim != 2 or factors.ndim != 3 or factors.shape[2] != 2 or len(points) != len(factors):  # noqa: PLR2004 (axes)
            raise ShapeError(
                f"points of shape {points.shape} and factors of shape {factors.shape} are no sets; "
                "give (sets, points) and (sets, factors, 2)"
            )
        if not (np.isfinite(points).all() and np.isfinite(factors).all()):
            raise PointsError("a point is infinite or NaN; whether ∞ is one of the points, `infinity` says")
        object.__setattr__(self, "points", points)
        object.__setattr__(self, "factors", factors)
        object.__setattr__(self, "infinity", whole_number("infinity", self.infinity, 0, _MOST_INFINITY))

    @classmethod
    def of_points(cls, points: Any, infinity: int = 1) -> PointSets:
        """Sets without polynomial factors, from an array of shape (sets, points)."""
        array = real_array("points", points)
        return cls(array, np.empty((len(array) if array.ndim else 0, 0, 2)), infinity)

    @classmethod
    def of(cls, sets: Sequence[Points | str]) -> PointSets:
        """Exact sets as numbers.

        Raises:
            PointsError: sets of different kinds, or with a factor of a higher degree.
            ShapeError: no set.
        """
        read = [cls._of_set(Points.of(points)) for points in sets]
        if not read:
            raise ShapeError("no sets of points given; give at least one, such as ['0, ±1, ∞']")
        if len({(len(points), len(factors), infinity) for points, factors, infinity in read}) > 1:
            raise PointsError("sets of different kinds; give together those with as many points, factors and ∞")
        points, factors, (infinity, *_) = zip(*read, strict=True)
        return cls(np.array(points, np.float64), np.array(factors, np.float64).reshape(len(read), -1, 2), infinity)

    @staticmethod
    def _of_set(points: Points) -> tuple[list[float], list[list[float]], int]:
        numbers: list[float] = []
        factors: list[list[float]] = []
        infinity = 0
        for item in points:
            if item == INFINITY:
                infinity = 1
            elif not isinstance(item, Factor):
                numbers.append(float(_real(item, points)))
            elif item.base == INFINITY and item.power <= _MOST_INFINITY:
                infinity = item.power
            elif item.base != INFINITY and item.degree == 2:  # noqa: PLR2004 (x² + bx + c)
                c, b, _ = item.coefficients
                factors.append([float(_real(b, points)), float(_real(c, points))])
            else:
                raise PointsError(f"{item} in {points} is of a degree above 2; predict it by itself")
        return numbers, factors, infinity

    def __len__(self) -> int:
        return len(self.points)

    def where(self, chosen: Array) -> PointSets:
        """Some of the sets, by a mask or by places."""
        return PointSets(self.points[chosen], self.factors[chosen], self.infinity)

    def repeated(self, number: int) -> PointSets:
        """A single set, so many times."""
        return PointSets(np.repeat(self.points, number, axis=0), np.repeat(self.factors, number, axis=0), self.infinity)

    @property
    def degree(self) -> int:
        """Of the modulus, ∞ included: m + r - 1."""
        return int(self.points.shape[1]) + 2 * int(self.factors.shape[1]) + self.infinity

    @property
    def multiplications(self) -> int:
        """R, the products along one axis: 2d - 1 for a factor of degree d."""
        return int(self.points.shape[1]) + 3 * int(self.factors.shape[1]) + max(2 * self.infinity - 1, 0)


def _real(number: sympy.Expr, points: Points) -> sympy.Expr:
    if number.free_symbols or not number.is_real:
        raise PointsError(f"{number} in {points} is no real number; give real points and factors")
    return number
