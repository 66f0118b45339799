"""The transforms of one axis on points and factors x²+bx+c, in float64: what `construct.make.toom_cook` makes exactly.

With the modulus M, a point a has the cofactor c = M/(x - a), and AT_i = a^i, G_j = a^j/c(a), BT = c. A factor x²+bx+c
takes the three products of the points 0, 1 and ∞ on residues s + t x modulo it, and so does ∞², the factor y² of the
polynomials read backwards.
"""

from __future__ import annotations

import numpy as np

from wincook.analysis.prediction.batch.dense import clear
from wincook.analysis.prediction.batch.rounding import compiled
from wincook.arrays import Array

_NOTHING = 1e-13  # coefficients so much smaller than others are rounding errors of what is 0
_TWICE = 2  # the power of ∞ that is a factor of degree two


@compiled
def transforms(points: Array, factors: Array, infinity: int, A: Array, G: Array, B: Array, cofactor: Array) -> bool:
    """AT (m×R), G (R×r) and BT (R×n), rows of points first, then of factors, then of ∞.

    False if two points or factors have a root in common. `cofactor` is room for n numbers.
    """
    if not (_differ(points) and _factors_differ(factors)):
        return False
    degree, none = len(points) + 2 * len(factors), len(points) + len(factors)
    clear(A)
    clear(G)
    clear(B)
    for k in range(len(points)):
        _product(points, factors, k, B[k])
        if not _at_point(points[k], k, A, G, B[k], degree - 1):
            return False
    for q in range(len(factors)):
        _product(points, factors, len(points) + q, cofactor)
        if not _at_factor(factors[q, 0], factors[q, 1], len(points) + 3 * q, A, G, B, cofactor, degree - 2):
            return False
    row = len(points) + 3 * len(factors)
    if infinity > 0:
        _product(points, factors, none, cofactor)
    if infinity == _TWICE:
        _twice_infinite(A, G, B, row, cofactor, degree)
    elif infinity > 0:
        A[-1, row] = G[row, -1] = 1.0
        for j in range(degree + 1):
            B[row, j] = cofactor[j]
    return True


@compiled
def _differ(points: Array) -> bool:
    for k in range(len(points)):
        for l in range(k):
            if points[k] == points[l]:
                return False
    return True


@compiled
def _factors_differ(factors: Array) -> bool:
    for q in range(len(factors)):
        for p in range(q):
            if factors[q, 0] == factors[p, 0] and factors[q, 1] == factors[p, 1]:
                return False
    return True


@compiled
def _at_point(a: float, k: int, A: Array, G: Array, cofactor: Array, degree: int) -> bool:
    """The powers of a, and over the cofactor's value at a; false if that is 0."""
    value = 0.0
    for j in range(degree, -1, -1):
        value = value * a + cofactor[j]
    if value == 0.0:
        return False
    power = 1.0
    for i in range(len(A)):
        A[i, k] = power
        power *= a
    power = 1.0 / value
    for j in range(G.shape[1]):
        G[k, j] = power
        power *= a
    return True


@compiled
def _at_factor(b: float, c: float, row: int, A: Array, G: Array, B: Array, cofactor: Array, degree: int) -> bool:
    """The three products of x²+bx+c; false if its cofactor has a root of it."""
    s, t = 0.0, 0.0
    for j in range(degree, -1, -1):
        s, t = cofactor[j] - c * t, s - b * t
    norm = s * s - b * s * t + c * t * t
    if norm == 0.0:
        return False
    _residues(A, row, b, c)
    _weighted(G, row, b, c, (s - b * t) / norm, -t / norm)
    _spread(B, row, b, c, cofactor, degree)
    return True


@compiled
def _product(points: Array, factors: Array, left_out: int, row: Array) -> None:
    """The coefficients of the product of all points and factors but one, counted through."""
    for j in range(len(row)):
        row[j] = 0.0
    row[0], degree = 1.0, 0
    for l in range(len(points)):
        if l != left_out:
            degree += 1
            _times_point(row, degree, points[l])
    for q in range(len(factors)):
        if len(points) + q != left_out:
            degree += 2
            _times_factor(row, degree, factors[q, 0], factors[q, 1])
    largest = 0.0
    for j in range(degree + 1):
        largest = max(largest, abs(row[j]))
    for j in range(degree + 1):
        if abs(row[j]) < _NOTHING * largest:
            row[j] = 0.0


@compiled
def _times_point(row: Array, degree: int, a: float) -> None:
    """Times x - a, to a product of a degree."""
    for j in range(degree, 0, -1):
        row[j] = row[j - 1] - a * row[j]
    row[0] *= -a


@compiled
def _times_factor(row: Array, degree: int, b: float, c: float) -> None:
    """Times x²+bx+c, to a product of a degree."""
    for j in range(degree, 1, -1):
        row[j] = row[j - 2] + b * row[j - 1] + c * row[j]
    row[1] = b * row[0] + c * row[1]
    row[0] *= c


@compiled
def _clean(value: float, size: float) -> float:
    """A sum, or 0 where it is a rounding error of summands of a size."""
    return 0.0 if abs(value) < _NOTHING * size else value


@compiled
def _residues(A: Array, column: int, b: float, c: float) -> None:
    """The powers of x modulo x²+bx+c, as s, s + t and t."""
    s, t = 1.0, 0.0
    for i in range(len(A)):
        A[i, column], A[i, column + 1], A[i, column + 2] = s, _clean(s + t, abs(s)), t
        s, t = -c * t, _clean(s - b * t, abs(s))


@compiled
def _weighted(G: Array, row: int, b: float, c: float, s: float, t: float) -> None:
    """The same of powers times s + t x, with the weights of the rule at 0, 1 and ∞."""
    for j in range(G.shape[1]):
        size = abs(s) + abs(t)
        s, t = _clean(s, size), _clean(t, size)
        G[row, j], G[row + 1, j], G[row + 2, j] = -s, _clean(s + t, size), t
        s, t = -c * t, s - b * t


@compiled
def _spread(B: Array, row: int, b: float, c: float, cofactor: Array, degree: int) -> None:
    """x - 1, x and x² - x modulo x²+bx+c, times the cofactor."""
    for j in range(degree + 2):
        low = cofactor[j] if j <= degree else 0.0
        high = cofactor[j - 1] if j > 0 else 0.0
        B[row, j] = _clean(high - low, abs(low))
        B[row + 1, j] = high
        B[row + 2, j] = _clean(-c * low - (1.0 + b) * high, abs(c * low))


@compiled
def _twice_infinite(A: Array, G: Array, B: Array, row: int, modulus: Array, degree: int) -> None:
    """∞², the factor y² of polynomials read backwards: their two leading coefficients."""
    m, r = len(A), G.shape[1]
    A[m - 1, row] = A[m - 1, row + 1] = 1.0
    if m > 1:
        A[m - 2, row + 1] = A[m - 2, row + 2] = 1.0
    second = modulus[degree - 1] if degree > 0 else 0.0
    G[row, r - 1], G[row + 1, r - 1], G[row + 2, r - 1] = -1.0, 1.0 - second, -second
    if r > 1:
        G[row + 1, r - 2] = G[row + 2, r - 2] = 1.0
    for j in range(degree + 2):
        low = modulus[j - 1] if j > 0 else 0.0  # M x, which stands for the leading coefficient
        high = modulus[j] if j <= degree else 0.0
        B[row, j] = _clean(high - low, abs(low))
        B[row + 1, j] = high
        B[row + 2, j] = -high


@compiled
def all_transforms(points: Array, factors: Array, infinity: int, A: Array, G: Array, B: Array) -> None:
    """The transforms of each set: the same with the sets along the first axis; NaN where there are none."""
    cofactor = np.zeros(B.shape[2] + 1)
    for index in range(len(points)):
        if not transforms(points[index], factors[index], infinity, A[index], G[index], B[index], cofactor):
            A[index], G[index], B[index] = np.nan, np.nan, np.nan
