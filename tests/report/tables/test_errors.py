from __future__ import annotations

import json

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.analyse import ErrorReport
from wincook.analysis.data.distributions import UNIFORM, Law
from wincook.report.data.plain.errors import plain_report
from wincook.report.tables.errors import reports_view
from wincook.report.terminal.layout import Layout


def printed(*reports: ErrorReport) -> str:
    return Layout().text(reports_view(list(reports)))


def huge(size: float) -> Law:
    return Law("huge", lambda rng, shape: np.full(shape, size), size, 1.0, UNIFORM.draw_tap, 1 / 3)


def test_theory_and_sample_share_no_table() -> None:
    text = printed(*(wc.analyse(wc.algorithm("F(4,3)"), name, 4, samples=50) for name in ("float32", "float16")))
    tables = [block.splitlines()[0] for block in text.split("\n\n")]
    assert [title.split(":")[0] for title in tables] == ["Beside direct convolution", "Theory", "Sample", "Sample"]
    assert "±" in text
    assert "99.9%" in text
    assert "nan" not in text.lower()


def test_a_single_report_shows_where_its_errors_lie() -> None:
    report = wc.analyse(wc.algorithm("F(2x3,3x3)"), samples=50)
    places = printed(report).split("RMS error by place in the tile F(2x3,3x3)")[1].strip().splitlines()
    assert len(places) == 2
    numbers = [word for word in " ".join(places).split() if word[0].isdigit()]
    assert numbers == [f"{value:.3g}" for value in report.measured.position_rms]


@pytest.mark.parametrize("size", [1e4, 6e4])
def test_overflow_is_a_warning_that_names_the_stage_and_never_nan(size: float) -> None:
    report = wc.analyse(wc.algorithm("F(4x4,3x3)"), "float16", 64, huge(size), samples=20)
    text = printed(report)
    assert "overflowed" in text
    stage, count = max(report.measured.overflowed.items(), key=lambda item: item[1])
    assert f"{stage} {count}" in text
    assert "nan" not in text.lower()
    assert "inf" not in text.lower().replace("infinity", "")
    data = json.dumps(plain_report(report), allow_nan=False)
    assert json.loads(data)["measured"]["overflows"] == report.measured.overflows


def test_warnings_of_the_policy_are_shown() -> None:
    report = wc.analyse(wc.algorithm("F(2,3)"), "bfloat16", samples=20)
    assert report.precision.warnings[0] in printed(report)
    assert plain_report(report)["warnings"] == list(report.precision.warnings)


def test_exact_arithmetic_is_shown_as_such() -> None:
    text = printed(wc.analyse(wc.algorithm("F(2,3)"), "exact", samples=20))
    assert "0 ± 0.0%" in text
    assert "last place" not in text


def test_a_stopped_sample_says_so() -> None:
    report = wc.analyse(wc.algorithm("F(2,3)"), samples=10**6, progress=lambda _: False)
    assert f"Stopped after {report.measured.samples} of 1000000 tiles." in printed(report)
    assert plain_report(report)["measured"]["samples"] == report.measured.samples == 16


def test_a_sample_that_ended_by_itself_does_not_say_that_it_was_stopped() -> None:
    report = wc.analyse(wc.algorithm("F(2,3)"), samples=16, progress=lambda _: True)
    assert not any("Stopped" in warning for warning in report.warnings)
