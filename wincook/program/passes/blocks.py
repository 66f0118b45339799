"""Rewrite blocks of sums over three values with the fewest additions.

A block is made of sums of one depth that read the same three values; a term that no other sum of the block's depth
reads is added at the end. In BT of F(6,3), whose rows have been paired, the even parts of ±1, ±2 and ±1/2 and the
row of 0 are such a block over d2, d4 and d6, with d0 added to the last. The search is `plane`'s; of its shortest ways
the one is taken whose running error is least, |α| e_p + |β| e_q + |x| for x = α p + β q, relative to |x|.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.passes.plane import AXES, Point, fewest_lines, join, primitive
from wincook.program.sums import Sums, depths, reorder

Row = dict[int, Number]
Steps = list[tuple[Point, Point, Point]]  # a point, and the two that it is made of


@dataclass(frozen=True, slots=True)
class Block:
    """Three values, and the sums that read them alone, beside terms of their own."""

    values: tuple[int, ...]
    names: tuple[int, ...]


def share_lines(sums: Sums) -> Sums:
    """Rewrite each block of at least two sums over three values; irrational coefficients stay as they are."""
    rows: dict[int, Row] = {name: dict(terms) for name, terms in enumerate(sums.sums, start=sums.inputs)}
    for block in list(_blocks(sums, rows)):
        points = {name: _point([rows[name].get(value, Fraction(0)) for value in block.values]) for name in block.names}
        steps = _least_error(fewest_lines(frozenset(points.values())))
        _rewrite(rows, block, points, steps)
    terms: dict[int, Terms] = {name: tuple(row.items()) for name, row in rows.items()}
    return reorder(sums.inputs, terms, sums.outputs)


def _blocks(sums: Sums, rows: dict[int, Row]) -> Iterable[Block]:
    depth = depths(sums)
    for level in range(1, max(depth) + 1):
        names = [name for name in rows if depth[name] == level]
        readers = Counter(value for name in names for value in rows[name])
        groups: list[tuple[frozenset[int], list[int]]] = []
        for name in names:
            values, members = frozenset(value for value in rows[name] if readers[value] > 1), [name]
            if len(values) == 1 or not all(isinstance(rows[name][value], Fraction) for value in values):
                continue
            for group in [group for group in groups if group[0] & values]:
                groups.remove(group)
                values, members = values | group[0], group[1] + members
            groups.append((values, members))
        for values, members in groups:
            if len(values) == len(AXES) and len(members) > 1:
                yield Block(tuple(sorted(values)), tuple(members))


def _point(coordinates: list[Number]) -> Point:
    fractions = [Fraction(c) for c in coordinates if isinstance(c, Fraction)]
    common = lcm(*(c.denominator for c in fractions))
    return primitive([int(c * common) for c in fractions])


def _least_error(ways: list[tuple[Point, ...]]) -> Steps:
    """Of all ways, and all pairs of points for each step, those whose relative errors add up to the least."""
    best: tuple[float, Steps] | None = None
    for way in ways:
        error: dict[Point, float] = dict.fromkeys(AXES, 0.0)
        steps: Steps = []
        for place, point in enumerate(way[len(AXES) :], start=len(AXES)):
            pairs = [(p, q) for p, q in combinations(way[:place], 2) if _on_line(point, p, q)]
            errors = {pair: _error(point, *pair, error) for pair in pairs}
            pair = min(errors, key=errors.__getitem__)
            error[point] = errors[pair]
            steps.append((point, *pair))
        total = sum(error[point] / _norm(point) for point in way)
        if best is None or total < best[0]:
            best = total, steps
    return best[1] if best else []


def _on_line(point: Point, p: Point, q: Point) -> bool:
    return sum(c * x for c, x in zip(join(p, q), point, strict=True)) == 0


def _error(point: Point, p: Point, q: Point, error: dict[Point, float]) -> float:
    alpha, beta = _weights(point, p, q)
    return abs(alpha) * error[p] + abs(beta) * error[q] + _norm(point)


def _norm(point: Point) -> float:
    return float(sum(c * c for c in point) ** 0.5)


def _weights(point: Point, p: Point, q: Point) -> tuple[Fraction, Fraction]:
    """The α and β of point = α p + β q, by Cramer's rule."""
    determinants = zip(join(point, q), join(p, point), join(p, q), strict=True)
    return next((Fraction(a, d), Fraction(b, d)) for a, b, d in determinants if d)


def _rewrite(rows: dict[int, Row], block: Block, points: dict[int, Point], steps: Steps) -> None:
    """Give the block's sums the terms of the steps; points that none of them stands for become sums of their own."""
    fresh = max(rows) + 1
    place: dict[Point, tuple[int, Number]] = {}  # the value that is a multiple of a point, and that multiple
    place |= {axis: (value, Fraction(1)) for axis, value in zip(AXES, block.values, strict=True)}
    beside = {name: {v: c for v, c in rows[name].items() if v not in block.values} for name in block.names}
    lengths = {name: _multiple(rows[name], block.values, point) for name, point in points.items()}
    for point, p, q in steps:
        (first, first_multiple), (second, second_multiple) = place[p], place[q]
        alpha, beta = _weights(point, p, q)
        terms: Row = {first: alpha / first_multiple, second: beta / second_multiple}
        standing = next((name for name in block.names if points[name] == point and not beside[name]), None)
        if standing is None:
            multiple = 1 / terms[first]
            standing = fresh
            fresh += 1
        else:
            multiple = lengths[standing]
        rows[standing] = {value: c * multiple for value, c in terms.items()}
        place[point] = standing, multiple
    for name, point in points.items():
        value, multiple = place[point]
        if value != name:
            rows[name] = {value: lengths[name] / multiple} | beside[name]


def _multiple(row: Row, values: tuple[int, ...], point: Point) -> Number:
    """How often the sum holds the point."""
    return next(row[value] / c for value, c in zip(values, point, strict=True) if c)
