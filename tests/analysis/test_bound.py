from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from wincook.analysis.bound import error_bound
from wincook.analysis.tiles import compute
from wincook.direct import correlate
from wincook.formats import FLOAT16, FLOAT32, FLOATS
from wincook.program.rounding import round_to


@settings(max_examples=60)
@given(
    st.sampled_from(["F(2,3)", "F(4,3)", "F(2x2,3x3)", "F(4x4,3x3)"]),
    st.sampled_from(sorted(set(FLOATS) - {"float64"})),
    st.integers(0, 10_000),
)
def test_bound_holds_for_extreme_data(tile: str, name: str, seed: int) -> None:
    """Signs at random, magnitudes one or tiny: what rounding and underflow like least."""
    algorithm, fmt = wc.algorithm(tile), FLOATS[name]
    rng = np.random.default_rng(seed)
    d, g = (
        (rng.choice([-1.0, 1.0, 0.0, 2.0**-13, 0.999, 1 / 3], (8, 3, *shape))).astype(np.float32)
        for shape in (algorithm.tile.inputs, algorithm.tile.taps)
    )
    d, g = round_to(d, fmt), round_to(g, fmt)
    y = compute(algorithm, fmt, d, g)
    exact = np.array([sum(correlate(d[s, c].astype(float), g[s, c].astype(float)) for c in range(3)) for s in range(8)])
    finite = np.isfinite(y)
    assert np.abs(y - exact)[finite].max() <= error_bound(algorithm, fmt, 3)


def test_bound_grows_with_channels_and_shrinks_with_precision() -> None:
    algorithm = wc.algorithm("F(4x4,3x3)")
    bounds = [error_bound(algorithm, FLOAT32, channels) for channels in (1, 2, 64)]
    assert bounds == sorted(bounds)
    assert error_bound(algorithm, FLOAT16, 1) > 1000 * bounds[0]


def test_bound_is_infinite_where_the_format_has_too_few_digits_for_the_sum() -> None:
    assert error_bound(wc.algorithm("F(2,3)"), FLOAT16, 2048) == float("inf")


def test_bound_of_one_addition_is_what_the_definition_says() -> None:
    # F(1,1) on ∞ has transforms that do nothing: one product, rounded once (and the chance of underflow).
    u = float(FLOAT32.unit_roundoff)
    assert error_bound(wc.algorithm("F(1,1)", "∞"), FLOAT32, 1) == pytest.approx(u, rel=1e-6)
