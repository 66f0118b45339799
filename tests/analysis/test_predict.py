from __future__ import annotations

import pickle
from fractions import Fraction

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.laws import LAWS, Law
from wincook.analysis.predict import ROUNDING, predict
from wincook.errors import NotationError
from wincook.formats import FLOATS

TILES = ("F(2,3)", "F(6,3)", "F(2x2,3x3)", "F(4x4,3x3)", "F(3x3,5x5)", "F(2x4,5x2)", "F(2x2x2,3x3x3)")

SAMPLES = {1: 2000, 2: 300, 3: 100}  # a tile of more dimensions has more outputs


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("law", LAWS)
def test_prediction_agrees_with_measurement(tile: str, law: str) -> None:
    algorithm = wc.algorithm(tile)
    for name, channels in (("float32", 24), ("bfloat16", 8)):
        report = wc.analyse(algorithm, name, channels, law, samples=SAMPLES[algorithm.tile.dimension], seed=3)
        ratio = report.predicted.rms / report.measured.rms
        assert 0.85 < ratio < 1.15, (name, ratio)
        relative = report.predicted.relative_rms / report.measured.relative_rms
        assert 0.85 < relative < 1.15, (name, relative)


def test_the_constant_is_that_of_rounding_log_uniform_numbers() -> None:
    rng = np.random.default_rng(0)
    values = np.exp2(rng.uniform(0, 8, 200_000))
    errors = values.astype(np.float32).astype(np.float64) - values
    u = 2.0**-24
    assert np.mean((errors / values) ** 2) / u**2 == pytest.approx(ROUNDING, rel=0.02)


@pytest.mark.parametrize("name", FLOATS)
def test_shares_are_shares_and_errors_scale_with_the_format(name: str) -> None:
    fmt = FLOATS[name]
    found = predict(wc.algorithm("F(2,3)"), fmt, 4, LAWS["uniform"])
    shares = (found.filter_share, found.input_share, found.product_share, found.output_share)
    assert sum(shares) == pytest.approx(1.0)
    assert min(shares) > 0
    # The constants of F(2,3) are exact, so nothing but u changes.
    reference = predict(wc.algorithm("F(2,3)"), FLOATS["float32"], 4, LAWS["uniform"])
    assert found.rms / reference.rms == pytest.approx(float(fmt.unit_roundoff / Fraction(1, 2**24)))


def test_moments_of_the_laws_are_those_of_their_samples() -> None:
    rng = np.random.default_rng(0)
    for law in LAWS.values():
        d, g = law.draw_input(rng, (400_000,)), law.draw_filter(rng, (400_000,), 9)
        assert d.mean() == pytest.approx(law.mean, abs=4e-3)
        assert d.var() == pytest.approx(law.variance, rel=1e-2)
        assert g.mean() == pytest.approx(0, abs=4e-3)
        assert g.var() == pytest.approx(law.filter_variance(9), rel=1e-2)


def test_unknown_laws_are_named_with_the_known_ones() -> None:
    with pytest.raises(NotationError, match=r"'cauchy'.*uniform, normal, relu"):
        Law.of("cauchy")


def test_underflow_is_announced_where_the_prediction_fails() -> None:
    """F(8x8,3x3) in float16: the filters shrink to 4e-10, and the samples are far worse than the prediction."""
    report = wc.analyse(wc.algorithm("F(8x8,3x3)"), "float16", 3, samples=100)
    assert report.predicted.underflow
    assert report.measured.rms > 3 * report.predicted.rms
    assert not predict(wc.algorithm("F(6x6,3x3)"), FLOATS["float16"], 3, LAWS["uniform"]).underflow
    assert not predict(wc.algorithm("F(8x8,3x3)"), FLOATS["bfloat16"], 3, LAWS["uniform"]).underflow


def test_reports_cross_processes() -> None:
    report = wc.analyse(wc.algorithm("F(2,3)"), samples=16)
    assert pickle.loads(pickle.dumps(report)) == report  # noqa: S301 (our own bytes)
