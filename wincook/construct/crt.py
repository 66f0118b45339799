"""One construction for all: the Chinese remainder theorem for a modulus polynomial, in the FIR form.

The product s of an m-vector and an r-vector, as polynomials, has n = m + r - 1 coefficients. It is found modulo each
factor f of the modulus M(x), and put together again. With the cofactor c = M/f and w = 1/c mod f, the part of f in s is
c · (w · (a b mod f)); since w · (a b) = a · (w b), the multiplication by w moves to the filter. Transposed (Winograd
1980; Blahut 2010, section 5.4), f contributes to F(m,r)

    AT: (A R_m)ᵀ      G: A' W R_r      BT: the coefficients of c(x) · Σ_j C[j,k] x^j

where R_k takes a k-vector modulo f, W multiplies by w modulo f, and C ((A u) ⊙ (A' v)) is a product rule modulo f. For
a point, f = x - a, all of them are numbers: AT[i] = a^i, G[j] = a^j / c(a), BT = c. ∞^k is the factor y^k of the
polynomials read backwards, y = 1/x. The denominators live in G, which is applied to the filter once.
"""

from __future__ import annotations

from typing import Any, Literal

import sympy
from sympy.polys.domains import QQ
from sympy.polys.domains.domain import Domain
from sympy.polys.matrices import DomainMatrix
from sympy.polys.polyerrors import CoercionFailed

from wincook.bilinear import Transforms
from wincook.construct.polynomial import multiply, quotient, remainder
from wincook.errors import PointsError
from wincook.factor import INFINITY, Factor
from wincook.points import Points
from wincook.tile import Tile

Element = Any  # an element of a sympy domain: its type depends on the ground types installed
Rows = list[list[Element]]
Rule = Literal["toom-cook", "schoolbook"]


def toom_cook(tile: Tile, points: Points, domain: Domain = QQ, rule: Rule = "toom-cook") -> Transforms:
    """The transforms of a one-dimensional tile on the given points and factors.

    Args:
        tile: F(m,r) with one axis.
        points: factors of total degree m + r - 1; ∞ may stand anywhere or be absent.
        domain: a sympy field that holds the points.
        rule: how to multiply modulo a factor of degree d: by Toom-Cook in 2d - 1 products (Karatsuba for d = 2), or
            like at school in d².

    Raises:
        PointsError: the degrees do not add up to that of the tile, or a point is not in the field.
    """
    (m,), (r,), (n,) = tile.outputs, tile.taps, tile.inputs
    if points.degree != n:
        raise PointsError(
            f"{tile} needs {n} points (∞ counts as one, a factor by its degree), not {points.degree}: {points}; "
            f"for example {Points.default(n)}"
        )
    modulus = [domain.one]
    for item in points.finite:
        modulus = multiply(modulus, _coefficients(item, domain), domain)
    AT_columns: Rows = []
    G_rows: Rows = []
    BT_rows: Rows = []
    for item in points:
        backwards = (item.base if isinstance(item, Factor) else item) == INFINITY
        f = _coefficients(item, domain)
        cofactor = modulus if backwards else quotient(modulus, f, domain)
        seen = cofactor[::-1] if backwards else cofactor
        A, A_filter, C = _product_rule(f, domain, rule)
        AT_columns += _times(A, _reduce(m, f, backwards, domain), domain)
        W = _inverse_multiplication(seen, f, domain)
        G_rows += _times(A_filter, _times(W, _reduce(r, f, backwards, domain), domain), domain)
        for column in zip(*C, strict=True):
            part = list(reversed(column)) if backwards else list(column)
            row = multiply(cofactor, part, domain)
            BT_rows.append(row + [domain.zero] * (n - len(row)))
    rank = len(BT_rows)
    return Transforms(
        AT=_matrix(AT_columns, (rank, m), domain).T,
        G=_matrix(G_rows, (rank, r), domain),
        BT=_matrix(BT_rows, (rank, n), domain),
    )


def _coefficients(item: sympy.Expr | Factor, domain: Domain) -> list[Element]:
    """A factor as a monic polynomial, the constant first; y^k for ∞^k."""
    if item == INFINITY or (isinstance(item, Factor) and item.base == INFINITY):
        power = item.power if isinstance(item, Factor) else 1
        return [domain.zero] * power + [domain.one]
    try:
        if isinstance(item, Factor):
            return [domain.from_sympy(coefficient) for coefficient in item.coefficients]
        return [-domain.from_sympy(item), domain.one]
    except CoercionFailed as error:
        raise PointsError(f"point {item} is not a number of {domain}; give points of that field") from error


def _product_rule(f: list[Element], domain: Domain, rule: Rule) -> tuple[Rows, Rows, Rows]:
    """A, A' (R×d) and C (d×R) with u v mod f = C ((A u) ⊙ (A' v))."""
    d = len(f) - 1
    if d == 1:
        return [[domain.one]], [[domain.one]], [[domain.one]]
    if rule == "schoolbook":
        pairs = [(i, j) for i in range(d) for j in range(d)]
        A, A_filter = ([_unit(pair[side], d, domain) for pair in pairs] for side in (0, 1))
        columns = [remainder(_unit(i + j, i + j + 1, domain), f, domain) for i, j in pairs]
    else:
        linear = toom_cook(Tile((d,), (d,)), Points.default(2 * d - 1), domain)
        A, A_filter, BT = (matrix.to_DM().convert_to(domain).to_list() for matrix in (linear.AT.T, linear.G, linear.BT))
        columns = [remainder(row, f, domain) for row in BT]
    return A, A_filter, [list(row) for row in zip(*columns, strict=True)]


def _reduce(size: int, f: list[Element], backwards: bool, domain: Domain) -> Rows:  # noqa: FBT001 (one of two worlds)
    """R (d×size): the residue modulo f of a polynomial with `size` coefficients."""
    columns = [remainder(_unit(i, i + 1, domain), f, domain) for i in range(size)]
    if backwards:
        columns.reverse()
    return [list(row) for row in zip(*columns, strict=True)]


def _inverse_multiplication(c: list[Element], f: list[Element], domain: Domain) -> Rows:
    """W (d×d): multiplication by 1/c modulo f, the inverse of multiplication by c."""
    d = len(f) - 1
    columns = [remainder(multiply(c, _unit(j, j + 1, domain), domain), f, domain) for j in range(d)]
    inverse: Rows = DomainMatrix([list(row) for row in zip(*columns, strict=True)], (d, d), domain).inv().to_list()
    return inverse


def _times(a: Rows, b: Rows, domain: Domain) -> Rows:
    columns = list(zip(*b, strict=True))
    return [[sum((x * y for x, y in zip(row, column, strict=True)), domain.zero) for column in columns] for row in a]


def _unit(place: int, size: int, domain: Domain) -> list[Element]:
    return [domain.one if i == place else domain.zero for i in range(size)]


def _matrix(rows: Rows, shape: tuple[int, int], domain: Domain) -> sympy.ImmutableMatrix:
    return sympy.ImmutableMatrix(DomainMatrix(rows, shape, domain).to_Matrix())
