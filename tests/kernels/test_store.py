from __future__ import annotations

import gc
import linecache
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from types import ModuleType

import numba
import numpy as np
import pytest

import wincook as wc
from tests.golden import Golden
from wincook.digest import digest
from wincook.errors import OutputError, TargetError
from wincook.kernels import make_plan
from wincook.kernels.codegen.source import module_source, module_stem
from wincook.kernels.compile import kernel_of
from wincook.kernels.run import store


def loaded(source: str) -> ModuleType:
    return store.load_module(f"trial_{digest(source)}", source)


def test_a_module_is_loaded_once() -> None:
    first, again, other = loaded("a = 1\n"), loaded("a = 1\n"), loaded("a = 2\n")
    assert first is again
    assert (first.a, other.a) == (1, 2)


@pytest.mark.slow
def test_threads_get_a_module_that_is_whole() -> None:
    """All ask at once, and the module takes its time."""
    source = "import time\ntime.sleep(0.2)\nimport numpy\ntime.sleep(0.2)\npack = 1\n"
    together = Barrier(4)

    def first(_: int) -> ModuleType:
        together.wait()
        module = loaded(source)
        assert module.pack == 1
        return module

    with ThreadPoolExecutor(4) as pool:
        modules = list(pool.map(first, range(4)))
    assert all(module is modules[0] for module in modules)
    assert gc.isenabled()


def test_a_module_that_fails_is_not_kept() -> None:
    source = "a = 5\nraise KeyError('on purpose')\n"
    with pytest.raises(KeyError, match="on purpose"):
        loaded(source)
    with pytest.raises(KeyError, match="on purpose") as caught:
        loaded(source)
    assert f"trial_{digest(source)}" not in sys.modules
    assert "raise KeyError('on purpose')" in "".join(traceback.format_exception(caught.value))
    assert gc.isenabled()


def test_a_folder_that_is_refused_is_named(golden: Golden) -> None:
    with golden.raises(OutputError):
        loaded("raise PermissionError('folder x')\n")


def test_machine_code_needs_a_compiler(monkeypatch: pytest.MonkeyPatch, golden: Golden) -> None:
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    with golden.raises(TargetError):
        loaded("a = 6\n")


LAYER = wc.Layer(5, 5, (6, 6), (3, 3), padding=1)
PLAN = make_plan(LAYER, "F(2x2,3x3)", threads=1, target="generic")
FUNCTIONS = ("pack_filters", "stripe", "micro_kernel_6")


def compiled() -> wc.Kernel:
    return kernel_of(PLAN)


@pytest.mark.slow
@pytest.mark.parametrize("kept", [False, True], ids=["nothing kept", "code kept"])
def test_a_kernel_is_dumped_as_source_llvm_and_assembly(
    kept: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where its machine code is in the cache, and its module is loaded."""
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path / "cache"))
    before = compiled() if kept else None
    source = module_source(PLAN.plans[0])  # which makes the programs, before they would be dumped too
    monkeypatch.setenv("WINCOOK_DUMP", str(tmp_path / "dump" / "new"))
    kernel = compiled()
    name = f"{module_stem(PLAN.plans[0])}_{digest(source)}"
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "dump" / "new").iterdir()}
    assert files.keys() == {
        f"{name}.py",
        *(f"{name}.{function}.{kind}" for function in FUNCTIONS for kind in ("ll", "s")),
    }
    assert files[f"{name}.py"] == source
    for function in FUNCTIONS:
        assert "<4 x float>" in files[f"{name}.{function}.ll"]
        assert "define" in files[f"{name}.{function}.ll"]
        assert "\tretq" in files[f"{name}.{function}.s"]
        assert f"\n{function}:\n" in files[f"{name}.{function}.s"]
    x, weights = np.ones(LAYER.input_shape), np.ones(LAYER.weight_shape)
    y = kernel(x, kernel.pack(weights))
    assert y[0, 0, 2, 2] == 9 * LAYER.channels
    if before is not None:
        np.testing.assert_array_equal(before(x, before.pack(weights)), y)


def test_nothing_is_dumped_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINCOOK_DUMP", "")
    compiled()
    assert list(tmp_path.iterdir()) == []


def test_a_dump_that_cannot_be_written_is_refused_before_anything_is_compiled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Golden
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WINCOOK_DUMP", "file")
    monkeypatch.setattr(store, "_run", lambda *_: pytest.fail("compiled"))
    with golden.raises(OutputError, match="file/wincook_f2x2"):
        compiled()


def test_lines_of_the_source_are_those_of_a_file() -> None:
    source = "a = 6\nb = a + 1\n"
    loaded(source)
    assert linecache.getlines(f"trial_{digest(source)}.py") == ["a = 6\n", "b = a + 1\n"]
