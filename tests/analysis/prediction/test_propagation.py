from __future__ import annotations

import numpy as np

import wincook as wc
from wincook.analysis.prediction import propagation
from wincook.analysis.prediction.rounded_sums import Forms
from wincook.formats import FLOAT32


def test_an_output_is_0_where_all_inputs_that_it_depends_on_are() -> None:
    """Counted in samples of inputs half of which are 0: V depends on 2 to 3 inputs along each axis."""
    algorithm = wc.algorithm("F(2x2,3x3)", "0, ±1, ∞")
    axes = tuple(Forms.of(program, FLOAT32) for program in wc.programs_of(algorithm).input)
    rng = np.random.default_rng(0)
    d = rng.standard_normal((200_000, 4, 4)) * (rng.random((200_000, 4, 4)) < 0.5)
    B = axes[0].matrix
    found = propagation.zeros_of(axes, 0.5)
    np.testing.assert_allclose(found, np.mean(B @ d @ B.T == 0, axis=0), atol=0.005)
    assert found.min() == 0.5**4
