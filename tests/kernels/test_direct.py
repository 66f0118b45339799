"""Direct and depthwise kernels: any layer, against the interpreter bit for bit and against float64."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wincook as wc
from tests.some import some
from wincook import direct
from wincook.analysis import simulate_direct
from wincook.arrays import Array
from wincook.errors import ShapeError
from wincook.kernels import make_plan
from wincook.kernels.target import AVX512, Target, host_isa_names
from wincook.layers import Layout, apply, reduce

# Few taps, strides and dilations for depthwise kernels, which know them; sizes, groups and padding are arguments.
STEPS: dict[str, tuple[tuple[int, int], Any, Any]] = {
    "plain": ((3, 3), 1, 1),
    "far taps": ((3, 5), 1, (2, 4)),  # whose weights are read in place, and pixels as far as without a strip
    "steps": ((5, 2), (2, 3), (2, 1)),
    "many taps": ((1, 70), (1, 2), 1),
}
NARROW_STEPS: list[tuple[tuple[int, int], Any, Any]] = [
    ((3, 3), 1, 1),
    ((1, 1), 2, 1),
    ((2, 5), (1, 2), (2, 1)),
]


def data(layer: wc.Layer, seed: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    shapes = (layer.input_shape, layer.weight_shape, (layer.filters,))
    x, weights, bias = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in shapes)
    return x, weights, bias


def in_float64(layer: wc.Layer, x: Array, weights: Array, bias: Array) -> Array:
    first = np.moveaxis(x, -1, 1) if layer.layout == "NHWC" else x
    y = direct.convolve(
        first.astype(float),
        weights.astype(float),
        layer.pads,
        stride=[axis.stride for axis in layer.axes],
        dilation=[axis.dilation for axis in layer.axes],
        groups=layer.groups,
    ) + bias.reshape(-1, *(1,) * layer.dimension)
    return np.moveaxis(y, 1, -1) if layer.layout == "NHWC" else y


def check(layer: wc.Layer, family: str, seed: int, **settings: Any) -> None:
    x, weights, bias = data(layer, seed)
    kernel = wc.compile(layer, family, **settings)
    y = kernel(x, kernel.pack(weights, bias))
    np.testing.assert_array_equal(y, simulate_direct(layer=layer, x=x, weights=weights, bias=bias))
    np.testing.assert_allclose(y, in_float64(layer, x, weights, bias), rtol=0, atol=3e-5)


@st.composite
def sized(draw: st.DrawFn, kernel: tuple[int, int], stride: Any, dilation: Any, layout: Layout) -> dict[str, Any]:
    """What both families take: an image in which the taps have room, with its padding and batch."""
    unit = wc.Layer(1, 1, (1000, 1000), kernel, stride=stride, dilation=dilation)
    padding = tuple((draw(st.integers(0, 4)), draw(st.integers(0, 4))) for _ in kernel)
    size = tuple(
        draw(st.integers(max(1, axis.span - sum(pad)), axis.span + 37))
        for axis, pad in zip(unit.axes, padding, strict=True)
    )
    batch = draw(st.integers(1, 3))
    return {"size": size, "kernel": kernel, "padding": padding, "batch": batch, "layout": layout}


@pytest.mark.slow
@pytest.mark.parametrize(("target", "layout"), some(["avx512", "avx2", "generic"], ["NCHW", "NHWC"], every=2))
@settings(max_examples=12)
@given(draws=st.data())
def test_direct_kernels_equal_the_interpreter_bit_for_bit(target: str, layout: Layout, draws: st.DataObject) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    small = st.integers(1, 4)
    kernel = draws.draw(st.tuples(small, small))
    stride, dilation = draws.draw(st.tuples(small, small)), draws.draw(st.tuples(small, small))
    groups, vectors = draws.draw(small), draws.draw(st.booleans())
    of_group = st.integers(17, 40) if layout == "NHWC" and vectors else st.integers(1, 16)
    layer = wc.Layer(
        channels=groups * draws.draw(st.integers(1, 19)),
        filters=groups * draws.draw(of_group),
        stride=stride,
        dilation=dilation,
        groups=groups,
        **draws.draw(sized(kernel, stride, dilation, layout)),
    )
    threads = draws.draw(st.integers(1, wc.kernels.Target.host().threads))
    check(layer, "direct", draws.draw(st.integers(0, 1000)), threads=threads, target=target)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "layout", "steps"), some(["avx512", "avx2", "generic"], ["NCHW", "NHWC"], STEPS, every=3)
)
@settings(max_examples=8)
@given(draws=st.data())
def test_depthwise_kernels_equal_the_interpreter_bit_for_bit(
    target: str, layout: Layout, steps: str, draws: st.DataObject
) -> None:
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    kernel, stride, dilation = STEPS[steps]
    channels = draws.draw(st.integers(1, 35) | st.sampled_from([16, 32]))  # whole vectors are read straight from x
    multiplier = draws.draw(st.integers(1, 3))
    layer = wc.Layer(
        channels=channels,
        filters=channels * multiplier,
        stride=stride,
        dilation=dilation,
        groups=channels,
        **draws.draw(sized(kernel, stride, dilation, layout)),
    )
    threads = draws.draw(st.integers(1, wc.kernels.Target.host().threads))
    check(layer, "depthwise", draws.draw(st.integers(0, 1000)), threads=threads, target=target)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("target", "group"),
    some(["avx512", "avx2", "generic"], [(1, 1), (2, 2), (4, 4), (1, 8), (7, 2), (3, 5), (8, 8)], every=3),
)
@settings(max_examples=4)
@given(draws=st.data())
def test_narrow_groups_equal_the_interpreter_bit_for_bit(
    target: str, group: tuple[int, int], draws: st.DataObject
) -> None:
    """Vectors span several groups, as far as they have lanes for channels and filters; the last ones are not full."""
    channels, filters = group
    if target not in host_isa_names():
        pytest.skip(f"this machine has no {target}")
    kernel, stride, dilation = draws.draw(st.sampled_from(NARROW_STEPS))
    groups, sizes = draws.draw(st.integers(2, 20)), draws.draw(sized(kernel, stride, dilation, "NHWC"))
    layer = wc.Layer(
        channels=groups * channels,
        filters=groups * filters,
        stride=stride,
        dilation=dilation,
        groups=groups,
        **sizes,
    )
    check(layer, "direct", draws.draw(st.integers(0, 1000)), target=target)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize("family", ["direct", "depthwise"])
def test_one_axis(family: str, layout: Layout) -> None:
    layer = wc.Layer(6, 12, (50,), (9,), 4, 2, layout, stride=2, dilation=2, groups=6)
    check(layer, family, 3, target="generic")


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
@pytest.mark.parametrize(
    "sizes",
    [
        {"size": (9,), "kernel": (11,), "stride": 4, "padding": 2, "output_padding": 1},
        {"size": (5, 4), "kernel": (5, 2), "stride": (2, 3), "padding": ((1, 2), (0, 0)), "dilation": (2, 1)},
    ],
)
def test_transposed_layers_are_one_product_of_all_phases(sizes: dict[str, Any], layout: Layout) -> None:
    layer = wc.Layer(6, 10, batch=2, layout=layout, groups=2, transposed=True, **sizes)
    x, weights, bias = data(layer, 5)
    kernel = wc.compile(layer, "direct", target="generic")
    assert len(kernel.plan.plans) == 1
    out = np.full(layer.output_shape, np.nan, np.float32)
    assert kernel(x, kernel.pack(weights, bias), out) is out
    exact = apply(reduce(layer), x.astype(float), weights.astype(float))
    shift = bias if layout == "NHWC" else bias.reshape(-1, *(1,) * layer.dimension)
    np.testing.assert_allclose(out, exact + shift, rtol=0, atol=1e-5)


@pytest.mark.parametrize("family", ["direct", "depthwise"])
def test_no_images_give_none(family: str) -> None:
    layer = wc.Layer(6, 6, (9, 9), (3, 3), batch=0, groups=6)
    kernel = wc.compile(layer, family, target="generic")
    assert kernel(np.ones(layer.input_shape), kernel.pack(np.ones(layer.weight_shape))).shape == (0, 6, 7, 7)


@pytest.mark.parametrize(
    ("layer", "family"),
    [
        (wc.Layer(16, 16, (9, 9), (3, 3)), "nested"),
        (wc.Layer(16, 16, (9, 9), (1, 1)), "direct"),
        (wc.Layer(128, 128, (56, 56), (3, 3), stride=2), "nested"),
        (wc.Layer(128, 128, (56, 56), (2, 2), stride=2), "direct"),
        (wc.Layer(16, 16, (9, 9), (3, 3), dilation=2), "direct"),
        (wc.Layer(16, 16, (9, 9), (3, 3), groups=4), "direct"),
        (wc.Layer(512, 512, (28, 28), (3, 3), groups=2), "nested"),
        (wc.Layer(64, 64, (56, 56), (7, 7)), "nested"),
        (wc.Layer(1, 1, (64_000,), (20_001,)), "direct"),
        (wc.Layer(1, 4, (200,), (64,)), "direct"),
        (wc.Layer(16, 32, (9, 9), (3, 3), groups=16), "depthwise"),
        (wc.Layer(16, 16, (90,), (3,), groups=16), "depthwise"),
        (wc.Layer(16, 16, (9, 9), (3, 3), stride=2, transposed=True), "nested"),
        (wc.Layer(16, 16, (9,), (32,), stride=16, transposed=True), "direct"),
        (wc.Layer(16, 16, (9, 9, 9), (3, 3, 3), groups=16), "nested"),
    ],
    ids=str,
)
def test_the_family_of_a_layer(layer: wc.Layer, family: str) -> None:
    planned = make_plan(layer, threads=1, target=Target(AVX512, 1 << 20, 1))  # the choice is one machine's
    assert {single.family for single in planned.plans} == {family}


def test_a_tile_keeps_to_nested_kernels() -> None:
    layer = wc.Layer(16, 16, (9, 9), (3, 3), groups=4)
    assert {single.family for single in make_plan(layer, "F(2x2,3x3)", threads=1).plans} == {"nested"}


@pytest.mark.parametrize(
    ("layer", "family", "named"),
    [
        (wc.Layer(4, 4, (9, 9), (3, 3), groups=2), "depthwise", "one channel a group"),
        (wc.Layer(4, 4, (9, 9), (3, 3), transposed=True, dilation=2), "direct", "transposed"),
        (wc.Layer(4, 4, (9, 9, 9), (3, 3, 3)), "direct", "one axis or two"),
    ],
)
def test_a_family_that_does_not_fit_is_refused(layer: wc.Layer, family: str, named: str) -> None:
    with pytest.raises(ShapeError, match=named):
        make_plan(layer, family)


def test_weights_of_other_groups_are_refused() -> None:
    layer = wc.Layer(4, 8, (9, 9), (3, 3), groups=2)
    kernel = wc.compile(layer, "direct", threads=1, target="generic")
    (module,) = kernel.modules
    packed = module.pack(np.ones(layer.weight_shape), groups=4)
    work = module.workspace(kernel.plan.plans[0].geometry, 1)
    with pytest.raises(ValueError, match="8 filters of 2 channels"):
        work.run(np.ones(layer.input_shape, np.float32), packed, np.empty(layer.output_shape, np.float32))
    for groups in (0, 3):
        with pytest.raises(ValueError, match="groups"):
            module.pack(np.ones(layer.weight_shape), groups=groups)


def test_code_for_narrow_groups_takes_no_others() -> None:
    layer = wc.Layer(8, 8, (9, 9), (3, 3), layout="NHWC", groups=4)
    (module,) = wc.compile(layer, "direct", threads=1, target="generic").modules
    for channels, groups in ((1, 4), (2, 2)):
        with pytest.raises(ValueError, match="2 channels and 2 filters"):
            module.pack(np.ones((8, channels, 3, 3)), groups=groups)


def test_layers_of_all_sizes_share_direct_code() -> None:
    sources = {
        wc.kernels.module_source(*make_plan(layer, "direct", threads=1, target="generic").plans)
        for layer in (wc.Layer(3, 8, (9, 9), (3, 3)), wc.Layer(8, 40, (30, 30), (5, 5), stride=2, groups=2))
    }
    assert len(sources) == 1


def test_nan_reaches_only_outputs_whose_taps_cover_it() -> None:
    layer = wc.Layer(16, 16, (12, 12), (3, 3), groups=16)
    x = np.ones(layer.input_shape)
    x[0, 2, 5, 5] = np.nan
    cases: tuple[tuple[str, Layout], ...] = tuple(product(("direct", "depthwise"), ("NCHW", "NHWC")))
    for family, layout in cases:
        chosen = replace(layer, layout=layout)
        kernel = wc.compile(chosen, family, threads=1, target="generic")
        y = kernel(x if layout == "NCHW" else np.moveaxis(x, 1, -1), kernel.pack(np.ones(layer.weight_shape)))
        spoilt = np.argwhere(np.isnan(y if layout == "NCHW" else np.moveaxis(y, -1, 1)))
        assert spoilt.tolist() == [[0, 2, i, j] for i in (3, 4, 5) for j in (3, 4, 5)]
