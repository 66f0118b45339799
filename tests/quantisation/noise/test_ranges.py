"""Steps as long as those of x: channels of integers that are not rounded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.analysis import analyse_calibration
from wincook.program.programs import programs_of
from wincook.quantisation import Affine, calibrate
from wincook.quantisation.factors import Factors, nearest_integers, without_rounding

LAYER = wc.Layer(24, 24, (14, 14), (3, 3), padding=1)


@pytest.fixture(scope="module")
def images() -> Any:
    """Sixteen, of uneven channels."""
    rng = np.random.default_rng(6)
    return np.maximum(rng.standard_normal((16, 24, 14, 14)), 0) * np.exp(rng.standard_normal(24))[:, None, None]


def test_small_channels_of_integers_are_kept_as_they_are(images: Any) -> None:
    x, algorithm = Affine.covering(0, images[:8].max()), wc.algorithm("F(2x2,3x3)")
    weights = np.random.default_rng(5).standard_normal(LAYER.weight_shape)
    of_floats, of_integers = (calibrate(LAYER, algorithm, images[:8], x=scale) for scale in (None, x))
    reports = [
        analyse_calibration(each, algorithm, layer=LAYER, images=images[8:], weights=weights, input_format="uint8")
        for each in (of_floats, of_integers)
    ]
    assert reports[1].measured > reports[0].measured + 0.3
    assert all(abs(report.measured - report.predicted) < 1 for report in reports)

    factors = Factors.of(of_integers, programs_of(algorithm).input, np.dtype("uint8"))
    kept = without_rounding(factors)
    small = np.argsort(of_integers.statistics.squares.sum(axis=0))[:8]
    assert kept[:, small].mean() > 0.5
    assert not without_rounding(Factors.of(of_floats, programs_of(algorithm).input, np.dtype("uint8"))).any()
    V = np.broadcast_to(np.arange(-4095, 4096)[:, None, None], (8191, *kept.T.shape))
    nearest = nearest_integers(V, factors.of_inputs.T, np.array(0), factors.shift)
    assert (kept <= (nearest == V).all(axis=0).T).all()


def test_other_scales_are_those_of_floats(images: Any) -> None:
    """Where V has fractions, scales are by tap, or powers of two, or V is x itself."""
    for algorithm, options in (
        (wc.algorithm("F(4x4,3x3)", "0, ±2/3, ±3/2, ∞"), {}),
        (wc.algorithm("F(2x2,3x3)"), {"input_scales": "tap"}),
        (wc.algorithm("F(2x2,3x3)"), {"powers_of_two": True}),
        ("direct", {}),
    ):
        of_floats = calibrate(LAYER, algorithm, images, **options)
        assert calibrate(LAYER, algorithm, images, x=of_floats.x, **options) == of_floats
