"""Wrong calls of the functions behind the public ones: each argument in turn replaced by what no one should give.

A call works, or it raises a WincookError, as for the public ones.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wincook as wc
from wincook.demo.photo import load
from wincook.errors import quoted
from wincook.integrations.onnx import Runner, convert, onnx_layers
from wincook.integrations.weights import holds_a_model, read_weights
from wincook.kernels.choice.error_limit import error_limit
from wincook.kernels.choice.family import choose_family
from wincook.kernels.codegen.source import module_source, module_stem
from wincook.kernels.compile import kernel_of
from wincook.kernels.make_plan import make_plan, relative_error_of
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.run.engine import KernelEngine
from wincook.layers import Axis, Phases, apply, has_phases, pieces, reduce, split, split_taps
from wincook.reproduce.mean_error import direct_error, mean_error
from wincook.reproduce.sfc2024 import relative_error
from wincook.sparse import prune

Table = dict[str, tuple[Callable[..., Any], dict[str, Any]]]


class Hostile:
    """What raises wherever it is touched."""

    def _raise(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("do not touch")

    __array__ = __iter__ = __len__ = __index__ = __float__ = __repr__ = __bool__ = __eq__ = __hash__ = _raise


VALUES: tuple[Any, ...] = (
    *(None, True, 0, -1, 10**30, 1.5, float("nan"), 1j, "", "3", "x", b"3", "a\0b"),
    *([], [1], (1, 2), ["a"], {}, {1}, object(), object, len, Ellipsis, Hostile()),
    *(np.int64(2), np.float32(2.5), np.array([1.0, 2.0]), np.zeros((0, 3)), np.array(["a"]), np.ones((2, 2, 2, 2))),
    *(wc.Tile.of("F(2,3)"), wc.Layer(2, 2, (4, 4), (3, 3)), wc.algorithm("F(2,3)"), Path("nowhere")),
)


@cache
def calls() -> Table:
    """Functions, with arguments that are right."""
    layer, algorithm = wc.Layer(2, 2, (4, 4), (3, 3)), wc.algorithm("F(2x2,3x3)")
    target = wc.kernels.Target.of("generic")
    planned = make_plan(layer, algorithm, threads=1, target="generic")
    (single,) = planned.plans
    engine = KernelEngine(algorithm, 2, "generic")
    reduction = reduce(layer)
    kernel = kernel_of(planned)
    return {
        "Axis": (
            Axis,
            {"size": 7, "kernel": 3, "stride": 2, "dilation": 1, "before": 1, "after": 1, "output_padding": 0}
            | {"transposed": True},
        ),
        "pieces": (pieces, {"axis": Axis(9, 3)}),
        "apply": (
            apply,
            {"reduction": reduction, "x": np.ones(layer.input_shape), "weights": np.ones(layer.weight_shape)},
        ),
        "split": (split, {"reduction": reduction, "outputs": 2}),
        "split_taps": (split_taps, {"taps": 7, "outputs": 4}),
        "choose_family": (choose_family, {"layer": layer}),
        "Phases": (Phases, {"layer": wc.Layer(2, 2, (4, 4), (3, 3), transposed=True)}),
        "has_phases": (has_phases, {"layer": layer}),
        "make_plan": (
            make_plan,
            {
                "layer": layer,
                "algorithm": algorithm,
                "points": None,
                "max_error": 1e-5,
                "format": "float32",
                "input_format": "float32",
                "output_format": "float32",
                "threads": 1,
            }
            | {"target": "generic", "epilogue": "relu", "memory": 10**9},
        ),
        "make_plan, sparse": (
            make_plan,
            {"layer": layer, "algorithm": algorithm, "threads": 1, "target": "generic", "sparse": True},
        ),
        "Kernel.pack": (
            kernel_of(make_plan(layer, algorithm, threads=1, target="generic", sparse=True)).pack,
            {
                "weights": np.ones(layer.weight_shape),
                "bias": None,
                "mask": prune(algorithm, np.ones(layer.weight_shape), sparsity=0.5),
            },
        ),
        "relative_error_of": (relative_error_of, {"decided": planned}),
        "error_limit": (error_limit, {"max_error": 1e-5}),
        "make_plan, direct": (
            make_plan,
            {"layer": layer, "algorithm": "direct", "format": "float32", "threads": 1, "target": "generic"},
        ),
        "plan": (plan, {"layer": layer, "algorithm": algorithm, "target": target, "threads": 1}),
        "kernel_of": (kernel_of, {"decided": planned}),
        "Kernel": (wc.Kernel, {"plan": planned, "modules": {single: kernel.modules[0]}}),
        "module_source": (module_source, {"plan": single}),
        "module_stem": (module_stem, {"plan": single}),
        "KernelEngine": (KernelEngine, {"algorithm": algorithm, "channels": 2, "target": "generic"}),
        "KernelEngine.__call__": (engine, {"d": np.ones((3, 2, 4, 4)), "g": np.ones((3, 2, 3, 3))}),
        "emit": (wc.emit, {"plan": planned, "folder": Path("emitted"), "kind": "module"}),
        "load": (load, {"path": None}),
        "holds_a_model": (holds_a_model, {"name": "a.pt"}),
        "read_weights": (read_weights, {"name": "nowhere.safetensors"}),
        "onnx_layers": (onnx_layers, {"path": "nowhere.onnx", "batch": 2}),
        "Runner": (Runner, {"model": "nowhere.onnx", "max_error": 1e-5, "threads": 1, "engine": "reference"}),
        "convert": (
            convert,
            {
                "model": "nowhere.onnx",
                "folder": "converted",
                "max_error": 1e-5,
                "threads": 1,
                "name": "net",
                "force": False,
            },
        ),
        "mean_error": (mean_error, {"algorithm": algorithm, "samples": 2, "seed": 0}),
        "direct_error": (direct_error, {"tile": algorithm.tile, "samples": 2, "seed": 0}),
        "relative_error": (relative_error, {"algorithm": algorithm, "samples": 2, "seed": 0}),
    }


def fault(function: Callable[..., Any], arguments: dict[str, Any], replaced: str, value: Any) -> str | None:
    """What went wrong with a wrong call; None if it works or is refused as it should be."""
    try:
        function(**{**arguments, replaced: value})
    except wc.WincookError as error:
        return None if "\n" not in str(error) and len(str(error)) <= 500 else f"message: {str(error)[:100]!r}"
    except Exception as error:  # noqa: BLE001 (this is what is looked for)
        return f"{type(error).__name__}: {quoted(error, 150)}"
    return None


@pytest.mark.parametrize("name", list(calls()))
def test_wrong_calls_are_refused(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    function, arguments = calls()[name]
    faults = [
        f"{name}({argument}={quoted(value)}): {fault_text}"
        for argument in arguments
        for value in VALUES
        if (fault_text := fault(function, arguments, argument, value))
    ]
    assert faults == []
