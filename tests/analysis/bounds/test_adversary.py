from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.bounds.adversary import adversary
from wincook.analysis.bounds.worst_case import bound_by_stage, error_bound
from wincook.analysis.data.distributions import UNIFORM
from wincook.analysis.measurement.measure import measure
from wincook.analysis.measurement.tiles import compute
from wincook.analysis.problem import Problem
from wincook.direct import correlate
from wincook.errors import ShapeError
from wincook.precision import Precision


@pytest.mark.slow
@pytest.mark.parametrize("m", range(2, 9))
def test_a_tenth_of_the_bound_is_reached(m: int) -> None:
    algorithm = wc.algorithm(f"F({m},3)")
    for channels in (1, 16):
        found = adversary(algorithm, "float32", channels, budget=3000)
        assert 0.1 < float(found.error) / error_bound(algorithm, "float32", channels) <= 1, channels


@pytest.mark.parametrize("policy", ["float32", "bfloat16", "float64", "float16-accumulate-float32", "float8_e4m3fn"])
@pytest.mark.parametrize("tile", ["F(4,3)", "F(2x3,3x2)"])
def test_the_error_is_that_of_these_data_and_within_the_bound(tile: str, policy: str) -> None:
    algorithm, precision = wc.algorithm(tile), Precision.of(policy)
    found = adversary(algorithm, policy, 3, seed=4, budget=600)
    d, g = (np.vectorize(lambda value: Fraction(float(value)), otypes=[object])(one) for one in (found.d, found.g))
    exact = np.sum([correlate(d[c], g[c]) for c in range(3)], axis=0)[found.output]
    y = compute(algorithm, precision, found.d[None], found.g[None])[(0, *found.output)]
    assert found.error == abs(Fraction(float(y)) - exact)
    assert max(np.abs(found.d).max(), np.abs(found.g).max()) <= 1
    # In 8 bits, products of roundings make up most of the bound, and no data make all of them.
    share = 0.02 if policy == "float8_e4m3fn" else 0.05
    assert share * error_bound(algorithm, policy, 3) < found.error
    assert found.error <= bound_by_stage(Problem.of(algorithm, precision, 3)).per_output[found.output]


def test_search_finds_worse_than_chance_does_and_repeats_itself() -> None:
    algorithm = wc.algorithm("F(4,3)")
    first, again, other = (adversary(algorithm, "float32", 2, seed=seed, budget=2000) for seed in (1, 1, 2))
    assert (first.d == again.d).all()
    assert first.error == again.error
    assert not np.array_equal(first.d, other.d)
    assert first.error > 1.5 * measure(algorithm, "float32", 2, UNIFORM, samples=2000, seed=0).max


def test_a_budget_is_asked_for(golden: Golden) -> None:
    with golden.raises(ShapeError, match="budget = 0"):
        adversary(wc.algorithm("F(2,3)"), "float32", 1, budget=0)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant != 63, reason="the search weighs errors in the long double of x86")
@pytest.mark.parametrize(
    ("tile", "policy", "channels", "seed", "budget", "error"),
    [
        ("F(4,3)", "float32", 2, 1, 600, Fraction(133328301, 2**46)),
        ("F(2x2,3x3)", "bfloat16", 3, 0, 500, Fraction(18209, 2**16)),
        ("F(6,3)", "float16", 1, 5, 2000, Fraction(20933, 2**19)),
    ],
)
def test_a_seed_finds_the_same_error_in_every_release(
    tile: str, policy: str, channels: int, seed: int, budget: int, error: Fraction
) -> None:
    assert adversary(tile, policy, channels, seed=seed, budget=budget).error == error
