from __future__ import annotations

import gc
import sys
import traceback
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import ModuleType

import numba
import pytest

from wincook.digest import digest
from wincook.errors import OutputError, TargetError
from wincook.kernels import store


def loaded(source: str) -> ModuleType:
    return store.load_module(f"trial_{digest(source)}", source)


def test_a_module_is_loaded_once() -> None:
    first, again, other = loaded("a = 1\n"), loaded("a = 1\n"), loaded("a = 2\n")
    assert first is again
    assert (first.a, other.a) == (1, 2)


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


def test_a_folder_that_is_refused_is_named() -> None:
    with pytest.raises(OutputError, match="folder x"):
        loaded("raise PermissionError('folder x')\n")


def test_machine_code_needs_a_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numba.config, "DISABLE_JIT", 1)
    with pytest.raises(TargetError, match="NUMBA_DISABLE_JIT"):
        loaded("a = 6\n")
