"""Toom-Cook sets near rounded ones: on the simplest points near the ratios of entries, with the simplest scales."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

import sympy

from wincook.judge.identify.completed import completed
from wincook.judge.identify.interval import Reach, around, common, fraction, quotients, rational, simplest_between
from wincook.judge.tensor import Aim
from wincook.transforms import Matrices


def on_points(rounded: Matrices, aim: Aim, reaches: Sequence[Reach]) -> Matrices | None:
    """The Toom-Cook set on the simplest points near the ratios of entries, scaled as the matrices are; None if none."""
    linear = aim.kind == "linear convolution"
    vectors = [[list(map(fraction, rows.row(k))) for k in range(rows.rows)] for rows in (rounded[0].T, *rounded[1:])]
    evaluated, solved = (2, 0) if linear else (0, 2)
    points = [_point(vector, reaches[evaluated]) for vector in vectors[evaluated]]
    powers = [point for point in points if point is not None]
    if len(powers) < len(points):
        return None
    size, taps = len(vectors[evaluated][0]), len(vectors[1][0])
    units: dict[int, list[list[Fraction]]] = {
        evaluated: [_series(power, size) for power in powers],
        1: [_series(power, taps)[:: -1 if aim.kind == "true convolution" else 1] for power in powers],
    }
    blank = [[Fraction(0)] * len(vectors[solved][0])] * len(powers)
    unscaled = [_matrix(units.get(position, blank), position) for position in range(3)]
    exact = completed((unscaled[0], unscaled[1], unscaled[2]), aim, solved)
    if exact is None:
        return None
    rows = exact[0].T if solved == 0 else exact[2]
    third = [list(map(fraction, rows.row(k))) for k in range(rows.rows)]
    if not all(map(any, third)):
        return None  # a product that is not used has no scale
    leads = [next(entry for entry in reversed(row) if entry) for row in third]
    units[solved] = [[entry / lead for entry in row] for row, lead in zip(third, leads, strict=True)]
    chosen = (
        _scales([units[p][k] for p in range(3)], [vectors[p][k] for p in range(3)], reaches, lead)
        for k, lead in enumerate(leads)
    )
    scales = [scale for scale in chosen if scale is not None]
    if len(scales) < len(leads):
        return None
    AT, G, BT = (
        _matrix([[scale[p] * entry for entry in units[p][k]] for k, scale in enumerate(scales)], p) for p in range(3)
    )
    return AT, G, BT


def _point(vector: Sequence[Fraction], reach: Reach) -> Fraction | str | None:
    """The point a of which the entries are nearly powers, up to a scale; ∞ if only the last is not zero."""
    if not vector[0]:
        return "∞" if vector[-1] and not any(vector[:-1]) else None
    if len(vector) == 1:
        return None
    ratios = (quotients(around(y, reach), around(x, reach)) for x, y in pairwise(vector) if x)
    shared = common(ratios)
    return None if shared is None else simplest_between(*shared)


def _series(point: Fraction | str, size: int) -> list[Fraction]:
    if isinstance(point, str):
        return [Fraction(0)] * (size - 1) + [Fraction(1)]
    return [point**exponent for exponent in range(size)]


def _scales(
    units: Sequence[Sequence[Fraction]],
    vectors: Sequence[Sequence[Fraction]],
    reaches: Sequence[Reach],
    lead: Fraction,
) -> tuple[Fraction, Fraction, Fraction] | None:
    """Scales of one product, whose product is the lead: the simplest for two of its vectors, if they fit the third."""
    ranges = []
    for unit, vector, reach in zip(units, vectors, reaches, strict=True):
        pairs = zip(unit, vector, strict=True)
        shared = common(quotients(around(entry, reach), (number, number)) for number, entry in pairs if number)
        if shared is None or shared[0] * shared[1] <= 0:
            return None
        ranges.append(shared)
    for first, second, third in ((0, 2, 1), (0, 1, 2), (1, 2, 0)):
        scales = {first: simplest_between(*ranges[first]), second: simplest_between(*ranges[second])}
        scales[third] = lead / (scales[first] * scales[second])
        if ranges[third][0] <= scales[third] <= ranges[third][1]:
            return scales[0], scales[1], scales[2]
    return None


def _matrix(vectors: Sequence[Sequence[Fraction]], position: int) -> sympy.ImmutableMatrix:
    rows = sympy.ImmutableMatrix([[rational(entry) for entry in vector] for vector in vectors])
    return rows.T if position == 0 else rows
