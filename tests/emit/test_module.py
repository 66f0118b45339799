from __future__ import annotations

import ast
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.analysis.bounds.worst_case import error_bound
from wincook.epilogue import Epilogue
from wincook.errors import NotationError, OutputError
from wincook.formats import FLOAT32
from wincook.kernels import make_plan
from wincook.kernels.codegen.source import module_source
from wincook.kernels.target import host_processor

PLAN = wc.compile(wc.Layer(5, 18, (9, 8), (3, 3), padding=1), "F(2x2,3x3)").plan

# Runs in a process where wincook cannot be imported.
CALLER = """
import importlib.util, sys
sys.modules["wincook"] = None
import numpy as np
spec = importlib.util.spec_from_file_location("emitted", sys.argv[1])
emitted = importlib.util.module_from_spec(spec)
sys.modules["emitted"] = emitted
spec.loader.exec_module(emitted)
data = np.load(sys.argv[2])
packed = emitted.pack(data["weights"], data["bias"])
np.save(sys.argv[3], emitted.convolve(data["x"], packed, ((1, 1), (1, 1)), threads=2))
print(emitted.stripe.cache_hits)
"""


def run(*arguments: str, folder: Path) -> int:
    """How often machine code came from the cache folder, which starts empty."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    environment["WINCOOK_CACHE_DIR"] = str(folder / "cache")
    done = subprocess.run(
        [sys.executable, "-c", CALLER, *arguments],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return int(done.stdout)


@pytest.mark.slow
def test_an_emitted_module_runs_without_wincook_and_caches(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    layer = PLAN.layer
    x, weights, bias = (rng.uniform(-1, 1, shape) for shape in (layer.input_shape, layer.weight_shape, (18,)))
    np.savez(tmp_path / "data.npz", x=x, weights=weights, bias=bias)
    path = wc.emit(PLAN, tmp_path)
    arguments = (str(path), str(tmp_path / "data.npz"), str(tmp_path / "y.npy"))
    assert run(*arguments, folder=tmp_path) == 0
    kernel = wc.compile(layer, PLAN.plans[0].algorithm)
    np.testing.assert_array_equal(np.load(tmp_path / "y.npy"), kernel(x, kernel.pack(weights, bias)))
    assert run(*arguments, folder=tmp_path) == 1


@pytest.mark.slow
def test_the_header_says_what_it_is(tmp_path: Path) -> None:
    text = wc.emit(PLAN, tmp_path).read_text(encoding="utf-8")
    header = ast.get_docstring(ast.parse(text)) or ""
    for word in ("F(2x2,3x3)", "0, ±1, ∞", "16 per tile", "error bound", PLAN.target.isa.name, wc.__version__):
        assert word in header


def test_the_bound_in_the_header_is_not_rounded_down(tmp_path: Path) -> None:
    lines = wc.emit(PLAN, tmp_path).read_text(encoding="utf-8").splitlines()
    line = next(line for line in lines if "with e = " in line)
    stated = re.findall(r"([\d.e+-]+) for C = (\d+)", line)
    assert len(stated) == 3
    for number, channels in stated:
        exact = error_bound(PLAN.plans[0].algorithm, FLOAT32, int(channels))
        assert exact <= float(number) <= 1.1 * exact


@pytest.mark.parametrize("scales", [(1.0, 1.0), (1e-12, 1e-12), (1e-12, 3e4), (255.0, 1e9)])
def test_the_bound_in_the_header_holds_for_data_of_any_size_that_it_names(scales: tuple[float, float]) -> None:
    """The least magnitude stands in the header; there the rigorous bound, underflow included, is no larger."""
    lines = " ".join(module_source(PLAN.plans[0]).split())
    assert "whose largest magnitudes are at least 1e-12" in lines
    x_max, w_max = scales
    for number, channels in re.findall(r"([\d.e+-]+) for C = (\d+)", lines):
        rigorous = error_bound(PLAN.plans[0].algorithm, FLOAT32, int(channels), d_max=x_max, g_max=w_max)
        assert rigorous <= float(number) * x_max * w_max


def test_the_header_holds_the_hash_of_the_code(tmp_path: Path) -> None:
    text = wc.emit(PLAN, tmp_path).read_text(encoding="utf-8")
    header, code = text.split('"""\n\n', 1)
    assert f"code            {hashlib.sha256(code.encode()).hexdigest()[:12]}" in header


def test_the_module_imports_only_numpy_numba_and_the_standard_library(tmp_path: Path) -> None:
    tree = ast.parse(wc.emit(PLAN, tmp_path).read_text(encoding="utf-8"))
    imported = {(node.module or "").split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)} | {
        alias.name.split(".")[0] for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names
    }
    assert imported <= {"numpy", "numba", "llvmlite"} | sys.stdlib_module_names


def test_the_same_plan_gives_the_same_file_and_it_is_formatted(tmp_path: Path) -> None:
    first, second = wc.emit(PLAN, tmp_path / "a"), wc.emit(PLAN, tmp_path / "b")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()
    assert max(map(len, first.read_text(encoding="utf-8").splitlines())) <= 120


def test_bad_folders_and_kinds_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="file"):
        wc.emit(PLAN, tmp_path / "file")
    with pytest.raises(NotationError, match="module"):
        wc.emit(PLAN, tmp_path, kind="fortran")  # type: ignore[arg-type]


def test_a_module_does_what_follows(tmp_path: Path) -> None:
    layer = PLAN.layer
    epilogue = Epilogue("relu", scale=True, residual=True, pool="max")
    kernel = wc.compile(layer, "F(2x2,3x3)", threads=1, target="generic", epilogue=epilogue)
    path = wc.emit(kernel.plan, tmp_path)
    assert path.name == "wincook_f2x2_3x3_nchw_scale_residual_relu_max_pool_generic.py"
    shapes = (layer.input_shape, layer.weight_shape, (18,), layer.output_shape)
    x, weights, scale, residual = (np.random.default_rng(0).uniform(-1, 1, shape) for shape in shapes)
    module = kernel.modules[0]
    y = module.convolve(x, module.pack(weights, scale=scale), layer.pads, residual=residual)
    np.testing.assert_array_equal(y, kernel(x, kernel.pack(weights, scale=scale), residual=residual))


def test_threads_of_a_module_share_the_filters_where_tiles_are_few() -> None:
    layer = wc.Layer(5, 40, (4, 4), (3, 3), 1)
    kernel = wc.compile(layer, "F(2x2,3x3)", threads=1, target="generic")
    module = kernel.modules[0]
    assert module.parts_for(module.Geometry(*kernel.plan.plans[0].geometry), 2)[1] == 2
    x, weights = (np.random.default_rng(0).uniform(-1, 1, shape) for shape in (layer.input_shape, layer.weight_shape))
    packed = module.pack(weights)
    alone, shared = (module.convolve(x, packed, layer.pads, threads) for threads in (1, 2))
    np.testing.assert_array_equal(alone, shared)


LAYERS: dict[str, tuple[str, wc.Layer]] = {
    "direct, strided": ("direct", wc.Layer(6, 10, (9, 11), (3, 2), ((1, 2), (0, 1)), 2, stride=(2, 3), groups=2)),
    "direct, dilated": ("direct", wc.Layer(5, 18, (9, 11), (3, 3), 2, layout="NHWC", dilation=(1, 2))),
    "narrow groups": ("direct", wc.Layer(12, 18, (9, 11), (3, 3), 1, layout="NHWC", groups=6)),
    "long filter": ("direct", wc.Layer(2, 3, (1, 900), (1, 120), ((0, 0), (60, 60)))),
    "depthwise": ("depthwise", wc.Layer(21, 42, (30, 35), (3, 3), 1, 2, groups=21)),
    "depthwise, strided": ("depthwise", wc.Layer(21, 21, (30, 35), (5, 5), 2, layout="NHWC", stride=2, groups=21)),
}


@pytest.mark.parametrize("name", LAYERS)
def test_modules_of_whole_layers_compute_what_kernels_do(name: str, tmp_path: Path) -> None:
    family, layer = LAYERS[name]
    kernel = wc.compile(layer, family, threads=1, target="generic", epilogue=Epilogue("relu", scale=True))
    (module,) = kernel.modules
    path = wc.emit(kernel.plan, tmp_path)
    assert path.name.startswith(f"wincook_{family}")
    assert path.read_text(encoding="utf-8") == module_source(kernel.plan.plans[0])
    shapes = (layer.input_shape, layer.weight_shape, (layer.filters,), (layer.filters,))
    x, weights, bias, scale = (np.random.default_rng(0).uniform(-1, 1, shape) for shape in shapes)
    packed = module.pack(weights, bias, layer.groups, scale=scale)
    steps = {"stride": layer.stride, "dilation": layer.dilation} if family == "direct" else {}
    expected = kernel(x, kernel.pack(weights, bias, scale=scale))
    for threads in (1, 2):
        np.testing.assert_array_equal(module.convolve(x, packed, layer.pads, threads, **steps), expected)


def test_a_module_steps_as_it_was_made_to() -> None:
    layer = wc.Layer(4, 4, (9, 9), (3, 3), groups=4)
    depthwise, direct = (wc.compile(layer, name, threads=1, target="generic") for name in ("depthwise", "direct"))
    x, weights = np.ones(layer.input_shape), np.ones(layer.weight_shape)
    for kernel, steps, fault in (
        (depthwise, {"stride": (2, 2)}, r"stride is \(2, 2\); this module was made for \(1, 1\)"),
        (depthwise, {"dilation": (1, 2)}, r"dilation is \(1, 2\)"),
        (direct, {"stride": (0, 1)}, r"stride is \(0, 1\); it must be"),
        (direct, {"dilation": (5, 1)}, "does not fit"),
    ):
        (module,) = kernel.modules
        with pytest.raises(ValueError, match=fault):
            module.convolve(x, module.pack(weights, groups=4), **steps)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "suffix", "mark"), [("llvm", "ll", ";"), ("asm", "s", "#")])
def test_machine_code_is_written_beside_the_module_with_the_same_facts(
    kind: Any, suffix: str, mark: str, tmp_path: Path
) -> None:
    path = wc.emit(PLAN, tmp_path, kind)
    assert path == wc.emit(PLAN, tmp_path).with_suffix(f".{suffix}")
    text = path.read_text(encoding="utf-8")
    facts = [line.removeprefix(mark).strip() for line in text.split("\n\n", 1)[0].splitlines() if line != mark]
    stated = (module_docstring(tmp_path) or "").split("\n\nNeeds only")[0]
    assert [line.strip() for line in stated.splitlines() if line] == facts[:-3]
    assert facts[-1] == f"functions       stripe, pack_filters, micro_kernel_{PLAN.target.isa.rows}"
    assert host_processor() in facts[-3]
    for function in ("stripe", "pack_filters", "micro_kernel"):
        assert function in text.split("\n\n", 1)[1]


def module_docstring(folder: Path) -> str | None:
    return ast.get_docstring(ast.parse(wc.emit(PLAN, folder).read_text(encoding="utf-8")))


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["direct, strided", "tile", "bfloat16"])
def test_a_module_comes_with_its_test(name: str, tmp_path: Path) -> None:
    algorithm, layer = LAYERS.get(name, ("F(2x2,3x3)", PLAN.layer))
    epilogue = Epilogue("silu", scale=True, residual=True, pool="max")
    named = name if name == "bfloat16" else "float32"
    formats: dict[str, Any] = {"format": named, "input_format": named, "output_format": named}
    path = wc.emit(make_plan(layer, algorithm, threads=1, target="generic", epilogue=epilogue, **formats), tmp_path)
    test = path.with_name(f"test_{path.name}")
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    command = [sys.executable, str(test)]
    assert subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout == "right\n"
    text = test.read_text(encoding="utf-8")
    test.write_text(text.replace("y = y * scale + shift", "y = y * scale - 99 * shift"), encoding="utf-8")
    failed = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
    assert "is more than" in failed.stderr
