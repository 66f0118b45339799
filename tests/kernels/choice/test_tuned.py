"""The winner of a trial is what `compile` takes from then on."""

from __future__ import annotations

from pathlib import Path

import pytest

import wincook as wc
from wincook.errors import ShapeError
from wincook.kernels import alternatives, make_plan
from wincook.kernels.choice.error_limit import DEFAULT_LIMIT
from wincook.kernels.choice.tuned import keep_winner
from wincook.kernels.measurement import tune as tune_module
from wincook.kernels.measurement.interleaved import Timing
from wincook.kernels.measurement.trial import Trial
from wincook.kernels.target import Target

LAYER = wc.Layer(16, 16, (12, 12), (3, 3), 1)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path))
    return tmp_path


def test_the_winner_is_taken_and_only_for_its_layer_threads_and_limit() -> None:
    target = Target.of("generic")
    first, second, *_ = alternatives(LAYER, threads=1, target=target, most=3)
    keep_winner(LAYER, target, 1, DEFAULT_LIMIT, second.plan.parts)
    assert make_plan(LAYER, threads=1, target=target) == second.plan != first.plan
    assert make_plan(LAYER, threads=1, target=target, max_error=DEFAULT_LIMIT) == second.plan
    other = wc.Layer(16, 16, (12, 12), (3, 3), 0)
    assert make_plan(other, threads=1, target=target) == alternatives(other, threads=1, target=target, most=1)[0].plan


def test_a_winner_that_is_no_choice_any_more_is_passed_over(folder: Path) -> None:
    target = Target.of("generic")
    first, second = alternatives(LAYER, threads=1, target=target, most=2)
    keep_winner(LAYER, target, 1, DEFAULT_LIMIT, second.plan.parts)
    (place,) = folder.glob("tuned-*.json")
    place.write_text(place.read_text().replace("multiplications", "of old"))
    assert make_plan(LAYER, threads=1, target=target) == first.plan


def test_tuning_measures_the_alternatives_and_keeps_the_quickest(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a clock that says what is to win: real times would differ from run to run."""

    def trials(plans: list[wc.kernels.LayerPlan], seconds: float, *, errors: bool) -> tuple[Trial, ...]:
        assert (seconds, errors) == (0.5, False)
        return tuple(Trial(plan, Timing(10.0 - place, 10.0, 3), None) for place, plan in enumerate(plans))

    monkeypatch.setattr(tune_module, "trials", trials)
    (before,) = alternatives(LAYER, threads=1, target="generic", most=1)
    measured = tune_module.tune(LAYER, threads=1, target="generic", most=3, seconds=0.5)
    assert len(measured) == 3
    assert [trial.timing.least for trial in measured] == sorted(trial.timing.least for trial in measured)
    assert make_plan(LAYER, threads=1, target="generic") == measured[0].plan
    assert measured[0].plan == alternatives(LAYER, threads=1, target="generic", most=1)[0].plan != before.plan
    with pytest.raises(ShapeError, match="most"):
        tune_module.tune(LAYER, most=9)
