"""No measured error above the bound, whatever the law: the bound is that of the data drawn."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import erfc, isnan, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.data.arrays import law_of
from wincook.analysis.data.distributions import LAWS, NORMAL, Law, with_signs
from wincook.bilinear import BilinearAlgorithm
from wincook.report.data.plain.errors import plain_report
from wincook.report.tables.errors import reports_view

POLICIES = ("float32", "float16", "bfloat16", "float16-winograd-domain", "float8_e5m2", "float8_e4m3fn-winograd-domain")


@lru_cache
def made(tile: str) -> BilinearAlgorithm:
    return wc.algorithm(tile)


def own(scale: float, seed: int) -> Law:
    rng = np.random.default_rng(seed)
    images = scale * rng.standard_normal((2, 3, 9, 9)) + scale * rng.uniform(-1, 1)
    return law_of(images, rng.standard_normal((4, 3, 3, 3)) * rng.choice([1e-3, 1.0, 30.0]), name="own")


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(
    st.sampled_from(["F(2x2,3x3)", "F(4x4,3x3)"]),
    st.sampled_from(POLICIES),
    st.one_of(st.sampled_from(sorted(LAWS)), st.sampled_from([2.0**-60, 1e-9, 1e-3, 1.0, 17.0, 255.0, 3e4])),
    st.integers(0, 1000),
)
def test_no_measured_error_is_above_the_bound(tile: str, policy: str, law: str | float, seed: int) -> None:
    chosen = law if isinstance(law, str) else own(law, seed)
    try:
        report = wc.analyse(made(tile), policy, 3, chosen, samples=24, seed=seed)
    except wc.WincookError:
        return  # data that the format cannot hold, or all of which overflow
    assert report.measured.largest_input <= report.reach.d_max
    assert report.measured.largest_filter <= report.reach.g_max
    assert report.measured.overflows or report.measured.max <= report.bound


def test_the_bound_of_large_data_is_larger_than_their_errors_though_that_of_small_data_is_not() -> None:
    """Errors stand above the bound for |d|, |g| ≤ 1 where the data exceed 1."""
    law = law_of(np.full((1, 1, 8), 255.0) + np.arange(8), np.array([[[100.0, 33.3, 77.7]]]), name="large")
    report = wc.analyse(wc.algorithm("F(4,3)"), "float32", 1, law, samples=50)
    assert error_bound(report.algorithm, "float32", 1) < report.measured.max < report.bound
    assert report.reach.d_max == 262.0
    assert report.bound == error_bound(report.algorithm, "float32", 1, d_max=262.0, g_max=100.0)


def test_reach_of_the_named_laws_and_the_chance_to_leave_it() -> None:
    algorithm, samples, channels = made("F(2x2,3x3)"), 40, 5
    reports = {name: wc.analyse(algorithm, "float32", channels, name, samples=samples) for name in LAWS}
    assert {name: (one.reach.d_max, one.reach.g_max) for name, one in reports.items()} == {
        "uniform": (1.0, 1.0),
        "normal": (8.0, 8.0),
        "relu": (8.0, float(np.float32(1.7))),  # 8 √(2/45) = 1.686, rounded up
    }
    assert reports["uniform"].reach.beyond == 0.0
    tail, d_numbers, g_numbers = erfc(8 / sqrt(2)), samples * channels * 16, samples * channels * 9
    assert reports["normal"].reach.beyond == pytest.approx(tail * (d_numbers + g_numbers), rel=1e-6, abs=0)
    limit = float(np.float32(1.7)) / sqrt(2 / 45)
    expected = tail / 2 * d_numbers + erfc(limit / sqrt(2)) * g_numbers
    assert reports["relu"].reach.beyond == pytest.approx(expected, rel=1e-6, abs=0)


def test_the_chance_is_that_of_any_number_of_the_sample() -> None:
    """Of a law whose reach is near, it is what repeated samples show."""

    class Near:
        reach, whole = 2.0, False

        def __call__(self, rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
            return np.asarray(rng.standard_normal(shape))

        def beyond(self, limit: float) -> float:
            return erfc(limit / sqrt(2))

    report = wc.analyse(wc.algorithm("F(2,3)"), "float32", 1, replace(NORMAL, draw_input=Near()), samples=4)
    samples = np.abs(np.random.default_rng(5).standard_normal((50_000, 4, 1, 4)))
    limit = report.reach.d_max
    assert report.reach.beyond == pytest.approx(np.mean((samples > limit).any(axis=(1, 2, 3))), abs=0.01)
    assert limit == max(2.0, report.measured.largest_input)


def test_a_law_that_only_draws_has_the_reach_of_its_sample() -> None:
    law = replace(NORMAL, name="large", variance=9e6, draw_input=lambda rng, shape: 3e3 * rng.standard_normal(shape))
    report = wc.analyse(wc.algorithm("F(2,3)"), "float32", 2, law, samples=64)
    assert report.reach.d_max == report.measured.largest_input > 3e3
    assert isnan(report.reach.beyond)
    assert plain_report(report)["reach"]["beyond"] is None
    assert report.reach.chance == "unknown"


def test_the_reach_is_a_number_of_the_format() -> None:
    """0.3 in bfloat16 is 0.30078125, and 1000 in float8 with saturation 448: so far the rounded data go."""
    weights = np.ones((1, 1, 3))
    for value, policy, expected in ((0.3, "bfloat16", 0.30078125), (1000.0, "float8_e4m3fn-saturating", 448.0)):
        report = wc.analyse(wc.algorithm("F(2,3)"), policy, 1, law_of(np.full((1, 1, 4), value), weights), samples=4)
        assert (report.reach.d_max, report.measured.largest_input) == (expected, expected)
        assert report.reach.beyond == 0.0


def test_signs_keep_the_reach() -> None:
    law = with_signs(NORMAL, np.ones(4), np.ones(3))
    report = wc.analyse(wc.algorithm("F(2,3)"), "float32", 2, law, samples=16)
    assert (report.reach.d_max, report.reach.g_max) == (8.0, 8.0)
    assert 0 < report.reach.beyond < 1e-12


def test_reach_stands_wherever_the_bound_does() -> None:
    report = wc.analyse(wc.algorithm("F(2,3)"), "float32", 1, law_of(np.full((1, 1, 4), 2.5), rest="normal"), samples=8)
    assert str(report).endswith("for |d| ≤ 2.5, |g| ≤ 8")
    assert plain_report(report)["reach"] == {"d_max": 2.5, "g_max": 8.0, "beyond": report.reach.beyond}
    (theory,) = (table for table in reports_view([report]).tables if table.name == "theory")
    shown = {column.name: cell.text for column, cell in zip(theory.columns, theory.rows[0], strict=True)}
    assert (shown["for |d| ≤"], shown["and |g| ≤"], shown["beyond"]) == ("2.5", "8", report.reach.chance)
