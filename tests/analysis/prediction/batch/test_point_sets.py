"""Transforms on many point sets, against the exact construction."""

from __future__ import annotations

import numpy as np
import pytest
import sympy

import wincook as wc
from wincook.analysis.prediction.batch.point_sets import _gram, _transforms

SETS = [("F(4,3)", "0, ±1, ±2, ∞"), ("F(3,4)", "±1/2, 3, -1/5, 0, ∞"), ("F(1,3)", "0, 7, ∞"), ("F(1,1)", "∞")]


@pytest.mark.parametrize(("tile", "points"), SETS)
def test_the_matrices_are_those_of_the_construction(tile: str, points: str) -> None:
    algorithm = wc.algorithm(tile, points)
    finite = np.array([float(sympy.sympify(point)) for point in algorithm.points[0].finite])
    axis, n = algorithm.axes[0], len(finite) + 1
    A, G, B = (np.zeros(matrix.shape) for matrix in (axis.AT, axis.G, axis.BT))
    partner = np.zeros(n, np.int64)
    assert _transforms(finite, A, G, B, partner)
    for computed, exact in ((A, axis.AT), (G, axis.G), (B, axis.BT)):
        np.testing.assert_allclose(computed, np.array(exact.tolist(), float), rtol=1e-13, atol=1e-15)
    negatives = [[k for k, other in enumerate(finite) if other == -point and point] for point in finite]
    assert partner.tolist() == [*(places[0] if places else -1 for places in negatives), -1]


def test_two_equal_points_have_no_matrices() -> None:
    assert not _transforms(
        np.array([1.0, 2.0, 1.0]), np.zeros((2, 4)), np.zeros((4, 3)), np.zeros((4, 4)), np.zeros(4, int)
    )


def test_gram_is_the_product_with_the_transpose() -> None:
    X, products = np.random.default_rng(0).standard_normal((5, 3)), np.full((3, 3), 9.0)
    _gram(X, products)
    np.testing.assert_allclose(products, X.T @ X, rtol=1e-14)
