"""What an entry wins, in words."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.conftest import AtlasEntry
from tests.golden import Golden
from wincook.atlas import Conditions, Counts, Errors, Published, reasons
from wincook.errors import NotationError

QUIET = {"origin": None, "published": None, "limit": None, "proven": None}


def test_all_that_an_entry_says(atlas_entry: AtlasEntry, golden: Golden) -> None:
    golden.text("\n".join(reasons(atlas_entry())))


def test_an_entry_that_says_little(atlas_entry: AtlasEntry, golden: Golden) -> None:
    golden.text("\n".join(reasons(atlas_entry(**QUIET))))


def test_decibels_a_gauge_and_more_products(atlas_entry: AtlasEntry, golden: Golden) -> None:
    entry = atlas_entry(
        points="0, ±1, x^2+1, ∞",
        extra=1,
        format="float16-winograd-domain",
        conditions=Conditions("rms", 64, "relu", "balance"),
        errors=Errors(1e-3, 1.1e-3, 1e-3, 1.2e-3),
    )
    golden.text("\n".join(reasons(entry)))


def test_what_is_won_is_computed_from_the_figures(atlas_entry: AtlasEntry) -> None:
    entry = atlas_entry()
    assert isinstance(entry.published, Published)
    words = " ".join(reasons(entry))
    assert "2.00 times" in words  # 4e-7 over 2e-7
    assert "+10 operations of the filter transform, -20 operations of the input transform" in words
    assert "5.3 % above" in words  # 2e-7 over 1.9e-7
    assert "all 9,876,543 were tried" in words
    dearer = replace(entry.published, errors=Errors(6e-7, 6e-7, 5e-7, 7e-7), counts=Counts(36, 60, 100, 70))
    words = " ".join(reasons(atlas_entry(published=dearer)))
    assert "3.00 times" in words
    assert "as many operations" in words


def test_the_published_set_itself_wins_nothing(atlas_entry: AtlasEntry) -> None:
    published = atlas_entry().published
    assert isinstance(published, Published)
    words = " ".join(reasons(atlas_entry(published=replace(published, points=atlas_entry().points), origin=None)))
    assert "is the published set" in words
    assert "times the error" not in words


def test_nothing_real_may_be_better(atlas_entry: AtlasEntry) -> None:
    assert any("No real points" in sentence for sentence in reasons(atlas_entry(limit=2.5e-7)))


@pytest.mark.parametrize("wrong", [None, "F(4,3)", 3, {}])
def test_no_entry(wrong: Any) -> None:
    with pytest.raises(NotationError, match="entry"):
        reasons(wrong)
