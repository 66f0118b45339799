"""NaN and infinities in x: which outputs they reach, and the check that refuses them."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.errors import DataError

TILES = ("F(2x2,3x3)", "F(3x2,2x4)")


def spoilt_along(algorithm: wc.BilinearAlgorithm, axis: int, place: int, size: int) -> np.ndarray:
    """Outputs along one axis that take a product which takes the input at a place."""
    m, n, matrices = algorithm.tile.outputs[axis], algorithm.tile.inputs[axis], algorithm.axes[axis]
    spoilt = np.zeros(size + m, bool)
    for first in range(0, size, m):
        if first <= place < first + n:
            for i, k in product(range(m), range(matrices.multiplications)):
                spoilt[first + i] |= matrices.AT[i, k] != 0 and matrices.BT[k, place - first] != 0
    return spoilt[:size]


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf])
def test_they_reach_the_outputs_that_share_a_product_with_them(tile: str, wrong: float) -> None:
    algorithm = wc.algorithm(tile)
    taps = algorithm.tile.taps
    layer = wc.Layer(3, 5, (13, 14), taps, batch=2)
    kernel = wc.compile(layer, algorithm)
    rng = np.random.default_rng(0)
    packed = kernel.pack(rng.uniform(0.5, 1, layer.weight_shape))
    clean = rng.uniform(-1, 1, layer.input_shape).astype(np.float32)
    before = kernel(clean, packed)
    for place in [(0, 0), (12, 13), (5, 6), (4, 4), (7, 3), (2, 9)]:
        x = clean.copy()
        x[1, 2, *place] = wrong
        y = kernel(x, packed)
        rows, columns = (spoilt_along(algorithm, axis, place[axis], layer.output_size[axis]) for axis in range(2))
        direct = np.zeros(layer.output_size, bool)
        direct[tuple(slice(max(0, at - r + 1), at + 1) for at, r in zip(place, taps, strict=True))] = True
        spoilt = ~np.isfinite(y[1])
        assert (spoilt == np.logical_and.outer(rows, columns)).all()
        assert (spoilt >= direct).all()
        np.testing.assert_array_equal(y[0], before[0])
        np.testing.assert_array_equal(y[1][~spoilt], before[1][~spoilt])


@pytest.mark.slow
@pytest.mark.parametrize(
    "options",
    [{}, {"stride": 2}, {"groups": 2}, {"layout": "NHWC"}, {"dilation": 2}],
    ids=["plain", "stride", "groups", "NHWC", "dilation"],
)
def test_the_check_names_the_place_and_is_off_by_default(options: dict[str, object], golden: Golden) -> None:
    x = np.ones((2, 4, 9, 9), np.float32)
    weights = np.ones((4, 4 // int(options.get("groups", 1)), 3, 3))  # type: ignore[call-overload]  # an integer
    if options.get("layout") == "NHWC":
        x = x.transpose(0, 2, 3, 1).copy()
    x[1, 2, 3, 1] = np.inf
    assert not np.isfinite(wc.convolve(x, weights, **options)).all()  # type: ignore[arg-type]  # options of many types
    with golden.raises(DataError, match=r"x\[1.*2.*3.*1\].*float32"):
        wc.convolve(x, weights, check_finite=True, **options)  # type: ignore[arg-type]  # options of many types
    x[1, 2, 3, 1] = 1
    np.testing.assert_array_equal(
        wc.convolve(x, weights, **options),  # type: ignore[arg-type]  # options of many types
        wc.convolve(x, weights, check_finite=True, **options),  # type: ignore[arg-type]  # options of many types
    )


def test_the_check_of_a_kernel_sees_numbers_too_large_for_float32(golden: Golden) -> None:
    layer = wc.Layer(1, 1, (6, 6), (3, 3))
    kernel = wc.compile(layer, "F(2x2,3x3)")
    packed = kernel.pack(np.ones((1, 1, 3, 3)))
    x = np.ones(layer.input_shape)
    x[0, 0, 5, 2] = -1e300
    assert np.isnan(kernel(x, packed)).any() or np.isinf(kernel(x, packed)).any()
    with golden.raises(DataError, match=r"x\[0.*0.*5.*2\].*float32"):
        kernel(x, packed, check_finite=True)
