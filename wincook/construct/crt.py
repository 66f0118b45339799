"""Toom-Cook by the Chinese remainder theorem, in the FIR form that networks use.

With the modulus M(x) = Π (x - a_k) over the finite points, M_k(x) = M(x)/(x - a_k) and N_k = M_k(a_k), linear
convolution of an m-vector and an r-vector is evaluation at the points, n products, and interpolation. Its
transposition (Winograd 1980; Blahut 2010, section 5.4) is F(m,r):

    AT[i,k] = a_k^i          G[k,j] = a_k^j / N_k          BT[k,l] = coefficient of x^l in M_k(x)

The row of ∞ holds the leading coefficients: AT[m-1,∞] = G[∞,r-1] = 1, and BT[∞,·] = M(x) itself. The
denominators live in G, which is applied to the filter once; for integer points BT and AT are integers.
"""

from __future__ import annotations

from typing import Any

import sympy
from sympy.polys.domains import QQ
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix

from wincook.bilinear import Transforms
from wincook.errors import PointsError
from wincook.points import INFINITY, Points
from wincook.tile import Tile

Element = Any  # an element of a sympy domain: its type depends on the ground types installed


def toom_cook(tile: Tile, points: Points, domain: Domain = QQ) -> Transforms:
    """The transforms of a one-dimensional tile on the given points.

    Args:
        tile: F(m,r) with one axis.
        points: m + r - 1 distinct points; ∞ may stand anywhere or be absent.
        domain: a sympy field that holds the points.

    Raises:
        PointsError: the number of points does not fit the tile.
    """
    (m,), (r,), (n,) = tile.outputs, tile.taps, tile.inputs
    if len(points) != n:
        raise PointsError(
            f"{tile} needs {n} points (∞ counts as one), not {len(points)}: {points}; for example {Points.default(n)}"
        )
    finite = [domain.from_sympy(point) for point in points.finite]
    modulus = _from_roots(finite, domain)
    AT_columns, G_rows, BT_rows = [], [], []
    for point in points:
        if point == INFINITY:
            AT_columns.append(_unit(m, domain))
            G_rows.append(_unit(r, domain))
            BT_rows.append(modulus)
        else:
            a = domain.from_sympy(point)
            cofactor = _divide_out(modulus, a, domain)
            norm = _evaluate(cofactor, a, domain)
            AT_columns.append(_powers(a, m, domain))
            G_rows.append([power / norm for power in _powers(a, r, domain)])
            BT_rows.append(cofactor + [domain.zero] * (n - len(cofactor)))
    return Transforms(
        AT=_matrix(AT_columns, (n, m), domain).T,
        G=_matrix(G_rows, (n, r), domain),
        BT=_matrix(BT_rows, (n, n), domain),
    )


def _from_roots(roots: list[Element], domain: Domain) -> list[Element]:
    """Coefficients of Π (x - root), the constant first."""
    polynomial = [domain.one]
    for root in roots:
        shifted = [domain.zero, *polynomial]
        polynomial = [s - root * p for s, p in zip(shifted, [*polynomial, domain.zero], strict=True)]
    return polynomial


def _divide_out(polynomial: list[Element], root: Element, domain: Domain) -> list[Element]:
    """Quotient by (x - root), which divides: synthetic division from the leading coefficient down."""
    quotient: list[Element] = []
    carry = domain.zero
    for coefficient in reversed(polynomial[1:]):
        carry = coefficient + root * carry
        quotient.append(carry)
    return quotient[::-1]


def _evaluate(polynomial: list[Element], x: Element, domain: Domain) -> Element:
    value = domain.zero
    for coefficient in reversed(polynomial):
        value = value * x + coefficient
    return value


def _powers(a: Element, number: int, domain: Domain) -> list[Element]:
    powers = [domain.one]
    while len(powers) < number:
        powers.append(powers[-1] * a)
    return powers


def _unit(size: int, domain: Domain) -> list[Element]:
    """The last unit vector: ∞ reads the leading coefficient."""
    return [domain.zero] * (size - 1) + [domain.one]


def _matrix(rows: list[list[Element]], shape: tuple[int, int], domain: Domain) -> sympy.ImmutableMatrix:
    return sympy.ImmutableMatrix(DomainMatrix(rows, shape, domain).to_Matrix())
