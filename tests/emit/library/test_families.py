"""Libraries of every family of kernels, with what follows the convolution: the bits of this process, within walls."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import NO_IMPLEMENTATION, OK, TOO_SMALL, Called, arguments, dims_of
from tests.emit.library.here import ISA, MACHINE
from tests.emit.library.tools import needs, ran
from tests.kernels.guarded import filled, walled
from wincook.emit import emit_library
from wincook.epilogue import Epilogue
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.compile import kernel_of

pytestmark = pytest.mark.slow
STEPS: dict[str, Any] = {"size": (19, 23), "padding": ((1, 1), (0, 2))}
GROUPED = wc.Layer(60, 90, kernel=(3, 2), groups=30, batch=2, layout="NHWC", **STEPS)
FEW = wc.Layer(3, 20, (19, 120), (3, 3), padding=((1, 1), (0, 2)), batch=2)
CASES: dict[str, tuple[str, wc.Layer, Epilogue | None]] = {
    "tile, all that may follow": (
        "F(2x2,3x3)",
        wc.Layer(10, 20, kernel=(3, 3), **STEPS),
        Epilogue("silu", scale=True, residual=True, pool="max"),
    ),
    "tile, stride 2": ("F(2x2,3x3)/2", wc.Layer(10, 20, kernel=(3, 3), stride=2, layout="NHWC", **STEPS), None),
    "few channels": ("F(4x4,3x3)", FEW, Epilogue("relu", scale=True, residual=True)),
    "few channels, last": ("F(3x3,3x3)", replace(FEW, filters=30, layout="NHWC"), None),
    "direct": ("direct", wc.Layer(20, 30, kernel=(3, 2), stride=(1, 2), dilation=(2, 1), **STEPS), Epilogue("relu")),
    "direct, groups": ("direct", wc.Layer(60, 90, kernel=(3, 2), groups=2, batch=2, **STEPS), None),
    "direct, channels last": ("direct", wc.Layer(20, 30, kernel=(3, 2), layout="NHWC", **STEPS), None),
    "direct, narrow groups": ("direct", GROUPED, Epilogue(residual=True)),
    "depthwise": ("depthwise", wc.Layer(20, 40, kernel=(3, 3), groups=20, stride=(2, 1), **STEPS), None),
    "depthwise, straight": ("depthwise", wc.Layer(20, 20, kernel=(3, 3), groups=20, **STEPS), Epilogue(scale=True)),
    "depthwise, channels last": (
        "depthwise",
        wc.Layer(20, 40, kernel=(5, 5), groups=20, layout="NHWC", dilation=(1, 2), **STEPS),
        Epilogue("leaky(0.1)"),
    ),
}


@pytest.fixture(scope="module", params=list(CASES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[LayerPlan, Path]:
    """The plan of a case, and the folder of its library for this processor."""
    needs("make", "gcc", "ar")
    algorithm, layer, epilogue = CASES[request.param]
    plan = make_plan(layer, algorithm, target=ISA, threads=1, epilogue=epilogue)
    folder = tmp_path_factory.mktemp("family") / "conv"
    emit_library(plan, folder, name="conv", machine=MACHINE)
    return plan, folder


def test_the_test_in_c_passes(made: tuple[LayerPlan, Path]) -> None:
    assert "WRONG" not in ran("make", "-s", "test", folder=made[1])
    ran("make", "-s", "example", folder=made[1])


@pytest.mark.parametrize("side", ["start", "end"])
def test_a_library_has_the_bits_of_a_kernel_and_stays_within_its_arrays(
    side: str, made: tuple[LayerPlan, Path]
) -> None:
    plan, folder = made
    layer, epilogue = plan.layer, plan.epilogue
    called, rng = Called(folder / "libconv.so", "conv"), np.random.default_rng(3)
    array = partial(filled, side=side, rng=rng)
    x, weights, bias = array(layer.input_shape), array(layer.weight_shape), array((layer.filters,))
    scale, shift = (array((layer.filters,)) if epilogue.scale else None for _ in range(2))
    residual = array(layer.output_shape) if epilogue.residual else None
    kernel = kernel_of(plan)
    expected = kernel(x, kernel.pack(weights, bias, scale=scale, shift=shift), residual=residual)

    def memory(nbytes: int) -> Any:
        return walled(-(-nbytes // 64) * 16, side).view(np.uint8)[:nbytes]

    for panel in (0, 1, 3, 10**6):
        dims = dims_of(layer, panel=panel)
        _, sizes = called.sizes(dims)
        assert sizes["y"] == plan.output_shape
        packed, workspace = memory(sizes["packed"]), memory(sizes["workspace"])
        assert called.status("pack", dims, weights, bias, scale, shift, packed, sizes["packed"] - 1) == TOO_SMALL
        assert called.status("pack", dims, weights, bias, scale, shift, packed, sizes["packed"]) == OK
        y = walled(expected.size, side).reshape(expected.shape)
        args = arguments(dims, x, residual, y, packed, workspace)
        if residual is not None and epilogue.pool:  # which drops a row, so that rows do not follow one another
            args[dims.size + 6 : dims.size + 10] = [stride // 4 for stride in residual.strides]
        for item in reversed(range(sizes["items"])):
            assert called.status("run", args, item, item + 1) == OK
        np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))


def test_other_layers_are_not_computed(made: tuple[LayerPlan, Path]) -> None:
    plan, folder = made
    called, dims = Called(folder / "libconv.so", "conv"), dims_of(plan.layer)
    changes = {"nested": (7, 9, 11), "shallow": (2, 7, 9, 11), "depthwise": (7, 9, 11), "direct": ()}[
        plan.plans[0].family
    ]
    for number in changes:  # channels, taps, stride, dilation
        other = dims.copy()
        other[number] += 2
        assert called.sizes(other)[0] == NO_IMPLEMENTATION
    if plan.layer == GROUPED:
        other = dims.copy()
        other[1] *= 3
        other[2] *= 2  # channels of a group
        assert called.sizes(other)[0] == NO_IMPLEMENTATION
