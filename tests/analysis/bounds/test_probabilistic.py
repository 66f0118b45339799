from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import gammaln
from sympy import ImmutableMatrix, Rational

import wincook as wc
from tests.golden import Golden
from tests.near import near
from wincook.analysis.bounds.probabilistic import likely_bound
from wincook.analysis.bounds.variance_moments import Variable
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.data.arrays import law_of
from wincook.analysis.data.distributions import LAWS, NORMAL, Law, with_signs
from wincook.analysis.measurement.tiles import Sampler, compute
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.analysis.problem import Problem
from wincook.errors import NotationError, ShapeError
from wincook.precision import Precision

CASES = {
    "F(2,3) C=1": ("F(2,3)", "float32", 1, 200_000),
    "F(4,3) C=16": ("F(4,3)", "float32", 16, 30_000),
    "F(8,3) C=2": ("F(8,3)", "bfloat16", 2, 40_000),
    "F(4,3) 1/3 C=3": ("F(4,3) on 0, ±1/3, ±3, ∞", "float32", 3, 40_000),
    "F(2x2,3x3) C=32": ("F(2x2,3x3)", "float32", 32, 4_000),
    "F(4x4,3x3) C=8": ("F(4x4,3x3)", "float16-accumulate-float32", 8, 2_000),
    "F(3x2,2x3) C=4": ("F(3x2,2x3)", "float32, U=float16, V=float16", 4, 10_000),
}


def errors(algorithm: wc.BilinearAlgorithm, policy: str, channels: int, law: str, samples: int) -> NDArray[np.float64]:
    precision = Precision.of(policy)
    d, g = Sampler(Problem.of(algorithm, precision, channels, Law.of(law)), seed=11).take(samples)
    y = compute(algorithm, precision, d, g).astype(np.float64)
    d, g = d.astype(np.float64), g.astype(np.float64)
    axes = tuple(range(2, d.ndim))
    windows = np.lib.stride_tricks.sliding_window_view(d, algorithm.tile.taps, axis=axes)
    letters = ("ij", "ab") if len(axes) == 2 else ("i", "a")
    difference: NDArray[np.float64] = y - np.einsum(f"zc{''.join(letters)},zc{letters[1]}->z{letters[0]}", windows, g)
    return difference


@pytest.mark.slow
@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("law", LAWS)
def test_variance_and_tails_are_those_of_samples(case: str, law: str) -> None:
    name, policy, channels, samples = CASES[case]
    tile, _, points = name.partition(" on ")
    algorithm = wc.algorithm(tile, points or None)
    error = errors(algorithm, policy, channels, law, samples)
    found = likely_bound(algorithm, policy, channels, law)
    # The model knows nothing of the many zeros after a ReLU, with which sums are exact.
    assert found.variance == near(np.square(error).mean(0), rel=0.3 if law == "relu" else 0.15)
    assert 1 < found.largest / np.abs(error).max() < 5
    often = likely_bound(algorithm, policy, channels, law, p=1e-2).per_output
    assert (np.abs(error) > often).mean() < 1e-2


@pytest.mark.slow
def test_fourth_moments_are_those_of_samples() -> None:
    forms = np.array([[1.0, -2, 0.5, 0], [0.25, 1, 1, 3]])
    for law in LAWS.values():
        d = law.draw_input(np.random.default_rng(3), (4, 2_000_000))
        variable, values = Variable.input(law), forms @ d
        second = variable.second(forms)
        assert second == pytest.approx(values @ values.T / d.shape[1], rel=0.03, abs=0.01)
        squares = np.square(values)
        skewed = 0.35 if law.name == "relu" else 0.02  # third moments are left out
        assert variable.fourth(forms, second) == near(squares @ squares.T / d.shape[1], rel=skewed)


def test_it_falls_with_p_and_lies_far_below_the_worst_case() -> None:
    algorithm = wc.algorithm("F(4,3)")
    found = [likely_bound(algorithm, "float32", 32, p=p).largest for p in (1e-2, 1e-6, 1e-9, 1e-12)]
    assert found == sorted(found)
    assert found[-1] < error_bound(algorithm, "float32", 32) / 30
    assert likely_bound(algorithm, "exact", 2).largest == 0


def test_one_product_of_normal_numbers_has_the_tails_of_its_law() -> None:
    """F(1,1): c u² g² d², whose moments are known, and Markov's inequality of the tenth."""
    one = wc.algorithm("F(1,1)", "∞")
    found = likely_bound(one, "float32", 1, "normal", p=1e-6)
    c = 0.75 / (2 * np.log(2)) / 3
    assert found.variance[0] == near(c * 2.0**-48, rel=1e-6)
    assert found.shape[0] == near(1 / 8, rel=0.1)
    moment = float(Fraction(945) ** 3) * c**5  # E x^10 = 945 of each normal factor
    assert found.largest <= 1.05 * (moment / 1e-6) ** 0.1 * 2.0**-24


def test_bad_probabilities_and_channels_are_refused(golden: Golden) -> None:
    for p in (0.0, 1.0, -1e-9):
        with golden.raises(NotationError, match=r"0.*1"):
            likely_bound(wc.algorithm("F(2,3)"), "float32", 1, p=p)
    with golden.raises(ShapeError, match="channels = 0"):
        likely_bound(wc.algorithm("F(2,3)"), "float32", 0)


def test_data_that_are_not_independent_are_refused(golden: Golden) -> None:
    algorithm = wc.algorithm("F(2,3)")
    own = law_of(np.ones((2, 3, 9)), np.ones((4, 3, 3)), name="pixels")
    for law in (own, with_signs(NORMAL, np.ones(4), np.ones(3))):
        with golden.raises(NotationError, match=f"law {law.name} draws numbers that depend"):
            wc.analysis.likely_bound(algorithm, "float32", 3, law)
        with golden.raises(NotationError):
            wc.tolerance(algorithm, "float32", 3, law=law)
    assert wc.tolerance(algorithm, "float32", 3, law=own, p=0).atol > 0


@pytest.mark.parametrize("channels", [1, 2, 5, 40])
def test_storing_outputs_has_the_spread_of_their_squares(channels: int) -> None:
    """y = Σ_c g_c d_c of normal numbers: E y² = C and E y⁴ = 3 C² + 6 C."""
    found = likely_bound(wc.algorithm("F(1,1)", "∞"), "float64, output=bfloat16", channels, "normal")
    assert found.variance[0] == near(ROUNDING * 2.0**-16 * channels, rel=1e-9)
    assert found.shape[0] == near(1 / (2 + 6 / channels), rel=1e-9)


@pytest.mark.parametrize("channels", [1, 2, 5, 40])
def test_constants_that_are_not_held_err_by_as_much_in_every_channel(channels: int) -> None:
    """G = 1/3 in bfloat16, AT = 3: given d, errors of the constant and roundings add up their squares."""
    third = float(Fraction(171, 512))
    axis = wc.Transforms(*(ImmutableMatrix([[entry]]) for entry in (3, Rational(1, 3), 1)))
    algorithm = wc.BilinearAlgorithm(wc.Tile.parse("F(1,1)"), (), (axis,))
    found = likely_bound(algorithm, "float64, filter=bfloat16, U=bfloat16", channels, "normal")
    rounding, constant = ROUNDING * 2.0**-16, (3 * third - 1) ** 2
    deviation = rounding * (8 * channels) ** 0.5 + constant * (2 * channels) ** 0.5  # E (g d)⁴ = 9, E d⁴ = 3
    assert found.variance[0] == near(channels * (rounding + constant), rel=0.005)
    assert found.shape[0] == near((channels * (rounding + constant) / deviation) ** 2, rel=0.05)


@pytest.mark.parametrize("p", [1e-3, 1e-9, 1e-15])
def test_errors_of_very_many_channels_have_the_tails_of_a_normal_number(p: float) -> None:
    """Markov's inequality for its best moment; σ² is taken to vary by a thousandth at least."""
    found = likely_bound(wc.algorithm("F(1,1)", "∞"), "float64, U=bfloat16", 10**9, "normal", p=p)
    assert found.shape[0] == near(1e6, rel=1e-9)

    def bound(k: float) -> float:
        return float(np.exp((gammaln(k + 0.5) - np.log(np.pi) / 2 + k * np.log(2) - np.log(p)) / (2 * k)))

    best = minimize_scalar(bound, bounds=(0.5, 100), method="bounded").fun
    assert found.largest / found.variance[0] ** 0.5 == near(best, rel=1e-3)


@pytest.mark.parametrize("moments", ["input_moments", "filter_moments"])
def test_so_are_inputs_or_filters_alone(moments: str, golden: Golden) -> None:
    change: dict[str, Any] = {moments: lambda shape: np.eye(*shape)}
    law = replace(NORMAL, **change)
    with golden.raises(NotationError, match="a likely bound needs independent"):
        likely_bound(wc.algorithm("F(2,3)"), "float32", 1, law)
