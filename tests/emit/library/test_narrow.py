"""Libraries whose products, x or y are narrow: the bits of this process, with the calibration inside."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, OK, Called, dims_of
from tests.emit.library.here import ISA, OF_NARROW
from tests.emit.library.tools import needs, ran
from tests.emit.library.within_walls import compute
from tests.golden import Golden
from tests.kernels.guarded import filled, walled
from wincook.arrays import Array
from wincook.digest import digest
from wincook.emit import Library, emit_library
from wincook.epilogue import Epilogue
from wincook.errors import DataError, FormatError, NotationError
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.compile import kernel_of
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.quantisation import Affine, Calibration, calibrate
from wincook.quantisation.stored import as_json

pytestmark = pytest.mark.slow
LAYER = wc.Layer(21, 40, (9, 11), (3, 3), ((1, 2), (0, 1)), 2, "NHWC")
EPILOGUE = Epilogue("relu6", scale=True, residual=True)
KINDS: dict[
    str, tuple[str, str, ElementFormat, ElementFormat, ElementFormat]
] = {  # an algorithm, and the formats of products, x, y and the residual
    "b": ("F(2x2,3x3)", "bfloat16", "bfloat16", "float16", "bfloat16"),
    "i": ("F(2x2,3x3)", "int8", "uint8", "int8", "uint8"),
    "phases_s": ("F(2x2,3x3)", "int16", "float32", "float32", "int8"),
    "direct_b": ("direct", "bfloat16", "float16", "bfloat16", "float32"),
    "direct_i": ("direct", "int8", "int8", "uint8", "float16"),
    "groups_i": ("F(2x2,3x3)", "int8", "uint8", "float16", "float32"),
    "depthwise": ("depthwise", "float32", "uint8", "int8", "uint8"),
}
CALIBRATED = ("i", "phases_s", "direct_i", "groups_i")
LAYERS = dict.fromkeys(KINDS, LAYER) | {  # some take more than a kernel
    "phases_s": wc.Layer(6, 10, (9, 11), (6, 6), 2, 2, "NHWC", groups=2, stride=2, transposed=True),
    "groups_i": replace(LAYER, channels=22, groups=2, padding_mode="reflect"),
    "depthwise": replace(LAYER, filters=21, groups=21),
}
SCALES = {"x": Affine(0.02, 3), "y": Affine(0.03, 5), "residual": Affine(0.07, 9)}


def planned(key: str, target: str = ISA) -> LayerPlan:
    algorithm, format, x, y, residual = KINDS[key]
    formats: dict[str, Any] = {"format": format, "input_format": x, "output_format": y, "residual_format": residual}
    return make_plan(LAYERS[key], algorithm, threads=1, target=target, epilogue=EPILOGUE, **formats)


@pytest.fixture(scope="module")
def plans() -> dict[str, LayerPlan]:
    return {key: planned(key) for key in KINDS}


@pytest.fixture(scope="module")
def calibrations() -> dict[str, Calibration]:
    def calibrated(key: str) -> Calibration:
        shape = (3, *LAYERS[key].input_shape[1:])
        images = np.abs(np.random.default_rng(1).standard_normal(shape)).astype(np.float32)
        return calibrate(LAYERS[key], KINDS[key][0], images, format=KINDS[key][1], x=SCALES["x"], y=SCALES["y"])

    return {key: calibrated(key) for key in CALIBRATED}


def scales_of(key: str) -> dict[str, Any]:
    """Of x, y and a residual, those that no calibration has."""
    formats = dict(zip(("x", "y", "residual"), KINDS[key][2:], strict=True))
    known = {"x", "y"} if key in CALIBRATED else set()
    return {name: SCALES[name] for name, format in formats.items() if format in {"uint8", "int8"} and name not in known}


def elements(shape: tuple[int, ...], name: ElementFormat, side: str) -> Array:
    """An array of elements that starts behind a forbidden page, or ends before one; zeros."""
    kind = dtype_of(name)
    nbytes = prod(shape) * kind.itemsize
    memory = walled(-(-nbytes // 4), side).view(np.uint8)
    array = (memory[:nbytes] if side == "start" else memory[-nbytes:]).view(kind).reshape(shape)
    array[...] = 0
    return array


@pytest.fixture(scope="module")
def library(
    plans: dict[str, LayerPlan], calibrations: dict[str, Calibration], tmp_path_factory: pytest.TempPathFactory
) -> Library:
    needs("make", "gcc", "ar")
    folder = tmp_path_factory.mktemp("narrow") / "net"
    scales: dict[str, Any] = {
        name: {key: scales_of(key)[name] for key in KINDS if name in scales_of(key)} for name in SCALES
    }
    return emit_library(plans, folder, name="net", machine=OF_NARROW, calibration=calibrations, **scales)


def test_the_test_in_c_passes(library: Library) -> None:
    assert "WRONG" not in ran("make", "-s", "test", folder=library.folder)


@pytest.mark.parametrize("side", ["start", "end"])
@pytest.mark.parametrize("key", KINDS)
def test_a_library_has_the_bits_of_a_kernel_and_stays_within_its_arrays(
    key: str, side: str, library: Library, plans: dict[str, LayerPlan], calibrations: dict[str, Calibration]
) -> None:
    called, rng = Called(library.folder / "libnet.so", f"net_{key}"), np.random.default_rng(3)
    array, layer = partial(filled, side=side, rng=rng), LAYERS[key]
    x, weights, residual = (
        elements(layer.input_shape, KINDS[key][2], side),
        array(layer.weight_shape),
        elements(layer.output_shape, KINDS[key][4], side),
    )
    for given in (x, residual):
        is_whole = given.dtype.kind in "iu"
        given[...] = rng.integers(-50, 50, given.shape) if is_whole else rng.uniform(-1, 1, given.shape)
    bias, scale, shift = (array((layer.filters,)) for _ in range(3))
    kernel = kernel_of(plans[key])
    packed_here = kernel.pack(
        weights, bias, scale=scale, shift=shift, calibration=calibrations.get(key), **scales_of(key)
    )
    expected = kernel(x, packed_here, residual=residual)
    dims = dims_of(layer)
    y = elements(expected.shape, KINDS[key][3], side)
    arrays = {"x": x, "weights": weights, "bias": bias, "scale": scale, "shift": shift, "residual": residual}
    args = compute(called, dims, layer, arrays, y, side)
    assert y.tobytes() == expected.tobytes()
    assert np.unique(y.astype(float)).size > 10
    for number, array_of_call in enumerate((x, residual, y)):  # addresses that no element has
        if array_of_call.itemsize > 1:
            wrong = args.copy()
            wrong[dims.size + 5 * number] += 1
            assert called.status("run", wrong, 0, 1) == ARGUMENT


def test_headers_name_elements_scales_and_calibrations(library: Library, calibrations: dict[str, Calibration]) -> None:
    header = library.header.read_text(encoding="utf-8")
    for line in (
        "#define NET_I_ELEMENTS_OF_X NET_UINT8",
        "#define NET_I_TYPE_OF_Y int8_t",
        "#define NET_I_SCALE_OF_X 0.02f",
        "#define NET_I_ZERO_OF_Y 5",
        "#define NET_B_TYPE_OF_Y uint16_t",
        "#define NET_I_TYPE_OF_RESIDUAL uint8_t",
        "#define NET_DEPTHWISE_SCALE_OF_RESIDUAL 0.07f",
        "#define NET_PHASES_S_SCALE_OF_X 1.0f",
        f'#define NET_DIRECT_I_CALIBRATION "{digest(as_json(calibrations["direct_i"]))}"',
    ):
        assert line in header
    (document,) = (json.loads(file.read_text(encoding="utf-8")) for file in library.folder.glob("net.json"))
    layer = document["layers"]["direct_i"]
    assert layer["x"] == {"elements": "int8", "scale": 0.02, "zero_point": 3}
    assert layer["calibration"] == digest(as_json(calibrations["direct_i"]))
    assert document["layers"]["b"]["y"] == {"elements": "float16"}
    assert document["layers"]["i"]["residual"] == {"elements": "uint8", "scale": 0.07, "zero_point": 9}


@pytest.mark.parametrize(
    ("machine", "key", "runner"), [("aarch64", "i", "qemu-aarch64"), ("riscv64", "b", "qemu-riscv64")]
)
def test_other_machines_have_the_same_bits(
    machine: str, key: str, runner: str, calibrations: dict[str, Calibration], tmp_path: Path
) -> None:
    needs("make", f"{machine}-linux-gnu-gcc", runner)
    made = emit_library(
        planned(key, "generic"),
        tmp_path / "net",
        name="net",
        machine=machine,
        calibration=calibrations.get(key),
        **scales_of(key),
    )
    printed = ran("make", "-s", "test", folder=made.folder)
    assert printed.count("error 0 of") == len(printed.splitlines())


def test_direct_code_is_for_sums_that_fit(library: Library) -> None:
    dims = dims_of(LAYER)
    dims[3], dims[4], dims[7], dims[8] = 100, 100, 7, 5  # other sizes and taps
    called = Called(library.folder / "libnet.so", "net_direct_i")
    assert called.sizes(dims)[0] == OK
    dims[3], dims[4], dims[7], dims[8] = 1000, 1000, 300, 300
    assert called.sizes(dims)[0] == NO_IMPLEMENTATION


def test_code_with_a_calibration_is_for_its_channels_alone(library: Library) -> None:
    dims = dims_of(LAYER)
    dims[2] = 5
    statuses = {key: Called(library.folder / "libnet.so", f"net_{key}").sizes(dims)[0] for key in KINDS}
    assert statuses == {key: OK if key in {"b", "direct_b"} else NO_IMPLEMENTATION for key in KINDS}
    dims[2] = 0
    assert Called(library.folder / "libnet.so", "net_i").sizes(dims)[0] == ARGUMENT


def test_what_there_are_no_libraries_for_is_refused(
    plans: dict[str, LayerPlan], calibrations: dict[str, Calibration], tmp_path: Path, golden: Golden
) -> None:
    layer = wc.Layer(8, 8, (9, 9), (3, 3))
    for formats in ({"input_format": "uint8"}, {"residual_format": "uint8", "epilogue": Epilogue(residual=True)}):
        with golden.raises(DataError):
            emit_library(make_plan(layer, "F(2x2,3x3)", target="generic", **formats), tmp_path / "out")
    with golden.raises(FormatError):
        emit_library(make_plan(layer, "F(2x2,3x3)", target="generic"), tmp_path / "out", y=Affine(0.1))
    with golden.raises(FormatError):
        emit_library(plans["b"], tmp_path / "out", calibration=calibrations["i"])
    with golden.raises(FormatError):
        emit_library(plans["i"], tmp_path / "out", calibration=calibrations["phases_s"])
    with golden.raises(DataError):
        emit_library(plans["i"], tmp_path / "out")
    for wrong in ({"x": calibrations["i"]}, calibrations["i"]):
        with golden.raises(NotationError):
            emit_library(plans, tmp_path / "out", calibration=wrong)
    assert not list(tmp_path.iterdir())
