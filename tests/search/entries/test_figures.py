"""Costs, and errors by objective."""

from __future__ import annotations

from math import pi, sqrt

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis import snr_of_law
from wincook.atlas import MEASURES, Conditions
from wincook.errors import AlgorithmError, NotationError, ShapeError
from wincook.program import cost, programs_of
from wincook.search.entries.figures import counts_of, errors_of, predicted_error

F44 = wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")


def test_operations_are_those_of_a_tile() -> None:
    counts, programs = counts_of(F44), programs_of(F44)
    assert counts.products == 36
    axis = [cost(stage[0]).operations for stage in (programs.filter, programs.input, programs.output)]
    # along the first axis for each column of the tile, then along the second for each row of what that gave
    assert (counts.filter, counts.input, counts.output) == (axis[0] * (3 + 6), axis[1] * (6 + 6), axis[2] * (6 + 4))


def test_rms_is_the_relative_error_of_the_model() -> None:
    assert (
        predicted_error(F44, "float16", Conditions("rms", 8, "relu"))
        == wc.predict(F44, "float16", 8, "relu").relative_rms
    )


def test_mean_and_maximum_are_of_normal_errors_at_each_output() -> None:
    prediction = wc.predict(F44)
    positions = np.array(prediction.positions)
    size = prediction.rms / prediction.relative_rms
    assert predicted_error(F44, "float32", Conditions("mean")) == near(positions.mean() * sqrt(2 / pi) / size)
    assert predicted_error(F44, "float32", Conditions("maximum")) == near(positions.max() / size)


def test_quantised_products_have_the_ratio_of_their_decibels() -> None:
    for format in ("int8", "int16"):
        ratio = predicted_error(F44, format, Conditions("rms", 4, "relu"))
        assert 20 * np.log10(ratio) == near(-snr_of_law(F44, format, 4, "relu"))


@pytest.mark.parametrize(("objective", "format"), [*((name, "float32") for name in MEASURES), ("rms", "int8")])
def test_what_is_measured_is_near_what_is_predicted(objective: str, format: str) -> None:
    conditions = Conditions(objective, 16, "relu") if format == "int8" else Conditions(objective)
    errors = errors_of(F44, format, conditions, 8 if format == "int8" else 4000, 0)
    assert errors.predicted == near(predicted_error(F44, format, conditions), rel=0.1)
    assert errors.low < errors.measured < errors.high < 1.5 * errors.low
    assert errors.measured == near(errors.predicted, rel=0.15)


def test_the_mean_error_is_below_the_rms_and_that_below_the_worst_output() -> None:
    mean, rms, worst = (predicted_error(F44, "float32", Conditions(name)) for name in ("mean", "rms", "maximum"))
    assert mean < rms < worst


def test_measured_figures_are_those_of_the_measurement() -> None:
    measured = wc.analysis.measure(F44, samples=64, seed=3)
    errors = errors_of(F44, "float32", Conditions("rms"), 64, 3)
    assert (errors.measured, errors.low) == (measured.relative_rms, measured.relative_rms_interval.low)
    size = wc.predict(F44).rms / wc.predict(F44).relative_rms
    assert errors_of(F44, "float32", Conditions("mean"), 64, 3).measured == near(measured.mean / size)


def test_what_overflows_has_no_error(golden: Golden) -> None:
    tall = wc.algorithm("F(8x8,3x3)", "0, ±1, ±2, ±3, ±4, ∞")
    with golden.raises(AlgorithmError, match="overflows"):
        errors_of(tall, "float16", Conditions("rms", 64, "relu"), 8, 0)


def test_wrong_questions() -> None:
    with pytest.raises(NotationError, match="conditions"):
        predicted_error(F44, "float32", "rms")  # type: ignore[arg-type]
    with pytest.raises(NotationError, match="unknown data law 'cauchy'"):
        predicted_error(F44, "float32", Conditions(law="cauchy"))
    with pytest.raises(ShapeError, match="at least 8"):
        errors_of(F44, "float32", Conditions("rms"), 7, 0)
    with pytest.raises(ShapeError, match="seed"):
        errors_of(F44, "float32", Conditions("rms"), 8, -1)
