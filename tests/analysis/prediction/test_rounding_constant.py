from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from wincook.analysis.prediction.rounding_constant import ROUNDING, few_bits, product_factor, swallowed
from wincook.formats import FLOATS
from wincook.program.rounding import round_to


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn", "bfloat16"])
def test_running_sums_swallow_small_products(name: str) -> None:
    """The errors of the k-th sum of products of normal numbers, as `swallowed` has them, given the sum so far."""
    fmt = FLOATS[name]
    u, rng = float(fmt.unit_roundoff), np.random.default_rng(1)
    total = np.zeros(200_000)
    for k in range(1, 65):
        a, b = (round_to(one, fmt).astype(np.float64) for one in rng.standard_normal((2, total.size)))
        exact = total + a * b
        total = round_to(exact, fmt).astype(np.float64)
        if k in {4, 16, 64}:
            size = float(np.mean(exact**2))
            found = ROUNDING * u**2 * size * float(swallowed(np.array([u**2 * size]))[0])
            assert found == pytest.approx(np.mean((total - exact) ** 2), rel=0.07, abs=0), k


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn"])
def test_products_of_few_bits_have_their_own_constant(name: str) -> None:
    fmt = FLOATS[name]
    rng = np.random.default_rng(2)
    a, b = (round_to(one, fmt).astype(np.float64) for one in np.exp2(rng.uniform(0, 1, (2, 400_000))))
    off = round_to(a * b, fmt).astype(np.float64) / (a * b) - 1
    found = few_bits(fmt.precision, fmt.precision, fmt.precision) * ROUNDING * float(fmt.unit_roundoff) ** 2
    assert found == pytest.approx(np.mean(off**2), rel=0.01, abs=0)


@pytest.mark.parametrize("constant", [3, 5, 7, 12, 25])
def test_products_with_a_constant_have_the_c_that_is_measured(constant: int) -> None:
    """Of log-uniform float32 numbers, multiplied in float64, which holds the products."""
    numbers = np.exp2(np.random.default_rng(3).uniform(0, 1, 2_000_000)).astype(np.float32)
    exact = numbers.astype(np.float64) * constant
    off = (numbers * np.float32(constant)) / exact - 1
    found = product_factor(Fraction(constant)) * ROUNDING * 2.0**-48
    assert found == pytest.approx(np.mean(off**2), rel=0.003, abs=0)
