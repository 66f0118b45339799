"""Kernels as plain C: the bits of the interpreter from several compilers, without a warning, within walls."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from tests.emit.library.called import ARGUMENT, NO_IMPLEMENTATION, OK, TOO_SMALL, Called, arguments, dims_of
from tests.emit.library.tools import needs, ran
from tests.emit.library.within_walls import compute
from tests.emit.plain_c.builds import BUILDS, built
from tests.golden import Golden
from tests.kernels.guarded import filled, walled
from wincook.arrays import Array
from wincook.emit import emit_c
from wincook.epilogue import Epilogue
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.errors import NotationError, OutputError
from wincook.formats import FLOAT32
from wincook.kernels import LayerPlan, make_plan
from wincook.program import rounding

STEPS: dict[str, Any] = {"size": (9, 23), "padding": ((1, 1), (0, 2))}
CASES: dict[str, tuple[str, wc.Layer, Epilogue | None]] = {
    "tile": (
        "F(2x2,3x3)",
        wc.Layer(10, 20, kernel=(3, 3), **STEPS),
        Epilogue("silu", scale=True, residual=True, pool="max"),
    ),
    "tile, channels last": (
        "F(2x2,3x3)/2",
        wc.Layer(70, 20, kernel=(3, 3), stride=2, batch=2, layout="NHWC", **STEPS),  # channels of three chains
        Epilogue("gelu", residual=True),
    ),
    "direct": (
        "direct",
        wc.Layer(12, 30, kernel=(3, 2), stride=(1, 2), dilation=(2, 1), groups=2, **STEPS),
        Epilogue("relu6", pool="average"),
    ),
    "direct, channels last": (
        "direct",
        wc.Layer(6, 20, kernel=(2, 3), groups=2, batch=2, layout="NHWC", **STEPS),
        Epilogue("clamp(-1, 2)", scale=True, pool="max"),
    ),
    "depthwise": ("depthwise", wc.Layer(5, 10, kernel=(3, 3), groups=5, stride=(1, 2), **STEPS), Epilogue(pool="max")),
    "depthwise, channels last": (
        "depthwise",
        wc.Layer(20, 20, kernel=(3, 5), groups=20, layout="NHWC", dilation=(1, 2), **STEPS),
        Epilogue("leaky(0.1)", residual=True),
    ),
}
SEVERAL = [  # each build with some cases, and every night with all
    pytest.param(case, build, marks=[] if (i + j) % 3 == 0 else pytest.mark.nightly, id=f"{case}, {build}")
    for (i, case), (j, build) in product(enumerate(CASES), enumerate(BUILDS))
]
NIGHTLY_BUT_FIRST = [pytest.param(case, marks=[] if i == 0 else pytest.mark.nightly) for i, case in enumerate(CASES)]


@dataclass(frozen=True)
class Made:
    """A plan, the folder of its text, arrays of its layer by name, and y as it must be."""

    plan: LayerPlan
    folder: Path
    arrays: dict[str, Any]
    expected: Array


def chained(layer: wc.Layer, x: Array, weights: Array) -> Array:
    """Sums of products as direct kernels have them: for each output one chain of fmas, taps last or channels last."""
    image = np.pad(x, ((0, 0), (0, 0), *layer.pads))
    down, across = layer.axes
    (height, width), channels = layer.output_size, layer.channels // layer.groups
    of_filter = np.arange(layer.filters) // (layer.filters // layer.groups) * channels
    taps = list(product(range(down.kernel), range(across.kernel)))
    terms = list(product(range(channels), taps))
    if layer.layout == "NHWC":
        terms.sort(key=lambda term: (term[1], term[0]))
    y = np.zeros((layer.batch, layer.filters, height, width), np.float32)
    for channel, (i, j) in terms:
        rows = slice(i * down.dilation, i * down.dilation + (height - 1) * down.stride + 1, down.stride)
        columns = slice(j * across.dilation, j * across.dilation + (width - 1) * across.stride + 1, across.stride)
        y = rounding.fma(
            image[:, of_filter + channel, rows, columns], weights[:, channel, i, j, None, None], y, FLOAT32
        )
    return y


def expected_of(algorithm: str, plan: LayerPlan, arrays: dict[str, Any]) -> Array:
    layer, epilogue = plan.layer, plan.epilogue
    given = {name: arrays[name] for name in ("scale", "shift", "residual")}
    if plan.plans[0].tiled:
        exact = {"layer": layer, "x": arrays["x"], "weights": arrays["weights"], "bias": arrays["bias"]}
        return wc.analysis.simulate(plan.plans[0].algorithm, **exact, epilogue=epilogue, **given)
    first = (lambda array: np.moveaxis(array, -1, 1)) if layer.layout == "NHWC" else np.asarray
    sums = chained(layer, first(arrays["x"]), arrays["weights"])
    residual = None if arrays["residual"] is None else first(arrays["residual"])
    y = finish(epilogue, sums, Operands(arrays["scale"], arrays["shift"], residual), bias=arrays["bias"])
    return np.moveaxis(y, 1, -1) if layer.layout == "NHWC" else y


@pytest.fixture(scope="module")
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    algorithm, layer, epilogue = CASES[request.param]
    plan = make_plan(layer, algorithm, target="generic", threads=1, epilogue=epilogue)
    folder = tmp_path_factory.mktemp("plain") / "conv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(folder))  # nothing is compiled yet
        emit_c(plan, folder, name="conv")
    rng = np.random.default_rng(3)
    array = partial(filled, side="end", rng=rng)
    arrays: dict[str, Any] = {"x": array(layer.input_shape), "weights": array(layer.weight_shape)}
    arrays["bias"] = array((layer.filters,))
    arrays |= {name: array((layer.filters,)) if plan.epilogue.scale else None for name in ("scale", "shift")}
    arrays["residual"] = array(layer.output_shape) if plan.epilogue.residual else None
    return Made(plan, folder, arrays, expected_of(algorithm, plan, arrays))


@pytest.mark.slow
@pytest.mark.parametrize(("made", "build"), SEVERAL, indirect=["made"])
def test_the_bits_are_those_of_the_interpreter_whatever_the_compiler(made: Made, build: str) -> None:
    called, layer, arrays = Called(built(made.folder, build), "conv"), made.plan.layer, made.arrays
    for panel, side in ((0, "end"), (1, "start"), (3, "end"), (10**6, "start")):
        dims = dims_of(layer, panel=panel)
        _, sizes = called.sizes(dims)
        assert sizes["y"] == made.plan.output_shape
        y = walled(made.expected.size, side).reshape(made.expected.shape)
        compute(called, dims, layer, arrays, y, side)
        np.testing.assert_array_equal(y.view(np.int32), made.expected.view(np.int32))


@pytest.mark.parametrize("made", CASES, indirect=True)
def test_what_cannot_be_is_a_status(made: Made) -> None:
    needs("gcc")
    ran("gcc", "-O0", "-DNO_VECTORS", "-fPIC", "-shared", "conv.c", "-o", "status.so", "-lm", folder=made.folder)
    called, layer, arrays = Called(made.folder / "status.so", "conv"), made.plan.layer, made.arrays
    dims, family = dims_of(layer), made.plan.plans[0].family
    _, sizes = called.sizes(dims)
    packed, workspace = (walled(sizes[name] // 4, "end").view(np.uint8) for name in ("packed", "workspace"))
    given = (arrays["weights"], None, None, None, packed, packed.nbytes)
    assert called.status("pack", dims, *given) == OK
    y = walled(made.expected.size, "end")
    right = arguments(dims, arrays["x"], arrays["residual"], y, packed, workspace)
    assert called.status("run", right, 0, 0) == OK

    def status(number: int, value: int, begin: int = 0, end: int = 0) -> int:
        changed = right.copy()
        changed[number] = value
        return called.status("run", changed, begin, end)

    count = dims.size
    for number in (count, count + 10, count + 15, count + 16):  # x, y, packed weights, workspace
        assert status(number, 0) == ARGUMENT
        assert status(number, int(right[number]) + 1) == ARGUMENT
    assert status(count + 5, 0 if arrays["residual"] is not None else y.ctypes.data) == ARGUMENT
    assert status(count + 17, sizes["workspace"] - 1) == TOO_SMALL
    assert status(count + 4, 2) == NO_IMPLEMENTATION  # strides of x
    assert status(5, layer.filters + layer.groups) == ARGUMENT  # weights packed for other filters
    for begin, end in ((-1, 0), (1, 0), (0, sizes["items"] + 1)):
        assert called.status("run", right, begin, end) == ARGUMENT
    assert called.status("run", None, 0, 0) == ARGUMENT
    assert called.status("pack", dims, None, *given[1:]) == ARGUMENT
    assert called.status("query", None, right, right, right) == ARGUMENT
    assert called.status("query", dims, right, None, right) == ARGUMENT
    largest = 2**31 - 1
    wrong = [(0, 3, NO_IMPLEMENTATION), (2, -1, ARGUMENT), (3, 2**62, ARGUMENT), (1, largest, ARGUMENT)]
    wrong += [(number, number, NO_IMPLEMENTATION) for number in (7, 9, 11)] * (family != "direct")
    for number, value, expected in wrong:  # variant, channels, height, batch; taps, stride, dilation
        other = dims.copy()
        other[number] = value
        assert called.sizes(other)[0] == expected


@pytest.mark.parametrize("made", NIGHTLY_BUT_FIRST, indirect=True)
def test_a_sanitizer_finds_nothing_and_the_test_in_c_passes(made: Made) -> None:
    needs("gcc")
    sanitizers = ("-fsanitize=address,undefined", "-fno-sanitize-recover")
    ran("gcc", "-O1", "-march=native", *sanitizers, "test.c", "conv.c", "-lm", "-o", "test", folder=made.folder)
    found = json.loads(ran("./test", "--json", folder=made.folder))
    assert found["right"]
    assert len(found["layers"]) == 2


@pytest.mark.nightly
@pytest.mark.parametrize("arch", ["aarch64", "riscv64"])
@pytest.mark.parametrize("made", CASES, indirect=True)
def test_other_processors_compute_the_same_under_emulation(made: Made, arch: str, tmp_path: Path) -> None:
    needs("make", f"{arch}-linux-gnu-gcc", f"qemu-{arch}")
    shutil.copytree(made.folder, tmp_path / arch)
    assert "right" in ran("make", "-s", "test", f"ARCH={arch}", "CFLAGS=-O1", folder=tmp_path / arch)


@pytest.mark.parametrize("made", ["direct"], indirect=True)
def test_arithmetic_that_changes_results_is_refused(made: Made) -> None:
    for compiler, option in (("gcc", "-ffast-math"), ("gcc", "-funsafe-math-optimizations"), ("clang", "-ffast-math")):
        needs(compiler)
        ran(compiler, option, "-fsyntax-only", "conv.c", folder=made.folder, code=1)


def test_several_plans_make_one_library(tmp_path: Path) -> None:
    needs("make", "gcc", "g++", "ar")
    plans = {
        "a": make_plan(wc.Layer(8, 24, (9, 9), (3, 3)), "F(2x2,3x3)", target="generic"),
        "b": make_plan(wc.Layer(8, 64, (12, 9), (3, 3)), "F(2x2,3x3)", target="generic"),
        "c": make_plan(wc.Layer(3, 8, (9, 9), (2, 2), layout="NHWC"), "direct", target="generic"),
    }
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CFLAGS", "-O1")
        emitted = emit_c(plans, tmp_path / "net", name="net")
        assert not emitted.unlinked
        assert {"net_a.c", "net_c.c", "net.h", "libnet.a", "libnet.so"} <= {*emitted.files}
        assert "net_b.c" not in emitted.files  # which is computed by the same code
        printed = ran("make", "-s", "test", "threads", folder=emitted.folder)
    assert all(f" {key}, layer" in printed for key in plans)
    assert "WRONG" not in printed
    assert "3 ways to compute" in printed


def test_what_cannot_be_plain_c_is_refused(tmp_path: Path, golden: Golden, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    plain = make_plan(wc.Layer(8, 8, (14, 14), (3, 3)), "F(2x2,3x3)", target="generic")
    with golden.raises(NotationError, match="another text"):
        emit_c(plain, tmp_path / "conv", name="test")
    for wrong in ({"name": "int"}, {"plans": None}, {"folder": 3}, {"force": "yes"}):
        with pytest.raises(NotationError):
            emit_c(**{"plans": plain, "folder": tmp_path / "conv", **wrong})  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not empty"):
        emit_c(plain, tmp_path)
    first, second = (emit_c(plain, tmp_path / name, name="conv") for name in ("first", "second"))
    for file in first.files:
        assert (first.folder / file).read_bytes() == (second.folder / file).read_bytes()
    assert "make" in first.unlinked
    document = json.loads((first.folder / "conv.json").read_text(encoding="utf-8"))
    assert document["machine"] == "any processor"
    assert {"triple", "compilers"}.isdisjoint(document)
    assert document["files"].keys() >= {"conv.c", "conv.h", "test.c"}
