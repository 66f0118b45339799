"""Reductions against the oracle, exactly, over the space of layers."""

from collections import Counter
from dataclasses import replace
from math import gcd, prod
from typing import Any

import numpy as np
import pytest
import scipy.signal
from hypothesis import given
from hypothesis import strategies as st

from tests.golden import Golden
from wincook import direct
from wincook.arrays import Array
from wincook.errors import ShapeError
from wincook.layers import Axis, Layer, Reduction, apply, pieces, reduce

MORE = {1: 6, 2: 4, 3: 2, 4: 1}  # inputs beyond the fewest that leave an output, by dimension
TAPS = {1: 7, 2: 4, 3: 3, 4: 2}


@st.composite
def layers(draw: st.DrawFn, dimensions: tuple[int, ...] = (1, 2, 3, 4)) -> Layer:
    dimension = draw(st.sampled_from(dimensions))
    transposed = draw(st.booleans())

    def numbers(low: int, high: int) -> tuple[int, ...]:
        return tuple(draw(st.lists(st.integers(low, high), min_size=dimension, max_size=dimension)))

    stride, dilation, kernel = numbers(1, 3), numbers(1, 3), numbers(1, TAPS[dimension])
    padding = tuple(zip(numbers(0, 4), numbers(0, 4), strict=True))
    output_padding = tuple(
        draw(st.integers(0, max(s, e) - 1)) if transposed else 0 for s, e in zip(stride, dilation, strict=True)
    )
    fewest = []
    for s, e, r, (before, after), more in zip(stride, dilation, kernel, padding, output_padding, strict=True):
        missing = before + after - e * (r - 1) - more
        fewest.append(1 + (-(-max(0, missing) // s) if transposed else max(0, -missing)))
    size = tuple(least + more for least, more in zip(fewest, numbers(0, MORE[dimension]), strict=True))
    groups = draw(st.integers(1, 3))
    return Layer(
        channels=groups * draw(st.integers(1, 2)),
        filters=groups * draw(st.integers(1, 2)),
        size=size,
        kernel=kernel,
        padding=padding,
        batch=draw(st.integers(1, 2)),
        layout=draw(st.sampled_from(["NCHW", "NHWC"])),
        stride=stride,
        dilation=dilation,
        groups=groups,
        transposed=transposed,
        output_padding=output_padding,
    )


def data(layer: Layer, seed: int = 0, least: int = -9) -> tuple[Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.integers(least, 10, layer.input_shape), rng.integers(least, 10, layer.weight_shape)


def by_oracle(layer: Layer, x: Array, weights: Array) -> Array:
    first = np.moveaxis(x, -1, 1) if layer.layout == "NHWC" else x
    steps: dict[str, Any] = {"stride": layer.stride, "dilation": layer.dilation, "groups": layer.groups}
    if layer.transposed:
        more: Any = layer.output_padding
        y = direct.convolve_transposed(first, weights, layer.pads, **steps, output_padding=more)
    else:
        y = direct.convolve(first, weights, layer.pads, **steps)
    return np.moveaxis(y, 1, -1) if layer.layout == "NHWC" else y


@pytest.mark.slow
@given(layers())
def test_the_parts_give_what_the_oracle_gives(layer: Layer) -> None:
    x, weights = data(layer)
    y = apply(reduce(layer), x, weights)
    assert y.shape == layer.output_shape
    assert y.dtype == np.int64
    np.testing.assert_array_equal(y, by_oracle(layer, x, weights))


@pytest.mark.slow
@given(layers((1, 2)))
def test_fractions_and_big_integers_stay_exact(layer: Layer) -> None:
    x, weights = (values.astype(object) * 10**30 for values in data(layer))
    np.testing.assert_array_equal(apply(reduce(layer), x, weights), by_oracle(layer, x, weights))


def by_scipy(x: Array, w: Array) -> Array:
    return np.array([[scipy.signal.correlate(image, k, "valid", "direct")[0] for k in w] for image in x])


@pytest.mark.slow
@given(layers((1, 2)))
def test_any_unit_stride_engine_will_do(layer: Layer) -> None:
    x, weights = data(layer)
    np.testing.assert_array_equal(apply(reduce(layer), x, weights, by_scipy), by_oracle(layer, x, weights))


@pytest.mark.slow
@given(layers((1, 2, 3)))
def test_multiplications_are_those_of_the_engine(layer: Layer) -> None:
    spent: Counter[str] = Counter()

    def counting(x: Array, w: Array) -> Array:
        y = direct.convolve(x, w)
        spent["direct"] += y.size * prod(w.shape[1:])
        return y

    reduction = reduce(layer)
    apply(reduction, *data(layer), counting)
    assert reduction.multiplications() == spent["direct"]
    if not layer.transposed:
        assert reduction.multiplications() == prod(layer.output_shape) * prod(layer.weight_shape[1:])


@pytest.mark.slow
@given(layers((1, 2)), st.data())
def test_no_part_can_be_left_out(layer: Layer, drawn: st.DataObject) -> None:
    """Parts that read nothing but padding add nothing, so there is none here; all other numbers are positive."""
    bare = replace(layer, padding=0, output_padding=0, size=tuple(4 * n for n in layer.size))
    if bare.transposed:
        bare = replace(bare, kernel=tuple(3 * r for r in bare.kernel))
    reduction = reduce(bare)
    dropped = drawn.draw(st.integers(0, len(reduction.parts) - 1))
    kept = reduction.parts[:dropped] + reduction.parts[dropped + 1 :]
    x, weights = data(bare, least=1)
    assert (apply(replace(reduction, parts=kept), x, weights) != by_oracle(bare, x, weights)).any()


@pytest.mark.parametrize("stride", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("dilation", [1, 2, 3, 4, 6])
@pytest.mark.parametrize("transposed", [False, True])
def test_each_output_and_tap_meet_once(stride: int, dilation: int, transposed: bool) -> None:
    axis = Axis(40, 7, stride, dilation, before=5, after=3, transposed=transposed)
    met = Counter(
        (piece.x[i + j], piece.w[j], piece.y[i])
        for piece in pieces(axis)
        for i in range(len(piece.y))
        for j in range(len(piece.w))
    )
    meant = {
        (a, j, i)
        for a in range(-40, 80)
        for j in range(axis.kernel)
        for i in range(axis.output_size)
        if (stride * a + dilation * j - 5 == i if transposed else stride * i + dilation * j - 5 == a)
    }
    assert met == Counter(meant)
    assert len(pieces(axis)) == stride * dilation // gcd(stride, dilation) ** 2


def test_a_part_says_what_it_does() -> None:
    layer = Layer(2, 3, (6, 7), (3, 4), padding=1, stride=(2, 1), dilation=(1, 2), transposed=True)
    x, w = data(layer)
    reduction = reduce(layer)
    y = np.zeros(layer.output_shape, np.int64)
    names = {
        "x": np.pad(x, ((0, 0), (0, 0), *reduction.padding)),
        "w": w.swapaxes(0, 1),
        "y": y,
        "correlate": direct.convolve,
    }
    title, *lines = str(reduction).splitlines()
    assert title.startswith(f"{layer}: 4 unit-stride correlations")
    for line in lines:
        exec(line, names)  # noqa: S102 (the text is the claim under test)
    np.testing.assert_array_equal(y, by_oracle(layer, x, w))


def test_one_group_is_shown_for_all() -> None:
    lines = str(reduce(Layer(5, 5, (8,), (3,), stride=2, groups=5))).splitlines()
    assert len(lines) == 4
    assert lines[-1] == "and likewise for the other groups, 5 in all"


def test_a_layer_may_have_outputs_that_nothing_reaches() -> None:
    layer = Layer(1, 1, (2,), (1,), padding=1, stride=2, dilation=2, transposed=True)
    assert reduce(layer) == Reduction(layer, ((0, 0),), ())
    np.testing.assert_array_equal(apply(reduce(layer), *data(layer)), [[[0]]])


@pytest.mark.parametrize(
    ("layer", "direct_method", "by_tiles"),
    [
        (Layer(64, 32, (56, 56), (3, 3), 1), 56**2 * 9 * 64 * 32, 14**2 * 36 * 64 * 32),
        # Phases of 2 and 1 taps: 7 tiles, of 5 and 4 products, on each axis.
        (Layer(64, 32, (56, 56), (3, 3), 1, stride=2), 28**2 * 9 * 64 * 32, 7**2 * (5 + 4) ** 2 * 64 * 32),
        # Four sub-grids of 28 x 28.
        (Layer(64, 32, (56, 56), (3, 3), 2, dilation=2), 56**2 * 9 * 64 * 32, 4 * 7**2 * 36 * 64 * 32),
        (Layer(64, 64, (56, 56), (3, 3), 1, groups=64), 56**2 * 9 * 64, 14**2 * 36 * 64),
        # As many sub-kernels of 2 x 2 as there are phases of the output.
        (Layer(64, 32, (28, 28), (4, 4), 1, stride=2, transposed=True), 56**2 * 4 * 2048, 4 * 7**2 * 25 * 2048),
        (Layer(64, 32, (5, 56), (1, 7), (0, 3)), 5 * 56 * 7 * 2048, (2 * 4) * (14 * 10) * 2048),
    ],
    ids=["plain", "stride", "dilation", "depthwise", "transposed", "asymmetric"],
)
def test_multiplications_of_known_layers(layer: Layer, direct_method: int, by_tiles: int) -> None:
    assert reduce(layer).multiplications() == direct_method
    assert reduce(layer).multiplications(4) == by_tiles
    assert reduce(replace(layer, batch=3)).multiplications((4, 4)) == 3 * by_tiles


@pytest.mark.parametrize("outputs", [0, (4,), (4, 4, 4), (4, -1), 2.5])
def test_outputs_of_a_tile_that_do_not_fit_are_named(outputs: Any, golden: Golden) -> None:
    with golden.raises(ShapeError, match="outputs ="):
        reduce(Layer(2, 3, (7, 8), (3, 3))).multiplications(outputs)


def test_arrays_that_do_not_fit_are_named(golden: Golden) -> None:
    layer = Layer(2, 3, (7, 8), (3, 3), stride=2)
    x, weights = data(layer)
    for wrong in ((x[:, :1], weights), (x, weights[:2]), (x[0], weights)):
        with golden.raises(ShapeError, match=r"\(1.*2.*7.*8\)"):
            apply(reduce(layer), *wrong)
