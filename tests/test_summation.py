from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import wincook as wc
from tests.near import near
from wincook.analysis.measurement.tiles import compute, trace
from wincook.precision import Precision
from wincook.program.rounding import accumulate
from wincook.summation import CHAIN, ONE_CHAIN, Chains


@given(st.integers(1, 2000), st.integers(1, 100))
def test_counts_are_those_of_chains_that_are_listed(channels: int, length: int) -> None:
    chains = Chains(channels, min(length, channels))
    ends = [min(first + chains.length, channels) for first in range(0, channels, chains.length)]
    assert chains.number == len(ends)
    assert sum(number * of for of, number in chains.lengths) == channels
    assert chains.added == (sum(ends[1:]), sum(end * end for end in ends[1:]))


@given(st.integers(1, 10**9))
def test_one_chain_is_like_itself_and_several_are_better(channels: int) -> None:
    assert Chains(channels, channels).like == near(channels, rel=1e-12)
    assert Chains.of(channels).like <= channels
    assert Chains.of(channels, inputs=1).length == channels


@pytest.mark.parametrize("channels", [ONE_CHAIN, ONE_CHAIN + 1, 2 * CHAIN + 40])
def test_the_interpreter_sums_like_that(channels: int) -> None:
    """M of F(1,1) on tiles of one place is one chain; of F(2,3), chains that are added up."""
    rng, policy = np.random.default_rng(1), Precision.of("float32")
    d, g = (rng.standard_normal((5, channels, size)).astype(np.float32) for size in (4, 3))
    stages = trace("F(2,3)", policy, d, g)
    length = channels if channels <= ONE_CHAIN else CHAIN
    total = np.zeros_like(stages.M)
    for first in range(0, channels, length):
        M = np.zeros_like(total)
        for c in range(first, min(first + length, channels)):
            M = accumulate(M, stages.U[:, c], stages.V[:, c], policy)
        total = total + M
    np.testing.assert_array_equal(stages.M, total)
    np.testing.assert_array_equal(compute("F(2,3)", policy, d, g), stages.y)
    dots = compute("F(1,1)", policy, d[:, :, :1], g[:, :, :1])
    M = np.zeros((5, 1), np.float32)
    for c in range(channels):
        M = accumulate(M, g[:, c, :1], d[:, c, :1], policy)
    np.testing.assert_array_equal(dots, M)


def test_chains_halve_the_error_of_many_channels() -> None:
    """As it is measured, and as it is predicted: that of 512 channels is no more than that of 64."""
    few, many = (wc.predict("F(4x4,3x3)", "float32", channels).relative_rms for channels in (ONE_CHAIN, 512))
    assert many < few
    report = wc.analysis.measure("F(4x4,3x3)", "float32", channels=512, samples=200)
    assert report.relative_rms == near(many, rel=0.1)
