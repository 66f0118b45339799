"""Winners are judged by the full model, and measured."""

from __future__ import annotations

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.errors import SearchError, ShapeError
from wincook.search.search import Search
from wincook.search.sweep import Scored
from wincook.search.winner import winners

SETS = ["0, ±1, ±2, ∞", "0, ±5/8, ±3/2, ∞", "0, ±1, ±1/2, ∞"]


def test_winners_have_the_figures_of_the_full_model() -> None:
    search = Search.of("F(4x4,3x3)", channels=16)
    first, second = winners(search, [Scored((float(i),), points) for i, points in enumerate(SETS)], 2, samples=50)
    assert first.points == "0, ±5/8, ±3/2, ∞"
    assert first.values == (wc.predict((search.tile, SETS[1]), channels=16).relative_rms,)
    assert second.values > first.values
    assert first.measured is not None
    assert first.measured.samples == 50
    assert first.published is not None
    assert first.gain == 1 - first.values[0] / first.published.values[0]
    assert "F(4x4,3x3) on {0, ±5/8, ±3/2, ∞}" in str(first)


def test_fronts_keep_what_nothing_beats() -> None:
    search = Search.of("F(4x4,3x3)", objective=("rms", "operations"))
    scored = [Scored((0.0, 0.0), points) for points in [*SETS, "0, 1, -1/3, 3, -2, ∞"]]
    found = winners(search, scored, 9)
    values = [winner.values for winner in found]
    assert all(not (a != b and a[0] <= b[0] and a[1] <= b[1]) for a in values for b in values)
    assert "0, 1, -1/3, 3, -2, ∞" not in {winner.points for winner in found}


def test_narrow_formats_are_judged_in_their_gauge() -> None:
    search = Search.of("F(8x8,3x3)", "float16-winograd-domain", 64, "relu", extra=1)
    (winner,) = winners(search, [Scored((0.0,), "0, ±5/9, ±1, ±9/5, x^2+1, ∞")])
    assert winner.published is None
    assert winner.values[0] == near(10 ** (-53.9 / 20), rel=0.02)
    assert wc.predict(winner.algorithm, "float16-winograd-domain", 64, "relu").underflow is False


def test_progress_may_end_it() -> None:
    search = Search.of("F(4,3)")
    found = winners(search, [Scored((0.0,), points) for points in SETS], progress=lambda done: done < 2)
    assert {winner.points for winner in found} <= {*SETS[:2]}


def test_what_is_no_search_is_refused(golden: Golden) -> None:
    with golden.raises(SearchError, match="Search"):
        winners("F(4,3)", [])  # type: ignore[arg-type]
    with golden.raises(SearchError, match="Sweep"):
        winners(Search.of("F(4,3)"), ["0, ±1, ∞"])  # type: ignore[list-item]
    with golden.raises(ShapeError, match="number"):
        winners(Search.of("F(4,3)"), [], 0)
