"""Direct convolution against numpy, scipy and plain Python loops."""

import itertools
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from numpy.typing import NDArray

from wincook import direct

Array = NDArray[Any]


def objects(rng: random.Random, shape: tuple[int, ...], *, fractions: bool) -> Array:
    values = np.empty(shape, object)
    for place in np.ndindex(*shape):
        numerator = rng.randint(-(10**30), 10**30)
        values[place] = Fraction(numerator, rng.randint(1, 99)) if fractions else numerator
    return values


def by_loops(d: Array, g: Array) -> Array:
    outputs = [n - r + 1 for n, r in zip(d.shape, g.shape, strict=True)]
    y = np.empty(outputs, object)
    for i in itertools.product(*map(range, outputs)):
        y[i] = sum(
            g[j] * d[tuple(a + b for a, b in zip(i, j, strict=True))] for j in itertools.product(*map(range, g.shape))
        )
    return y


@pytest.mark.parametrize("fractions", [False, True])
@pytest.mark.parametrize(
    ("n", "r"), [((1,), (1,)), ((9,), (4,)), ((5,), (5,)), ((6, 4), (3, 1)), ((4, 5, 3), (2, 3, 3))]
)
def test_big_integers_and_fractions_are_exact(n: tuple[int, ...], r: tuple[int, ...], *, fractions: bool) -> None:
    rng = random.Random(0)
    d, g = objects(rng, n, fractions=fractions), objects(rng, r, fractions=fractions)
    y = direct.correlate(d, g)
    assert y.dtype == object
    assert (y == by_loops(d, g)).all()


@pytest.mark.parametrize("r", [1, 2, 5, 32])
def test_one_dimension_agrees_with_numpy(r: int) -> None:
    rng = np.random.default_rng(0)
    d, g = rng.normal(size=32), rng.normal(size=r)
    np.testing.assert_allclose(direct.correlate(d, g), np.correlate(d, g, "valid"), rtol=0, atol=1e-13)


@pytest.mark.parametrize(("n", "r"), [((7, 9), (3, 2)), ((6, 5, 8), (1, 5, 3)), ((4, 4), (4, 4))])
def test_more_dimensions_agree_with_scipy_signal(n: tuple[int, ...], r: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    d, g = rng.normal(size=n), rng.normal(size=r)
    expected: Array = scipy.signal.correlate(d, g, mode="valid", method="direct")
    np.testing.assert_allclose(direct.correlate(d, g), expected, rtol=0, atol=1e-12)


def test_the_interior_agrees_with_scipy_ndimage() -> None:
    rng = np.random.default_rng(2)
    d, g = rng.normal(size=(9, 11)), rng.normal(size=(3, 5))
    expected: Array = scipy.ndimage.correlate(d, g, mode="constant")[1:-1, 2:-2]
    np.testing.assert_allclose(direct.correlate(d, g), expected, rtol=0, atol=1e-12)


def test_leading_axes_of_the_input_are_samples() -> None:
    rng = np.random.default_rng(3)
    d, g = rng.integers(-9, 10, (2, 5, 7)), rng.integers(-9, 10, 3)
    y = direct.correlate(d, g)
    assert y.shape == (2, 5, 5)
    for sample in np.ndindex(2, 5):
        np.testing.assert_array_equal(y[sample], np.correlate(d[sample], g, "valid"))


@pytest.mark.parametrize("kind", [np.int64, np.float32, np.float64])
def test_the_element_type_is_kept(kind: type[np.generic]) -> None:
    assert direct.correlate(np.ones(4, kind), np.ones(2, kind)).dtype == kind


def convolve_by_scipy(x: Array, weights: Array, padding: tuple[tuple[int, int], ...]) -> Array:
    """The full correlation, cropped: padding (before, after) begins `before` entries ahead of the valid part.

    Where the channels wholly overlap, the correlation of the stacks is the sum over the channels.
    """
    channels, *size = x.shape[1:]
    crop = tuple(
        slice(r - 1 - before, n + after) for n, r, (before, after) in zip(size, weights.shape[2:], padding, strict=True)
    )
    full = [[scipy.signal.correlate(image, k, "full", "direct") for k in weights] for image in x]
    return np.array(full)[(slice(None), slice(None), channels - 1, *crop)]


@pytest.mark.parametrize(
    ("size", "kernel", "padding"),
    [
        ((9,), (3,), ((0, 0),)),
        ((9,), (4,), ((3, 1),)),
        ((6, 7), (3, 3), ((1, 1), (1, 1))),
        ((6, 7), (3, 2), ((0, 2), (1, 0))),
        ((4, 5, 3), (3, 2, 3), ((2, 0), (1, 1), (1, 2))),
    ],
)
def test_a_layer_agrees_with_scipy(
    size: tuple[int, ...], kernel: tuple[int, ...], padding: tuple[tuple[int, int], ...]
) -> None:
    rng = np.random.default_rng(4)
    x, weights = rng.normal(size=(2, 3, *size)), rng.normal(size=(4, 3, *kernel))
    y = direct.convolve(x, weights, padding)
    assert y.shape[:2] == (2, 4)
    np.testing.assert_allclose(y, convolve_by_scipy(x, weights, padding), rtol=0, atol=1e-12)


def test_padding_may_exceed_the_kernel() -> None:
    y = direct.convolve(np.array([[[1, 2]]]), np.array([[[1, 10]]]), ((3, 3),))
    np.testing.assert_array_equal(y, [[[0, 0, 10, 21, 2, 0, 0]]])


def test_a_layer_of_fractions_is_exact() -> None:
    rng = random.Random(5)
    x, weights = objects(rng, (2, 2, 4, 3), fractions=True), objects(rng, (3, 2, 2, 3), fractions=True)
    y = direct.convolve(x, weights, ((0, 0), (0, 0)))
    for n, k in itertools.product(range(2), range(3)):
        assert (y[n, k] == by_loops(x[n, 0], weights[k, 0]) + by_loops(x[n, 1], weights[k, 1])).all()
