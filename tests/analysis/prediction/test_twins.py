from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.data.distributions import NORMAL
from wincook.analysis.measurement.measure import measure
from wincook.analysis.prediction.predict import predict
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.analysis.prediction.twins import twin_factor
from wincook.formats import FLOAT32
from wincook.program.ir import Add, Fma, Program, Sub


@pytest.mark.parametrize("ratio", [1 / 16, 1 / 4, 1 / 2, 1.0, 2.0, 8.0])
@pytest.mark.parametrize("correlation", [0.0, 0.7, -0.7])
def test_errors_of_twins_go_together(ratio: float, correlation: float) -> None:
    """The covariance of what fl(b + a) and fl(b - a) are off, for a on a grid and for a without one."""
    rng = np.random.default_rng(0)
    first_part, second_part = rng.standard_normal((2, 400_000))
    scale = np.exp2(rng.uniform(0, 1, first_part.size))
    a = rounded(scale * first_part)
    b = rounded(scale * (correlation * first_part + np.sqrt(1 - correlation**2) * second_part))
    for constant, odd in ((ratio, 1), (float(np.float32(ratio * 0.77)), 0)):
        sums = b + constant * a, b - constant * a
        errors = [(rounded(values) - values) / scale * 2**24 for values in sums]
        first = np.array([constant**2])
        total = first + 1 + 2 * constant * correlation
        predicted = twin_factor(np.array([odd]), first, np.ones(1), total) * ROUNDING * (first + 1)
        assert predicted[0] == pytest.approx(np.mean(errors[0] * errors[1]), abs=0.03 * ROUNDING * (constant**2 + 1))


def rounded(values: np.ndarray) -> np.ndarray:
    return np.asarray(values.astype(np.float32).astype(np.float64))


@pytest.mark.parametrize(("tile", "points"), [("F(2,3)", "0, ±4, ∞"), ("F(2,3)", "0, ±8, ∞"), ("F(2,3)", "0, ±1/4, ∞")])
@pytest.mark.parametrize("stage", ["filter=bfloat16, U=bfloat16", "input=bfloat16, V=bfloat16"])
def test_prediction_knows_that_errors_of_twins_go_together(tile: str, points: str, stage: str) -> None:
    """Without it, it is 10 to 17 % off where one summand is far larger than the other."""
    algorithm, policy = wc.algorithm(tile, points), f"float32, {stage}"
    measured = measure(algorithm, policy, 1, NORMAL, samples=20_000, seed=3)
    assert predict(algorithm, policy, 1, NORMAL).rms / measured.rms == pytest.approx(1, abs=0.04)


def test_twins_are_found_in_either_order_of_a_plain_sum() -> None:
    half = Fraction(1, 2)
    ops = (Add(0, 1), Sub(0, 1), Fma(0, half, 2), Fma(1, half, 2), Fma(0, -half, 2), Sub(2, 1))
    assert Forms.of(Program("d", "V", 3, ops, (3, 4)), FLOAT32).twins.tolist() == [[0, 1], [2, 4]]
    assert Forms.of(Program("d", "V", 2, (Sub(1, 0), Add(0, 1)), (2, 3)), FLOAT32).twins.tolist() == [[0, 1]]
