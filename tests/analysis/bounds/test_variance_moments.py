"""Mean and deviation of σ² over the data, against samples of the data: every rounding at its place."""

from __future__ import annotations

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.bounds.error_forms import structure
from wincook.analysis.bounds.standard_model import Rounding, Sums, can_round, of_sums
from wincook.analysis.bounds.variance_moments import TransformSpread, Variable, product_spread
from wincook.analysis.data.distributions import NORMAL
from wincook.analysis.prediction.rounding_constant import ROUNDING
from wincook.precision import Precision

NOTHING = Rounding(0.0, 0.0)


@pytest.mark.parametrize("i", [0, 3])
def test_the_spread_of_a_transform_is_that_of_samples(i: int) -> None:
    parts = structure(wc.algorithm("F(4,3)"), Precision.of("float32"))
    (roundings,) = parts.filter
    u, rng = 2.0**-24, np.random.default_rng(1)
    g, d = rng.standard_normal((3, 400_000)), rng.standard_normal((6, 400_000))
    variance = np.zeros(g.shape[1])
    for place, op in enumerate(roundings.program.ops, start=roundings.inputs):
        if can_round(op):
            variance += (
                ROUNDING * u**2 * np.square(roundings.forms[place] @ g) * np.square(roundings.reach[i, place] @ d)
            )
    variables = Variable(0.0, 1.0, 0.0), Variable(0.0, 1.0, 0.0)
    spread = TransformSpread(parts.filter, Rounding(u, 0.0), NOTHING, *variables).at((i,))
    assert spread.mean == pytest.approx(np.mean(variance), rel=0.02, abs=0)
    assert spread.deviation == pytest.approx(np.std(variance), rel=0.05, abs=0)


@pytest.mark.parametrize("channels", [1, 4])
def test_underflow_of_products_and_of_sums_adds_a_third_of_each_square(channels: int) -> None:
    """Uniform within ±η: variance η²/3, of each channel, through the squares of AT."""
    parts, weights = structure(wc.algorithm("F(2,3)"), Precision.of("float32")), np.array([1.0, 1.0, -1.0, 0.0])
    U, V = (
        TransformSpread(stage, NOTHING, NOTHING, Variable.tap(NORMAL, 3), Variable.input(NORMAL))
        for stage in (parts.filter, parts.input)
    )
    products, sums = 2.0**-25, 2.0**-20
    spread = product_spread(
        weights, U, V, Sums(Rounding(0.0, products), Rounding(0.0, sums), first_is_exact=True), channels
    )
    assert spread.mean == pytest.approx(channels * 3 * (products**2 + sums**2) / 3, rel=1e-12, abs=0)
    assert spread.deviation == 0.0


@pytest.mark.parametrize("policy", ["float32", "float16, accumulate=float32"])
def test_the_spread_of_products_and_sums_is_that_of_samples(policy: str) -> None:
    precision, channels = Precision.of(policy), 3
    parts, sums, weights = structure(wc.algorithm("F(2,3)"), precision), of_sums(precision), np.array([1.0, 1, 1, 0])
    variable = Variable(0.0, 1.0, 0.0)
    U, V = (TransformSpread(s, NOTHING, NOTHING, variable, variable) for s in (parts.filter, parts.input))
    rng = np.random.default_rng(2)
    (G,), (B,) = (
        [roundings.forms[list(roundings.program.outputs)] for roundings in stage]
        for stage in (parts.filter, parts.input)
    )
    p = np.stack([(G @ rng.standard_normal((3, 400_000))) * (B @ rng.standard_normal((4, 400_000))) for _ in range(3)])
    running = np.cumsum(p, axis=0)[int(sums.first_is_exact) :]
    rounded = sums.product.u**2 * np.square(p).sum(axis=0) + sums.sum.u**2 * np.square(running).sum(axis=0)
    variance = ROUNDING * np.square(weights) @ rounded
    spread = product_spread(weights, U, V, sums, channels)
    assert spread.mean == pytest.approx(np.mean(variance), rel=0.02, abs=0)
    assert 0.95 < spread.deviation / np.std(variance) < 1.3  # of a sum of parts it is at most the sum


@pytest.mark.parametrize("i", [0, 3])
def test_underflow_of_storing_is_as_large_everywhere(i: int) -> None:
    """Uniform within ±η at every U_k, times V_k: Σ_k AT_ik² η²/3 E V_k², whatever the data are."""
    algorithm = wc.algorithm("F(4,3)")
    parts, eta = structure(algorithm, Precision.of("float32")), 2.0**-20
    variables = Variable(0.0, 1.0, 0.0), Variable(0.0, 1.0, 0.0)
    spread = TransformSpread(parts.filter, NOTHING, Rounding(0.0, eta), *variables).at((i,))
    AT, BT = (np.array(getattr(algorithm.axes[0], letter), dtype=float) for letter in ("AT", "BT"))
    assert spread.mean == pytest.approx(eta**2 / 3 * float(AT[i] ** 2 @ np.sum(BT**2, axis=1)), rel=1e-12, abs=0)
    assert spread.deviation == 0.0
