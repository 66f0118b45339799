from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.data.distributions import LAWS
from wincook.analysis.quantisation.of_scheme import (
    QuantisationReport,
    analyse_quantisation,
    correlate_layer,
    predict_noise,
    quantised,
    transformed,
)
from wincook.analysis.quantisation.scheme import Scales, Scheme
from wincook.analysis.quantisation.snr import decibels
from wincook.errors import AlgorithmError, DataError, FormatError, ShapeError

# Measured with another program: C = 64, He weights, half-normal inputs; decibels.
PUBLISHED = {
    ("F(2x2,3x3)", "0,±1,∞"): 36.7,
    ("F(4x4,3x3)", "0,±1,±2,∞"): 19.7,
    ("F(4x4,3x3)", "0,±5/8,±3/2,∞"): 26.1,
    ("F(4x4,3x3)", "0,±1,x^2+1,∞"): 34.8,
    ("F(6x6,3x3)", "0,±1,x^2+x+1,x^2-x+1,∞"): 31.4,
    ("F(6x6,3x3)", "0,±5/8,±3/2,x^2+1,∞"): 30.6,
    ("F(6x6,3x3)", "0,±1,±2,±1/2,∞"): 15.0,
}


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "points"), PUBLISHED, ids=[f"{tile} {points}" for tile, points in PUBLISHED])
def test_the_published_ratios_are_reproduced_and_predicted(tile: str, points: str) -> None:
    algorithm = wc.algorithm(tile, points)
    report = analyse_quantisation(algorithm, Scheme(filter_scales="filter and tap"), 64, "relu", layers=2)
    assert report.measured == pytest.approx(PUBLISHED[tile, points], abs=1)
    assert report.predicted == pytest.approx(report.measured, abs=1)
    assert 37 < report.direct < 39


@pytest.mark.slow
@pytest.mark.parametrize("law", LAWS)
@pytest.mark.parametrize(
    "scheme",
    [
        Scheme(),
        Scheme(filter_scales="tensor", input_scales="tensor"),
        Scheme(filter_scales="filter", powers_of_two=True),
        Scheme(bits=6),
        Scheme(bits=4, clipping="mse"),
    ],
    ids=str,
)
def test_prediction_agrees_with_measurement(law: str, scheme: Scheme) -> None:
    for tile in ("F(2x2,3x3)", "F(6,3)", "F(3x2,2x4)"):
        report = analyse_quantisation(wc.algorithm(tile), scheme, 32, law, tiles=100, filters=10, layers=4)
        assert report.predicted == pytest.approx(report.measured, abs=1), tile


def test_the_quantised_layer_is_that_of_plain_loops() -> None:
    algorithm, scheme, rng = wc.algorithm("F(2x2,3x3)"), Scheme(5, "tap"), np.random.default_rng(2)
    d, g = rng.standard_normal((3, 2, 4, 4)), rng.standard_normal((2, 2, 3, 3))
    U, V = transformed(algorithm, d, g)
    U_scales, V_scales = scheme.scales_of_filters(U), scheme.scales_of_inputs(V)
    y = quantised(algorithm, U, V, U_scales, V_scales, scheme)
    AT, G, BT = (np.array(getattr(algorithm.axes[0], name).tolist(), float) for name in ("AT", "G", "BT"))
    for t in range(3):
        for k in range(2):
            M = np.zeros((4, 4))
            for i in range(4):
                for j in range(4):
                    total = 0
                    s_U, s_V = U_scales.steps[0, 0, 4 * i + j], V_scales.steps[0, 0, 4 * i + j]
                    for c in range(2):
                        u, v = (G @ g[k, c] @ G.T)[i, j], (BT @ d[t, c] @ BT.T)[i, j]
                        total += max(-15, min(15, round(u / s_U))) * max(-15, min(15, round(v / s_V)))
                    M[i, j] = total * s_U * s_V
            assert np.allclose(y[t, k], AT @ M @ AT.T, atol=1e-4)


def test_whole_numbers_within_reach_are_exact() -> None:
    algorithm, rng = wc.algorithm("F(2x2,3x3)"), np.random.default_rng(0)
    d, g = rng.integers(-31, 32, (4, 8, 4, 4)), rng.integers(-3, 4, (2, 8, 3, 3)) * 4
    U, V = transformed(algorithm, d, g)
    ones = Scales(np.ones((1, 1, 1)), np.full((1, 1, 1), 127.0))
    assert (quantised(algorithm, U, V, ones, ones, Scheme()) == correlate_layer(d, g, (1, 1))).all()


def test_fine_steps_make_the_noise_of_uniform_rounding() -> None:
    """Δ²/12 of U times the variance of V, and the other way round, through AT² of F(2,3): 3 products of 4 to each y."""
    algorithm, law = wc.algorithm("F(2,3)"), LAWS["normal"]
    step = 2.0**-4
    fine = Scales(np.full((1, 1, 4), step), np.full((1, 1, 4), 100 * step))
    noise = predict_noise(algorithm, fine, fine, Scheme(), 10, law)
    AT, G, BT = (np.array(getattr(algorithm.axes[0], name).tolist(), float) for name in ("AT", "G", "BT"))
    U, V, rounding = (G**2).sum(axis=1), (BT**2).sum(axis=1), step**2 / 12
    expected = 10 * (AT**2 @ (U * rounding + V * rounding + rounding**2)).mean()
    assert noise == near(expected, rel=0.01)


def test_half_the_step_is_six_decibels() -> None:
    schemes = [Scheme(bits=bits) for bits in (5, 6, 7)]
    reports = [analyse_quantisation("F(2x2,3x3)", scheme, 64, "relu", layers=1) for scheme in schemes]
    for report, finer in pairwise(reports):
        assert finer.measured - report.measured == pytest.approx(6.2, abs=0.7)


@pytest.mark.slow
def test_scales_by_tap_are_worth_more_the_larger_the_tile() -> None:
    gains = [
        analyse_quantisation(tile, channels=64, law="relu", layers=1).measured
        - analyse_quantisation(tile, Scheme(8, "tensor", "tensor"), 64, "relu", layers=1).measured
        for tile in ("F(2x2,3x3)", "F(4x4,3x3)", "F(6x6,3x3)")
    ]
    assert 0 < gains[0] < gains[1] < gains[2]


def test_the_same_seed_gives_the_same_report() -> None:
    one, same, other = (analyse_quantisation("F(2,3)", law="relu", tiles=4, layers=1, seed=seed) for seed in (1, 1, 2))
    assert one == same
    assert one.measured != other.measured
    assert "dB measured (1 layers, C = 1, relu data, seed 1)" in str(one)


def test_a_sample_cut_short_is_the_report_of_so_many_layers() -> None:
    def report(layers: int, progress: Callable[[int], bool] | None = None) -> QuantisationReport:
        return analyse_quantisation(wc.algorithm("F(2,3)"), channels=3, layers=layers, progress=progress)

    assert report(9, lambda done: done < 2) == report(2)


@pytest.mark.slow
def test_many_small_layers_are_below_the_ceiling() -> None:
    """Numbers that are drawn cost a tenth of an operation: four minutes' work is begun."""
    report = analyse_quantisation(
        "F(2x2,3x3)", channels=130_000, filters=1, tiles=1, layers=400, progress=lambda _: False
    )
    assert report.layers == 1


def test_bad_input_is_refused_by_name(golden: Golden) -> None:
    algorithm = wc.algorithm("F(2,3)")
    with golden.raises(ShapeError, match="tiles = 0"):
        analyse_quantisation(algorithm, tiles=0)
    with golden.raises(FormatError, match="int32"):
        analyse_quantisation(algorithm, channels=200_000)
    with golden.raises(AlgorithmError):
        analyse_quantisation(algorithm.transpose())
    with golden.raises(DataError):
        decibels(0.0, 1.0)
    assert decibels(1.0, 0.0) == float("inf")
