"""Which sets of points a space has, against numbers counted otherwise."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from wincook.errors import SearchError, ShapeError
from wincook.search.sets.groups import (
    INFINITY,
    KINDS,
    MIRRORED,
    PAIR,
    RECIPROCALS,
    SINGLE,
    SQUARE,
    TRINOMIAL,
    ZERO,
    Group,
)
from wincook.search.sets.space import Space, fractions
from wincook.search.sets.start import random_candidate

SPACES = [Space(), Space(height=5, extra=2), Space(height=6, denominator=2, extra=1), Space(height=3, roots=(2, 3))]


@pytest.mark.parametrize("height", [1, 2, 7, 12])
def test_there_are_as_many_fractions_as_totients_say(height: int) -> None:
    """Of each p/q and q/p with p ≤ q ≤ height, coprime: twice the sum of Euler's totients, and 1 once."""
    values = fractions(height)
    assert len(values) == len({*values}) == 2 * sum(int(sympy.totient(q)) for q in range(1, height + 1)) - 1
    assert all(max(value.numerator, value.denominator) <= height for value in values)
    assert values == sorted(values)


def test_denominators_are_bounded_by_themselves() -> None:
    assert fractions(4, 2) == [Fraction(1, 2), 1, Fraction(3, 2), 2, 3, 4]


@pytest.mark.parametrize("space", SPACES, ids=str)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_the_text_of_a_group_says_its_numbers(space: Space, kind: object) -> None:
    """Each entry of a table, as Points reads it: as many points, the same roots, and as many products."""
    table = space.table(next(known for known in KINDS if known == kind))
    for place in range(0, len(table), max(1, len(table) // 9)):
        points = wc.Points.parse(table.names[place])
        assert points.degree == table.kind.degree
        roots = [float(item) for item in points.finite if isinstance(item, sympy.Expr)]
        np.testing.assert_allclose(sorted(roots), sorted(table.points[place]), rtol=1e-15)
        of_factors = [
            [float(c) for c in item.coefficients[1::-1]] for item in points.finite if not isinstance(item, sympy.Expr)
        ]
        assert sorted(of_factors) == sorted(table.factors[place].tolist())
        assert table.negatives[table.negatives[place]] == place


def test_squares_and_trinomials_have_no_real_roots() -> None:
    for kind in (SQUARE, TRINOMIAL, MIRRORED):
        b, c = Space(extra=2).table(kind).factors[:, 0].T
        assert np.all(b * b < 4 * c)


def test_roots_are_points() -> None:
    names = Space(height=2, roots=(2,)).table(PAIR).names
    assert names == ("±1/2", "±√2/2", "±1", "±√2", "±2", "±2*√2") or "±√2" in names


@st.composite
def drawn(draw: st.DrawFn) -> tuple[Space, int, int]:
    return draw(st.sampled_from(SPACES)), draw(st.integers(4, 9)), draw(st.integers(0, 2**31))


@given(drawn())
def test_sets_are_read_back(what: tuple[Space, int, int]) -> None:
    space, degree, seed = what
    candidate = random_candidate(space, degree, np.random.default_rng(seed))
    assert space.points(candidate).degree == degree
    if all(group.kind not in {RECIPROCALS, MIRRORED} for group in candidate):
        assert space.candidate(space.text(candidate)) == candidate


@given(drawn())
def test_a_set_and_its_negative_are_one(what: tuple[Space, int, int]) -> None:
    space, degree, seed = what
    candidate = random_candidate(space, degree, np.random.default_rng(seed))
    negated = [Group(group.kind, space.table(group.kind).negatives[group.place]) for group in candidate]
    assert space.canonical(negated) == candidate == space.canonical(candidate[::-1])


def test_what_a_space_admits() -> None:
    assert Space().admits([PAIR, ZERO, INFINITY], 4)
    assert not Space().admits([PAIR, ZERO, INFINITY], 5)
    assert not Space().admits([ZERO, ZERO], 2)
    assert not Space(zero="yes").admits([PAIR, PAIR], 4)
    assert not Space(extra=0).admits([SQUARE, ZERO], 3)
    assert Space(extra=1).admits([SQUARE, ZERO], 3)
    assert not Space(extra=1, least_extra=1).admits([PAIR, ZERO], 3)
    assert not Space(family="pairs").admits([SINGLE, SINGLE], 2)
    assert Space(family="pairs").admits([SINGLE, ZERO], 2)


def test_impossible_spaces_are_refused(golden: Golden) -> None:
    with golden.raises(ShapeError, match="height = 0"):
        Space(height=0)
    with golden.raises(SearchError, match="pairs"):
        Space(family="twins")
    with golden.raises(SearchError, match="yes"):
        Space(zero="maybe")
    with golden.raises(SearchError, match="√4"):
        Space(roots=(4,))
    with golden.raises(SearchError, match="height 2"):
        Space(height=2).candidate("0, ±5/7, ∞")
    with golden.raises(SearchError, match="degree 40"):
        random_candidate(Space(height=1), 40, np.random.default_rng(0))
