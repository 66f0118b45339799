"""Libraries whose products are narrow: the bits of this process, with the calibration inside."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, OK, TOO_SMALL, Called, arguments, dims_of
from tests.emit.library.tools import needs, ran
from tests.golden import Golden
from tests.kernels.guarded import filled, walled
from wincook.emit import Library, emit_c, emit_library
from wincook.epilogue import Epilogue
from wincook.errors import DataError, FormatError, NotationError
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.compile import kernel_of
from wincook.kernels.target import host_isa_names
from wincook.quantisation import Calibration, calibrate

pytestmark = pytest.mark.slow
LAYER = wc.Layer(21, 40, (9, 11), (3, 3), ((1, 2), (0, 1)), 2, "NHWC")
EPILOGUE = Epilogue("relu6", scale=True, residual=True)
FORMATS = {"b": "bfloat16", "i": "int8", "s": "int16"}
# All variants have the same bits: one is enough, and emulates where it must.
MACHINE, ISA = ("x86-64-v4-dot", "avx512") if "avx512" in host_isa_names() else ("x86-64-v3", "avx2")


@pytest.fixture(scope="module")
def plans() -> dict[str, LayerPlan]:
    return {
        key: make_plan(LAYER, "F(2x2,3x3)", threads=1, target=ISA, epilogue=EPILOGUE, format=format)
        for key, format in FORMATS.items()
    }


@pytest.fixture(scope="module")
def calibrations() -> dict[str, Calibration]:
    images = np.abs(np.random.default_rng(1).standard_normal((3, *LAYER.input_shape[1:]))).astype(np.float32)
    return {key: calibrate(LAYER, "F(2x2,3x3)", images, format=FORMATS[key]) for key in ("i", "s")}


@pytest.fixture(scope="module")
def library(
    plans: dict[str, LayerPlan], calibrations: dict[str, Calibration], tmp_path_factory: pytest.TempPathFactory
) -> Library:
    needs("make", "gcc", "ar")
    folder = tmp_path_factory.mktemp("narrow") / "net"
    return emit_library(plans, folder, name="net", machine=MACHINE, calibration=calibrations)


def test_the_test_in_c_passes(library: Library) -> None:
    assert "WRONG" not in ran("make", "-s", "test", folder=library.folder)


@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("key", FORMATS)
def test_a_library_has_the_bits_of_a_kernel_and_stays_within_its_arrays(
    key: str, side: str, library: Library, plans: dict[str, LayerPlan], calibrations: dict[str, Calibration]
) -> None:
    called, rng = Called(library.folder / "libnet.so", f"net_{key}"), np.random.default_rng(3)
    array = partial(filled, side=side, rng=rng)
    x, weights, residual = array(LAYER.input_shape), array(LAYER.weight_shape), array(LAYER.output_shape)
    bias, scale, shift = (array((LAYER.filters,)) for _ in range(3))
    kernel = kernel_of(plans[key])
    packed_here = kernel.pack(weights, bias, scale=scale, shift=shift, calibration=calibrations.get(key))
    expected = kernel(x, packed_here, residual=residual)
    dims = dims_of(LAYER)
    _, sizes = called.sizes(dims)
    packed, workspace = (
        walled(-(-sizes[name] // 64) * 16, side).view(np.uint8)[: sizes[name]] for name in ("packed", "workspace")
    )
    assert called.status("pack", dims, weights, bias, scale, shift, packed, sizes["packed"] - 1) == TOO_SMALL
    assert called.status("pack", dims, weights, bias, scale, shift, packed, sizes["packed"]) == OK
    y = walled(expected.size, side).reshape(expected.shape)
    args = arguments(dims, x, residual, y, packed, workspace)
    for item in reversed(range(sizes["items"])):
        assert called.status("run", args, item, item + 1) == OK
    np.testing.assert_array_equal(y.view(np.int32), expected.view(np.int32))


def test_code_with_a_calibration_is_for_its_channels_alone(library: Library) -> None:
    dims = dims_of(LAYER)
    dims[2] = 5
    statuses = {key: Called(library.folder / "libnet.so", f"net_{key}").sizes(dims)[0] for key in FORMATS}
    assert statuses == {"b": OK, "i": NO_IMPLEMENTATION, "s": NO_IMPLEMENTATION}
    dims[2] = 0
    assert Called(library.folder / "libnet.so", "net_i").sizes(dims)[0] == ARGUMENT


def test_what_there_are_no_libraries_for_is_refused(
    plans: dict[str, LayerPlan], calibrations: dict[str, Calibration], tmp_path: Path, golden: Golden
) -> None:
    def planned(algorithm: str, **formats: Any) -> LayerPlan:
        return make_plan(LAYER, algorithm, threads=1, target="generic", **formats)

    for given in (planned("F(2x2,3x3)", format="bfloat16", input_format="bfloat16"), planned("direct", format="int8")):
        with golden.raises(FormatError):
            emit_library(given, tmp_path / "out", calibration=calibrations["i"])
    with golden.raises(FormatError):
        emit_c(plans["b"], tmp_path / "out")
    with golden.raises(FormatError):
        emit_library(plans["b"], tmp_path / "out", calibration=calibrations["i"])
    with golden.raises(FormatError):
        emit_library(plans["i"], tmp_path / "out", calibration=calibrations["s"])
    with golden.raises(DataError):
        emit_library(plans["i"], tmp_path / "out")
    for wrong in ({"x": calibrations["i"]}, calibrations["i"]):
        with golden.raises(NotationError):
            emit_library(plans, tmp_path / "out", calibration=wrong)
    assert not list(tmp_path.iterdir())
