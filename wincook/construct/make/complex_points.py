"""Complex points for real data: a pair of conjugate products becomes three real ones.

On conjugate points the rows of G and BT, and the columns of AT, are conjugate, so that the products are M and its
conjugate, and y takes AT[:,k] M + conj = 2 Re(AT[:,k]) Re(M) - 2 Im(AT[:,k]) Im(M). With U = a + bi and V = c + di,
three real products are enough (Gauss; Knuth, *The Art of Computer Programming*, vol. 2, section 4.6.4):

    Re(M) = ac - bd      Im(M) = (a + b)(c + d) - ac - bd.
"""

from __future__ import annotations

import sympy

from wincook.arguments import instance
from wincook.errors import AlgorithmError, PointsError
from wincook.exact.field import simplest
from wincook.factor import Factor, Point, base_of, name_of
from wincook.points import Points
from wincook.transforms import Transforms

Rows = list[sympy.ImmutableMatrix]


def real_form(axis: Transforms) -> Transforms:
    """The same correlation in real numbers, three products for each conjugate pair.

    Raises:
        AlgorithmError: no matrices.
        PointsError: a complex product has no conjugate.
    """
    axis = instance("axis", axis, Transforms, "give Transforms(AT, G, BT)", AlgorithmError)
    if not any(matrix.has(sympy.I) for matrix in (axis.AT, axis.G, axis.BT)):
        return axis
    AT: Rows = []
    G: Rows = []
    BT: Rows = []
    rest = [(axis.AT[:, k].T, axis.G[k, :], axis.BT[k, :]) for k in range(axis.multiplications)]
    while rest:
        first = rest.pop(0)
        if not any(row.has(sympy.I) for row in first):
            for rows, row in zip((AT, G, BT), first, strict=True):
                rows.append(row)
            continue
        conjugate = tuple(row.applyfunc(_conjugate) for row in first)
        if conjugate not in rest:
            raise PointsError("a complex point stands without its conjugate; for real data give both, like 1±i")
        rest.remove(conjugate)
        (a, b), (c, d), (real, imaginary) = ((_part(row, 0), _part(row, 1)) for row in (*first[1:], first[0]))
        G += [a, b, a + b]
        BT += [c, d, c + d]
        AT += [2 * (real + imaginary), 2 * (imaginary - real), -2 * imaginary]
    return Transforms(sympy.ImmutableMatrix.vstack(*AT).T, *(sympy.ImmutableMatrix.vstack(*rows) for rows in (G, BT)))


def real_factors(points: Points) -> Points:
    """The same points with each conjugate pair as one factor: 1±i become x^2-2x+2.

    Raises:
        PointsError: a complex point has no conjugate.
    """
    points = Points.of(points)
    items: list[Point] = []
    rest = list(points)
    while rest:
        item = rest.pop(0)
        base = base_of(item)
        if not base.has(sympy.I):
            items.append(item)
            continue
        other = _conjugate(base)
        conjugate = Factor(other, item.power) if isinstance(item, Factor) else _conjugate(item)
        if conjugate not in rest:
            raise PointsError(f"{name_of(item)} stands without its conjugate {name_of(conjugate)} in {points}")
        rest.remove(conjugate)
        items.append(Factor(sympy.expand(base * other), item.power if isinstance(item, Factor) else 1))
    return Points(tuple(items))


def _conjugate(number: sympy.Expr) -> sympy.Expr:
    """With -i for i; symbols are real."""
    return number.subs(sympy.I, -sympy.I)


def _part(row: sympy.ImmutableMatrix, which: int) -> sympy.ImmutableMatrix:
    """The real (0) or imaginary (1) part of a row."""

    def part(entry: sympy.Expr) -> sympy.Expr:
        conjugate = _conjugate(entry)
        return simplest((entry - conjugate) / (2 * sympy.I) if which else (entry + conjugate) / 2)

    return row.applyfunc(part)
