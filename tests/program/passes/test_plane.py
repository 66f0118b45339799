"""The search for lines: every step is one addition, and known minima are reached."""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wincook.program.passes.plane import AXES, Point, fewest_lines, join, primitive


def conic(points: str) -> frozenset[Point]:
    """The rows (1, a, a²) of G for three taps."""
    fractions = [Fraction(word) for word in points.split()]
    return frozenset(primitive((a.denominator**2, a.numerator * a.denominator, a.numerator**2)) for a in fractions)


points = st.tuples(*[st.integers(-5, 5)] * 3).filter(any).map(primitive)


@pytest.mark.slow
@settings(max_examples=24, deadline=None)
@given(st.frozensets(points, min_size=1, max_size=4))
def test_each_step_lies_on_a_line_through_two_before_it(wanted: frozenset[Point]) -> None:
    for way in fewest_lines(wanted):
        assert way[:3] == AXES
        assert wanted <= set(way)
        assert len(set(way)) == len(way)
        for place, point in enumerate(way[3:], start=3):
            lines = (join(p, q) for p, q in combinations(way[:place], 2))
            assert any(sum(c * x for c, x in zip(line, point, strict=True)) == 0 for line in lines)


@pytest.mark.parametrize(
    ("names", "additions"),
    [
        ("1", 2),
        ("1 -1", 3),
        ("1 -1 2 -2", 5),
        ("1 -1 2 -2 3 -3", 7),  # an arithmetic progression needs one detour: a → c - a and a → -a reach it all
        ("1 -1 2 -2 1/2 -1/2", 8),
        ("5/8 -5/8 3/2 -3/2", 6),
    ],
)
def test_filters_of_three_taps(names: str, additions: int) -> None:
    assert {len(way) - 3 for way in fewest_lines(conic(names))} == {additions}


@pytest.mark.parametrize("names", ["1 -1 2 -2 1/2 -1/2", "5/8 -5/8 3/2 -3/2"])
def test_one_detour_is_not_enough(names: str) -> None:
    """All of them, by brute force: a detour on a side of the triangle, then wanted points alone.

    No three of the wanted points and the axes 1 0 0 and 0 0 1 are on a line, so the first step is the detour. With one
    wanted point next, it is where the side meets the line from that point to an axis.
    """
    wanted = conic(names)
    assert len(fewest_lines(wanted)[0]) - 3 > len(wanted) + 1
    sides = [join(p, q) for p, q in combinations(AXES, 2)]
    for detour in {primitive(join(side, join(p, axis))) for side in sides for p in wanted for axis in AXES} - set(AXES):
        there, grown = {*AXES, detour}, True
        while grown:
            lines = [join(p, q) for p, q in combinations(sorted(there), 2)]
            on = {p for p in wanted - there if any(sum(map(int.__mul__, line, p)) == 0 for line in lines)}
            there |= on
            grown = bool(on)
        assert not wanted <= there
