"""Toom-Cook sets whose entries are rounded are found on their points again."""

from __future__ import annotations

from fractions import Fraction

import ml_dtypes
import numpy as np
import pytest
from sympy import ImmutableMatrix, Rational, zeros

import wincook as wc
from wincook.construct.rescale.named import rescale
from wincook.judge.identify.near_points import on_points
from wincook.judge.tensor import Aim
from wincook.transforms import Matrices

REACHES = [lambda entry: abs(entry) / 256] * 3


def rounded(axis: wc.Transforms) -> Matrices:
    """To bfloat16."""

    def nearest(entry: Rational) -> Rational:
        return Rational(*float(np.float64(entry).astype(ml_dtypes.bfloat16)).as_integer_ratio())

    return axis.AT.applyfunc(nearest), axis.G.applyfunc(nearest), axis.BT.applyfunc(nearest)


@pytest.mark.parametrize("form", ["correlation", "true convolution", "linear convolution"])
@pytest.mark.parametrize("tile", ["F(2,3)", "F(3,2)"])
def test_sets_of_every_kind_are_found(tile: str, form: str) -> None:
    algorithm = wc.algorithm(tile, "0, 1/3, -3, ∞")
    if form != "correlation":
        algorithm = algorithm.flip() if form == "true convolution" else algorithm.transpose()
    assert algorithm.kind == form
    axis = algorithm.axes[0]
    assert on_points(rounded(axis), Aim(algorithm.kind, algorithm.tile), REACHES) == (axis.AT, axis.G, axis.BT)


def test_scales_are_the_simplest_for_two_of_the_matrices() -> None:
    """Products of 2/9, 3 and 3/2, which is what the third has to be."""
    axis = rescale(
        wc.algorithm("F(2,3)", "0, 1/3, -3, ∞").axes[0], [Rational(2, 9), 3, 1, -7], [1, 5, Rational(1, 3), 1]
    )
    assert on_points(rounded(axis), Aim("correlation", wc.Tile.parse("F(2,3)")), REACHES) == (axis.AT, axis.G, axis.BT)


def test_what_is_on_no_points_or_has_a_product_that_is_not_used_is_not_found() -> None:
    axis, aim = wc.algorithm("F(2,3)", "0, 1/3, -3, ∞").axes[0], Aim("correlation", wc.Tile.parse("F(2,3)"))
    assert on_points((axis.AT, axis.G, axis.BT), aim, REACHES) == (axis.AT, axis.G, axis.BT)
    G = axis.G.as_mutable()
    G[1, 1] = 2 * G[1, 1]
    assert on_points((axis.AT, ImmutableMatrix(G), axis.BT), aim, REACHES) is None
    unused = (
        axis.AT.row_join(ImmutableMatrix([1, 5])),
        axis.G.col_join(ImmutableMatrix([[1, 5, 25]])),
        axis.BT.col_join(zeros(1, 4)),
    )
    assert on_points(tuple(map(ImmutableMatrix, unused)), aim, REACHES) is None
    AT = axis.AT.as_mutable()
    AT[1, 0] = Fraction(1, 2)
    assert on_points((ImmutableMatrix(AT), axis.G, axis.BT), aim, REACHES) is None
