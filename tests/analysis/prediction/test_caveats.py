from __future__ import annotations

import re

import pytest

import wincook as wc
from wincook.analysis.prediction.caveats import caveats
from wincook.formats import FLOATS
from wincook.precision import PRESETS, Precision
from wincook.stages import PerStage

FIGURE = re.compile(
    r"in trials \d+ % of such predictions were within 10 % .*, and 95 % between [\d.]+ and [\d.]+ times"
)

NO_PEAKS = PerStage.uniform(0.0)


@pytest.mark.parametrize("policy", sorted(set(PRESETS) - {"int8", "int16", "int32", "int8-winograd-domain"}))
def test_formats_of_few_bits_have_a_caveat_and_others_none(policy: str) -> None:
    sentences = wc.predict(wc.algorithm("F(2,3)"), policy, 1, "uniform").caveats
    few = "float8" in policy
    assert len(sentences) == few
    assert all(FIGURE.search(caveat) for caveat in sentences)


def test_the_stage_that_computes_in_the_fewest_bits_is_named() -> None:
    policy = Precision.of("float16, U=float8_e5m2, V=float8_e4m3fn, output=float8_e4m3fn")
    assert caveats(policy, underflow=False, peaks=NO_PEAKS)[0].startswith(
        "output=float8_e4m3fn has 4 bits: in trials 96 %"
    )
    policy = Precision.of("float16, U=float8_e5m2, V=float8_e4m3fn")
    assert caveats(policy, underflow=False, peaks=NO_PEAKS)[0].startswith("U=float8_e5m2 has 3 bits: in trials 95 %")


@pytest.mark.parametrize(("name", "share"), [("float16", 24), ("float8_e4m3fn-saturating", 30)])
def test_overflow_has_the_figures_of_its_kind(name: str, share: int) -> None:
    fmt = FLOATS[name]
    just = (float(fmt.largest) / 5) ** 2
    inside, outside = (
        caveats(Precision.of(name), underflow=False, peaks=NO_PEAKS.replace(output=size))
        for size in (just, 1.01 * just)
    )
    assert len(outside) == len(inside) + 1
    assert f"in trials {share} %" in outside[0]
    assert FIGURE.search(caveats(Precision.of(name), underflow=True, peaks=NO_PEAKS)[0])


def test_every_caveat_and_warning_of_the_misses_reported_says_how_far_off() -> None:
    """A prediction that misses by 1.15 to 1.37 and said nothing."""
    algorithm = wc.construct.change_basis(wc.gauge(wc.algorithm("F(2,3)", "-7/2, -3, -5/3, -1/6"), "input"), "legendre")
    report = wc.analyse(algorithm, "float8_e5m2", 1, samples=500)
    assert 0.98 < report.predicted.rms / report.measured.rms < 1.5
    assert any("float8_e5m2 has 3 bits: in trials 67 %" in warning for warning in report.warnings)
