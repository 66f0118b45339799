"""Algorithms over GF(p): the same construction, in the field of the integers modulo a prime.

AT (m×R), G (R×r) and BT (R×n) hold residues, and y = AT [(G g) ⊙ (BT d)] is right modulo p for all integers d and g. No
number grows, nothing is rounded, and there are no fractions: 1/2 is the residue (p + 1)/2. A field of p elements has p
points and ∞, so that n = m + r - 1 may be as large as p + 1. Residues are symmetric, from -(p - 1)/2 to (p - 1)/2. (Liu
and Mattina, "Efficient Residue Number System Based Winograd Convolution", ECCV 2020, arXiv 2007.12216.)
"""

from __future__ import annotations

import sympy
from sympy.polys.domains import GF

from wincook.arguments import whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.effort import check_tile
from wincook.construct.make.points_per_axis import Given, points_per_axis
from wincook.construct.make.toom_cook import toom_cook
from wincook.errors import PointsError
from wincook.factor import INFINITY
from wincook.points import Points
from wincook.tile import Tile

_MOST_BITS = 512


def modular(tile: Tile | str, prime: int, points: Given = None) -> BilinearAlgorithm:
    """The algorithm of a tile modulo a prime, one axis nested in the other.

    Args:
        tile: `F(m,r)` in one or more dimensions.
        prime: p, at least m + r - 2 along every axis.
        points: numbers and ∞ for every axis alike, or a sequence of sets, one per axis. Fractions stand for their
            residues. Left out, 0, ±1, ±2, …, ∞.

    Raises:
        PointsError: p is no prime or too small for the tile; a point has no residue modulo p, or that of another; the
            number of points does not fit the tile.

    >>> f43 = modular("F(4,3)", 17)
    >>> print(f43)
    F(4,3) on {0, ±1, ±2, ∞}, modulo 17, 6 multiplications
    >>> print(f43.verify())
    F(4,3) with 6 multiplications: 72 identities hold exactly
    >>> f43.axes[0].G.row(1)
    Matrix([[-3, -3, -3]])

    The row is that of -1/6: modulo 17 this is -3, since -3 · 6 = -18.
    """
    tile = Tile.of_unit_stride(tile, "are made modulo a prime")
    prime = check_prime(prime)
    check_tile(tile, 1 + prime.bit_length() // 64)
    most = max(tile.inputs)
    if most > prime + 1:
        raise PointsError(
            f"{tile} needs {most} points, and GF({prime}) has only {prime} and ∞; "
            f"take a prime of at least {sympy.nextprime(most - 2)}"
        )
    sets = points_per_axis(tile, [*map(_default, tile.inputs)] if points is None else points)
    axes = (
        toom_cook(axis, residues(chosen, prime), domain=GF(prime)) for axis, chosen in zip(tile.axes, sets, strict=True)
    )
    return BilinearAlgorithm(tile, sets, tuple(axes), modulus=prime)


def residues(points: Points, prime: int) -> Points:
    """The points as symmetric residues.

    Raises:
        PointsError: a factor of higher degree, a denominator that p divides, or two points that coincide; p is no
            prime.

    >>> print(residues(Points.parse("0, 1/2, -3/5, ∞"), 7))
    0, -3, -2, ∞
    """
    points, prime = Points.of(points), check_prime(prime)
    owners: dict[int, sympy.Expr] = {}
    symmetric = []
    for point in points:
        if point == INFINITY:
            symmetric.append(point)
            continue
        if not isinstance(point, sympy.Rational):
            raise PointsError(f"{point} in {points} is no point of GF({prime}); give fractions and ∞")
        if point.q % prime == 0:
            raise PointsError(
                f"point {point} has no residue modulo {prime}, which divides its denominator; take another"
            )
        residue = symmetric_residue(int(point.p) * pow(int(point.q), -1, prime), prime)
        if residue in owners:
            raise PointsError(
                f"points {owners[residue]} and {point} coincide modulo {prime}; all points need different residues"
            )
        owners[residue] = point
        symmetric.append(sympy.Integer(residue))
    return Points(tuple(symmetric))


def symmetric_residue(number: int, prime: int) -> int:
    """The residue between -(p - 1)/2 and (p - 1)/2; modulo 2 it is 0 or 1.

    Raises:
        PointsError: either is no whole number, or the modulus is below 1.

    >>> [symmetric_residue(number, 5) for number in range(5)]
    [0, 1, 2, -2, -1]
    """
    number = whole_number("number", number, None, None, PointsError)
    prime = whole_number("prime", prime, 1, None, PointsError)
    residue = number % prime
    return residue - prime if residue > prime // 2 else residue


def check_prime(prime: int) -> int:
    """Let a prime pass.

    Raises:
        PointsError: the number is no prime; names the nearest ones. It has too many bits.
    """
    prime = whole_number("prime", prime, None, None, PointsError)
    if prime.bit_length() > _MOST_BITS:
        raise PointsError(f"prime has {prime.bit_length()} bits; give one of at most {_MOST_BITS}")
    if not sympy.isprime(prime):
        below = [str(sympy.prevprime(prime))] if prime > 2 else []  # noqa: PLR2004 (the smallest prime)
        nearest = " and ".join([*below, str(sympy.nextprime(prime))])
        raise PointsError(f"{prime} is no prime; the integers modulo it are no field; nearest: {nearest}")
    return prime


def _default(number: int) -> Points:
    """0, ±1, ±2, …, ∞: different modulo every p that is large enough for the number."""
    finite = (sympy.Integer((k + 1) // 2 * (1 if k % 2 else -1)) for k in range(number - 1))
    return Points((*finite, INFINITY))
