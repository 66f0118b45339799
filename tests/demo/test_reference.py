import numpy as np
import pytest

from tests.near import near
from wincook import direct
from wincook.demo.reference import quickest, rms, scipy_runs


@pytest.mark.parametrize("r", [1, 3, 5, 7])
def test_scipy_computes_the_same_layer(r: int) -> None:
    rng = np.random.default_rng(r)
    x, weights = rng.random((3, 19, 23), np.float32), rng.standard_normal((4, 3, r, r)).astype(np.float32)
    reference, (directly, by_spectra) = scipy_runs(x, weights)
    pads = ((r // 2, r // 2),) * 2
    expected = direct.convolve(x[None].astype(np.float64), weights.astype(np.float64), pads)[0]
    np.testing.assert_allclose(reference, expected, rtol=0, atol=1e-13)
    assert directly.max_error == 0
    assert 0 < by_spectra.rms_error < by_spectra.max_error < 1e-4
    assert directly.seconds > 0


def test_the_quickest_call_counts() -> None:
    calls: list[int] = []
    assert 0 < quickest(lambda: calls.append(1), 3) < 1
    assert len(calls) == 3


def test_rms() -> None:
    assert rms(np.array([[3.0, -4.0]])) == near(12.5**0.5)
