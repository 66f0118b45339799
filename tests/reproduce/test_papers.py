"""Small versions of every paper; the verdicts of the full ones are what `wincook reproduce` is for."""

from __future__ import annotations

from typing import Any

import pytest

from tests.golden import Golden
from wincook.errors import NotationError, ShapeError
from wincook.reproduce.finding import published
from wincook.reproduce.papers import PAPERS, reproduce
from wincook.reproduce.rank import rank_study


@pytest.mark.slow
@pytest.mark.parametrize("key", ["meng2019", "additions2026"])
def test_exact_papers_are_reached_or_bettered(key: str) -> None:
    reproduction = reproduce(key)
    assert {finding.verdict for finding in reproduction.findings} <= {"reached", "better"}
    assert reproduction.samples is None


def test_bad_input_and_sources(golden: Golden) -> None:
    with golden.raises(NotationError, match=r"barabasz2020.*nova2025.*sfc2024.*meng2019.*additions2026"):
        reproduce("lavin2015")
    for key in PAPERS:
        assert published(key)["source"]
        with golden.raises(ShapeError):
            reproduce(key, samples=0)
    with golden.raises(ShapeError, match=r"sets = 3.*4"):
        rank_study(sets=3)


@pytest.mark.parametrize("key", [None, 1, [], "", "MENG2019"])
def test_what_is_no_paper_is_named(key: Any, golden: Golden) -> None:
    with golden.raises(NotationError):
        reproduce(key)


@pytest.mark.parametrize("arguments", [{"samples": 1.5}, {"samples": "2"}, {"seed": -1}, {"seed": None}, {"seed": 0.5}])
def test_numbers_that_are_none_are_named(arguments: Any, golden: Golden) -> None:
    with golden.raises(ShapeError, match=next(iter(arguments))):
        reproduce("barabasz2020", **arguments)
