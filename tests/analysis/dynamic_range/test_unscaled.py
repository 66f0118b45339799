"""Integers without scales: refused where data or matrices are fractions, and exact where they are whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.compare import compare
from wincook.analysis.data.arrays import law_of
from wincook.analysis.data.distributions import LAWS, NORMAL, Law, with_signs
from wincook.errors import FormatError
from wincook.precision import PRESETS

CALLS: dict[str, Callable[..., Any]] = {
    "analyse": lambda algorithm, policy, law: wc.analyse(algorithm, policy, 3, law, samples=8),
    "compare": lambda algorithm, policy, law: compare([algorithm], [policy], 3, law),
    "predict": lambda algorithm, policy, law: wc.predict(algorithm, policy, 3, law),
}
WHOLE = law_of(np.arange(-20, 28).reshape(1, 3, 4, 4), np.arange(-13, 14).reshape(1, 3, 3, 3), name="whole")


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("policy", ["int8-winograd-domain", "int8", "int16", "float32, V=int8"])
@pytest.mark.parametrize("law", LAWS)
def test_integers_are_refused_for_data_that_are_none(call: str, policy: str, law: str, golden: Golden) -> None:
    algorithm = wc.algorithm("F(2x2,3x3)", "0, ±1, ∞")
    if policy == "float32, V=int8":
        algorithm = wc.construct.integers(algorithm).algorithm
    with golden.raises(FormatError, match="int8`"):
        CALLS[call](algorithm, policy, law)


@pytest.mark.parametrize("call", [wc.analysis.likely_bound, wc.tolerance])
def test_so_they_are_for_likely_bounds(call: Callable[..., object], golden: Golden) -> None:
    with golden.raises(FormatError):
        call("F(2x2,3x3)", "int8-winograd-domain", 4)


def test_whole_data_are_refused_where_a_matrix_has_fractions(golden: Golden) -> None:
    with golden.raises(FormatError, match="U=int8"):
        wc.analyse(wc.algorithm("F(2x2,3x3)"), "int8-winograd-domain", 3, WHOLE, samples=4)


def test_whole_data_and_matrices_are_exact_in_integers() -> None:
    algorithm = wc.gauge(wc.algorithm("F(2x2,3x3)"), "output")
    report = wc.analyse(algorithm, "exact, U=int16, V=int16, product=int32, accumulate=int32", 3, WHOLE, samples=8)
    assert report.measured.max == 0.0
    assert report.predicted.rms == 0.0
    assert report.predicted.caveats == ()


def test_a_law_that_only_draws_is_asked(golden: Golden) -> None:
    algorithm = wc.gauge(wc.algorithm("F(2,3)"), "output")
    policy = "float32, V=int16"

    def law(step: float) -> Law:
        return replace(NORMAL, name="steps", draw_input=lambda rng, shape: step * rng.integers(-9, 9, shape))

    assert wc.predict(algorithm, policy, 2, law(3.0)).rms > 0
    with golden.raises(FormatError):
        wc.predict(algorithm, policy, 2, law(0.3))
    with golden.raises(FormatError):
        wc.predict(algorithm, policy, 2, with_signs(NORMAL, np.ones(4), np.ones(3)))


@pytest.mark.slow
def test_every_preset_is_either_refused_or_finite() -> None:
    for policy in PRESETS:
        try:
            report = wc.analyse(wc.algorithm("F(2x2,3x3)"), policy, 4, samples=50)
        except FormatError:
            assert "int" in policy
        else:
            assert report.measured.relative_rms < 1


@pytest.mark.parametrize("policy", ["float8_e5m2", "float8_e4m3fn", "float16"])
def test_a_report_says_where_everything_overflows(policy: str) -> None:
    law = law_of(np.full((1, 3, 8), 300.0), np.full((1, 3, 3), 300.0), name="large")
    report = wc.analyse(wc.algorithm("F(2,3)"), policy, 3, law, samples=32)
    assert "All 64 outputs overflowed, so that there is nothing to hold the prediction against" in report.warnings[-1]
