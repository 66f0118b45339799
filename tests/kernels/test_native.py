"""What libraries are made of, before a compiler sees it."""

from __future__ import annotations

import ast
import ctypes
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from llvmlite import binding

import wincook as wc
from tests.golden import Golden
from wincook.errors import OutputError, TargetError
from wincook.kernels import make_plan
from wincook.kernels.codegen.families import FAMILIES
from wincook.kernels.codegen.native import machine as module
from wincook.kernels.codegen.native.apart import Processor, object_files_of
from wincook.kernels.codegen.native.dispatch import EntryPoint, entry_points
from wincook.kernels.codegen.native.fma import with_fma
from wincook.kernels.codegen.native.functions import (
    ENTRIES,
    FOR_C,
    PARTS_OF_LAYERS,
    PARTS_OF_SPARSE_LAYERS,
    code_of,
    functions_of,
    parts_for_c,
)
from wincook.kernels.codegen.native.machine import MACHINES, machine_of
from wincook.kernels.plans.plan import Family

LAYERS = {
    "nested": ("F(2x2,3x3)", wc.Layer(8, 8, (9, 9), (3, 3))),
    "shallow": ("F(2x2,3x3)", wc.Layer(3, 8, (9, 17), (3, 3))),
    "direct": ("direct", wc.Layer(8, 8, (9, 9), (3, 3))),
    "depthwise": ("depthwise", wc.Layer(8, 8, (9, 9), (3, 3), groups=8)),
}


PARTS = {family: parts_for_c(family) for family in FAMILIES} | {"composed": PARTS_OF_LAYERS}
PARTS |= {f"{family} in {format}": parts_for_c(family, format) for family, format in FOR_C}
PARTS["composed, sparse"] = PARTS_OF_SPARSE_LAYERS


@pytest.mark.parametrize("parts", PARTS.values(), ids=PARTS)
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
    entries = [EntryPoint("conv_run", 1, 2, ((4, "conv_run_4"), (1, "conv_run_1")))]
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
    for name in ("x86-64", "x86-64-v3", "riscv32", "avx2", 3):
        with golden.raises(TargetError):
            machine_of(name)
    monkeypatch.setattr(module, "host_arch", lambda: "ppc64")
    with pytest.raises(TargetError, match="ppc64"):
        machine_of(None)


FILL = """
define void @fill(ptr %a, ptr %b, ptr %c) {
  %x = load <4 x float>, ptr %a, align 4
  %y = load <4 x float>, ptr %b, align 4
  %z = load <4 x float>, ptr %c, align 4
  %w = call <4 x float> @llvm.fma.v4f32(<4 x float> %x, <4 x float> %y, <4 x float> %z)
  store <4 x float> %w, ptr %a, align 4
  ret void
}
declare <4 x float> @llvm.fma.v4f32(<4 x float>, <4 x float>, <4 x float>)
"""


def test_object_files_are_the_same_from_other_processes() -> None:
    processor = Processor(binding.get_default_triple(), "", "", "pic", "")
    modules = [(binding.parse_assembly(FILL).as_bitcode(), processor)] * 2
    here = object_files_of(modules, cores=1)
    assert here == object_files_of(modules, cores=2)
    assert here[0].startswith(b"\x7fELF")
    with pytest.raises(OutputError, match="LLVM failed on code for nothing"):
        object_files_of([(b"no bitcode", processor._replace(name="nothing"))], cores=2)


@pytest.fixture(scope="module")
def fills() -> Iterator[list[Any]]:
    """Functions that write a · b + c over a, 4 float32 each by their addresses: by doubles, and by libm."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    by_doubles = with_fma(binding.parse_assembly(FILL))
    assert "llvm.fma" not in str(by_doubles)
    with ExitStack() as stack:
        functions = []
        for module in (by_doubles, binding.parse_assembly(FILL)):
            target = binding.Target.from_default_triple().create_target_machine()
            engine = stack.enter_context(binding.create_mcjit_compiler(module, target))
            engine.finalize_object()
            functions.append(ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 3)(engine.get_function_address("fill")))
        yield functions


FLOAT32 = st.floats(width=32) | st.integers(0, 2**32 - 1).map(lambda bits: float(np.uint32(bits).view(np.float32)))
ODD = st.integers(2048, 2895).map(lambda half: 2.0 * half + 1)
# Products of 25 digits, the last of which is 1, and what float64 cannot tell from 0 beside them.
NEAR_TIES = st.tuples(ODD, ODD, st.integers(-100, -30).map(lambda exponent: 2.0**exponent))


@given(numbers=st.tuples(FLOAT32, FLOAT32, FLOAT32) | NEAR_TIES, sign=st.sampled_from([1, -1]))
def test_sums_of_products_by_doubles_are_rounded_once(
    numbers: tuple[float, float, float], sign: int, fills: list[Any]
) -> None:
    sums = []
    for fill in fills:
        a, b, c = (np.full(4, number, np.float32) for number in (*numbers[:2], sign * numbers[2]))
        fill(a.ctypes.data, b.ctypes.data, c.ctypes.data)
        sums.append(np.where(np.isnan(a), np.float32(np.nan), a).view(np.int32))
    np.testing.assert_array_equal(sums[0], sums[1])
