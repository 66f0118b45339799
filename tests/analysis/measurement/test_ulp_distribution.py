from __future__ import annotations

from math import inf

import numpy as np
import pytest

from tests.golden import Golden
from wincook.analysis.measurement.ulp_distribution import expected_fractions
from wincook.errors import FormatError, ShapeError
from wincook.formats import EXACT, FLOAT16, FLOAT32, FLOAT64, INT8, Format

SAMPLES = 200_000


@pytest.mark.parametrize(
    ("fmt", "errors", "size"),
    [
        (FLOAT32, [1e-7, 3e-6], 1.0),
        (FLOAT64, [1e-13], 7.0),
        (FLOAT16, [1e-3], 0.4),
        (FLOAT16, [1e-6, 1e-7, 1e-5], 1e-4),  # most outputs are subnormal
    ],
    ids=["float32", "float64", "float16", "subnormal"],
)
def test_fractions_are_those_of_a_sample_in_numpys_ulps(fmt: Format, errors: list[float], size: float) -> None:
    rng = np.random.default_rng(0)
    y = np.abs(rng.normal(0, size, (SAMPLES, len(errors)))).astype(fmt.dtype)
    ulp = np.spacing(y).astype(float)
    ulp[y == 0] = float(fmt.smallest)
    edges = [0.0, *(2.0**k for k in range(-4, 12)), inf]
    drawn, _ = np.histogram(np.abs(rng.normal(0, errors, y.shape)) / ulp, edges)
    expected = expected_fractions(edges, errors, size, fmt)
    assert sum(expected) == pytest.approx(1, abs=1e-12)
    assert np.max(np.abs(drawn / y.size - expected)) < 4 * 0.5 / SAMPLES**0.5


@pytest.mark.parametrize("fmt", [EXACT, INT8], ids=str)
def test_formats_without_ulps_are_refused(fmt: Format, golden: Golden) -> None:
    with golden.raises(FormatError, match=f"{fmt} has no ulps"):
        expected_fractions([0, 1], [1.0], 1.0, fmt)


@pytest.mark.parametrize(
    ("edges", "errors", "size", "words"),
    [
        ([0.0, 1.0], [0.0], 1.0, r"error = 0.0.*0"),
        ([0.0, 1.0], [], 1.0, None),
        ([0.0, 1.0], [1.0], -1.0, r"size = -1.0.*0"),
        ([0.0, 1.0], [1.0], 1e302, None),
        ([1.0, 1.0], [1.0], 1.0, None),
        ([-0.5, 1.0], [1.0], 1.0, r"edge = -0.5.*0"),
    ],
    ids=["no error", "no errors", "negative size", "a size beyond all", "equal edges", "an edge below 0"],
)
def test_sizes_that_mean_nothing_are_refused(
    edges: list[float], errors: list[float], size: float, words: str | None, golden: Golden
) -> None:
    with golden.raises(ShapeError, match=words):
        expected_fractions(edges, errors, size, FLOAT32)
