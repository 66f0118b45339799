"""Scalings: exact for any scales, and as large as the data for the right ones."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import get_args

import numpy as np
import pytest
import sympy
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.conditioning.condition import condition
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.construct.make.toom_cook import toom_cook
from wincook.construct.rescale.basis import change_basis
from wincook.construct.rescale.scale import Norm, balance, equilibrate, rescale
from wincook.errors import AlgorithmError, NotationError

ROOT = sympy.sqrt(2)
ORDERS: dict[Norm, float] = {1: 1, 2: 2, "inf": np.inf}
scales = st.builds(sympy.Rational, st.integers(1, 40), st.integers(1, 40)) | st.sampled_from([-3, ROOT, 1 - ROOT])


def with_root() -> wc.BilinearAlgorithm:
    """F(4,3) on points with √2, as the numbers of fractional transforms have it."""
    tile = wc.Tile.parse("F(4,3)")
    points = wc.Points((sympy.Integer(0), ROOT / 2, -ROOT / 2, ROOT, -ROOT, sympy.oo))
    axis = toom_cook(tile, points, sympy.QQ.algebraic_field(ROOT))
    return wc.BilinearAlgorithm(tile, (points,), (axis,))


def norms(matrix: sympy.Matrix, norm: Norm) -> np.ndarray:
    rows = np.array(matrix.tolist(), dtype=float)
    return np.asarray(np.linalg.norm(rows, ORDERS[norm], axis=1))


@pytest.mark.slow
@settings(max_examples=20)
@given(st.data(), st.sampled_from(["F(2,3)", "F(4,3)", "F(1,3)"]), st.booleans())
def test_any_scaling_leaves_a_convolution(data: st.DataObject, tile: str, factored: bool) -> None:
    algorithm = wc.algorithm(tile)
    axis = (change_basis(algorithm, "legendre") if factored else algorithm).axes[0]
    number = axis.multiplications
    s, t = (data.draw(st.lists(scales, min_size=number, max_size=number)) for _ in range(2))
    scaled = rescale(axis, s, t)
    dataclasses.replace(algorithm, axes=(scaled,)).verify()
    assert (scaled.G_factors != ()) == factored
    k = data.draw(st.integers(0, number - 1))
    assert [sympy.simplify(entry) for entry in scaled.G.row(k) - s[k] * axis.G.row(k)] == [0] * axis.G.cols


@pytest.mark.parametrize("wrong", [[1, 1, 1], [1] * 5])
def test_a_wrong_number_of_scales_is_refused(wrong: list[int], golden: Golden) -> None:
    with golden.raises(AlgorithmError, match=f"give 4 scales for G and for BT, not {len(wrong)} and 4"):
        rescale(wc.algorithm("F(2,3)").axes[0], wrong, [1] * 4)


@pytest.mark.parametrize("wrong", [0, sympy.oo, sympy.nan, 0.5, (1 + ROOT) * (1 - ROOT) + 1])
@pytest.mark.parametrize("side", [0, 1])
def test_scaling_by_zero_or_by_nothing_exact_is_refused(wrong: object, side: int, golden: Golden) -> None:
    chosen: list[list[object]] = [[1, 1, 1, 1], [1, 1, 1, 1]]
    chosen[side][2] = wrong
    with golden.raises(AlgorithmError, match=r"is no exact number other than zero|is not exact"):
        rescale(wc.algorithm("F(2,3)").axes[0], *chosen)


@pytest.mark.slow
@pytest.mark.parametrize("norm", get_args(Norm))
@pytest.mark.parametrize("tile", ["F(2,3)", "F(8,3)", "F(3,7)", "F(4x2,3x5)", "√2"])
def test_balanced_rows_have_norms_near_one_and_scales_are_powers_of_two(tile: str, norm: Norm) -> None:
    algorithm = with_root() if tile == "√2" else wc.algorithm(tile)
    balanced = balance(algorithm, norm)
    balanced.verify()
    for before, after in zip(algorithm.axes, balanced.axes, strict=True):
        for name in ("G", "BT"):
            old, new = (norms(getattr(axis, name), norm) for axis in (before, after))
            assert (new >= 0.5**0.5 * (1 - 1e-12)).all()
            assert (new < 2**0.5).all()
            ratios = np.log2(new / old)
            assert np.allclose(ratios, np.round(ratios), atol=1e-12)
    assert balance(balanced, norm) == balanced


@pytest.mark.parametrize(
    ("entry", "scale"),
    [
        (sympy.Rational(1, 2), 2),
        (ROOT / 2, 1),  # the lower end of the range, exactly
        (ROOT, sympy.Rational(1, 2)),  # the upper end is left out, exactly
        (ROOT - sympy.Rational(1, 10**30), 1),
        (ROOT / 2 - sympy.Rational(1, 10**30), 2),  # its logarithm in float64 is that of the lower end
        (-(sympy.Integer(10) ** 400), sympy.Rational(1, 2**1329)),
        (sympy.cbrt(3) - 1, 2),
        (sympy.Integer(0), 1),
    ],
)
def test_the_power_of_two_is_decided_exactly(entry: sympy.Expr, scale: sympy.Expr) -> None:
    unit = sympy.ImmutableMatrix([[1]])
    algorithm = wc.BilinearAlgorithm(
        wc.Tile.parse("F(1,1)"), (), (wc.Transforms(unit, sympy.ImmutableMatrix([[entry]]), unit),)
    )
    assert balance(algorithm).axes[0].G[0] == sympy.expand(entry * scale)


@pytest.mark.parametrize("tile", ["F(2,3)", "F(4,3)", "F(6x3,3x5)", "√2"])
def test_rational_norms_become_one_and_others_nearly(tile: str) -> None:
    algorithm = with_root() if tile == "√2" else wc.algorithm(tile)
    for norm in get_args(Norm):
        even = equilibrate(algorithm, norm, denominator=50)
        even.verify()
        for axis in even.axes:
            for matrix in (axis.G, axis.BT):
                np.testing.assert_allclose(norms(matrix, norm), 1, rtol=1 / 50)
                if norm != 2 and tile != "√2":
                    assert all(
                        (sum if norm == 1 else max)(abs(entry) for entry in matrix.row(k)) == 1
                        for k in range(matrix.rows)
                    )


def test_a_larger_denominator_comes_nearer() -> None:
    algorithm = wc.algorithm("F(6,3)")
    errors = [np.abs(norms(equilibrate(algorithm, 2, limit).axes[0].BT, 2) - 1).max() for limit in (1, 10, 1000, 10**6)]
    assert errors[0] > errors[1] > errors[2] > errors[3]
    assert errors[3] < 1e-10


@pytest.mark.slow
@settings(max_examples=12)
@given(st.lists(st.builds(sympy.Rational, st.integers(1, 20), st.integers(1, 20)), min_size=6, max_size=6))
def test_no_scaling_has_a_smaller_condition_number(t: list[sympy.Expr]) -> None:
    """Bauer, van der Sluis: κ∞ is least of all, κ₂ within √n of the least."""
    algorithm = wc.algorithm("F(4,3)")
    other = condition(rescale(algorithm.axes[0], [1] * 6, t).BT)
    assert condition(equilibrate(algorithm, 1).axes[0].BT).kappa_inf <= other.kappa_inf * (1 + 1e-12)
    assert condition(equilibrate(algorithm, 2, 10**4).axes[0].BT).kappa_2 <= 6**0.5 * other.kappa_2 * (1 + 1e-3)


def test_rows_of_equal_norm_lose_least_to_one_quantisation_step() -> None:
    algorithm, rng = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞"), np.random.default_rng(0)
    d, g = rng.uniform(-1, 1, (6, 4000)), rng.uniform(-1, 1, (3, 4000))

    def error(axis: wc.Transforms) -> float:
        AT, G, BT = (np.array(matrix.tolist(), dtype=float) for matrix in (axis.AT, axis.G, axis.BT))
        exact, quantised = [], []
        for T, data in ((G, g), (BT, d)):
            step = np.abs(T).sum(axis=1).max() / 127  # one step for all rows, from the range that data may take
            exact.append(T @ data)
            quantised.append(np.round(T @ data / step) * step)
        return float(np.sqrt(np.mean((AT @ (quantised[0] * quantised[1] - exact[0] * exact[1])) ** 2)))

    best = error(equilibrate(algorithm).axes[0])
    assert best < error(algorithm.axes[0]) / 1.2
    for _ in range(20):
        s, t = ([2 ** sympy.Integer(int(e)) for e in rng.integers(-2, 3, 6)] for _ in range(2))
        assert best < error(rescale(equilibrate(algorithm).axes[0], s, t))


@pytest.mark.parametrize("change", [balance, equilibrate])
def test_what_has_no_size_is_refused(change: Callable[..., wc.BilinearAlgorithm], golden: Golden) -> None:
    algorithm = wc.algorithm("F(1,1)")
    with golden.raises(AlgorithmError, match="7"):
        change(dataclasses.replace(algorithm, modulus=7))
    symbol = rescale(algorithm.axes[0], [sympy.Symbol("a")], [1])
    with golden.raises(AlgorithmError):
        change(dataclasses.replace(algorithm, axes=(symbol,)))
    with golden.raises(NotationError, match=r"3.*1.*2"):
        change(algorithm, 3)
    with golden.raises(NotationError, match="denominator = 0"):
        equilibrate(algorithm, 2, denominator=0)


@pytest.mark.slow
def test_float32_errors_stay_and_float16_is_cured() -> None:
    """F(8x8,3x3) in float16: unbalanced filters underflow, and the error is hundreds of times what it should be."""
    algorithm = wc.algorithm("F(8x8,3x3)", "0, ±1, ±1/2, ±2, -1/4, 4, ∞")
    raw, cured = (wc.analyse(given, "float16", channels=3, samples=1000) for given in (algorithm, balance(algorithm)))
    assert raw.predicted.underflow
    assert not cured.predicted.underflow
    assert cured.measured.rms < raw.measured.rms / 50
    assert 0.85 < cured.predicted.rms / cured.measured.rms < 1.15
    plain, scaled = (wc.analyse(given, "float32", channels=3, samples=100) for given in (algorithm, balance(algorithm)))
    assert scaled.predicted.rms == near(plain.predicted.rms, rel=0.1)


@pytest.mark.slow
def test_balanced_kernels_in_another_basis_agree_with_the_interpreter() -> None:
    algorithm = change_basis(balance(wc.algorithm("F(2x2,3x3)")), "chebyshev")
    layer = wc.Layer(3, 18, (8, 8), (3, 3), 1)
    rng = np.random.default_rng(0)
    x, weights = rng.uniform(-1, 1, layer.input_shape), rng.uniform(-1, 1, layer.weight_shape)
    kernel = wc.compile(layer, algorithm)
    np.testing.assert_array_equal(
        kernel(x, kernel.pack(weights)), simulate(algorithm, "float32", layer=layer, x=x, weights=weights)
    )


def test_of_three_factors_only_that_beside_the_products_is_scaled() -> None:
    axis = wc.algorithm("F(2,3)", "0, ±1, ∞").axes[0]
    unit = [sympy.ImmutableMatrix(sympy.eye(size)) for size in (2, 3, 4)]
    factored = dataclasses.replace(
        axis,
        AT_factors=(unit[0], unit[0], axis.AT),
        G_factors=(axis.G, unit[1], unit[1]),
        BT_factors=(axis.BT, unit[2], unit[2]),
    )
    scaled = rescale(factored, [2, 3, 5, 7], [1, 1, 1, sympy.Rational(1, 2)])
    assert scaled.AT_factors == (unit[0], unit[0], scaled.AT)
    assert scaled.G_factors == (scaled.G, unit[1], unit[1])
    assert scaled.BT_factors == (scaled.BT, unit[2], unit[2])
