"""The best of many sets, and fronts."""

from __future__ import annotations

from math import inf

from hypothesis import given
from hypothesis import strategies as st

from wincook.search.sweep import KEPT, Scored, best_of

VALUES = st.integers(0, 9).map(float)


def test_the_best_come_first_and_each_once() -> None:
    scored = [Scored((3.0,), "a"), Scored((1.0,), "b"), Scored((1.0,), "b"), Scored((inf,), "c"), Scored((2.0,), "a")]
    assert best_of(scored) == (Scored((1.0,), "b"), Scored((2.0,), "a"))
    assert len(best_of(Scored((float(i),), str(i)) for i in range(99))) == KEPT


@given(st.lists(st.tuples(VALUES, VALUES), min_size=1, max_size=30))
def test_fronts_hold_what_nothing_beats(values: list[tuple[float, float]]) -> None:
    kept = {entry.values for entry in best_of([Scored(pair, str(i)) for i, pair in enumerate(values)])}
    for a, b in values:
        beaten = any((x <= a and y <= b) and (x, y) != (a, b) for x, y in values)
        assert ((a, b) in kept) != beaten


@given(st.lists(st.tuples(VALUES, VALUES), max_size=20), st.lists(st.tuples(VALUES, VALUES), max_size=20))
def test_parts_may_be_merged_in_any_order(first: list[tuple[float, float]], second: list[tuple[float, float]]) -> None:
    one, two = ([Scored(pair, f"{pair}") for pair in part] for part in (first, second))
    assert best_of((*best_of(one), *best_of(two))) == best_of((*two, *one))
