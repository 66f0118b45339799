"""How much memory the calls of a module take, known before anything is compiled.

The module itself says it, in functions of its constants and of a geometry. Here its text runs as plain Python: what
would compile functions leaves them as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from wincook.formats import FLOAT32
from wincook.kernels.codegen.constants import constants_of
from wincook.kernels.codegen.families import files_of
from wincook.kernels.codegen.joined import body_of
from wincook.kernels.plans.plan import Plan

_CALLS = "calls/"  # parts that only calls need
_KEPT = 64


@dataclass(frozen=True, slots=True)
class Footprint:
    """Bytes of the workspaces of all threads, and of the packed weights."""

    workspace: int
    packed: int


@lru_cache(maxsize=_KEPT)
def footprint_of(plan: Plan) -> Footprint:
    """The memory of a plan's module for its layer."""
    said = _functions(constants_of(plan), files_of(plan.family, plan.format))
    geometry = said["Geometry"](*plan.geometry)
    rows = said["FILTER_ROWS"] * said["bias_floats"](geometry.filters)
    packed = said["filter_floats"](said["packed_sizes"](geometry)) + rows
    bytes_each = FLOAT32.dtype.itemsize
    return Footprint(plan.threads * sum(said["workspace_floats"](geometry)) * bytes_each, packed * bytes_each)


@lru_cache(maxsize=_KEPT)
def _functions(constants: str, files: tuple[str, ...]) -> dict[str, Any]:
    imports, bodies = body_of(files)
    text = [body for name, body in zip(files, bodies, strict=True) if not name.startswith(_CALLS)]
    names: dict[str, Any] = {}
    exec(f"from __future__ import annotations\n{imports}\n{constants}", names)  # noqa: S102 (wincook wrote it)
    names |= {"njit": _unchanged, "c_function": _uncompiled, "intrinsic": lambda function: function}
    names |= {"in_python": lambda function: function, "aligned": None, "frozen": None}
    exec("\n".join(text), names)  # noqa: S102 (wincook wrote it)
    return names


def _unchanged(**_: Any) -> Callable[[Any], Any]:
    def decorate(function: Any) -> Any:
        function.py_func = function
        return function

    return decorate


def _uncompiled(*_: Any) -> Callable[[Any], Any]:
    return lambda _: SimpleNamespace(ctypes=None)
