from __future__ import annotations

import numpy as np
import pytest

from wincook.analysis.prediction.rounding_noise import by_summing
from wincook.precision import Precision
from wincook.program.rounding import accumulate, round_to


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn"])
@pytest.mark.parametrize("channels", [2, 64])
def test_running_sums_make_the_errors_that_are_counted(name: str, channels: int) -> None:
    """The squares of what each sum of products is off, added up: few products, and so many that sums swallow them."""
    precision, rng = Precision.of(name), np.random.default_rng(5)
    total, made, size = np.zeros(100_000), 0.0, 0.0
    for _ in range(channels):
        U, V = (round_to(values, precision.U) for values in rng.standard_normal((2, total.size)))
        product = U.astype(np.float64) * V.astype(np.float64)
        rounded = accumulate(round_to(total, precision.accumulate), U, V, precision).astype(np.float64)
        made += float(np.mean((rounded - total - product) ** 2))
        size += float(np.mean(product**2)) / channels
        total = rounded
    found = by_summing(np.array([size]), np.zeros(1), None, precision, channels)
    assert found[0] == pytest.approx(made, rel=0.15)
