"""Matrices as they are given: blocks, repetitions, lists of matrices, limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from wincook.interchange.read.numbers.cell import Cell, grid
from wincook.interchange.read.syntax.python.kept import Kept, TooMuchError

ROWS = [[Cell(1), Cell(2)], [Cell(3), Cell(4)]]


def test_what_is_given_again_in_one_block_is_superseded() -> None:
    kept = Kept()
    kept.begin_block()
    kept.keep("G", ROWS, 1, (), ["first"])
    kept.keep("G", ROWS, 2, (), [])
    assert [table.superseded for table in kept.findings.tables] == [True, False]
    kept.begin_block()
    assert kept.given_elsewhere("G", ())
    kept.keep("G", ROWS, 3, (), [])
    assert [table.superseded for table in kept.findings.tables] == [True, False, False]


def test_what_is_made_of_itself_takes_its_place_with_its_remarks() -> None:
    kept = Kept()
    kept.keep("G", ROWS, 1, (), ["first"])
    kept.keep("G", ROWS, 2, (), ["second"], again=True)
    (table,) = kept.findings.tables
    assert (table.line, table.remarks) == (2, ("first", "second"))
    assert kept.given_here("G", ())
    assert not kept.given_here("G", ("f",))


@pytest.mark.slow
def test_lists_of_matrices_are_numbered_and_other_values_are_none() -> None:
    kept = Kept()
    kept.keep("G", (grid(ROWS), grid(ROWS)), 1, (), [])
    others: list[Any] = [Cell(1), "text", None, [], np.empty((0, 2), object)]
    for value in others:
        kept.keep("H", value, 2, (), [])
    assert [table.name for table in kept.findings.tables] == ["G[0]", "G[1]"]
    for _ in range(498):
        kept.keep("G", ROWS, 1, (), [])
    with pytest.raises(TooMuchError, match="more than 500 lists"):
        kept.keep("G", ROWS, 1, (), [])
