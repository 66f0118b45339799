from __future__ import annotations

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.analysis.bounds.probabilistic import likely_bound
from wincook.analysis.bounds.tolerance import tolerance
from wincook.analysis.bounds.worst_case import error_bound
from wincook.analysis.data.distributions import Law
from wincook.analysis.measurement.tiles import Sampler, compute
from wincook.analysis.problem import Problem
from wincook.errors import AlgorithmError, FormatError, NotationError
from wincook.precision import Precision


@pytest.mark.parametrize("against", ["float64", "float32"])
@pytest.mark.parametrize(
    ("tile", "policy", "lost"), [("F(4x4,3x3)", "float32", 0.01), ("F(6,3)", "float16-accumulate-float32", 0.25)]
)
def test_right_implementations_pass_and_wrong_ones_fail(tile: str, policy: str, lost: float, against: str) -> None:
    algorithm, channels, samples = wc.algorithm(tile), 16, 300
    found = tolerance(algorithm, policy, channels, d_max=3.0, g_max=0.25, outputs=10**4, against=against)
    d, g = Sampler(Problem.of(algorithm, Precision.of(policy), channels, Law.of("uniform")), 1).take(samples)
    d, g = d * np.float32(3), g * np.float32(0.25)
    if policy != "float32":
        d = d.astype(np.float16).astype(np.float32)
    y = compute(algorithm, policy, d, g).astype(np.float64)
    axes = tuple(range(2, d.ndim))
    windows = np.lib.stride_tricks.sliding_window_view(d.astype(against), algorithm.tile.taps, axis=axes)
    reference = np.einsum("zcijab,zcab->zij" if len(axes) == 2 else "zcia,zca->zi", windows, g.astype(against))
    np.testing.assert_allclose(y, reference, atol=found.atol, rtol=found.rtol)
    # So much of one coefficient in one of the channels is seen.
    y += lost * (windows[:, 0, ..., 0] if len(axes) == 1 else windows[:, 0, ..., 0, 0])
    with pytest.raises(AssertionError):
        np.testing.assert_allclose(y, reference, atol=found.atol, rtol=found.rtol)


def test_it_is_the_bound_scaled_and_the_reference_added() -> None:
    algorithm, direct = wc.algorithm("F(4x4,3x3)"), wc.algorithm("F(1,1)", "∞")
    worst = tolerance(algorithm, "float32", 8, d_max=4.0, g_max=0.5, p=0, against="float32")
    expected = 2 * (error_bound(algorithm, "float32", 8) + error_bound(direct, "float32", 72))
    assert expected <= worst.atol <= 1.1 * expected
    likely = tolerance(algorithm, "float32", 8, d_max=4.0, g_max=0.5, p=1e-6, outputs=1000)
    expected = 2 * likely_bound(algorithm, "float32", 8, p=1e-9).largest
    assert expected <= likely.atol <= 1.1 * expected
    assert likely.rtol == 2.0**-24
    assert "1e-09" in likely.why[0]
    assert f"{likely.atol:g}" in likely.why[2]


def test_what_has_no_tolerance_is_refused(golden: Golden) -> None:
    algorithm = wc.algorithm("F(4,3)")
    with golden.raises(NotationError, match=r"'bfloat16'.*float64"):
        tolerance(algorithm, against="bfloat16")
    with golden.raises(NotationError, match="p = 1"):
        tolerance(algorithm, p=1)
    with golden.raises(NotationError, match="d_max = -1"):
        tolerance(algorithm, d_max=-1)
    with golden.raises(FormatError):
        tolerance(algorithm, "int8-winograd-domain", d_max=1e4, p=0)
    with golden.raises(AlgorithmError):
        tolerance(algorithm.transpose())
