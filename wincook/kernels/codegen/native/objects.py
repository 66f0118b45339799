"""Object files of kernels, for one machine: one for each kind and variant, and one for the entry points.

The bytes depend on the plans, the machine and the versions of wincook, numba and llvmlite alone: symbols that numba
counts up in each process are renamed.
"""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import binding

from wincook.kernels.codegen.native.dispatch import EntryPoint, entry_points
from wincook.kernels.codegen.native.fma import with_fma
from wincook.kernels.codegen.native.functions import ENTRIES, functions_of, level_function
from wincook.kernels.codegen.native.kinds import Kind
from wincook.kernels.codegen.native.machine import Machine, Variant
from wincook.to_llvm.module import HARDEST, optimise, written


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
    files = []
    every = {each.label: each for kind in kinds.values() for each in (kind, *kind.calls)}
    for kind in every.values():
        for variant, code in kind.codes.items():
            module = written(functions_of(code))
            others = {
                f"kernel_{number}_{entry}": _symbol(name, call, variant, entry)
                for number, call in enumerate(kind.calls)
                for entry in ENTRIES
            }
            for function in module.functions:
                function.name = others.get(function.name, function.name)
                if function.name in ENTRIES:
                    function.name = _symbol(name, kind, variant, function.name)
                    function.visibility = binding.Visibility.hidden  # to other files of the library alone
                elif not function.is_declaration:
                    function.linkage = binding.Linkage.internal
            files.append(ObjectFile(f"{name}_{kind.part(variant)}", _compiled(module, machine, variant)))
    return ObjectFile(name, _compiled(_dispatch(name, kinds, machine), machine, machine.lowest)), *files


def _dispatch(name: str, kinds: dict[str, Kind], machine: Machine) -> binding.ModuleRef:
    """The entry points of all, and what asks the processor for its level."""
    entries = [
        EntryPoint(
            f"{prefix}_{entry}",
            *given,
            tuple((variant.level, _symbol(name, kind, variant, entry)) for variant in kind.codes),
        )
        for prefix, kind in kinds.items()
        for entry, given in ENTRIES.items()
    ]
    module = binding.parse_assembly(str(entry_points(name, entries, asks=bool(machine.finds_level))))
    if machine.finds_level:
        module.link_in(written(level_function(machine.finds_level)))
        module.get_function("level").linkage = binding.Linkage.internal
    return module


def _symbol(name: str, kind: Kind, variant: Variant, function: str) -> str:
    return f"{name}_{function}_{kind.part(variant)}"


def _compiled(module: binding.ModuleRef, machine: Machine, variant: Variant) -> bytes:
    """Optimise a module for the processors of a variant, and make an object file of it."""
    binding.initialize_all_targets()
    binding.initialize_all_asmprinters()
    binding.initialize_native_asmparser()
    target = binding.Target.from_triple(machine.triple).create_target_machine(
        cpu=variant.processor,
        features=variant.features,
        opt=HARDEST,
        reloc="static" if machine.is_wasm else "pic",
        codemodel="default",
        abiname=machine.abi,
    )
    if not machine.has_fma:
        module = with_fma(module)
    optimise(module, target)
    _rename(module)
    return bytes(target.emit_object(module))


def _rename(module: binding.ModuleRef) -> None:
    """Count what is seen in the module alone from 0."""
    hidden = (value for value in (*module.functions, *module.global_variables))
    for number, value in enumerate(value for value in hidden if value.linkage == binding.Linkage.internal):
        value.name = f"local.{number}"
