"""Searches as values: read back, and refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.golden import Golden
from wincook.errors import FormatError, NotationError, SearchError, ShapeError
from wincook.search.search import Search


@pytest.mark.parametrize(
    "search",
    [
        Search.of("F(4x4,3x3)"),
        Search.of("F(2x4,1x3)", "float16", 64, "relu", ("rms", "operations"), strategy="pareto", seed=7, extra=2),
        Search.of("F(6,3)", start="0, ±1, ±1/2, ±2, ∞", strategy="refine", height=5, denominator=3, roots=(2,)),
        Search.of(
            "F(6,3)", objective="rms*operations^0.25", family="pairs", zero="no", infinity="yes", gauge="integer"
        ),
    ],
    ids=str,
)
def test_searches_are_read_back(search: Search) -> None:
    assert Search.from_json(search.as_json()) == search
    assert len(search.name) == 12


def test_axes_that_are_alike_share_a_set() -> None:
    assert [str(axis) for axis in Search.of("F(4x4,3x3)").axes] == ["F(4,3)"]
    assert [str(axis) for axis in Search.of("F(2x4x2,3x3x3)").axes] == ["F(2,3)", "F(4,3)"]


def test_formats_that_transforms_may_leave_are_balanced() -> None:
    assert Search.of("F(4,3)", "float16").gauge == "balance"
    assert Search.of("F(4,3)", "bfloat16").gauge == Search.of("F(4,3)", "float16", gauge="").gauge == ""


def test_what_is_no_search_is_refused(golden: Golden) -> None:
    with golden.raises(SearchError, match="rms"):
        Search.of("F(4,3)", objective="speed")
    with golden.raises(SearchError, match="take rms"):
        Search.of("F(4,3)", "int8", objective="mean*operations")
    with golden.raises(SearchError, match="descent"):
        Search.of("F(4,3)", strategy="guess")
    with golden.raises(SearchError, match="no objective"):
        Search.of("F(4,3)", objective=())
    with golden.raises(SearchError, match="twice"):
        Search.of("F(4,3)", objective=("rms", "rms"))
    with golden.raises(SearchError, match="breadth"):
        Search.of("F(4,3)", breadth=3)
    with golden.raises(SearchError, match="balance"):
        Search.of("F(4,3)", gauge="heavy")
    with golden.raises(ShapeError, match="seed"):
        Search.of("F(4,3)", seed=-1)
    with golden.raises(ShapeError, match="channels"):
        Search.of("F(4,3)", channels=0)
    with golden.raises(NotationError, match="law"):
        Search.of("F(4,3)", law="cauchy")
    with golden.raises(FormatError, match="float99"):
        Search.of("F(4,3)", "float99")
    with golden.raises(NotationError, match="start|points"):
        Search.of("F(4,3)", start="0, one")
    for text in ("", "{}", "[1]", '{"version": 9}', Search.of("F(4,3)").as_json().replace("F(4,3)", "F(4;3)")):
        with pytest.raises((SearchError, NotationError)):
            Search.from_json(text)
    with golden.raises(SearchError, match="Space"):
        replace(Search.of("F(4,3)"), space="wide")  # type: ignore[arg-type]
