from __future__ import annotations

import ast
import dataclasses
import subprocess
import sys
from collections import Counter
from itertools import product
from pathlib import Path
from types import ModuleType
from typing import Any, get_args

import numpy as np
import pytest

import wincook as wc
from wincook.kernels.codegen.families import FAMILIES, files_of
from wincook.kernels.codegen.joined import BODY, text_of_files
from wincook.kernels.codegen.source import RUNTIME, module_source, module_stem
from wincook.kernels.make_plan import make_plan
from wincook.kernels.plans.formats import ProductFormat
from wincook.kernels.plans.plan import Family, Plan
from wincook.program.programs import programs_of

RUFF = Path(sys.executable).with_name("ruff")  # of the tools that check the project
LAYER = wc.Layer(5, 18, (9, 8), (3, 3), padding=1)


def plan(algorithm: str, layer: wc.Layer = LAYER, target: str = "generic", points: str | None = None) -> Plan:
    return make_plan(layer, algorithm, points=points, target=target, threads=1).plans[0]


def constants(source: str) -> dict[str, Any]:
    """The values that stand before the code."""
    values: dict[str, Any] = {}
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                values[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                break
    return values


def test_stems_tell_tile_layout_and_instruction_set() -> None:
    assert module_stem(plan("F(4x4,3x3)")) == "wincook_f4x4_3x3_nchw_generic"
    nhwc = wc.Layer(5, 18, (9, 8), (5, 1), layout="NHWC")
    assert module_stem(plan("F(2x3,5x1)", nhwc)) == "wincook_f2x3_5x1_nhwc_generic"


def test_sizes_leave_the_source_as_it_is() -> None:
    larger = dataclasses.replace(LAYER, channels=64, filters=640, size=(100, 7), padding=0, batch=3)
    assert module_source(plan("F(2x2,3x3)")) == module_source(plan("F(2x2,3x3)", larger))
    assert module_source(plan("F(2x2,3x3)")) != module_source(plan("F(2x2,3x3)", dataclasses.replace(LAYER, filters=1)))


def run(operations: Any, inputs: list[Any]) -> list[Any]:
    """A table of operations in float64, as its names say."""
    values = list(inputs)
    for kind, *operands in operations:
        match kind, operands:
            case "add", (a, b):
                values.append(values[a] + values[b])
            case "sub", (a, b):
                values.append(values[a] - values[b])
            case "neg", (a,):
                values.append(-values[a])
            case "mul", (a, c):
                values.append(values[a] * c)
            case "fma", (a, c, b):
                values.append(values[a] * c + values[b])
            case _:
                pytest.fail(f"an unknown operation: {kind} {operands}")
    return values


@pytest.mark.slow
@pytest.mark.parametrize(("tile", "points"), [("F(4x4,3x3)", "0, ±1, ±2, ∞"), ("F(2x2,3x3)", None)])
def test_the_tables_are_the_transforms(tile: str, points: str | None) -> None:
    made_for = plan(tile, points=points)
    tables, axis = constants(module_source(made_for)), made_for.algorithm.axes[0]
    for name, matrix in (("FILTER", axis.G), ("INPUT", axis.BT), ("OUTPUT", axis.AT)):
        ops, outputs = tables[f"{name}_PROGRAMS"][0]
        exact = np.array(matrix.tolist(), float)
        values = run(ops, list(np.eye(exact.shape[1])))
        np.testing.assert_allclose([values[output] for output in outputs], exact, rtol=1e-7, atol=1e-7)
    programs = programs_of(made_for.algorithm)
    assert [len(tables["INPUT_PROGRAMS"][i][0]) for i in (0, 1)] == [len(program.ops) for program in programs.input]
    assert (tables["OUTPUTS"], tables["TAPS"]) == (made_for.algorithm.tile.outputs, made_for.algorithm.tile.taps)
    assert tables["LANES"] == 4


def test_the_parts_are_joined_into_one_module_without_wincook() -> None:
    source = module_source(plan("F(2x2,3x3)"))
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {
        name
        for node in imports
        for name in ([node.module] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names])
    }
    assert {str(name).split(".")[0] for name in modules} <= {"numpy", "numba", "llvmlite", *sys.stdlib_module_names}
    defined = [node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    assert len(defined) == len(set(defined))
    assert {"Geometry", "Job", "input_down", "micro_kernel", "stripe", "pack_filters", "convolve"} <= set(defined)
    names = [
        node.targets[0].id
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    ]
    assert len(names) == len(set(names))
    assert isinstance(sys, ModuleType)


@pytest.mark.skipif(not RUFF.exists(), reason="there is no ruff")
@pytest.mark.parametrize("algorithm", ["F(2x2,3x3)", "F(6x6,3x3)"])
def test_the_source_stands_as_a_formatter_leaves_it(algorithm: str) -> None:
    source = module_source(plan(algorithm))
    command = [str(RUFF), "format", "--isolated", "--line-length", "120", "-"]
    formatted = subprocess.run(command, input=source, capture_output=True, encoding="utf-8", check=True).stdout
    assert formatted == source


@pytest.mark.parametrize(
    ("family", "format"),
    [*product(("nested", "direct"), get_args(ProductFormat)), *product(FAMILIES, ["float32"])],
)
def test_names_stand_once_in_a_module(family: Family, format: ProductFormat) -> None:
    """The last of two would be that of both files, without a word."""
    files = (*RUNTIME, *map(BODY.format, files_of(family, format)))
    nodes = [node for text in text_of_files(files)[1] for node in ast.parse(text).body]
    defined = [node.name for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    targets = [target for node in nodes if isinstance(node, ast.Assign) for target in node.targets]
    assigned = [name.id for target in targets for name in ast.walk(target) if isinstance(name, ast.Name)]
    names = [*defined, *(name for name in assigned if name.isupper())]
    assert [name for name, times in Counter(names).items() if times > 1] == []
