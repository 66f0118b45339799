from __future__ import annotations

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.data.distributions import NORMAL, RELU, Law
from wincook.analysis.measurement.measure import measure
from wincook.errors import ShapeError
from wincook.kernels.run.engine import KernelEngine
from wincook.kernels.target import host_isa_names

ALGORITHM = wc.algorithm("F(4x4,3x3)", "0, ±1, ±2, ∞")


@pytest.mark.parametrize("target", host_isa_names())
@pytest.mark.parametrize("channels", [1, 37])
@pytest.mark.parametrize("algorithm", [ALGORITHM, wc.algorithm("F(4,3)")], ids=str)
def test_the_kernel_has_the_figures_of_the_interpreter(
    target: str, channels: int, algorithm: wc.BilinearAlgorithm
) -> None:
    """All of them, in all digits: the outputs have the same bits."""
    engine = KernelEngine(algorithm, channels, target)
    interpreted, compiled = (
        measure(algorithm, "float32", channels, RELU, samples=77, seed=5, engine=computed)
        for computed in (None, engine)
    )
    assert compiled == interpreted


def test_overflow_in_the_kernel_is_laid_to_the_same_stages() -> None:
    large = Law(
        "large",
        lambda rng, shape: 1e29 * rng.standard_normal(shape),
        0,
        1e58,
        lambda rng, shape: 1e9 * rng.standard_normal(shape),
        1e18,
    )
    kernel = measure(ALGORITHM, "float32", 2, large, samples=60, engine=KernelEngine(ALGORITHM, 2))
    assert kernel == measure(ALGORITHM, "float32", 2, large, samples=60, seed=0)
    assert 0 < kernel.overflows < kernel.outputs


def test_a_wrong_engine_is_found_out() -> None:
    """The last channel left out, in one tile of a hundred."""
    engine = KernelEngine(ALGORITHM, 2)

    def wrong(d: np.ndarray, g: np.ndarray) -> np.ndarray:
        y = engine(d, g)
        y[0] = engine(d[:1] * [[[[1.0]], [[0.0]]]], g[:1])[0]
        return y

    right, spoilt = (
        measure(ALGORITHM, "float32", 2, NORMAL, samples=100, seed=0, engine=computer) for computer in (engine, wrong)
    )
    assert spoilt.max > 1000 * right.max


def test_there_are_no_kernels_for_three_axes(golden: Golden) -> None:
    with golden.raises(ShapeError):
        KernelEngine(wc.algorithm("F(2x2x2,3x3x3)"), 1)
