"""Finished tasks, merged in the order of their numbers."""

from __future__ import annotations

from itertools import permutations

from wincook.search.running.outcome import Tally
from wincook.search.sweep import Scored, Sweep

SWEEPS = [Sweep(number, 10, (Scored((value,), f"0, {number}"),)) for number, value in enumerate([5.0, 3.0, 4.0, 1.0])]


def test_the_order_in_which_tasks_are_done_does_not_matter() -> None:
    totals = set()
    for order in permutations(SWEEPS):
        tally = Tally(25)
        for sweep in order:
            tally.add(sweep)
        assert tally.enough
        totals.add(tally.total())
    assert totals == {(3, 30, (Scored((3.0,), "0, 1"), Scored((4.0,), "0, 2"), Scored((5.0,), "0, 0")))}


def test_what_is_beyond_a_gap_counts_as_long_as_more_is_wanted() -> None:
    tally = Tally(100)
    tally.add(SWEEPS[3])
    tally.add(SWEEPS[0])
    assert (tally.tasks, tally.evaluations, tally.enough) == (1, 10, False)
    assert tally.total() == (2, 20, (Scored((1.0,), "0, 3"), Scored((5.0,), "0, 0")))
