"""The LLVM and the assembly of a module's functions, for people to read.

Code that was kept has no LLVM, so each function is compiled anew. Symbols that numba counts up in each process give way
to the names of the functions, and labels get them in front: so the same module has the same text each time, and the
functions of one module can stand in one file.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import llvmlite
import numba
from llvmlite import binding
from numba.core.ccallback import CFunc

_SYMBOL = re.compile(r"_ZN\w+")
_INLINED = re.compile(r"(?<=_v)\d+(?=_)")  # in the names of values: the number of a call
_LABEL = re.compile(r"\.L(?=\w)")


@dataclass(frozen=True, slots=True)
class Listing:
    """One function: its LLVM after all passes, and its assembly."""

    function: str
    llvm: str
    assembly: str


def listings(module: ModuleType) -> tuple[Listing, ...]:
    """All functions of a generated module; of those for each number of rows or channels, the one of the most."""
    functions = [value for value in vars(module).values() if isinstance(value, CFunc)]
    makers = [getattr(module, name, None) for name in ("row_kernel", "tile_kernel", "load_kernel")]
    functions += [maker(module.ROWS) for maker in makers if maker is not None]  # compiled when they are needed
    return tuple(map(_listing, functions))


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


def _listing(kept: Any) -> Listing:
    signature, options = kept._sig, kept._compiler.targetoptions  # noqa: SLF001 (numba has no other way)
    function: Any = CFunc(kept._pyfunc, (signature.args, signature.return_type), {}, options)  # noqa: SLF001
    function.compile()
    name, symbol = function.__name__, function.native_name.removeprefix("cfunc.")
    llvm, assembly = function.inspect_llvm(), function._library.get_asm_str()  # noqa: SLF001
    others = [other for other in dict.fromkeys(_SYMBOL.findall(llvm)) if other != symbol]
    names = {symbol: name, **{other: f"{name}.global{number}" for number, other in enumerate(others)}}
    llvm, assembly = (_SYMBOL.sub(lambda match: names.get(match[0], match[0]), text) for text in (llvm, assembly))
    assembly = _LABEL.sub(f".L{name}_", assembly.replace('".const.', f'".{name}.const.'))
    return Listing(name, _numbered(llvm), assembly)


def _numbered(llvm: str) -> str:
    """The same with blocks and values of inlined functions counted from 0."""
    module = binding.parse_assembly(llvm)
    for function in module.functions:
        for number, block in enumerate(function.blocks):
            block.name = f"block{number}"
    text = str(module)
    return _INLINED.sub(_in_order(_INLINED.findall(text)), text)


def _in_order(numbers: list[str]) -> Callable[[re.Match[str]], str]:
    """Replace numbers by their place among the different ones, the first to come being 0."""
    places = {number: str(place) for place, number in enumerate(dict.fromkeys(numbers))}
    return lambda match: places[match[0]]
