"""What libraries are made of, before a compiler sees it."""

from __future__ import annotations

import ast
from collections import Counter
from importlib import resources

import pytest
from llvmlite import binding

import wincook as wc
from tests.golden import Golden
from wincook.errors import TargetError
from wincook.kernels import make_plan
from wincook.kernels.codegen.families import FAMILIES
from wincook.kernels.codegen.native import machine as module
from wincook.kernels.codegen.native.dispatch import EntryPoint, entry_points
from wincook.kernels.codegen.native.functions import ENTRIES, PARTS_OF_LAYERS, code_of, functions_of, parts_for_c
from wincook.kernels.codegen.native.machine import MACHINES, machine_of
from wincook.kernels.plans.plan import Family

LAYERS = {
    "nested": ("F(2x2,3x3)", wc.Layer(8, 8, (9, 9), (3, 3))),
    "shallow": ("F(2x2,3x3)", wc.Layer(3, 8, (9, 17), (3, 3))),
    "direct": ("direct", wc.Layer(8, 8, (9, 9), (3, 3))),
    "depthwise": ("depthwise", wc.Layer(8, 8, (9, 9), (3, 3), groups=8)),
}


@pytest.mark.parametrize("parts", [*map(parts_for_c, FAMILIES), PARTS_OF_LAYERS], ids=[*FAMILIES, "composed"])
def test_each_name_stands_once_in_the_text_of_a_library(parts: tuple[str, ...]) -> None:
    names: Counter[str] = Counter()
    for part in parts:
        text = resources.files("wincook").joinpath(f"kernels/codegen/body/{part}.py").read_text(encoding="utf-8")
        for node in ast.parse(text).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                names[node.name] += 1
            elif isinstance(node, ast.Assign):
                names.update(name.id for name in ast.walk(node.targets[0]) if isinstance(name, ast.Name))
    assert [name for name, count in names.items() if count > 1] == []
    assert not {part for part in parts if part.startswith("calls/")}


@pytest.mark.parametrize("family", FAMILIES)
def test_all_loops_of_a_family_are_in_its_text(family: Family) -> None:
    assert {part for part in FAMILIES[family] if not part.startswith("calls/")} <= {*parts_for_c(family)}


@pytest.mark.parametrize("family", LAYERS)
def test_the_functions_of_a_plan_are_named_and_not_compiled(family: str) -> None:
    algorithm, layer = LAYERS[family]
    (plan,) = make_plan(layer, algorithm, target="generic", threads=1).plans
    assert plan.family == family
    functions = functions_of(code_of(plan))
    assert {*ENTRIES, "describe", "stripe"} <= functions.keys()
    assert all(name == function.function.__name__ for name, function in functions.items())
    rows = {name for name in functions if name.startswith(("micro_kernel_", "tile_kernel_"))}
    assert len(rows) == (0 if family == "depthwise" else plan.rows)


def test_entry_points_are_valid_llvm_and_call_the_best_variant_first() -> None:
    entries = [EntryPoint("conv_run", 3, ((4, "conv_run_4"), (1, "conv_run_1")))]
    text = str(entry_points("conv", entries, asks=True))
    binding.parse_assembly(text).verify()
    assert 0 < text.index('call i32 @"conv_run_4"') < text.index('call i32 @"conv_run_1"')
    assert 'call i32 @"level"' in text
    assert 'call i32 @"level"' not in str(entry_points("conv", entries, asks=False))


def test_the_machine_is_this_one_if_none_is_named(monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    assert machine_of(None).arch == module.host_arch()
    assert all(machine_of("aarch64") is machine for name, machine in MACHINES.items() if name == "aarch64")
    monkeypatch.setattr(module, "host_arch", lambda: "aarch64")
    assert machine_of(None).name == "aarch64"
    for name in ("x86-64", "x86-64-v3", "riscv64", "avx2", 3):
        with golden.raises(TargetError):
            machine_of(name)
    monkeypatch.setattr(module, "host_arch", lambda: "ppc64")
    with pytest.raises(TargetError, match="ppc64"):
        machine_of(None)
