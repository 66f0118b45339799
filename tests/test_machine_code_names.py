"""What kept machine code was made from: an edit of anything that a function sees compiles it anew."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numba
import pytest

from wincook import machine_code


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WINCOOK_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


COMPILED = "from wincook.analysis.prediction.batch.rounding import compiled"
INTRINSIC = """
from numba import types
from numba.extending import intrinsic

@intrinsic
def f(typingctx, x):
    def generate(context, builder, signature, arguments):
        return builder.add(arguments[0], arguments[0].type({value}))
    return types.int64(types.int64), generate
"""
# What the file `callee_trial` holds, and how the compiled function g(x) of `caller_trial` uses it: x + value.
USES = {
    "a compiled function": (
        f"{COMPILED}\n@compiled\ndef f(x): return x + {{value}}\n",
        "from callee_trial import f",
        "f(x)",
    ),
    "one of a module": (
        f"{COMPILED}\n@compiled\ndef f(x): return x + {{value}}\n",
        "import callee_trial",
        "callee_trial.f(x)",
    ),
    "one that calls another": (
        f"{COMPILED}\n@compiled\ndef f(x): return x + {{value}}\n@compiled\ndef h(x): return f(x)\n",
        "from callee_trial import h",
        "h(x)",
    ),
    "one of a closure": (
        f"{COMPILED}\ndef adder(n):\n    @compiled\n    def f(x): return x + n\n    return f\nf = adder({{value}})\n",
        "from callee_trial import f",
        "f(x)",
    ),
    "a default": (
        f"{COMPILED}\nSTEP = {{value}}\n@compiled\ndef f(x, step=STEP): return x + step\n",
        "from callee_trial import f",
        "f(x)",
    ),
    "a constant": ("STEP = {value}\n", "from callee_trial import STEP", "x + STEP"),
    "a constant of a module": ("STEP = {value}\n", "import callee_trial", "x + callee_trial.STEP"),
    "a constant in a tuple": ("STEPS = (7, {value})\n", "from callee_trial import STEPS", "x + STEPS[1]"),
    "a constant in an array": (
        "import numpy as np\nSTEPS = np.array([7, {value}])\n",
        "from callee_trial import STEPS",
        "x + STEPS[1]",
    ),
    "an intrinsic": (INTRINSIC, "from callee_trial import f", "f(x)"),
    "a named tuple": (
        "from typing import NamedTuple\nclass Step(NamedTuple):\n    {names}: int\n    {others}: int\n",
        "from callee_trial import Step",
        "x + Step(2, 1).small",
    ),
}


def imported(folder: Path, callee: str, use: str, call: str) -> ModuleType:
    """The caller, imported anew with what it imports, from files that the folder holds now."""
    (folder / "callee_trial.py").write_text(callee)
    (folder / "caller_trial.py").write_text(f"{COMPILED}\n{use}\n\n@compiled\ndef g(x): return {call}\n")
    for name in ("callee_trial", "caller_trial"):
        sys.modules.pop(name, None)
    importlib.invalidate_caches()
    return importlib.import_module("caller_trial")


@pytest.mark.slow
@pytest.mark.parametrize("use", USES.values(), ids=USES)
def test_an_edit_of_what_a_function_imports_is_seen(
    use: tuple[str, str, str], tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """numba itself looks at a function's own file only."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    callee, imports, call = use
    kept_files = []
    for value, names in ((1, ("small", "large")), (2, ("large", "small")), (1, ("small", "large"))):
        words = callee.replace("{value}", str(value)).replace("{names}", names[0]).replace("{others}", names[1])
        expected = 3 - value if "{names}" in callee else value
        assert imported(tmp_path, words, imports, call).g(1) == 1 + expected
        kept_files.append(len([path for path in folder.iterdir() if ".g-" in path.name]))
    assert kept_files == [1, 2, 2]  # the third is the first again, from the folder


def test_code_is_kept_under_what_was_imported(tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was edited after it was imported does not lend its new text to the old code."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    callee, imports, call = USES["a compiled function"]
    module = imported(tmp_path, callee.format(value=1), imports, call)
    (tmp_path / "callee_trial.py").write_text(callee.format(value=2))
    assert module.g(1) == 2
    assert imported(tmp_path, callee.format(value=2), imports, call).g(1) == 3
    assert len([path for path in folder.iterdir() if ".g-" in path.name]) == 2


def test_options_of_a_compiler_count(folder: Path) -> None:
    def halved(x: int) -> float:
        return 1 / x

    for model, expected in (("numpy", float("inf")), ("python", None)):
        function = machine_code.kept(numba.njit(error_model=model)(halved))
        if expected is None:
            with pytest.raises(ZeroDivisionError):
                function(0)
        else:
            assert function(0) == expected
    assert len(list(folder.iterdir())) == 2


SEEDED = """
import test_machine_code as trial
function = trial.loaded(trial.SOURCE + "def word(x): return x in {'one', 'two', 'three'} or store\\n").word
print(trial.hashlib.sha256(repr(trial.kept_code._ingredients(function)).encode()).hexdigest())
"""


@pytest.mark.slow
def test_what_code_was_made_from_is_the_same_in_each_process(folder: Path) -> None:
    """Sets have another order, and objects another address, in each."""
    digests = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", SEEDED],
            cwd=Path(__file__).parent,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=True,
        )
        digests.add(done.stdout)
    assert len(digests) == 1
