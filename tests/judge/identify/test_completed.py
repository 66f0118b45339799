"""The third matrix of a set follows from the other two."""

from __future__ import annotations

import pytest
import sympy

import wincook as wc
from wincook.judge.identify.completed import completed
from wincook.judge.tensor import Aim
from wincook.transforms import Matrices


def matrices_of(axis: wc.Transforms) -> Matrices:
    return axis.AT, axis.G, axis.BT


@pytest.mark.slow
@pytest.mark.parametrize("position", range(3))
@pytest.mark.parametrize("form", ["correlation", "linear convolution"])
@pytest.mark.parametrize("points", ["0, ±1, ±2, ∞", "0, ±√2, 1, 3, ∞"])
def test_a_matrix_of_zeros_is_replaced_by_the_right_one(position: int, form: str, points: str) -> None:
    algorithm = wc.algorithm("F(4,3)", points)
    if form != "correlation":
        algorithm = algorithm.transpose()
    right = matrices_of(algorithm.axes[0])
    broken = [*right]
    broken[position] = sympy.ImmutableMatrix.zeros(*right[position].shape)
    solved = completed((broken[0], broken[1], broken[2]), Aim(algorithm.kind, algorithm.tile), position)
    assert solved is not None
    assert [matrix.applyfunc(sympy.radsimp) for matrix in solved] == [
        matrix.applyfunc(sympy.radsimp) for matrix in right
    ]


def test_what_follows_from_nothing_is_none() -> None:
    AT, G, BT = matrices_of(wc.algorithm("F(4,3)").axes[0])
    wrong = sympy.ImmutableMatrix.zeros(*G.shape)
    assert completed((AT, wrong, BT), Aim("correlation", wc.Tile((4,), (3,))), 0) is None
