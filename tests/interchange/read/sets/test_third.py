"""The third matrix of two, solved for; and pairs that have none."""

from __future__ import annotations

import pytest
import sympy

import wincook as wc
from wincook.interchange.read.sets.third import solved
from wincook.interchange.read.tables import Table, exact_table


def known(axis: wc.Transforms, missing: str) -> dict[str, Table]:
    matrices = {"A": axis.AT, "G": axis.G, "B": axis.BT}
    return {letter: exact_table(letter, m.tolist()) for letter, m in matrices.items() if letter != missing}


@pytest.mark.slow
@pytest.mark.parametrize("missing", "AGB")
@pytest.mark.parametrize("points", ["0, ±1, ±2, ∞", "0, ±√2/2, ±√2, ∞"])
def test_the_third_is_that_of_the_algorithm(missing: str, points: str) -> None:
    for algorithm in (wc.algorithm("F(4,3)", points), wc.algorithm("F(4,3)", points).flip()):
        reading = solved(known(algorithm.axes[0], missing))
        assert reading is not None
        correlation = wc.algorithm("F(4,3)", points).axes[0]  # before a true convolution, which has the same AT and BT
        assert reading.matrices == (correlation if missing == "G" else algorithm.axes[0])
        assert "the other two matrices determine it" in reading.remarks[0]


def test_two_that_are_of_no_convolution_have_none() -> None:
    axis = wc.algorithm("F(4,3)").axes[0]
    changed = axis.BT.as_mutable()
    changed[2, 2] += 1
    assert solved(known(wc.Transforms(axis.AT, axis.G, sympy.ImmutableMatrix(changed)), "G")) is None
    assert solved({"A": exact_table("A", axis.AT.tolist())}) is None
