"""The Vandermonde matrix of a set of points, with ∞ and without.

V has a row (1, a, …, a^(n-1)) for each of n points, and 0 … 0 1 for ∞; it evaluates a polynomial of n coefficients.
Without ∞ it is the square matrix of the finite points alone, (n-1) × (n-1). The condition number of the latter is what
NOVA (arXiv 2512.18453) makes small; `wincook reproduce nova2025` shows what it says about errors.
"""

from __future__ import annotations

import sympy

from wincook.errors import PointsError
from wincook.exact.notation import text
from wincook.factor import INFINITY, Factor
from wincook.points import Points


def vandermonde(points: Points, *, infinity: bool = True) -> sympy.ImmutableMatrix:
    """The square matrix of the points, or of the finite ones among them.

    >>> vandermonde(Points.parse("0, 2, ∞")), vandermonde(Points.parse("0, 2, ∞"), infinity=False)
    (Matrix([
    [1, 0, 0],
    [1, 2, 4],
    [0, 0, 1]]), Matrix([
    [1, 0],
    [1, 2]]))

    Raises:
        PointsError: polynomial factors or powers, or complex points; or nothing but ∞.
    """
    chosen = points.items if infinity else points.finite
    if not chosen:
        raise PointsError(f"no Vandermonde matrix: {points} has no finite points")
    return sympy.ImmutableMatrix([_row(point, len(chosen)) for point in chosen])


def _row(point: sympy.Expr | Factor, size: int) -> list[sympy.Expr]:
    if isinstance(point, Factor):
        raise PointsError(f"no Vandermonde matrix: {point} is a factor, no point")
    if point == INFINITY:
        return [sympy.Integer(i == size - 1) for i in range(size)]
    if not point.is_real:
        raise PointsError(f"no real Vandermonde matrix: {text(point)} is complex")
    return [point**i for i in range(size)]
