from __future__ import annotations

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.analysis.simulate import simulate
from wincook.construct.gauge import balance, rescale
from wincook.errors import AlgorithmError

scales = st.builds(sympy.Rational, st.integers(1, 40), st.integers(1, 40)) | st.just(sympy.Integer(-3))


@settings(max_examples=50)
@given(st.data(), st.sampled_from(["F(2,3)", "F(4,3)", "F(1,3)"]))
def test_any_scaling_leaves_a_convolution(data: st.DataObject, tile: str) -> None:
    made = wc.algorithm(tile)
    number = made.multiplications
    drawn = [data.draw(st.lists(scales, min_size=number, max_size=number)) for _ in range(2)]
    wc.BilinearAlgorithm(made.tile, made.points, (rescale(made.axes[0], *drawn),)).verify()


@pytest.mark.parametrize("wrong", [[1, 1, 1], [1, 1, 1, 0], [1] * 5])
def test_scales_that_do_not_fit_are_refused(wrong: list[int]) -> None:
    with pytest.raises(AlgorithmError, match="give 4 scales"):
        rescale(wc.algorithm("F(2,3)").axes[0], wrong, [1] * 4)


@pytest.mark.parametrize("tile", ["F(2,3)", "F(4,3)", "F(8,3)", "F(3,7)", "F(4x2,3x5)"])
def test_balanced_rows_have_norms_near_one_and_scales_are_powers_of_two(tile: str) -> None:
    made = wc.algorithm(tile)
    balanced = balance(made)
    balanced.verify()
    for before, after in zip(made.axes, balanced.axes, strict=True):
        for name in ("G", "BT"):
            old, new = (np.array(getattr(axis, name).tolist(), dtype=float) for axis in (before, after))
            norms = np.linalg.norm(new, axis=1)
            assert (norms >= 0.5**0.5).all()
            assert (norms < 2**0.5).all()
            ratios = norms / np.linalg.norm(old, axis=1)
            assert np.allclose(np.log2(ratios), np.round(np.log2(ratios)))
    assert balance(balanced) == balanced


def test_float32_errors_stay_and_float16_is_cured() -> None:
    """F(8x8,3x3) in float16: unbalanced filters underflow, and the error is hundreds of times what it should be."""
    made = wc.algorithm("F(8x8,3x3)")
    raw, cured = (wc.analyse(one, "float16", channels=3, samples=1000) for one in (made, balance(made)))
    assert raw.predicted.underflow
    assert not cured.predicted.underflow
    assert cured.measured.rms < raw.measured.rms / 50
    assert 0.85 < cured.predicted.rms / cured.measured.rms < 1.15
    plain, scaled = (wc.analyse(one, "float32", channels=3, samples=100) for one in (made, balance(made)))
    assert scaled.predicted.rms == pytest.approx(plain.predicted.rms, rel=0.1)


def test_balanced_kernels_agree_with_the_interpreter() -> None:
    made = balance(wc.algorithm("F(2x2,3x3)"))
    layer = wc.Layer(3, 18, (8, 8), (3, 3), 1)
    rng = np.random.default_rng(0)
    x, weights = rng.uniform(-1, 1, layer.input_shape), rng.uniform(-1, 1, layer.weight_shape)
    kernel = wc.compile(layer, made)
    np.testing.assert_array_equal(kernel(x, kernel.pack(weights)), simulate(layer, made, "float32", x, weights))
