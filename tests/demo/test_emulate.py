import numpy as np
import pytest

from wincook.analysis.bound import error_bound
from wincook.construct import algorithm
from wincook.demo.emulate import emulate
from wincook.demo.run import square
from wincook.direct import correlate
from wincook.formats import BFLOAT16, FLOAT16, FLOAT32, FLOAT64, Format
from wincook.program.rounding import round_to


@pytest.mark.parametrize("size", [(8, 8), (11, 14), (3, 9)])
@pytest.mark.parametrize("m", [1, 2, 4, 5])
@pytest.mark.parametrize("fmt", [FLOAT64, FLOAT32, FLOAT16, BFLOAT16])
def test_an_emulation_stays_within_its_bound(size: tuple[int, int], m: int, fmt: Format) -> None:
    rng = np.random.default_rng(m)
    d, g = rng.uniform(-1, 1, (2, *size)), rng.uniform(-1, 1, (3, 3))
    exact = correlate(round_to(d, fmt).astype(np.float64), round_to(g, fmt).astype(np.float64))
    y = emulate(d, g, square(m, 3), fmt)
    assert y.shape == exact.shape == (2, size[0] - 2, size[1] - 2)
    assert y.dtype == np.float32
    assert np.abs(y - exact).max() <= error_bound(square(m, 3), fmt, 1) + 1e-6


def test_a_copying_filter_copies_exactly() -> None:
    d = np.arange(60, dtype=np.float32).reshape(1, 6, 10)
    g = np.zeros((3, 3))
    g[1, 1] = 1
    np.testing.assert_array_equal(emulate(d, g, square(1, 3), BFLOAT16), d[:, 1:-1, 1:-1])
    assert np.abs(emulate(d, g, algorithm("F(4x4,3x3)"), FLOAT32) - d[:, 1:-1, 1:-1]).max() < 1e-3
