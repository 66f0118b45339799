"""Object files of kernels, for one machine: one for each kind and variant, and one for the entry points.

The bytes depend on the plans, the machine and the versions of wincook and llvmlite alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import binding

from wincook.kernels.codegen.native.apart import Processor, object_file_of, object_files_of
from wincook.kernels.codegen.native.dispatch import EntryPoint, entry_points
from wincook.kernels.codegen.native.fma import with_fma
from wincook.kernels.codegen.native.functions import Code, functions_of, level_function
from wincook.kernels.codegen.native.kinds import Kind
from wincook.kernels.codegen.native.machine import Machine, Variant
from wincook.kernels.target import host_threads
from wincook.to_llvm.module import written


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """An object file and the stem of its name."""

    stem: str
    contents: bytes


def object_files(name: str, kinds: dict[str, Kind], machine: Machine) -> tuple[ObjectFile, ...]:
    """The files of a library.

    Args:
        name: what its symbols start with, a C identifier.
        kinds: which code each set of entry points calls, by what the names of these start with.
        machine: whose variants all kinds have.
    """
    every = {each.label: each for kind in kinds.values() for each in (kind, *kind.calls)}
    codes = [(kind, variant, code) for kind in every.values() for variant, code in kind.codes.items()]
    modules = (_told(_module(name, kind, variant, code), machine, variant) for kind, variant, code in codes)
    stems = [f"{name}_{kind.part(variant)}" for kind, variant, _ in codes]
    entries = object_file_of(*_told(_dispatch(name, kinds, machine), machine, machine.lowest))
    return ObjectFile(name, entries), *map(ObjectFile, stems, object_files_of(modules, host_threads()))


def _module(name: str, kind: Kind, variant: Variant, code: Code) -> binding.ModuleRef:
    """The functions of a kind of kernels for a variant."""
    module = written(functions_of(code))
    others = {
        f"kernel_{number}_{entry}": _symbol(name, call, variant, entry)
        for number, call in enumerate(kind.calls)
        for entry in call.entries
    }
    for function in module.functions:
        function.name = others.get(function.name, function.name)
        if function.name in kind.entries:
            function.name = _symbol(name, kind, variant, function.name)
            function.visibility = binding.Visibility.hidden  # to other files of the library alone
        elif not function.is_declaration:
            function.linkage = binding.Linkage.internal
    return module


def _dispatch(name: str, kinds: dict[str, Kind], machine: Machine) -> binding.ModuleRef:
    """The entry points of all, and what asks the processor for its level."""
    entries = [
        EntryPoint(
            f"{prefix}_{entry}",
            *given,
            tuple((variant.level, _symbol(name, kind, variant, entry)) for variant in kind.codes),
        )
        for prefix, kind in kinds.items()
        for entry, given in kind.entries.items()
    ]
    module = binding.parse_assembly(str(entry_points(name, entries, asks=bool(machine.finds_level))))
    if machine.finds_level:
        module.link_in(written(level_function(machine.finds_level)))
        module.get_function("level").linkage = binding.Linkage.internal
    return module


def _symbol(name: str, kind: Kind, variant: Variant, function: str) -> str:
    return f"{name}_{function}_{kind.part(variant)}"


def _told(module: binding.ModuleRef, machine: Machine, variant: Variant) -> tuple[bytes, Processor]:
    """A module, and for which processors it is, as processes are told."""
    if not machine.has_fma:
        module = with_fma(module)
    relocation = "static" if machine.is_wasm else "pic"
    processor = Processor(machine.triple, variant.processor, variant.features, relocation, machine.abi)
    return module.as_bitcode(), processor
