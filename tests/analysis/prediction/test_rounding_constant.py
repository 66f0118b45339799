from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from tests.near import near
from wincook.analysis.prediction.rounding_constant import (
    ROUNDING,
    absorbed,
    few_bits,
    of_uniform,
    product_factor,
    sum_factor,
    swallowed,
)
from wincook.formats import FLOATS
from wincook.program.rounding import round_to


@pytest.mark.slow
@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn", "bfloat16"])
def test_running_sums_swallow_small_products(name: str) -> None:
    """The errors of the k-th sum of products of normal numbers, as `swallowed` has them, given the sum so far."""
    fmt = FLOATS[name]
    u, rng = float(fmt.unit_roundoff), np.random.default_rng(1)
    total = np.zeros(200_000)
    for k in range(1, 65):
        a, b = (round_to(numbers, fmt).astype(np.float64) for numbers in rng.standard_normal((2, total.size)))
        exact = total + a * b
        total = round_to(exact, fmt).astype(np.float64)
        if k in {4, 16, 64}:
            size = float(np.mean(exact**2))
            predicted = ROUNDING * u**2 * size * float(swallowed(np.array([u**2 * size]))[0])
            assert predicted == pytest.approx(np.mean((total - exact) ** 2), rel=0.07, abs=0), k


@pytest.mark.parametrize("name", ["float8_e5m2", "float8_e4m3fn"])
def test_products_of_few_bits_have_their_own_constant(name: str) -> None:
    fmt = FLOATS[name]
    rng = np.random.default_rng(2)
    a, b = (round_to(numbers, fmt).astype(np.float64) for numbers in np.exp2(rng.uniform(0, 1, (2, 400_000))))
    off = round_to(a * b, fmt).astype(np.float64) / (a * b) - 1
    predicted = few_bits(fmt.precision, fmt.precision, fmt.precision) * ROUNDING * float(fmt.unit_roundoff) ** 2
    assert predicted == pytest.approx(np.mean(off**2), rel=0.01, abs=0)


@pytest.mark.parametrize("constant", [3, 5, 7, 12, 25])
def test_products_with_a_constant_have_the_c_that_is_measured(constant: int) -> None:
    """Of log-uniform float32 numbers, multiplied in float64, which holds the products."""
    numbers = np.exp2(np.random.default_rng(3).uniform(0, 1, 2_000_000)).astype(np.float32)
    exact = numbers.astype(np.float64) * constant
    off = (numbers * np.float32(constant)) / exact - 1
    predicted = product_factor(Fraction(constant)) * ROUNDING * 2.0**-48
    assert predicted == pytest.approx(np.mean(off**2), rel=0.003, abs=0)


def test_the_constant_is_that_of_rounding_log_uniform_numbers_and_nearly_of_normal_ones() -> None:
    rng = np.random.default_rng(0)
    u = 2.0**-24
    values = np.exp2(rng.uniform(0, 8, 200_000))
    assert _rounding_error(values, values) / np.mean(u**2) == near(ROUNDING, rel=0.02)
    normal = rng.standard_normal(400_000)
    for size in (1.0, 1.2, 1.4, 1.7):
        errors = (normal * size).astype(np.float32).astype(np.float64) - normal * size
        assert np.sum(errors**2) / np.sum((normal * size) ** 2) / u**2 == near(ROUNDING, rel=0.015)


def _rounding_error(values: np.ndarray, scale: np.ndarray) -> float:
    errors = values.astype(np.float32).astype(np.float64) - values
    return float(np.mean((errors / scale) ** 2))


@pytest.mark.parametrize("constant", [1.0, 2.0, 3.0, 1.25])
@pytest.mark.parametrize("ratio", [1.0, 3.0, 10.0])
@pytest.mark.parametrize("correlation", [0.0, 0.8, -0.5])
def test_sums_on_a_common_grid_have_their_own_constant(constant: float, ratio: float, correlation: float) -> None:
    """fma(a, constant, b) for normal a and b of random size; the grid is that of float32."""
    rng = np.random.default_rng(1)
    first_part, second_part = rng.standard_normal((2, 200_000))
    scale = np.exp2(rng.uniform(0, 1, first_part.size))
    a = (scale * first_part).astype(np.float32).astype(np.float64)
    b = scale * ratio * constant * (correlation * first_part + np.sqrt(1 - correlation**2) * second_part)
    b = b.astype(np.float32).astype(np.float64)
    total = constant * a + b
    first, second = constant**2, (ratio * constant) ** 2
    size = np.mean((total / scale) ** 2)
    expected = (
        ROUNDING
        * size
        * sum_factor(
            np.array([{1.0: 1, 2.0: 1, 3.0: 3, 1.25: 5}[constant]]),
            np.array([first]),
            np.array([second]),
            np.array([size]),
        )
    )
    assert _rounding_error(total, scale) * 2**48 == near(expected[0], rel=0.025)


@pytest.mark.parametrize("constant", ["1/4", "3", "5/4", "-7/2"])
def test_products_with_short_constants_have_their_own_constant(constant: str) -> None:
    rng = np.random.default_rng(2)
    a = np.exp2(rng.uniform(0, 4, 200_000)).astype(np.float32).astype(np.float64)
    exact = a * float(np.float32(Fraction(constant)))
    assert _rounding_error(exact, exact) * 2**48 == near(ROUNDING * product_factor(Fraction(constant)), rel=0.02)


@pytest.mark.parametrize("octaves", [-6, -3, 0, 3, 6])
def test_small_summands_are_lost_altogether(octaves: int) -> None:
    rng = np.random.default_rng(3)
    scale = np.exp2(rng.uniform(0, 1, 200_000))
    large = (scale * rng.standard_normal(scale.size)).astype(np.float32).astype(np.float64)
    uniform = ROUNDING * 2.0**-48
    smaller = uniform * 2.0**octaves
    total = large + scale * np.sqrt(smaller) * rng.standard_normal(scale.size)
    # The sum is rounded by float64 first, which is far finer.
    expected = absorbed(np.array(uniform), np.array(smaller))
    assert _rounding_error(total, scale) == near(float(expected), rel=0.17)


@pytest.mark.parametrize("levels", [*range(1, 9), 16, 25])
def test_equidistant_numbers_are_rounded_by_less_or_more_than_uniform_ones(levels: int) -> None:
    """All multiples of 1/N of a spacing, rounded to whole ones: the mean square in twelfths."""
    numbers = [Fraction(k, levels) for k in range(levels)]
    mean_square = sum((number - round(number)) ** 2 for number in numbers) / levels
    assert of_uniform(np.array([float(levels)]))[0] == pytest.approx(float(12 * mean_square), abs=1e-15)


@pytest.mark.parametrize("ratio", [2.0**-30, 2.0**-24, 2.0**-12, 1 / 8, 1.0, 2.0, 2.0**12])
def test_what_sums_swallow_is_counted_in_the_whole_range(ratio: float) -> None:
    """A product of two normal numbers is added to a normal sum in a format with u = 1: the sum's spacing is kept."""
    rng = np.random.default_rng(7)
    first, second, normal = rng.standard_normal((3, 400_000))
    scale = np.exp2(rng.uniform(0, 1, normal.size))
    spacing = 2 * np.exp2(np.floor(np.log2(np.sqrt(ratio) * np.abs(normal) * scale))) / scale
    steps = first * second / spacing
    measured = np.mean((spacing * (steps - np.round(steps))) ** 2) / ratio
    assert ROUNDING * float(swallowed(np.array([ratio]))[0]) == near(measured, rel=0.06)
