"""Any layer as plain ones with a plan each: the parts, and their kernels against the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook import direct
from wincook.analysis import simulate_direct
from wincook.analysis.measurement.simulate_layer import simulate
from wincook.arrays import Array
from wincook.errors import ShapeError
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.make_plan import relative_error_of
from wincook.kernels.target import GENERIC, Target
from wincook.layers import Layout, apply

LAYERS = {
    "one axis": wc.Layer(3, 20, (9,), (3,), 1),
    "one axis, strided": wc.Layer(3, 20, (19,), (3,), stride=2, layout="NHWC"),
    "three axes": wc.Layer(3, 20, (5, 5, 5), (3, 3, 3), 1, batch=2),
    "four axes": wc.Layer(3, 4, (4, 3, 5, 4), (2, 2, 3, 3), layout="NHWC"),
    "stride": wc.Layer(3, 20, (7, 9), (3, 3), stride=(1, 2)),
    "stride and dilation": wc.Layer(3, 20, (7, 9), (3, 3), 2, stride=(1, 2), dilation=(2, 1)),
    "dilation": wc.Layer(3, 20, (7, 9), (3, 3), 2, dilation=2),
    "groups": wc.Layer(4, 20, (7, 9), (3, 3), groups=2),
    "depthwise": wc.Layer(6, 6, (7, 9), (3, 3), 1, groups=6, layout="NHWC"),
    "transposed": wc.Layer(3, 20, (7, 9), (3, 3), transposed=True, stride=2),
    "a long filter": wc.Layer(3, 20, (12, 12), (7, 7), 3),
}


def by_interpreter(plan: LayerPlan, x: Array, weights: Array) -> Array:
    """The parts in the arithmetic of the interpreter, one after another, or the layer as it stands."""
    if plan.whole and not plan.plans[0].tiled:
        return simulate_direct(layer=plan.layer, x=x, weights=weights)
    if plan.whole:
        (single,) = plan.plans
        with_axes = [
            array.reshape(shape)
            for array, shape in ((x, single.layer.input_shape), (weights, single.layer.weight_shape))
        ]
        y = simulate(single.algorithm, layer=single.layer, x=with_axes[0], weights=with_axes[1])
        return y.reshape(plan.layer.output_shape)
    plans = iter(plan.plans)

    def correlate(image: Array, taps: Array) -> Array:
        single = next(plans)
        return simulate(single.algorithm, layer=single.layer, x=image, weights=taps)

    return apply(plan.reduction, x, weights, correlate)


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
def test_kernels_of_all_layers_have_the_bits_of_the_interpreter(name: str) -> None:
    layer, rng = LAYERS[name], np.random.default_rng(4)
    x, weights = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in (layer.input_shape, layer.weight_shape))
    bias = rng.uniform(-1, 1, layer.filters).astype(np.float32)
    kernel = wc.compile(layer, target="generic")
    out = np.full(layer.output_shape, np.nan, np.float32)
    assert kernel(x, kernel.pack(weights), out) is out
    np.testing.assert_array_equal(out, by_interpreter(kernel.plan, x, weights))
    first = np.moveaxis(out, -1, 1) if layer.layout == "NHWC" else out
    with_bias = kernel(x, kernel.pack(weights, bias))
    shifted = np.moveaxis(with_bias, -1, 1) if layer.layout == "NHWC" else with_bias
    np.testing.assert_array_equal(shifted, first + bias.reshape(-1, *(1,) * layer.dimension))
    oracle: Callable[..., Any] = direct.convolve_transposed if layer.transposed else direct.convolve
    exact = oracle(
        np.moveaxis(x, -1, 1).astype(float) if layer.layout == "NHWC" else x.astype(float),
        weights.astype(float),
        layer.pads,
        stride=layer.stride,
        dilation=layer.dilation,
        groups=layer.groups,
    )
    rms = np.sqrt(np.mean((first - exact) ** 2) / np.mean(exact**2))
    assert rms < 1.3 * relative_error_of(kernel.plan)


@pytest.mark.parametrize("layout", ["NCHW", "NHWC"])
def test_a_plain_layer_is_its_own_only_part(layout: Layout) -> None:
    layer = wc.Layer(3, 5, (9, 8), (3, 3), 1, 2, layout)
    plan = make_plan(layer, threads=1)
    assert plan.whole
    assert [single.layer for single in plan.plans] == [layer]


@pytest.mark.parametrize(("taps", "parts"), [(9, 1), (12, 1), (13, 2), (24, 2), (31, 3)])
def test_filters_of_more_than_twelve_taps_are_split(taps: int, parts: int) -> None:
    plans = make_plan(wc.Layer(64, 64, (1, 500), (1, taps), 1), threads=1).plans
    assert len(plans) == parts
    assert max(tap for single in plans for tap in single.layer.kernel) <= 12


def test_an_iterated_algorithm_serves_layers_of_one_axis() -> None:
    """Its matrices were not made from points, so none are put in front of them."""
    layer, rng = wc.Layer(3, 20, (40,), (9,), 4), np.random.default_rng(8)
    x, weights = (rng.uniform(-1, 1, shape).astype(np.float32) for shape in (layer.input_shape, layer.weight_shape))
    kernel = wc.compile(layer, wc.construct.iterated("F(6,9)", (3,)), target="generic")
    y = kernel(x, kernel.pack(weights))
    np.testing.assert_array_equal(y, by_interpreter(kernel.plan, x, weights))
    np.testing.assert_allclose(
        y, direct.convolve(x.astype(float), weights.astype(float), layer.pads), rtol=0, atol=3e-5
    )


def test_parts_of_one_kind_share_a_plan_and_a_module() -> None:
    kernel = wc.compile(wc.Layer(8, 16, (7, 9), (3, 3), groups=4), "F(2x2,3x3)", target="generic")
    assert len(kernel.plan.plans) == 4
    assert len(set(kernel.plan.plans)) == len(set(kernel.modules)) == 1


def test_an_algorithm_serves_the_plain_layers_inside() -> None:
    line = make_plan(wc.Layer(3, 20, (9,), (3,)), "F(4,3)", threads=1)
    assert [str(single.algorithm.tile) for single in line.plans] == ["F(1x4,1x3)"]
    cube = make_plan(wc.Layer(3, 20, (5, 5, 5), (3, 3, 3)), "F(2x2,3x3)", threads=1)
    assert [str(single.algorithm.tile) for single in cube.plans] == ["F(2x2,3x3)"] * 3


def test_plans_are_values_that_print(golden: Golden) -> None:
    layer = wc.Layer(4, 20, (7, 9), (3, 3), 1, stride=(2, 1), transposed=True)
    target = Target(GENERIC, 1 << 20, 1)  # a cache of its own, whatever this machine has
    plan, again = (make_plan(layer, target=target) for _ in range(2))
    assert plan == again
    assert hash(plan) == hash(again)
    golden.text(str(plan))


def test_an_algorithm_that_fits_no_part_is_refused(golden: Golden) -> None:
    with golden.raises(ShapeError, match="F"):
        make_plan(wc.Layer(4, 20, (7, 9), (3, 3), stride=2), "F(2x2,3x3)", threads=1)
