from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import t

from tests.near import near
from wincook.analysis.measurement.statistics import (
    CONFIDENCE,
    RESOLUTION,
    Statistics,
    Tally,
    UlpHistogram,
    _student,
    mean_of,
)
from wincook.arrays import Array
from wincook.formats import EXACT, FLOAT16, FLOAT32, INT8, Format


def tallied(errors: Array, results: Array, fmt: Format = FLOAT32, portions: int = 7) -> Statistics:
    tally = Tally(errors.shape[1:], fmt)
    for part, exact in zip(np.array_split(errors, portions), np.array_split(results, portions), strict=True):
        tally.add(part, exact)
    return tally.statistics()


def data(seed: int, tiles: int = 3000) -> tuple[Array, Array]:
    """Errors of very different sizes, alike within a tile."""
    rng = np.random.default_rng(seed)
    size = np.exp(rng.normal(size=(tiles, 1, 1)))
    return 1e-7 * size * rng.standard_normal((tiles, 2, 3)), rng.standard_normal((tiles, 2, 3))


def test_figures_are_those_of_numpy_on_the_whole() -> None:
    errors, results = data(0)
    found, absolute = tallied(errors, results), np.abs(errors)
    assert found.mean == near(absolute.mean(), rel=1e-12)
    assert found.rms == near(np.sqrt(np.mean(errors**2)), rel=1e-12)
    assert found.max == absolute.max()
    assert found.bias == near(errors.mean(), rel=1e-9)
    assert found.relative_rms == near(np.linalg.norm(errors) / np.linalg.norm(results), rel=1e-12)
    np.testing.assert_allclose(found.position_rms, np.sqrt(np.mean(errors**2, axis=0)).ravel(), rtol=1e-12)
    for quantile in found.quantiles:
        exact = np.quantile(absolute, quantile.probability, method="inverted_cdf")
        assert quantile.value == near(exact, rel=RESOLUTION)


def test_quantiles_are_right_over_all_magnitudes() -> None:
    absolute = np.exp2(np.random.default_rng(1).uniform(-200, 200, (5000, 1)))
    for quantile in tallied(absolute, np.ones_like(absolute)).quantiles:
        exact = np.quantile(absolute, quantile.probability, method="inverted_cdf")
        assert quantile.value == near(exact, rel=RESOLUTION)


def test_standard_errors_are_those_of_the_means_of_tiles() -> None:
    """With nothing missing the ratio of sums is a mean of means, with its textbook interval."""
    errors, results = data(2, tiles=400)
    means = np.abs(errors).mean(axis=(1, 2))
    found = tallied(errors, results)
    assert found.mean_interval.high - found.mean == near(1.966 * means.std(ddof=1) / 20, rel=1e-3)
    means = errors.mean(axis=(1, 2))
    assert found.bias_interval.high - found.bias == near(1.966 * means.std(ddof=1) / 20, rel=1e-3)


@pytest.mark.slow
@pytest.mark.parametrize(("tiles", "least"), [(12, 0.87), (300, 0.92)])
def test_intervals_hold_the_true_value_as_often_as_they_say(tiles: int, least: float) -> None:
    """Outputs of a tile are 0.9 correlated: intervals that took them for independent would hold it far less often."""
    rng, trials = np.random.default_rng(4), 400
    held = np.zeros(7)
    for _ in range(trials):
        common = rng.standard_normal((tiles, 1))
        errors = np.sqrt(0.9) * common + np.sqrt(0.1) * rng.standard_normal((tiles, 8))
        results = rng.choice([-2.0, 2.0], (tiles, 8))
        found = tallied(errors, results, portions=2)
        intervals = [found.mean_interval, found.rms_interval, found.bias_interval, found.relative_rms_interval]
        intervals += [quantile.interval for quantile in found.quantiles[:3]]
        true = [np.sqrt(2 / np.pi), 1.0, 0.0, 0.5, 0.6745, 1.6449, 2.5758]
        held += [one.low <= value <= one.high for one, value in zip(intervals, true, strict=True)]
    assert (held[:4] / trials > least).all()
    assert (held[:4] / trials < 0.98).all()
    assert (held[4:] / trials > 0.93).all()  # the outputs of a tile count once: rather too often


def test_too_few_tiles_give_open_intervals() -> None:
    errors, results = data(5, tiles=7)
    found = tallied(errors, results, portions=1)
    assert found.mean_interval.high == found.bias_interval.high == found.rms_interval.high == float("inf")
    assert (found.mean_interval.low, found.rms_interval.low, found.bias_interval.low) == (0.0, 0.0, -float("inf"))
    assert found.quantiles[-1].interval.high == float("inf")


def test_what_is_not_finite_is_left_out() -> None:
    errors, results = data(6)
    spoilt = errors.copy()
    spoilt[::5, 1] = np.inf
    spoilt[::7, 0, 0] = np.nan
    kept = np.isfinite(spoilt)
    tally = Tally((2, 3), FLOAT32)
    tally.add(spoilt, results)
    found = tally.statistics()
    assert tally.counted == kept.sum()
    assert found.mean == near(np.abs(errors[kept]).mean(), rel=1e-12)
    assert found.max == np.abs(errors[kept]).max()
    assert found.relative_rms == near(np.linalg.norm(errors[kept]) / np.linalg.norm(results[kept]), rel=1e-12)
    assert found.position_rms[0] == near(np.sqrt(np.mean(errors[kept[:, 0, 0], 0, 0] ** 2)), rel=1e-12)
    assert found.ulps is not None
    assert found.ulps.zero + sum(found.ulps.counts) == kept.sum()


def test_last_places_are_those_of_the_format() -> None:
    """By numpy's spacing, one output at a time; errors and results may lie differently in memory."""
    rng = np.random.default_rng(7)
    results = np.asfortranarray(rng.standard_normal((500, 2)) * np.exp2(rng.integers(-30, 10, (500, 2))))
    results = np.where(np.abs(results.astype(np.float16)) > 0, results, 1.0)
    errors = rng.standard_normal((500, 2)) * 1e-3
    errors[:10] = 0
    below = np.abs(results).astype(np.float16)  # towards zero, so that the spacing is that of the exact result
    below = np.where(below > np.abs(results), np.nextafter(below, np.float16(0)), below)
    ulps = np.abs(errors) / np.spacing(below).astype(np.float64)
    found = tallied(errors, results, FLOAT16).ulps
    assert found is not None
    assert found.zero == 20
    for k, number in enumerate(found.counts, start=found.first):
        assert number == np.count_nonzero((ulps >= 2.0**k) & (ulps < 2.0 ** (k + 1)))


def test_the_last_place_of_integers_is_one_and_exact_numbers_have_none() -> None:
    errors = np.array([[0.0], [1.0], [2.0], [3.0], [0.25]])
    found = tallied(errors, np.array([[100.0], [1.0], [0.0], [1e9], [3.0]]), INT8, portions=1).ulps
    assert found is not None
    assert (found.zero, found.first, found.counts) == (1, -2, (1, 0, 1, 2))
    assert tallied(errors, errors, EXACT, portions=1).ulps is None


def test_results_of_zero_have_no_relative_error() -> None:
    zeros, ones = np.zeros((10, 1)), np.ones((10, 1))
    assert tallied(zeros, zeros, portions=1).relative_rms == 0.0
    assert tallied(ones, zeros, portions=1).relative_rms == float("inf")


@pytest.mark.parametrize(("freedom", "within"), [(7, 0.01), (15, 1e-3), (30, 1e-4), (100, 1e-5)])
def test_the_quantile_of_student_is_that_of_scipy(freedom: int, within: float) -> None:
    assert _student(freedom) == near(t.ppf((1 + CONFIDENCE) / 2, freedom), rel=within)


def test_eight_tiles_give_an_interval() -> None:
    errors, results = data(5, tiles=8)
    means = np.abs(errors).mean(axis=(1, 2))
    found = tallied(errors, results, portions=1)
    half = t.ppf((1 + CONFIDENCE) / 2, 7) * means.std(ddof=1) / 8**0.5
    assert found.mean_interval.high == near(found.mean + half, rel=0.01)


@pytest.mark.parametrize("tiles", [3, 4, 40, 400, 3850])
def test_quantiles_lie_between_order_statistics(tiles: int) -> None:
    """Those at p ± 1.96 √(p (1 - p) / T) of the outputs, if they are within the sample."""
    errors, results = data(9, tiles=tiles)
    absolute = np.abs(errors)
    for quantile in tallied(errors, results, portions=1).quantiles:
        p = quantile.probability
        low, high = (p + sign * 1.959964 * (p * (1 - p) / tiles) ** 0.5 for sign in (-1, 1))
        ends = quantile.interval.low, quantile.interval.high
        expected = [
            np.quantile(absolute, low, method="inverted_cdf") if low > 0 else 0.0,
            np.quantile(absolute, high, method="inverted_cdf") if high < 1 else np.inf,
        ]
        assert ends == near(expected, rel=RESOLUTION)


def test_nothing_off_and_nothing_finite() -> None:
    ones = np.ones((9, 2))
    exact = tallied(0 * ones, ones, portions=1)
    assert exact.ulps == UlpHistogram(18, 0, ())
    assert (exact.rms, exact.rms_interval.low, exact.rms_interval.high) == (0, 0, 0)
    assert [quantile.value for quantile in exact.quantiles] == [0, 0, 0, 0]
    lost = tallied(np.inf * ones, ones, portions=1)
    assert lost.ulps == UlpHistogram(0, 0, ())
    assert (lost.mean, lost.rms, lost.max, lost.bias, lost.relative_rms) == (np.inf,) * 5
    assert lost.position_rms == (np.inf, np.inf)
    assert {quantile.value for quantile in lost.quantiles} == {np.inf}


@pytest.mark.parametrize("spread", [0.01, 1.0, 40.0])
def test_the_interval_of_a_root_is_symmetric_in_its_logarithm(spread: float) -> None:
    """Half as wide as that of the square, relative to it."""
    errors = np.exp(spread * np.random.default_rng(3).standard_normal((50, 1)))
    found = tallied(errors, np.ones_like(errors), portions=1)
    squares = np.square(errors).ravel()
    half = t.ppf((1 + CONFIDENCE) / 2, 49) * squares.std(ddof=1) / 50**0.5 / squares.mean() / 2
    assert found.rms_interval.low == near(found.rms * np.exp(-half), rel=1e-4)
    assert found.rms_interval.high == near(found.rms * np.exp(half), rel=1e-4)


@pytest.mark.parametrize("number", [1, 7, 8, 30])
def test_the_mean_of_single_values_has_the_interval_of_a_textbook(number: int) -> None:
    values = np.abs(np.random.default_rng(number).standard_normal(number)) + 1
    mean, interval = mean_of(values.tolist())
    assert mean == near(values.mean(), rel=1e-15)
    if number < 8:
        assert (interval.low, interval.high) == (0.0, np.inf)
    else:
        half = t.ppf((1 + CONFIDENCE) / 2, number - 1) * values.std(ddof=1) / number**0.5
        assert (interval.low, interval.high) == near((mean - half, mean + half), rel=0.01)
