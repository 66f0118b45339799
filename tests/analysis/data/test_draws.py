"""The reach of draws and their tails, against scipy's distributions and against counts."""

from __future__ import annotations

from math import isnan

import numpy as np
import pytest
from scipy.stats import halfnorm, norm, uniform

from tests.golden import Golden
from wincook.analysis.data.arrays import law_of
from wincook.analysis.data.draws import Draw, Normal, Signed, Uniform, known
from wincook.errors import ShapeError


@pytest.mark.parametrize("limit", [0.0, 0.3, 1.0, 2.5, 8.0])
def test_tails_are_those_of_the_distributions(limit: float) -> None:
    assert Uniform().beyond(limit) == pytest.approx(uniform(-1, 2).sf(limit) * 2, rel=1e-12, abs=0)
    assert Normal().beyond(limit) == pytest.approx(halfnorm.sf(limit), rel=1e-9, abs=0)
    assert Normal(rectified=True).beyond(limit) == pytest.approx(norm.sf(limit), rel=1e-9, abs=0)


@pytest.mark.parametrize("draw", [Uniform(), Normal(), Normal(rectified=True), Signed(Normal(), np.array([1, -1]))])
def test_counts_agree_with_tails_and_stay_in_reach(draw: Draw) -> None:
    drawn = np.abs(draw(np.random.default_rng(3), (200_000, 2)))
    assert drawn.max() <= known(draw).reach
    for limit in (0.5, 0.9, 1.5):
        assert np.mean(drawn > limit) == pytest.approx(known(draw).beyond(limit), abs=0.005)


def test_arrays_know_their_largest_magnitude_and_the_share_beyond_a_limit() -> None:
    inputs = np.array([[[-128, 5, 7, 100]]], np.int8)
    weights = np.array([[[0.25, -3.0]], [[1.0, 2.0]]])
    law = law_of(inputs, weights)
    d, g = known(law.draw_input), known(law.draw_tap)
    assert (d.reach, d.beyond(100.0), d.beyond(128.0), d.beyond(4.0)) == (128.0, 0.25, 0.0, 1.0)
    assert (g.reach, g.beyond(1.0), g.beyond(3.0)) == (3.0, 0.5, 0.0)


def test_a_function_that_only_draws_is_not_known() -> None:
    draw = known(lambda rng, shape: rng.standard_normal(shape))
    assert draw.reach == 0.0
    assert isnan(draw.beyond(3.0))
    assert isnan(Signed(lambda rng, shape: rng.standard_normal(shape), np.ones(1)).beyond(3.0))


def test_a_pattern_of_another_shape_is_named(golden: Golden) -> None:
    with golden.raises(ShapeError, match=r"\(3,\).*\(1.*4\)"):
        Signed(Uniform(), np.ones(3))(np.random.default_rng(0), (2, 1, 4))
