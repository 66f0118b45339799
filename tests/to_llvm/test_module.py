"""Functions as LLVM compute what they compute in Python."""

from __future__ import annotations

import ctypes
import linecache
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from numba.core.dispatcher import Dispatcher

from wincook.machine_code import in_python

FUNCTIONS = Path(__file__).with_name("functions.py").read_text(encoding="utf-8")
IN_C = """

@c_function(*[types.int64] * 3)
def {name}_in_c(a: int, b: int, place: int) -> None:
    put_words(place, 0, ({name}(a, b) + 0,))
"""


def loaded(more: str) -> dict[str, Any]:
    """What is defined by the functions beside this file, and by more of them."""
    source, path = FUNCTIONS + more, "to_llvm_trial.py"
    linecache.cache[path] = (len(source), None, source.splitlines(keepends=True), path)
    module = ModuleType("to_llvm_trial")
    exec(compile(source, path, "exec"), vars(module))  # noqa: S102
    return vars(module)


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, tuple[Any, Any]]]:
    """Each function in Python, and in C."""
    names = [name for name, value in loaded("").items() if isinstance(value, Dispatcher)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WINCOOK_CACHE_DIR", str(tmp_path_factory.mktemp("code") / "cache"))
        defined = loaded("".join(IN_C.format(name=name) for name in names))
        yield {name: (in_python(defined[name]), defined[f"{name}_in_c"].ctypes) for name in names}


@given(a=st.integers(-9, 99) | st.integers(-(2**31), 2**31), b=st.integers(-9, 60))
@example(a=0, b=0)
def test_numbers_are_those_of_python(a: int, b: int, functions: dict[str, tuple[Any, Any]]) -> None:
    for name, (plain, compiled) in functions.items():
        result = ctypes.c_int64()
        compiled(a, b, ctypes.addressof(result))
        assert result.value == plain(a, b), name


@pytest.mark.parametrize(
    "body",
    [
        "for i in range(3, 0, -1): put_words(place, 0, (i,))",
        "for i in (1, 2): put_words(place, 0, (i,))",
        "put_words(place, 0, [place])",
        "put_words(place, 0, (round(place),))",
        "put_words(place, 0, (place / 2,))",
        "put_words(place, 0, (place ** 2,))",
        "put_words(place, 0, (place in (1, 2),))",
        "put_words(place, 0, (int(float(place)),))",
        "raise ValueError",
        "put_words(place, 0, {})",
        "put_words(place, 0, ('word',))",
    ],
)
def test_what_is_not_known_is_refused_by_name(body: str) -> None:
    with pytest.raises(NotImplementedError, match="compiled code"):
        loaded(f"\n\n@c_function(types.int64)\ndef refused(place: int) -> None:\n    {body}\n")
