from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Integer, Rational, sqrt

import wincook as wc
from wincook.construct.rescale.named import rescale
from wincook.judge import judge

SETS = [
    wc.algorithm("F(2,3)"),
    wc.algorithm("F(4,3)", "0, ±1, ±2, ∞"),
    wc.algorithm("F(4,3)", "∞, 3, 1/2, 0, -1, -2"),
    wc.algorithm("F(3,2)", "1, 2, 3, 5"),
    wc.algorithm("F(4,3)", "0, ±√2/2, ±√2, ∞"),
    wc.algorithm("F(2,3)", "0, ±a, ∞"),
]
FORMS = {
    "correlation": lambda algorithm: algorithm,
    "flip": lambda algorithm: algorithm.flip(),
    "transpose": lambda algorithm: algorithm.transpose(),
}
factors = st.sampled_from([Integer(1), Integer(-1), Integer(2), Rational(-3, 4)])


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("algorithm", SETS, ids=str)
def test_what_wincook_makes_is_scaled_as_wincook_scales_it(algorithm: wc.BilinearAlgorithm, form: str) -> None:
    verdict = judge(FORMS[form](algorithm).axes[0])
    assert verdict.points == algorithm.points[0]
    assert verdict.scalings == ()


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
@given(st.data(), st.sampled_from(SETS[:4]))
def test_scalings_are_told_product_by_product(form: str, data: st.DataObject, algorithm: wc.BilinearAlgorithm) -> None:
    axis = FORMS[form](algorithm).axes[0]
    rank = axis.multiplications
    G, BT = (data.draw(st.lists(factors, min_size=rank, max_size=rank)) for _ in range(2))
    verdict = judge(rescale(axis, G, BT))
    scalings = {scaling.product: (scaling.AT, scaling.G, scaling.BT) for scaling in verdict.scalings}
    expected = {k: (1 / (s * t), s, t) for k, (s, t) in enumerate(zip(G, BT, strict=True)) if (s, t) != (1, 1)}
    assert scalings == expected


def test_irrational_scales_and_that_of_the_whole_set_are_told() -> None:
    axis = wc.algorithm("F(4,3)", "0, ±√2/2, ±√2, ∞").axes[0]
    (scaling,) = judge(rescale(axis, [1, 1 + sqrt(2), 1, 1, 1, 1], [1] * 6)).scalings
    assert (scaling.product, scaling.factors) == (1, {"AT": sqrt(2) - 1, "G": 1 + sqrt(2)})
    verdict = judge(wc.Transforms(axis.AT, axis.G, 5 * axis.BT))
    assert verdict.scale == 5
    assert [scaling.factors for scaling in verdict.scalings] == [{"BT": 5}] * 6


def test_only_right_sets_on_points_have_scalings() -> None:
    algorithm = wc.algorithm("F(4,3)", "0, ±1, x^2+1, ∞")
    assert judge(algorithm.axes[0]).scalings == ()
    axis = SETS[1].axes[0]
    wrong = rescale(axis, [2] * 6, [1] * 6)
    assert judge(wc.Transforms(wrong.AT, wrong.G, -wrong.BT[::-1, :])).scalings == ()
