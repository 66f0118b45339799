"""Layers of several kernels as plain C: the bits of this process from several compilers, within walls."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, Called, dims_of
from tests.emit.library.test_narrow import elements
from tests.emit.library.tools import needs, ran
from tests.emit.library.within_walls import compute
from tests.emit.plain_c.builds import built
from tests.emit.plain_c.test_narrow import Case, arrays_of, emitted
from wincook.emit import emit_c
from wincook.epilogue import Epilogue
from wincook.errors import NotationError, ShapeError
from wincook.kernels import make_plan
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.compile import kernel_of
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.formats import ElementFormat

pytestmark = pytest.mark.slow
EVERYTHING = Epilogue("silu", scale=True, residual=True, pool="max")
SMALL, LAYER = "F(2x2,3x3)", partial(wc.Layer, size=(7, 9), kernel=(3, 3))
UP = partial(wc.Layer, size=(5, 6), transposed=True)
IN_FLOATS: tuple[str, ElementFormat, ElementFormat] = ("float32", "float32", "float32")
CASES = {
    "parts": Case(SMALL, LAYER(6, 10, padding=((1, 1), (0, 1)), dilation=2, groups=2), IN_FLOATS, EVERYTHING),
    "turns": Case(
        SMALL,
        LAYER(10, 6, padding=2, padding_mode="reflect", layout="NHWC", groups=2, batch=2),
        ("int8", "uint8", "uint8"),
        Epilogue("relu6", scale=True, residual=True),
        "bfloat16",
    ),
    "phases": Case("direct", UP(6, 4, kernel=(3, 4), stride=(3, 2), groups=2), ("bfloat16", "float32", "bfloat16")),
    "converted": Case(
        "direct", LAYER(5, 7, padding=1), ("float32", "uint8", "int8"), Epilogue(residual=True, pool="average"), "uint8"
    ),
    "phases of a tile": Case(SMALL, UP(4, 6, kernel=(6, 6), stride=2, layout="NHWC"), ("int16", "int8", "float16")),
    "a replicated line": Case("F(2,3)", wc.Layer(6, 5, (20,), (6,), 3, stride=2, padding_mode="replicate"), IN_FLOATS),
}
BUILD_OF = {
    "parts": "widest",
    "turns": "four",
    "phases": "none",
    "converted": "eight",
    "phases of a tile": "widest",
    "a replicated line": "none",
}
AT_NIGHT = {"phases of a tile", "a replicated line"}


@pytest.mark.parametrize("key", [pytest.param(key, marks=[pytest.mark.nightly] * (key in AT_NIGHT)) for key in CASES])
def test_the_bits_are_those_of_kernels_whatever_the_compiler(key: str, tmp_path: Path) -> None:
    case = CASES[key]
    layer, plan, said = case.layer, case.plan, case.said
    assert is_composed(plan)
    called, arrays = Called(built(emitted(case, tmp_path), BUILD_OF[key]), "conv"), arrays_of(case)
    kernel, of_filters = kernel_of(plan), {name: arrays[name] for name in ("scale", "shift")}
    filters = kernel.pack(arrays["weights"], arrays["bias"], **of_filters, **said)
    expected = kernel(arrays["x"], filters, residual=arrays["residual"])
    assert np.unique(expected.astype(float)).size > 10
    dims = dims_of(with_two_axes(layer))
    _, sizes = called.sizes(dims)
    for side in ("end", "start"):
        y = elements(expected.shape, case.formats[2], side)
        args = compute(called, dims, layer, arrays, y, side)
        assert y.tobytes() == expected.tobytes()
        assert called.status("run", args, 0, sizes["items"] + 1) == ARGUMENT
        args.arrays[3][0] ^= 1
        assert called.status("run", args, 0, 1) == ARGUMENT  # packed by other code
    dims[1] *= 3
    assert called.sizes(dims)[1]["items"] == 3 * sizes["items"]
    for number in (2, 4, 5, 7, 9, 11, 13):  # channels, width, filters, taps, stride, dilation, padding
        other = dims.copy()
        other[number] += layer.groups
        assert called.sizes(other)[0] == NO_IMPLEMENTATION


@pytest.mark.nightly
@pytest.mark.parametrize("key", CASES)
def test_a_sanitizer_finds_nothing_and_the_test_in_c_passes(key: str, tmp_path: Path) -> None:
    needs("gcc")
    folder, sanitizers = emitted(CASES[key], tmp_path), ("-fsanitize=address,undefined", "-fno-sanitize-recover")
    texts = [text.name for text in folder.glob("conv*.c")]
    ran("gcc", "-O1", "-march=native", *sanitizers, "test.c", *texts, "-lm", "-o", "test", folder=folder)
    assert json.loads(ran("./test", "--json", folder=folder))["right"]


@pytest.mark.nightly
@pytest.mark.parametrize("arch", ["aarch64", "riscv64"])
def test_other_processors_compute_the_same_under_emulation(arch: str, tmp_path: Path) -> None:
    needs("make", f"{arch}-linux-gnu-gcc", f"qemu-{arch}")
    folder = emitted(CASES["turns"], tmp_path)
    assert "right" in ran("make", "-s", "test", f"ARCH={arch}", "CFLAGS=-O1", folder=folder)


def test_kernels_are_there_once_and_have_names_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    plain = LAYER(6, 10)
    several: dict[str, Any] = {"a": LAYER(6, 10, padding=1, padding_mode="reflect"), "b": LAYER(6, 10, dilation=2)}
    plans = {key: make_plan(layer, SMALL, target="generic", threads=1) for key, layer in several.items()}
    emitted = emit_c(plans, tmp_path / "net", name="net")
    texts = {file for file in emitted.files if file.endswith(".c")} - {"test.c", "example.c"}
    assert texts == {"net_a.c", "net_b.c", "net_kernel_f2x2_3x3_nchw.c"}
    plans["c"] = make_plan(plain, SMALL, target="generic", threads=1)
    emitted = emit_c(plans, tmp_path / "more", name="net")
    texts = {file for file in emitted.files if file.endswith(".c")} - {"test.c", "example.c"}
    assert texts == {"net_a.c", "net_b.c", "net_c.c"}  # which is the kernel of the others, too
    taken = {"a": plans["a"], "kernel_f2x2_3x3_nchw": plans["b"]}
    with pytest.raises(NotationError, match="the key kernel_f2x2_3x3_nchw is that of a kernel"):
        emit_c(taken, tmp_path / "taken", name="net")
    cube = make_plan(wc.Layer(2, 2, (5, 5, 5), (3, 3, 3)), SMALL, target="generic", threads=1)
    with pytest.raises(ShapeError, match="one axis or two"):
        emit_c(cube, tmp_path / "cube")
