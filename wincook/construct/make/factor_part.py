"""What one factor of the modulus contributes to an algorithm.

The product s of an m-vector and an r-vector, as polynomials, has n = m + r - 1 coefficients. With the modulus M(x), a
factor f, its cofactor c = M/f and w = 1/c mod f, the share of f in s is c · (w · (a b mod f)); since w · (a b) =
a · (w b), the multiplication by w moves to the filter (Nussbaumer 1982, section 3.2.3). ∞^k is the factor y^k
of the polynomials read backwards, y = 1/x.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy.polys.domains.domain import Domain
from sympy.polys.polyerrors import CoercionFailed

from wincook.arguments import instance
from wincook.errors import PointsError
from wincook.exact.matrix import Rows, inverse, times, transposed, unit
from wincook.exact.polynomial import Polynomial, multiply, quotient, remainder
from wincook.factor import INFINITY, Factor, Point
from wincook.points import Points
from wincook.tile import Tile

_MADE = "are made from one set of points"


@dataclass(frozen=True, slots=True)
class Part:
    """One factor f of degree d, as a monic polynomial with the constant first, and the way to it and back.

    `output` (d×m) takes an m-vector modulo f, `filter` (d×r) an r-vector times w modulo f; row j of `spread` (d×n) has
    the coefficients of c(x) · x^j. `is_field` says that f is irreducible, so that residues modulo f are a field.
    """

    f: Polynomial
    output: Rows
    filter: Rows
    spread: Rows
    is_field: bool


def check_degree(tile: Tile | str, points: Points | str) -> None:
    """See that a one-dimensional tile has as many points as it needs.

    Raises:
        PointsError: it has more or fewer.
        NotationError: a tile of several axes, or points that cannot be read.
    """
    tile, points = Tile.of_unit_stride(Tile.of_one_axis(tile), _MADE), Points.of(points)
    (n,) = tile.inputs
    if points.degree != n:
        raise PointsError(
            f"{tile} needs {n} points (∞ counts as one, a factor by its degree), not {points.degree}: {points}; "
            f"for example {Points.default(n)}"
        )


def parts_of(tile: Tile | str, points: Points | str, domain: Domain) -> list[Part]:
    """The parts of a one-dimensional tile on the given points and factors.

    Raises:
        NotationError: a tile of several axes, or something else than a field.
        PointsError: the degrees do not add up to that of the tile, or a point is not in the field.
    """
    tile, points = Tile.of_unit_stride(Tile.of_one_axis(tile), _MADE), Points.of(points)
    domain = instance("domain", domain, Domain, "give a field of sympy, such as sympy.QQ")
    (m,), (r,), (n,) = tile.outputs, tile.taps, tile.inputs
    check_degree(tile, points)
    modulus = [domain.one]
    for item in points.finite:
        modulus = multiply(modulus, _coefficients(item, domain), domain)
    parts = []
    for item in points:
        base, power = (item.base, item.power) if isinstance(item, Factor) else (item, 1)
        f = _coefficients(item, domain)
        cofactor = modulus if base == INFINITY else quotient(modulus, f, domain)
        if base == INFINITY:
            # y^j stands for the coefficient n - 1 - j, and all polynomials are read from their end.
            d, seen = len(f) - 1, cofactor[::-1]
            spread = [_shifted(cofactor, d - 1 - j, n, domain) for j in range(d)]
        else:
            seen = cofactor
            spread = [_shifted(cofactor, j, n, domain) for j in range(len(f) - 1)]
        output, taps = (_reduce(size, f, base == INFINITY, domain) for size in (m, r))
        weighted = times(_inverse_multiplication(seen, f, domain), taps, domain)
        parts.append(Part(f, output, weighted, spread, power == 1))
    return parts


def _coefficients(item: Point, domain: Domain) -> Polynomial:
    """A factor as a monic polynomial, the constant first; y^k for ∞^k."""
    if item == INFINITY or (isinstance(item, Factor) and item.base == INFINITY):
        power = item.power if isinstance(item, Factor) else 1
        return unit(power, power + 1, domain)
    try:
        if isinstance(item, Factor):
            return [domain.from_sympy(coefficient) for coefficient in item.coefficients]
        return [-domain.from_sympy(item), domain.one]
    except CoercionFailed as error:
        raise PointsError(f"point {item} is not a number of {domain}; give points of that field") from error


def _reduce(size: int, f: Polynomial, backwards: bool, domain: Domain) -> Rows:  # noqa: FBT001 (one of two worlds)
    """The residue modulo f of a polynomial with `size` coefficients, as a matrix (d×size)."""
    columns = [remainder(unit(i, i + 1, domain), f, domain) for i in range(size)]
    return transposed(columns[::-1] if backwards else columns)


def _inverse_multiplication(c: Polynomial, f: Polynomial, domain: Domain) -> Rows:
    """Multiplication by 1/c modulo f (d×d), the inverse of multiplication by c."""
    columns = [remainder(multiply(c, unit(j, j + 1, domain), domain), f, domain) for j in range(len(f) - 1)]
    return inverse(transposed(columns), domain)


def _shifted(polynomial: Polynomial, places: int, size: int, domain: Domain) -> Polynomial:
    """The coefficients of x^places · polynomial, filled up with zeros."""
    rest = size - places - len(polynomial)
    return [*[domain.zero] * places, *polynomial, *[domain.zero] * rest]
