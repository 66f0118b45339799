from __future__ import annotations

import numpy as np
import pytest

from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.analysis.prediction.rounding_noise import by_summing
from wincook.precision import Precision
from wincook.program.rounding import accumulate, round_to


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn"])
@pytest.mark.parametrize("channels", [2, 64])
def test_running_sums_make_the_errors_that_are_counted(name: str, channels: int) -> None:
    """The squares of what each sum of products is off, added up: few products, and so many that sums swallow them."""
    precision, rng = Precision.of(name), np.random.default_rng(5)
    total, squares, size = np.zeros(100_000), 0.0, 0.0
    for _ in range(channels):
        U, V = (round_to(values, precision.U) for values in rng.standard_normal((2, total.size)))
        product = U.astype(np.float64) * V.astype(np.float64)
        rounded = accumulate(round_to(total, precision.accumulate), U, V, precision).astype(np.float64)
        squares += float(np.mean((rounded - total - product) ** 2))
        size += float(np.mean(product**2)) / channels
        total = rounded
    predicted = by_summing(np.array([size]), np.zeros(1), None, precision, channels)
    assert predicted[0] == pytest.approx(squares, rel=0.15)


@pytest.mark.slow
def test_sums_over_channels_are_rounded_in_order() -> None:
    """Sums of products of normal numbers, in the arithmetic of the interpreter."""
    rng = np.random.default_rng(6)
    for name, channels in (("float32", 1), ("float32", 20), ("bfloat16", 20), ("bfloat16", 300)):
        policy = Precision.of(name)
        U, V = (round_to(rng.standard_normal((channels, 20_000)), policy.U) for _ in range(2))
        M = np.zeros(20_000, np.float32)
        for u, v in zip(U, V, strict=True):
            M = accumulate(M, u, v, policy)
        errors = M - np.sum(U.astype(np.float64) * V, axis=0)
        expected = by_summing(np.ones(1), np.zeros(1), None, policy, channels)
        assert np.mean(errors**2) == pytest.approx(float(expected[0]), rel=0.05), (name, channels)


@pytest.mark.parametrize("channels", [1, 2, 3, 9])
@pytest.mark.parametrize("fused", [True, False])
def test_running_sums_with_a_mean(channels: int, fused: bool) -> None:
    """Sum k is rounded once, of second moment k E[p²] + (k² - k) E[p]²; the first where its product is not exact."""
    size, mean = 5.0, 1.5
    policy = Precision.of("float32" if fused else "float32, U=bfloat16, V=bfloat16, accumulate=float64")
    predicted = float(by_summing(np.array([size]), np.array([mean]), None, policy, channels)[0])
    u = float(policy.accumulate.unit_roundoff)
    first = 1 if fused else 2  # products of bfloat16 are exact in float32
    expected = sum(ROUNDING * u**2 * (k * size + (k * k - k) * mean**2) for k in range(first, channels + 1))
    assert predicted == pytest.approx(expected, rel=1e-6, abs=0)
