"""The LLVM and the assembly of a module's functions, for people to read.

Code that was kept has no LLVM, so each function is written anew. Labels get the names of the functions in front, so
that the functions of one module can stand in one file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import llvmlite
import numba
from llvmlite import binding

_LABEL = re.compile(r"\.L(?=\w)")


@dataclass(frozen=True, slots=True)
class Listing:
    """One function: its LLVM after all passes, and its assembly."""

    function: str
    llvm: str
    assembly: str


def listings(module: ModuleType) -> tuple[Listing, ...]:
    """All functions of a generated module; of those for each number of rows or channels, the one of the most."""
    functions = [value for value in vars(module).values() if isinstance(value, module.CFunction)]
    makers = [getattr(module, name, None) for name in ("row_kernel", "tile_kernel", "load_kernel")]
    functions += [maker(module.ROWS) for maker in makers if maker is not None]  # compiled when they are needed
    return tuple(_listing(function, module.host_target()) for function in functions)


def compilers() -> str:
    """What made the machine code, with versions."""
    versions = ".".join(map(str, binding.llvm_version_info))
    return f"numba {numba.__version__}, llvmlite {llvmlite.__version__}, LLVM {versions}"


def linked(parts: tuple[Listing, ...]) -> str:
    """The LLVM of several functions as one module."""
    first, *others = (binding.parse_assembly(part.llvm) for part in parts)
    for other in others:
        first.link_in(other)
    return str(first)


def joined(parts: tuple[Listing, ...]) -> str:
    """The assembly of several functions as one file."""
    return "\n".join(part.assembly for part in parts)


def _listing(function: Any, target: Any) -> Listing:
    name, module = function.__name__, function.optimised()
    return Listing(name, str(module), _LABEL.sub(f".L{name}_", target.emit_assembly(module)))
