"""Direct convolution against numpy, scipy and plain Python loops."""

import itertools
import random
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
import scipy.ndimage
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook import direct
from wincook.arrays import Array
from wincook.errors import ShapeError


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


def test_padding_keeps_big_integers_exact() -> None:
    big = np.array([[[10**30]]], object)
    np.testing.assert_array_equal(direct.convolve(big, big, ((0, 1),)), [[[10**60, 0]]])


Steps = tuple[int, ...]


@st.composite
def cases(draw: st.DrawFn, transposed: bool) -> tuple[Array, Array, dict[str, Any]]:
    """Small integers: x, weights and the keywords of a layer that leaves an output."""
    dimension = draw(st.integers(1, 3))

    def steps(low: int, high: int) -> Steps:
        return tuple(draw(st.lists(st.integers(low, high), min_size=dimension, max_size=dimension)))

    stride, dilation, kernel = steps(1, 3), steps(1, 3), steps(1, 4 - dimension // 2)
    padding = tuple(zip(steps(0, 2), steps(0, 2), strict=True))
    groups = draw(st.integers(1, 2))
    channels, filters = groups * draw(st.integers(1, 2)), groups * draw(st.integers(1, 2))
    spans = [e * (r - 1) + 1 for e, r in zip(dilation, kernel, strict=True)]
    least = [
        1 + max(0, -(-(before + after + 1 - span) // s)) if transposed else max(1, span - before - after)
        for span, s, (before, after) in zip(spans, stride, padding, strict=True)
    ]
    size = tuple(n + more for n, more in zip(least, steps(0, 4 - dimension), strict=True))
    keywords = {"padding": padding, "stride": stride, "dilation": dilation, "groups": groups}
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    weights = (channels, filters // groups) if transposed else (filters, channels // groups)
    return rng.integers(-9, 10, (2, channels, *size)), rng.integers(-9, 10, (*weights, *kernel)), keywords


def every(steps: Steps) -> tuple[Any, ...]:
    """The index that takes every so many along the last axes."""
    return (..., *(slice(None, None, s) for s in steps))


def spread(values: Array, steps: Steps) -> Array:
    """Zeros between the entries along the last axes: the filter that a dilation means."""
    leading = values.ndim - len(steps)
    shape = (s * (n - 1) + 1 for n, s in zip(values.shape[leading:], steps, strict=True))
    wide = np.zeros((*values.shape[:leading], *shape), values.dtype)
    wide[every(steps)] = values
    return wide


def without_groups(weights: Array, groups: int) -> Array:
    """The same layer in one group: zeros where a filter does not see a channel."""
    first, second = weights.shape[0] // groups, weights.shape[1]
    ungrouped = np.zeros((weights.shape[0], groups * second, *weights.shape[2:]), weights.dtype)
    for group in range(groups):
        rows = slice(group * first, (group + 1) * first)
        ungrouped[rows, group * second : (group + 1) * second] = weights[rows]
    return ungrouped


@pytest.mark.slow
@given(cases(transposed=False))
def test_steps_and_groups_agree_with_scipy_on_spread_filters(case: tuple[Array, Array, dict[str, Any]]) -> None:
    x, weights, layer = case
    wide = spread(without_groups(weights, layer["groups"]), layer["dilation"])
    padded = np.pad(x, ((0, 0), (0, 0), *layer["padding"]))
    dense = [[scipy.signal.correlate(image, k, "valid", "direct")[0] for k in wide] for image in padded]
    expected = np.array(dense)[every(layer["stride"])]
    np.testing.assert_array_equal(direct.convolve(x, weights, **layer), expected)


@pytest.mark.slow
@given(cases(transposed=True))
def test_transposed_layers_agree_with_scipy_on_spread_images(case: tuple[Array, Array, dict[str, Any]]) -> None:
    """Where channels wholly overlap, the convolution with the reversed stack is the sum over the channels."""
    x, weights, layer = case
    wide = spread(without_groups(weights, layer["groups"]), layer["dilation"])[::-1].swapaxes(0, 1)
    images = spread(x, layer["stride"])
    channels = [[scipy.signal.convolve(image, k, "full", "direct") for k in wide] for image in images]
    full: Array = np.array(channels)
    inside: tuple[Any, ...] = tuple(slice(b, n - a) for n, (b, a) in zip(full.shape[3:], layer["padding"], strict=True))
    y = direct.convolve_transposed(x, weights, **layer)
    np.testing.assert_array_equal(y, full[(..., x.shape[1] - 1, *inside)])


@given(cases(transposed=False), st.integers(0, 99))
def test_the_transposed_layer_is_the_adjoint(case: tuple[Array, Array, dict[str, Any]], seed: int) -> None:
    x, weights, layer = case
    y = direct.convolve(x, weights, **layer)
    other = np.random.default_rng(seed).integers(-9, 10, y.shape)
    spans = [e * (r - 1) + 1 for e, r in zip(layer["dilation"], weights.shape[2:], strict=True)]
    unread = tuple(
        (n + before + after - span) % s
        for n, span, s, (before, after) in zip(x.shape[2:], spans, layer["stride"], layer["padding"], strict=True)
    )
    back = direct.convolve_transposed(other, weights, **layer, output_padding=unread)
    assert back.shape == x.shape
    assert (y * other).sum() == (x * back).sum()


def test_steps_keep_fractions_exact() -> None:
    rng = random.Random(6)
    x, weights = objects(rng, (1, 1, 7), fractions=True), objects(rng, (1, 1, 2), fractions=True)
    y = direct.convolve(x, weights, stride=(2,), dilation=(3,))
    back = direct.convolve_transposed(y, weights, stride=(2,), dilation=(3,), output_padding=(1,))
    assert [*y[0, 0]] == [weights[0, 0, 0] * x[0, 0, i] + weights[0, 0, 1] * x[0, 0, i + 3] for i in (0, 2)]
    assert back[0, 0, 3] == weights[0, 0, 1] * y[0, 0, 0]
    assert isinstance(back[0, 0, 3], Fraction)


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.float32, object])
def test_layers_keep_the_element_type(kind: type[np.generic]) -> None:
    x, weights = np.ones((1, 2, 4), kind), np.ones((2, 2, 3), kind)
    assert direct.convolve(x, weights).dtype == direct.convolve_transposed(x, weights).dtype == kind


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda x, w: direct.convolve(x, w, dilation=(2, 5)), r"\(2.*5\)"),
        (lambda x, w: direct.convolve(x, w[:, :3]), "3"),
        (lambda x, w: direct.convolve(x, w[:, :2], groups=2), r"3.*2"),
        (direct.convolve_transposed, "3"),
        (lambda x, w: direct.convolve_transposed(x, w[:1].repeat(4, 0), [(4, 5), (0, 0)]), None),
    ],
)
def test_layers_that_do_not_fit_are_named(call: Any, named: str | None, golden: Golden) -> None:
    with golden.raises(ShapeError, match=named):
        call(np.ones((1, 4, 7, 8)), np.ones((3, 4, 3, 3)))


def test_unknown_keywords_are_told_as_such() -> None:
    with pytest.raises(TypeError, match="strides"):
        direct.convolve(np.ones((1, 1, 4)), np.ones((1, 1, 3)), strides=(1,))  # type: ignore[call-arg]
