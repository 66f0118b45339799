"""The fewest additions for sums of three values: points of a projective plane, joined by lines.

Where multiplications by constants are free, a sum a x + b y + c z is the point (a : b : c), and one addition makes any
point on the line through two points that are there. A point that is wanted and lies on such a line is made at once:
it costs its one addition sooner or later. Otherwise some other point comes first, and if the next wanted point is to
need it, it is where a line through two points that are there meets a line through a wanted one. So all programs
with one such detour are searched; with more, only the best few of each number are kept.

For G of F(m,3) the points are (1 : a : a²), on a conic (Coxeter, *Projective Geometry*, chapter 8). No three are on
a line, so the first addition makes none of them, and m points other than 0 and ∞ take m + 1 additions or more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from math import gcd

Point = tuple[int, int, int]  # without common factor, first nonzero coordinate positive
AXES: tuple[Point, ...] = ((1, 0, 0), (0, 1, 0), (0, 0, 1))

_KEPT = 32


@dataclass(frozen=True, slots=True)
class Progress:
    """The points that are there, in an order in which they can be made, and those still wanted."""

    points: tuple[Point, ...]
    wanted: frozenset[Point]


@lru_cache(maxsize=1024)
def fewest_lines(wanted: frozenset[Point]) -> list[tuple[Point, ...]]:
    """The shortest ways found to all wanted points: the points in the order of making, the axes first.

    >>> rows = frozenset([(1, 1, 1), (1, -1, 1), (1, 2, 4), (1, -2, 4)])  # G of F(4,3)
    >>> fewest_lines(rows)[0][3:]
    ((0, 1, -1), (1, -1, 1), (1, 1, 1), (1, -2, 4), (1, 2, 4))
    """
    best = [_advance(Progress(AXES, wanted - set(AXES)), 1)]
    while all(progress.wanted for progress in best):
        reached: dict[frozenset[Point], Progress] = {}
        for progress in best:
            for detour in _detours(progress):
                step = _advance(Progress((*progress.points, detour), progress.wanted), len(progress.points))
                reached.setdefault(frozenset(step.points), step)
        best = sorted(reached.values(), key=lambda step: (len(step.wanted), _size(step.points)))[:_KEPT]
    return [progress.points for progress in best if not progress.wanted]


def primitive(coordinates: Sequence[int]) -> Point:
    """The same point in lowest terms."""
    x, y, z = coordinates
    common = gcd(x, y, z)
    if (x or y or z) < 0:
        common = -common
    return x // common, y // common, z // common


def join(p: Point, q: Point) -> Point:
    """The line through two points, or the point on two lines: their cross product, 0 0 0 if they are one."""
    (a, b, c), (x, y, z) = p, q
    return b * z - c * y, c * x - a * z, a * y - b * x


def _advance(progress: Progress, last: int) -> Progress:
    """Make every wanted point on a line through two points that are there, one of them number `last` or later."""
    there, left = list(progress.points), set(progress.wanted)
    while last < len(there):
        for earlier in there[:last]:
            a, b, c = join(there[last], earlier)
            hit = [p for p in left if not a * p[0] + b * p[1] + c * p[2]]
            there += sorted(hit)
            left.difference_update(hit)
        last += 1
    return Progress(tuple(there), frozenset(left))


def _detours(progress: Progress) -> Iterable[Point]:
    """The points one addition away that bring a wanted point within one more."""
    lines = {primitive(join(p, q)) for p, q in combinations(progress.points, 2)}
    sights = {primitive(join(p, q)) for p in progress.wanted for q in progress.points}
    met = {join(line, sight) for line in lines for sight in sights}  # different: no wanted point is on a line
    return sorted({primitive(point) for point in met} - set(progress.points))


def _size(points: Iterable[Point]) -> int:
    return sum(abs(c) for point in points for c in point)
