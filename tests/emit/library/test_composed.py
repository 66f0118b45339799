"""Layers of several kernels in libraries: the bits of this process, within walls."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import NO_IMPLEMENTATION, Called, dims_of
from tests.emit.library.here import ISA, MACHINE
from tests.emit.library.tools import needs, ran
from tests.emit.library.within_walls import compute
from tests.kernels.guarded import filled, walled
from wincook.emit import emit_library
from wincook.epilogue import Epilogue
from wincook.epilogue.epilogue import NOTHING
from wincook.errors import ShapeError
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.compile import kernel_of
from wincook.kernels.plans.direct import with_two_axes

pytestmark = pytest.mark.slow
EVERYTHING = Epilogue("silu", scale=True, residual=True, pool="max")
Asked = tuple[str, wc.Layer, Epilogue]
STEPS: dict[str, Any] = {"size": (19, 23), "kernel": (3, 3), "batch": 2}


USUAL: dict[str, Asked] = {
    "dilated_groups": (
        "F(2x2,3x3)",
        wc.Layer(6, 10, padding=((1, 1), (0, 1)), dilation=2, groups=2, **STEPS),  # parts of several sizes
        EVERYTHING,
    ),
    "reflected": ("F(2x2,3x3)", wc.Layer(6, 10, padding=2, padding_mode="reflect", layout="NHWC", **STEPS), EVERYTHING),
    "phases": (
        "direct",
        wc.Layer(
            6, 8, (9, 11), (3, 4), 1, 2, stride=(3, 2), transposed=True, groups=2, output_padding=1, layout="NHWC"
        ),
        NOTHING,
    ),
}
MORE: dict[str, Asked] = {
    "replicated_line": ("F(2,3)", wc.Layer(6, 10, (40,), (6,), padding=3, stride=2, padding_mode="replicate"), NOTHING),
    "transposed": (
        "F(4x4,3x3)",
        wc.Layer(6, 10, (9, 11), (6, 6), 1, stride=2, transposed=True),
        Epilogue("relu", scale=True),
    ),
}


@pytest.fixture(scope="module", params=["usual", pytest.param("more", marks=pytest.mark.nightly)])
def plans(request: pytest.FixtureRequest) -> dict[str, LayerPlan]:
    return {key: planned(*asked) for key, asked in (USUAL if request.param == "usual" else MORE).items()}


@pytest.fixture(scope="module")
def folder(plans: dict[str, LayerPlan], tmp_path_factory: pytest.TempPathFactory) -> Path:
    needs("make", "gcc", "ar")
    folder = tmp_path_factory.mktemp("composed") / "net"
    emit_library(plans, folder, name="net", machine=MACHINE)
    return folder


def planned(algorithm: str, layer: wc.Layer, epilogue: Epilogue) -> LayerPlan:
    return make_plan(layer, algorithm, target=ISA, threads=1, epilogue=epilogue)


def test_all_of_them_are_composed(plans: dict[str, LayerPlan]) -> None:
    assert all(map(is_composed, plans.values()))


def test_the_test_in_c_passes(folder: Path) -> None:
    assert "WRONG" not in ran("make", "-s", "test", folder=folder)
    ran("make", "-s", "example", folder=folder)


@pytest.mark.parametrize("side", ["start", "end"])
def test_a_library_has_the_bits_of_a_kernel_and_stays_within_its_arrays(
    side: str, plans: dict[str, LayerPlan], folder: Path
) -> None:
    for key, plan in plans.items():
        layer, epilogue = plan.layer, plan.epilogue
        called, rng = Called(folder / "libnet.so", f"net_{key}"), np.random.default_rng(3)
        array = partial(filled, side=side, rng=rng)
        x, weights, bias = array(layer.input_shape), array(layer.weight_shape), array((layer.filters,))
        scale, shift = (array((layer.filters,)) if epilogue.scale else None for _ in range(2))
        residual = array(layer.output_shape) if epilogue.residual else None
        kernel = kernel_of(plan)
        expected = kernel(x, kernel.pack(weights, bias, scale=scale, shift=shift), residual=residual)
        dims = dims_of(with_two_axes(layer))
        _, sizes = called.sizes(dims)
        assert int(np.prod(sizes["y"])) == expected.size
        y = walled(expected.size, side).reshape(expected.shape)
        arrays = {"x": x, "weights": weights, "bias": bias, "scale": scale, "shift": shift, "residual": residual}
        compute(called, dims, layer, arrays, y, side)
        np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))


def test_only_the_number_of_images_may_be_another_one(plans: dict[str, LayerPlan], folder: Path) -> None:
    for key, plan in plans.items():
        called, dims = Called(folder / "libnet.so", f"net_{key}"), dims_of(with_two_axes(plan.layer))
        _, sizes = called.sizes(dims)
        dims[1] *= 3
        assert called.sizes(dims)[1]["items"] == 3 * sizes["items"]
        for number in (3, 4, 7, 9, 11, 13):  # height, width, taps, stride, dilation, padding
            other = dims.copy()
            other[number] += 1
            assert called.sizes(other)[0] == NO_IMPLEMENTATION


@pytest.mark.nightly
def test_tables_of_calls_have_a_place_in_webassembly(tmp_path: Path) -> None:
    needs("make", "clang", "wasm-ld", "llvm-ar", "node")
    emitted = emit_library(planned(*USUAL["phases"]), tmp_path / "up", name="up", machine="wasm32")
    assert "WRONG" not in ran("make", "-s", "test", folder=emitted.folder)


def test_layers_of_three_axes_have_no_library(tmp_path: Path) -> None:
    plan = make_plan(wc.Layer(2, 2, (5, 5, 5), (3, 3, 3)), "F(2x2,3x3)", target="generic", threads=1)
    with pytest.raises(ShapeError, match="one axis or two"):
        emit_library(plan, tmp_path / "conv", machine="aarch64")
    assert not list(tmp_path.iterdir())
