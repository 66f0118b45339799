"""Plain C whose products, x or y are narrow: the bits of the interpreter, within walls, and what it refuses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, OK, Called, dims_of
from tests.emit.library.test_narrow import elements
from tests.emit.library.tools import needs, ran
from tests.emit.library.within_walls import compute
from tests.emit.plain_c.builds import BUILDS, built
from tests.kernels.guarded import filled
from wincook.analysis.measurement.simulate_direct import simulate_direct
from wincook.arrays import Array
from wincook.emit import emit_c
from wincook.epilogue import Epilogue
from wincook.epilogue.epilogue import NOTHING
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.kernels import LayerPlan, make_plan
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.program.bfloat16 import put_elements
from wincook.quantisation import Affine, Calibration, calibrate
from wincook.quantisation.factors import requantised

pytestmark = pytest.mark.slow
X, Y, RESIDUAL = Affine(0.02, 3), Affine(0.03, 5), Affine(0.01, 7)


@dataclass(frozen=True, slots=True)
class Case:
    """An algorithm for a layer, the formats of products, x and y, and what follows."""

    algorithm: str
    layer: wc.Layer
    formats: tuple[str, ElementFormat, ElementFormat]  # of products, x and y
    epilogue: Epilogue = NOTHING
    residual: ElementFormat = "float32"

    @property
    def plan(self) -> LayerPlan:
        format, x, y = self.formats
        given: dict[str, Any] = {"format": format, "input_format": x, "output_format": y, "epilogue": self.epilogue}
        given |= {"residual_format": self.residual}
        return make_plan(self.layer, self.algorithm, target="generic", threads=1, **given)

    @property
    def calibration(self) -> Calibration | None:
        if self.formats[0] not in {"int8", "int16"}:
            return None
        images = np.abs(np.random.default_rng(1).standard_normal((2, *self.layer.input_shape[1:]))).astype(np.float32)
        return calibrate(self.layer, self.method, images, format=self.formats[0], x=X, y=Y)

    @property
    def said(self) -> dict[str, Any]:
        """The calibration, and the scales that it does not have."""
        elements = {"x": self.formats[1], "y": self.formats[2], "residual": self.residual}
        known = {"x", "y"} if self.calibration else set()
        scales = {"x": X, "y": Y, "residual": RESIDUAL}
        of_8_bits = {name: scales[name] for name in elements.keys() - known if elements[name] in {"uint8", "int8"}}
        return {"calibration": self.calibration, **of_8_bits}

    @property
    def method(self) -> Any:
        return self.plan.plans[0].algorithm if self.plan.plans[0].tiled else self.algorithm


def layer_of(channels: int, filters: int, layout: Any = "NCHW", **steps: Any) -> wc.Layer:
    return wc.Layer(channels, filters, (7, 11), (3, 3), padding=((1, 1), (0, 2)), layout=layout, **steps)


SMALL, LARGER = "F(2x2,3x3)", "F(4x4,3x3)"
CASES = {
    "bfloat16": Case(
        SMALL, layer_of(11, 20), ("bfloat16", "bfloat16", "float16"), Epilogue("silu", residual=True, pool="max")
    ),
    "bfloat16, strided": Case(f"{SMALL}/2", layer_of(19, 7, "NHWC", stride=2), ("bfloat16", "float32", "bfloat16")),
    "bfloat16, direct": Case("direct", layer_of(5, 20, stride=(1, 2)), ("bfloat16", "float16", "float32")),
    "integers": Case(LARGER, layer_of(9, 20, "NHWC"), ("int8", "uint8", "uint8"), Epilogue("relu6", scale=True)),
    "in 16 bits": Case(SMALL, layer_of(10, 9), ("int8", "int8", "int8"), Epilogue("relu", residual=True, pool="max")),
    "int16": Case(LARGER, layer_of(9, 20), ("int16", "bfloat16", "float32")),
    "integers, direct": Case("direct", layer_of(18, 9, "NHWC", batch=2), ("int8", "int8", "uint8"), Epilogue("relu")),
    "int16, direct": Case("direct", layer_of(3, 9, dilation=2), ("int16", "float32", "float16")),
    "elements": Case(
        SMALL, layer_of(5, 9, "NHWC"), ("float32", "int8", "uint8"), Epilogue("gelu", residual=True), "uint8"
    ),
    "elements, depthwise, centred": Case("depthwise", layer_of(4, 4, groups=4), ("float32", "uint8", "float32")),
    "residual": Case("direct", layer_of(5, 9), ("bfloat16", "float32", "float32"), Epilogue(residual=True), "float16"),
    "elements, depthwise": Case(
        "depthwise", layer_of(4, 8, groups=4, stride=(1, 2)), ("float32", "bfloat16", "float16")
    ),
}
BUILD_OF = {
    "bfloat16": "eight",
    "bfloat16, strided": "none",
    "bfloat16, direct": "four",
    "integers": "none",
    "in 16 bits": "widest",
    "int16": "four",
    "integers, direct": "four",
    "int16, direct": "none",
    "elements": "four",
    "elements, depthwise, centred": "none",
    "residual": "none",
    "elements, depthwise": "none",
}
SEVERAL = [  # each case with one build, and every night with all
    pytest.param(case, build, marks=[] if BUILD_OF[case] == build else pytest.mark.nightly, id=f"{case}, {build}")
    for case, build in product(CASES, BUILDS)
]
FIRST = ("aarch64", "bfloat16, direct")


def first(array: Array, layer: wc.Layer) -> Array:
    return np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array


def expected_of(case: Case, arrays: dict[str, Any]) -> Array:
    """y as the interpreter has it: sums, and what follows in float32; then it is rounded."""
    layer, (format, _, y_format), calibration = case.layer, case.formats, case.calibration
    policy = "float32" if format == "float32" or calibration else f"{format}-dot"
    given = {"layer": layer, "x": arrays["x"], "weights": arrays["weights"]}
    if format == "float32" and case.formats[1] in {
        "uint8",
        "int8",
    }:  # less the zero point, and the scale in the weights
        given["x"] = (arrays["x"].astype(np.float32) - np.float32(X.zero_point)).astype(np.float32)
        given["weights"] = arrays["weights"] * np.float32(X.scale)
    if case.plan.plans[0].tiled:
        sums = wc.analysis.simulate(case.method, policy, **given, calibration=calibration)
    else:
        sums = simulate_direct(policy, **given, calibration=calibration)
    residual = None if arrays["residual"] is None else first(arrays["residual"], layer).astype(np.float32)
    if case.residual in {"uint8", "int8"} and residual is not None:
        residual = (residual - np.float32(RESIDUAL.zero_point)) * np.float32(RESIDUAL.scale)
    operands = Operands(arrays["scale"], arrays["shift"], residual)
    y = finish(case.epilogue, first(sums, layer), operands, bias=arrays["bias"])
    if y_format in {"uint8", "int8"}:
        rounded = requantised(y, Y, y_format)
    else:
        rounded = np.empty(y.shape, dtype_of(y_format))
        put_elements(rounded, y)
    return np.ascontiguousarray(np.moveaxis(rounded, 1, -1) if layer.layout == "NHWC" else rounded)


def arrays_of(case: Case, side: str = "end") -> dict[str, Any]:
    layer, epilogue, rng = case.layer, case.epilogue, np.random.default_rng(3)
    x = elements(layer.input_shape, case.formats[1], side)
    x[...] = rng.integers(0, 100, x.shape) if x.dtype.kind in "iu" else rng.uniform(-1, 1, x.shape)
    arrays: dict[str, Any] = {"x": x, "weights": filled(layer.weight_shape, side, rng)}
    arrays["bias"] = filled((layer.filters,), side, rng)
    arrays |= {name: filled((layer.filters,), side, rng) if epilogue.scale else None for name in ("scale", "shift")}
    arrays["residual"] = None
    if epilogue.residual:
        arrays["residual"] = elements(layer.output_shape, case.residual, side)
        numbers = (
            rng.integers(0, 100, layer.output_shape)
            if case.residual == "uint8"
            else rng.uniform(-1, 1, layer.output_shape)
        )
        arrays["residual"][...] = numbers
    return arrays


def emitted(case: Case, folder: Path) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder))  # nothing is compiled yet
        return emit_c(case.plan, folder / "conv", name="conv", **case.said).folder


@pytest.mark.parametrize(("key", "build"), SEVERAL)
def test_the_bits_are_those_of_the_interpreter_whatever_the_compiler(key: str, build: str, tmp_path: Path) -> None:
    case = CASES[key]
    layer, arrays, called = case.layer, arrays_of(case), Called(built(emitted(case, tmp_path), build), "conv")
    expected = expected_of(case, arrays)
    assert np.unique(expected.astype(float)).size > 10
    for panel, side in ((0, "end"), (3, "start")):
        dims = dims_of(layer, panel=panel)
        y = elements(expected.shape, case.formats[2], side)
        args = compute(called, dims, layer, arrays, y, side)
        assert y.tobytes() == expected.tobytes()
        for number, given in enumerate((arrays["x"], y)):  # addresses that no element has
            if given.itemsize > 1:
                wrong = args.copy()
                wrong[dims.size + 10 * number] += 1
                assert called.status("run", wrong, 0, 1) == ARGUMENT
        dims[2] += layer.groups
        assert called.sizes(dims)[0] == (NO_IMPLEMENTATION if case.calibration or layer.groups > 1 else OK)


@pytest.mark.nightly
@pytest.mark.parametrize("key", CASES)
def test_a_sanitizer_finds_nothing_and_the_test_in_c_passes(key: str, tmp_path: Path) -> None:
    needs("gcc")
    folder, sanitizers = emitted(CASES[key], tmp_path), ("-fsanitize=address,undefined", "-fno-sanitize-recover")
    ran("gcc", "-O1", "-march=native", *sanitizers, "test.c", "conv.c", "-lm", "-o", "test", folder=folder)
    assert json.loads(ran("./test", "--json", folder=folder))["right"]


@pytest.mark.parametrize(
    ("arch", "key"),
    [
        pytest.param(arch, key, marks=[] if (arch, key) == FIRST else pytest.mark.nightly, id=f"{arch}, {key}")
        for arch, key in product(("aarch64", "riscv64"), CASES)
    ],
)
def test_other_processors_compute_the_same_under_emulation(arch: str, key: str, tmp_path: Path) -> None:
    needs("make", f"{arch}-linux-gnu-gcc", f"qemu-{arch}")
    assert "right" in ran("make", "-s", "test", f"ARCH={arch}", "CFLAGS=-O1", folder=emitted(CASES[key], tmp_path))
