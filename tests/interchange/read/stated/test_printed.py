"""The text, Unicode and LaTeX of exports, row by row."""

from __future__ import annotations

import pytest

import wincook as wc
from wincook.interchange.read.stated.own_source import stated_header
from wincook.interchange.read.stated.printed import is_printed, printed_sets
from wincook.interchange.write.export import export

ALGORITHMS = {
    "two axes": lambda: wc.algorithm("F(2x4,3x3)"),
    "roots": lambda: wc.algorithm("F(3,3)", "0, 1, (1+√5)/2, (1-√5)/2, ∞"),
    "symbols": lambda: wc.algorithm("F(2x2,2x3)", ["0, a, ∞", "0, a, b, ∞"]),
}


@pytest.mark.parametrize("kind", ["text", "unicode", "latex"])
@pytest.mark.parametrize("name", ALGORITHMS)
def test_every_entry_is_read_as_it_was(name: str, kind: str) -> None:
    algorithm = ALGORITHMS[name]()
    text = export(algorithm, kind)
    claim = stated_header(text)
    assert claim is not None
    assert is_printed(text)
    stated = printed_sets(claim, text)
    matrices = [tuple(table.matrix for table in one_set.tables) for one_set in stated.sets]
    assert matrices == [(axis.AT, axis.G, axis.BT) for axis in algorithm.axes]


def test_source_is_not_printed() -> None:
    assert not is_printed(export(wc.algorithm("F(2,3)"), "c"))
