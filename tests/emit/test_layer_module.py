"""Modules of layers that take several kernels, or more than their kernel does, against the kernels of this process."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.epilogue import Epilogue
from wincook.errors import FormatError, ShapeError
from wincook.kernels import Kernel, make_plan

CUBE = wc.Layer(2, 3, (5, 6, 7), (3, 3, 3), 1, layout="NHWC")
DILATED = wc.Layer(4, 6, (9, 8), (3, 3), 1, dilation=2)
LAYERS: dict[str, tuple[wc.Layer, str, Any]] = {
    "dilated": (DILATED, "F(2x2,3x3)", Epilogue("silu", scale=True, residual=True)),
    "three axes": (CUBE, "F(2x2,3x3)", "relu"),
    "one axis": (wc.Layer(3, 4, (17,), (3,), 2, dilation=2), "F(2,3)", None),
    "phases": (wc.Layer(4, 4, (5, 5), (4, 4), 1, stride=2, transposed=True, groups=2), "direct", "gelu"),
    "phases of one axis": (wc.Layer(4, 6, (9,), (32,), stride=16, transposed=True, layout="NHWC"), "direct", None),
    "reflect": (
        wc.Layer(4, 4, (9, 9), (3, 3), 1, padding_mode="reflect"),
        "F(2x2,3x3)",
        Epilogue("relu", residual=True),
    ),
    "pooling": (wc.Layer(4, 4, (9, 9), (3, 3), 1), "F(3x3,3x3)", Epilogue(scale=True, pool="max")),
}


def emitted(name: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Kernel, Any, Path]:
    """A kernel, its module, and where that is."""
    layer, algorithm, epilogue = LAYERS[name]
    kernel = wc.compile(layer, algorithm, threads=1, target="generic", epilogue=epilogue)
    path = wc.emit(kernel.plan, folder)
    monkeypatch.syspath_prepend(str(folder))
    return kernel, importlib.import_module(path.stem), path


@pytest.mark.slow
@pytest.mark.parametrize("name", LAYERS)
def test_the_module_computes_what_the_kernel_does(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, module, path = emitted(name, tmp_path, monkeypatch)
    layer, epilogue = kernel.plan.layer, kernel.plan.epilogue
    rng = np.random.default_rng(0)
    x, weights, bias = (
        rng.uniform(-1, 1, shape) for shape in (layer.input_shape, layer.weight_shape, (layer.filters,))
    )
    given: dict[str, Any] = {"scale": rng.uniform(-1, 1, layer.filters)} if epilogue.scale else {}
    residual = rng.uniform(-1, 1, layer.output_shape) if epilogue.residual else None
    expected = kernel(x, kernel.pack(weights, bias, **given), residual=residual)
    packed = module.pack(weights, bias, **given)
    np.testing.assert_array_equal(module.convolve(x, packed, threads=2, residual=residual), expected)
    two = [None if images is None else np.concatenate([images, images]) for images in (x, residual)]
    np.testing.assert_array_equal(module.convolve(two[0], packed, residual=two[1])[1:], expected)
    assert path == wc.emit(kernel.plan, tmp_path)  # of the same bytes, the same name


@pytest.mark.slow
def test_it_comes_with_its_test_and_needs_no_wincook(tmp_path: Path) -> None:
    layer, algorithm, epilogue = LAYERS["dilated"]
    path = wc.emit(make_plan(layer, algorithm, threads=1, target="generic", epilogue=epilogue), tmp_path)
    test = f"import sys; sys.modules['wincook'] = None; import test_{path.stem} as test; test.test_the_layer()"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    subprocess.run([sys.executable, "-c", test], cwd=tmp_path, env=environment, check=True)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("y = y + residual", "y = y - residual"), encoding="utf-8")
    failed = subprocess.run(
        [sys.executable, "-c", test], cwd=tmp_path, env=environment, check=False, capture_output=True
    )
    assert b"is more than" in failed.stderr


def test_wrong_arguments_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kernel, module, _ = emitted("one axis", tmp_path, monkeypatch)
    layer = kernel.plan.layer
    x, weights = np.ones(layer.input_shape), np.ones(layer.weight_shape)
    packed = module.pack(weights)
    calls: tuple[tuple[Callable[[], Any], str], ...] = (
        (lambda: module.pack(weights[1:]), "weights has the shape"),
        (lambda: module.pack(weights.astype(str)), "weights must hold real numbers"),
        (lambda: module.pack(weights, scale=np.ones(4)), "without a scale"),
        (lambda: module.convolve(x[:, 1:], packed), "x has the shape"),
        (lambda: module.convolve(x[:0], packed), "it must hold images"),
        (lambda: module.convolve(np.float32(1), packed), "it must hold images"),
        (lambda: module.convolve(x, packed, residual=x), "without a residual"),
    )
    for call, fault in calls:
        with pytest.raises(ValueError, match=fault):
            call()
    with pytest.raises(TypeError, match="not a tuple"):
        module.convolve(x, ())


@pytest.mark.parametrize("kind", ["llvm", "asm"])
def test_listings_are_of_one_kernel(kind: Any, tmp_path: Path) -> None:
    with pytest.raises(ShapeError, match=f"{kind} is the code of one kernel"):
        wc.emit(make_plan(DILATED, "F(2x2,3x3)"), tmp_path, kind)
    assert not list(tmp_path.iterdir())


def test_layers_with_other_elements_than_floats_have_no_module(tmp_path: Path) -> None:
    layer = wc.Layer(4, 4, (9, 9), (3, 3), padding=1, padding_mode="reflect")
    for name in ("input_format", "output_format"):
        narrow: dict[str, Any] = {name: "bfloat16"}
        decided = make_plan(layer, "F(2x2,3x3)", target="generic", threads=1, **narrow)
        with pytest.raises(FormatError, match=f"emit a library, or plan it without {name} = bfloat16"):
            wc.emit(decided, tmp_path)
    assert not list(tmp_path.iterdir())
