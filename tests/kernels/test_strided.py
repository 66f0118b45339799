"""Layers with strides in one kernel: the bits of the interpreter, the errors of short tiles, and filters kept once."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.golden import Golden
from tests.some import some
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.analysis.problem import Problem
from wincook.arrays import Array
from wincook.direct import convolve as direct_convolve
from wincook.errors import ShapeError
from wincook.kernels import KernelEngine, make_plan
from wincook.kernels.target import host_isa_names
from wincook.layers import Layout, PaddingMode

TILES = ("F(4x4,3x3)/2", "F(3x2,5x2)/2x3", "F(4x2,3x3)/1x2")  # each costs one compilation


def data(layer: wc.Layer, seed: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    shapes = (layer.input_shape, layer.weight_shape, (layer.filters,))
    x, weights, bias = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes)
    return x, weights, bias


@st.composite
def layers(draw: st.DrawFn, tile: wc.Tile, layout: Layout) -> wc.Layer:
    pads = tuple((draw(st.integers(0, 3)), draw(st.integers(0, 3))) for _ in tile.taps)
    size = tuple(draw(st.integers(max(1, taps - sum(pad)), 23)) for taps, pad in zip(tile.taps, pads, strict=True))
    channels, filters = draw(st.integers(1, 37)), draw(st.integers(17, 40))
    return wc.Layer(channels, filters, size, tile.taps, pads, draw(st.integers(1, 3)), layout, stride=tile.strides)


@pytest.mark.slow
@pytest.mark.parametrize(("target", "layout"), some(["avx512", "avx2", "generic"], ["NCHW", "NHWC"], every=2))
@settings(max_examples=12)
@given(draws=st.data())
def test_kernel_equals_the_interpreter_bit_for_bit(target: str, layout: Layout, draws: st.DataObject) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    algorithm = wc.algorithm(draws.draw(st.sampled_from(TILES)))
    layer = draws.draw(layers(algorithm.tile, layout))
    x, weights, bias = data(layer, draws.draw(st.integers(0, 1000)))
    threads = draws.draw(st.integers(1, wc.kernels.Target.host().threads))
    kernel = wc.compile(layer, algorithm, threads=threads, target=target)
    assert kernel.plan.whole
    y = kernel(x, kernel.pack(weights, bias))
    np.testing.assert_array_equal(y, simulate(algorithm, "float32", layer=layer, x=x, weights=weights, bias=bias))


@pytest.mark.slow
@pytest.mark.parametrize("kernel", [(3, 3), (5, 5), (7, 7), (3, 1), (4, 6)], ids=str)
def test_chosen_tiles_err_no_more_than_short_ones_do(kernel: tuple[int, int]) -> None:
    for layout in ("NCHW", "NHWC"):
        layer = wc.Layer(9, 20, (31, 17), kernel, 2, 2, layout, stride=2)
        x, weights, bias = data(layer, 7)
        y = wc.convolve(x, weights, bias, stride=2, padding=2, layout=layout).astype(float)
        image, result = (x, y) if layout == "NCHW" else (np.moveaxis(x, -1, 1), np.moveaxis(y, -1, 1))
        exact = direct_convolve(image.astype(float), weights.astype(float), layer.pads, stride=(2, 2))
        exact += bias[:, None, None]
        assert np.abs(result - exact).max() <= 5e-6 * np.abs(exact).max()


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(128, 128, (56, 56), (3, 3), 1, stride=2),
        wc.Layer(64, 64, (1, 56), (1, 3), stride=(1, 2)),
        wc.Layer(64, 64, (56,), (5,), stride=3),
    ],
    ids=str,
)
def test_a_layer_with_strides_is_one_kernel(layer: wc.Layer) -> None:
    plan = make_plan(layer, threads=1)
    assert plan.whole
    (single,) = plan.plans
    assert single.algorithm.tile.strides[-layer.dimension :] == layer.strides


@pytest.mark.parametrize(
    "layer",
    [
        wc.Layer(8, 8, (9, 9), (3, 3), stride=2, groups=2),
        wc.Layer(8, 8, (9, 9), (3, 3), stride=2, dilation=2),
        wc.Layer(8, 8, (9, 9), (3, 3), stride=2, transposed=True),
        wc.Layer(8, 8, (9, 9), (2, 2), stride=2),  # no products to save
        wc.Layer(8, 8, (39, 39), (13, 13), stride=2),
        wc.Layer(8, 8, (9, 9), (3, 3)),
    ],
    ids=str,
)
def test_other_layers_get_no_tile_with_strides(layer: wc.Layer) -> None:
    assert not any(single.algorithm.tile.strided for single in make_plan(layer, threads=1).plans)


def test_filters_of_a_plain_phase_are_kept_once() -> None:
    layer = wc.Layer(3, 5, (9, 9), (3, 3), stride=2)
    weights = data(layer, 0)[1]
    kernel = wc.compile(layer, "F(4x4,3x3)/2", target="generic")
    (contents,) = kernel.pack(weights).contents
    assert contents.U.shape == ((4 + 2) ** 2, 1, 3, 8)
    np.testing.assert_array_equal(contents.U[35, 0, :, :5], weights[:, :, 1, 1].T)


def test_the_engine_computes_tiles_with_strides() -> None:
    problem = Problem.of("F(4x4,3x3)/2", channels=5)
    d, g = wc.analysis.Sampler(problem, seed=0).take(40)
    y = KernelEngine(problem.algorithm, 5, "generic")(d, g)
    np.testing.assert_array_equal(y, wc.analysis.compute(problem.algorithm, "float32", d, g))


@pytest.mark.parametrize(
    ("layer", "tile"),
    [
        (wc.Layer(8, 8, (9, 9), (3, 3)), "F(2x2,3x3)/2"),
        (wc.Layer(8, 8, (9, 9), (3, 3), stride=2), "F(2x2,3x3)/2x1"),
        (wc.Layer(8, 8, (9, 9), (5, 5), stride=2), "F(2x2,3x3)/2"),
        (wc.Layer(8, 8, (9, 9), (3, 3), stride=2, groups=2), "F(2x2,3x3)/2"),
    ],
    ids=str,
)
def test_a_tile_of_other_strides_is_refused(layer: wc.Layer, tile: str, golden: Golden) -> None:
    with golden.raises(ShapeError):
        make_plan(layer, tile, threads=1)


@pytest.mark.slow
@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_one_axis_with_stride_is_one_kernel_too(layout: Layout) -> None:
    layer = wc.Layer(9, 20, (37,), (5,), 2, 2, layout, stride=2)
    x, weights, bias = data(layer, 3)
    kernel = wc.compile(layer, "F(3,5)/2", target="generic")
    (single,) = kernel.plan.plans
    assert single.algorithm.tile.strides == (1, 2)
    y = kernel(x, kernel.pack(weights, bias))
    two_axes, shape = single.layer, single.layer.input_shape
    expected = simulate(single.algorithm, layer=two_axes, x=x.reshape(shape), weights=weights[:, :, None], bias=bias)
    np.testing.assert_array_equal(y, expected.reshape(layer.output_shape))


@pytest.mark.parametrize("mode", ["zeros", "reflect"])
def test_what_follows_and_what_is_padded_before_is_as_without_strides(mode: PaddingMode) -> None:
    layer = wc.Layer(5, 20, (17, 13), (3, 3), 1, stride=2, padding_mode=mode)
    x, weights, bias = data(layer, 5)
    kernel = wc.compile(layer, "F(4x4,3x3)/2", target="generic", epilogue="relu")
    assert kernel.plan.fused
    expected = simulate("F(4x4,3x3)/2", layer=layer, x=x, weights=weights, bias=bias)
    np.testing.assert_array_equal(kernel(x, kernel.pack(weights, bias)), np.maximum(expected, 0))
