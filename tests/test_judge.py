from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.construct.gauge import rescale
from wincook.errors import AlgorithmError
from wincook.judge import judge
from wincook.points import Points


def test_lavins_matrices_are_a_correlation_on_the_points_he_names(lavin: wc.Transforms) -> None:
    verdict = judge(lavin)
    assert (verdict.kind, verdict.scale, verdict.wrong, verdict.sums) == ("correlation", 1, 0, 72)
    assert verdict.points == Points.parse("0, ±1, ±2, ∞")


@pytest.mark.parametrize("tile", ["F(2,3)", "F(4,3)", "F(3,5)", "F(1,3)", "F(6,1)"])
def test_permuted_rescaled_and_reversed_matrices_are_recognised(tile: str) -> None:
    axis = wc.algorithm(tile).axes[0]
    order = list(range(axis.multiplications))
    random.Random(0).shuffle(order)
    shuffled = wc.Transforms(axis.AT[:, order], axis.G[order, :], axis.BT[order, :])
    scales = [sympy.Rational(k + 2, 3) for k in order]
    scaled = rescale(shuffled, scales, scales)
    assert judge(scaled).kind == "correlation"
    seven = replace(scaled, BT=sympy.ImmutableMatrix(7 * scaled.BT))
    assert (judge(seven).kind, judge(seven).scale) == ("correlation", 7)
    if axis.G.cols > 1:
        backwards = replace(seven, G=seven.G[:, ::-1])
        assert (judge(backwards).kind, judge(backwards).scale) == ("true convolution", 7)


@settings(max_examples=60)
@given(st.data(), st.sampled_from(["F(2,3)", "F(4,3)", "F(3,2)"]))
def test_a_single_wrong_entry_is_named_with_what_would_be_right(data: st.DataObject, tile: str) -> None:
    axis = wc.algorithm(tile).axes[0]
    name = data.draw(st.sampled_from(["AT", "G", "BT"]))
    matrix = getattr(axis, name).as_mutable()
    row, column = data.draw(st.integers(0, matrix.rows - 1)), data.draw(st.integers(0, matrix.cols - 1))
    right = matrix[row, column]
    matrix[row, column] = right + data.draw(st.sampled_from([1, -2, sympy.Rational(1, 7)]))
    changes: Any = {name: matrix.as_immutable()}
    verdict = judge(replace(axis, **changes))
    assert verdict.kind is None
    assert verdict.wrong > 0
    assert any(
        (mistake.matrix, mistake.row, mistake.column, mistake.right) == (name, row, column, right)
        for mistake in verdict.mistakes
    )


def test_two_wrong_entries_in_different_products_are_not_blamed_on_one() -> None:
    axis = wc.algorithm("F(4,3)").axes[0]
    G = axis.G.as_mutable()
    G[0, 0] += 1
    G[3, 2] += 1
    verdict = judge(replace(axis, G=G.as_immutable()))
    assert verdict.kind is None
    assert verdict.mistakes == ()


def test_points_show_only_in_toom_cook_algorithms() -> None:
    assert judge(wc.algorithm("F(4,3)", "0, ±1, x^2+1, ∞").axes[0]).points is None
    assert judge(wc.algorithm("F(3,2)", "∞, 1/3, -2, 0").axes[0]).points == Points.parse("∞, 1/3, -2, 0")


def test_shapes_that_cannot_be_a_convolution_are_named() -> None:
    axis = wc.algorithm("F(4,3)").axes[0]
    with pytest.raises(AlgorithmError, match="needs 6 columns, not 5"):
        judge(replace(axis, BT=axis.BT[:, :5]))
