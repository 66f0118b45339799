"""Transforms on many sets of points, against the exact construction."""

from __future__ import annotations

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.analysis.prediction.batch.stacks import stacks
from wincook.tile import Tile

SETS = [
    ("F(4,3)", "0, ±1, ±2, ∞"),
    ("F(3,4)", "±1/2, 3, -1/5, 0, ∞"),
    ("F(1,3)", "0, 7, ∞"),
    ("F(1,1)", "∞"),
    ("F(3,3)", "±1/2, 2, -3, 5"),
    ("F(4,3)", "0, ±1, x^2+1, ∞"),
    ("F(6,3)", "0, ±2/3, x^2+3/2, x^2-x+1/2, ∞"),
    ("F(3,3)", "1/3, ±1/2, x^2+x+3"),
    ("F(3,4)", "0, 1, ±2, ∞^2"),
    ("F(1,3)", "0, ∞^2"),
    ("F(3,1)", "5, ∞^2"),
    ("F(2,1)", "∞^2"),
]


@pytest.mark.parametrize(("tile", "points"), SETS)
def test_the_matrices_are_those_of_the_construction(tile: str, points: str) -> None:
    """In the order of the points, then the factors, then ∞."""
    axis = wc.algorithm(tile, points).axes[0]
    for matrices, exact in zip(
        stacks(Tile.parse(tile), PointSets.of([points])), (axis.AT, axis.G, axis.BT), strict=True
    ):
        expected = np.array(exact.tolist(), float)
        rows = matrices[0].T if exact is axis.AT else matrices[0]
        wanted = expected.T if exact is axis.AT else expected
        np.testing.assert_allclose(sorted(rows.tolist()), sorted(wanted.tolist()), rtol=1e-13, atol=1e-14)


@pytest.mark.parametrize("points", [[1.0, 2.0, 1.0, 0.0], [0.0, 0.0, 3.0, 4.0]])
def test_two_equal_points_have_no_matrices(points: list[float]) -> None:
    assert all(np.isnan(matrices).all() for matrices in stacks(Tile.parse("F(3,3)"), PointSets.of_points([points])))


def test_two_equal_factors_have_no_matrices() -> None:
    sets = PointSets(np.zeros((1, 1)), np.array([[[0.0, 1.0], [0.0, 1.0]]]), 1)
    assert all(np.isnan(matrices).all() for matrices in stacks(Tile.parse("F(4,3)"), sets))
