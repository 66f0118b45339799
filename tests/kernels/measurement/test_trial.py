"""Trials run every kind of layer, and tell errors that the analyser predicts."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

import wincook as wc
from wincook.errors import NotationError
from wincook.kernels import make_plan
from wincook.kernels.choice.machine import Machine
from wincook.kernels.make_plan import relative_error_of
from wincook.kernels.measurement.interleaved import timings
from wincook.kernels.measurement.machine_figures import measure_machine
from wincook.kernels.measurement.trial import trials
from wincook.kernels.target import Target


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(16, 8, (24, 24), (3, 3), 1, layout="NHWC"),
        wc.Layer(4, 6, (9, 9), (3, 3), stride=2, dilation=2, groups=2),
        wc.Layer(4, 6, (7, 7), (3, 3), transposed=True, stride=2, output_padding=1),
    ],
    ids=str,
)
def test_a_trial_has_the_error_that_is_predicted(layer: wc.Layer) -> None:
    plan = make_plan(layer, threads=1, target="generic")
    (trial,) = trials([plan], 0.01)
    assert trial.plan == plan
    assert trial.error is not None
    assert trial.error < 1.5 * relative_error_of(plan)
    assert trial.timing.least <= trial.timing.median
    assert trials([plan], 0.01, errors=False)[0].error is None


def test_plans_are_timed_in_turn() -> None:
    order: list[str] = []
    first, second = timings([lambda: order.append("first"), lambda: order.append("second")], 1e-6)
    assert first.calls >= 3
    assert second.calls >= 3
    changes = sum(before != after for before, after in pairwise(order))
    assert changes >= 5


def test_no_plans_take_no_time() -> None:
    assert trials([]) == ()
    with pytest.raises(NotationError, match="seconds"):
        trials([], 0)


def test_a_machine_is_measured_and_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path))
    target = Target.of(None)
    figures = measure_machine(target)
    assert Machine.of(target) == figures
    assert 1e9 < figures.peak < 1e13
    assert figures.memory < 1e13
