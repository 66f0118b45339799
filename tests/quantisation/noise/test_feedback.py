from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.program.programs import programs_of
from wincook.quantisation.calibrate import calibrate
from wincook.quantisation.calibration import Calibration
from wincook.quantisation.noise.feedback import Feedback, crossed_gains
from wincook.quantisation.quantise import quantised_filters
from wincook.quantisation.transform import transformed

F23, F43 = wc.algorithm("F(2x2,3x3)"), wc.algorithm("F(4x4,3x3)", "0, ±5/8, ±3/2, ∞")


def test_the_weights_are_those_of_a_triangular_factor(calibration: Calibration) -> None:
    outputs = programs_of(F23).output
    AT = np.array(F23.axes[0].AT.tolist(), float)
    H = np.kron(AT, AT).T @ np.kron(AT, AT) / 4 * calibration.statistics.correlations
    np.testing.assert_allclose(crossed_gains(outputs) * calibration.statistics.correlations, H, atol=1e-12)
    feedback = Feedback.of(outputs, calibration.statistics)
    assert (np.diff(np.diag(H)[feedback.order]) <= 0).all()
    places = np.ix_(feedback.order, feedback.order)
    L, D = np.eye(16) + feedback.weights, (feedback.left * np.diag(H) * 1.01)[feedback.order]
    np.testing.assert_allclose(L.T @ np.diag(D) @ L, (H + 0.01 * np.diag(np.diag(H)))[places], atol=1e-5)


@pytest.mark.parametrize("algorithm", [F23, F43], ids=["16 products", "36 products"])
def test_errors_of_filters_make_less_noise_than_those_of_rounding_alone(images: Any, algorithm: Any) -> None:
    layer, programs = wc.Layer(6, 32, (9, 7), (3, 3), padding=1), programs_of(algorithm)
    made = calibrate(layer, algorithm, images)
    U = transformed(programs.filter, np.random.default_rng(1).standard_normal(layer.weight_shape))
    H = crossed_gains(programs.output) * made.statistics.correlations
    alone = replace(made, statistics=replace(made.statistics, correlations=np.eye(len(H))))
    several = [quantised_filters(U, each, programs.output).errors * made.spreads.T for each in (made, alone)]
    fed_back, rounded = (float((errors @ H * errors).sum()) for errors in several)
    assert fed_back < 0.8 * rounded
