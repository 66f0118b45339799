"""Points to start from: the published ones, then small fractions in order of size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice
from math import gcd

import sympy

from wincook.factor import INFINITY, Point
from wincook.points.reading import read_points

# The best published sets for r = 3, by n: see `default_source`. For n = 6 those of oneDNN leave a third less error than
# the table's, and pair up. Other r share them: the error depends on n far more than on how n splits into m and r.
_PUBLISHED = {
    1: "∞",
    2: "0, ∞",
    3: "0, 1, ∞",
    4: "0, ±1, ∞",
    5: "0, ±1, 1/2, ∞",
    6: "0, ±5/8, ±3/2, ∞",
    7: "0, ±1, ±1/2, -2, ∞",
    8: "0, ±1, ±1/2, ±2, ∞",
    9: "0, ±1, ±1/2, ±2, -1/4, ∞",
    10: "0, ±1, ±1/2, ±2, -1/4, 4, ∞",
    11: "0, ±1, ±1/2, ±2, -1/4, 3/4, -4/3, ∞",
    12: "0, ±1, ±1/2, ±2, -1/4, 4, 3/4, -4/3, ∞",
    13: "0, ±1, ±1/2, ±2, ±1/4, 4, 3/4, -4/3, ∞",
    14: "0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, ∞",
    15: "0, ±1, ±1/2, ±2, ±1/4, 4, ±3/4, ±4/3, ∞",
    16: "0, ±1, ±1/2, ±2, ±1/4, ±4, ±3/4, ±4/3, ∞",
    17: "0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, 2/3, ±3/2, ∞",
    18: "0, ±1, ±1/2, ±2, ±1/4, ±4, -3/4, 4/3, ±2/3, ±3/2, ∞",
}

_WINOGRADS, _ONEDNNS = 4, 6  # the n up to which sets are Winograd's, and that for which they are oneDNN's


def default_points(number: int) -> tuple[Point, ...]:
    """So many points: published up to 18, and with more fractions beyond."""
    if number in _PUBLISHED:
        return read_points(_PUBLISHED[number])
    finite = [point for point in read_points(_PUBLISHED[max(_PUBLISHED)]) if point != INFINITY]
    more = (point for point in _small_fractions() if point not in finite)
    return (*finite, *islice(more, number - 1 - len(finite)), INFINITY)


def default_source(number: int) -> str:
    """Who published the points that `default_points` gives."""
    if number not in _PUBLISHED:
        return "published points, and small fractions"
    if number <= _WINOGRADS:
        return "Winograd 1980"
    if number == _ONEDNNS:
        return "oneDNN, kernels for x64"
    return "Barabasz et al. 2020, ACM TOMS 46, table 1, as tabulated in TVM"


def _small_fractions() -> Iterator[sympy.Rational]:
    """±p/q and ±q/p by growing p + q: each with its reciprocal, so that products stay near 1."""
    for total in count(3):
        for q in range(total // 2, 0, -1):
            if gcd(total, q) == 1:
                fraction = sympy.Rational(total - q, q)
                yield from (fraction, -fraction, 1 / fraction, -1 / fraction)
