from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.laws import UNIFORM
from wincook.analysis.measure import compute, draw, measure
from wincook.errors import FormatError, ShapeError
from wincook.formats import FLOAT32, FLOATS
from wincook.precision import Precision


def test_the_same_seed_gives_the_same_figures() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)")
    first, again, other = (measure(algorithm, FLOAT32, 4, UNIFORM, 200, seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


@pytest.mark.parametrize("name", FLOATS)
def test_the_reference_is_far_better_than_what_it_judges(name: str) -> None:
    found = measure(wc.algorithm("F(4x4,3x3)"), FLOATS[name], 16, UNIFORM, 64, 0)
    assert found.certified == 16
    assert found.reference_error < 1e-6 * found.rms
    assert found.outputs == 64 * 16
    assert found.overflows == 0
    assert found.mean < found.rms < found.max


def test_errors_of_the_certified_samples_are_those_of_plain_fractions() -> None:
    """One output at a time, in Python's fractions, by the definition of convolution."""
    algorithm = wc.algorithm("F(4,3)")
    d, g = draw(algorithm, Precision.of(FLOAT32), 2, UNIFORM, np.random.default_rng(5), 16)
    y = compute(algorithm, FLOAT32, d, g)
    errors = [
        abs(
            Fraction(float(y[s, i]))
            - sum(Fraction(float(d[s, c, i + j])) * Fraction(float(g[s, c, j])) for c in range(2) for j in range(3))
        )
        for s in range(16)
        for i in range(4)
    ]
    found = measure(algorithm, FLOAT32, 2, UNIFORM, 16, 5)
    assert found.max == pytest.approx(float(max(errors)), rel=1e-12)
    assert found.mean == pytest.approx(float(sum(errors) / len(errors)), rel=1e-12)


def test_overflow_is_counted_and_kept_out_of_the_statistics() -> None:
    algorithm = wc.algorithm("F(8x8,3x3)", "0, ±1, ±2, ±3, ±4, ∞")
    found = wc.analyse(algorithm, "float16", channels=64, samples=32).measured
    assert found.overflows > 0
    assert not np.isnan([found.mean, found.rms, found.max]).any()


def test_a_constant_that_the_format_cannot_hold_is_named() -> None:
    with pytest.raises(FormatError, match="too large for float16"):
        wc.analyse(wc.algorithm("F(4,3)", "0, 1, 50, -60, 70, ∞"), "float16", samples=1)


@pytest.mark.parametrize(("samples", "channels"), [(0, 1), (1, 0), (-1, 1)])
def test_no_samples_and_no_channels_are_refused(samples: int, channels: int) -> None:
    with pytest.raises(ShapeError, match=f"samples = {samples} and channels = {channels}"):
        wc.analyse(wc.algorithm("F(2,3)"), samples=samples, channels=channels)
