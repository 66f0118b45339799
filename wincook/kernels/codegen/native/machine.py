"""Machines that libraries are made for: a triple, and its variants, each with an instruction set of the kernels."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import binding

from wincook.errors import TargetError, quoted
from wincook.kernels.target import AVX2, AVX512, GENERIC, NEON, Isa


@dataclass(frozen=True, slots=True)
class Variant:
    """Code for the processors of a machine from some level on, as callers number it and compilers name it."""

    name: str
    level: int
    isa: Isa
    features: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of processor, on Linux, and the variants of code for it, the best first.

    `finds_level` is the file of the body that asks the processor for its level; without one, all have the lowest.
    """

    name: str
    arch: str
    variants: tuple[Variant, ...]
    finds_level: str = ""

    @property
    def triple(self) -> str:
        """As compilers name the machine."""
        return f"{self.arch}-unknown-linux-gnu"

    @property
    def lowest(self) -> Variant:
        """The variant that most processors can run."""
        return self.variants[-1]


_X86_64 = (
    Variant("x86-64-v4", 4, AVX512, "-prefer-256-bit"),
    Variant("x86-64-v3", 3, AVX2),
    Variant("x86-64", 1, GENERIC),
)
MACHINES = {
    machine.name: machine
    for machine in (
        Machine("x86-64", "x86_64", _X86_64, "exported/x86"),
        *(Machine(variant.name, "x86_64", (variant,), "exported/x86") for variant in _X86_64[:-1]),
        Machine("aarch64", "aarch64", (Variant("generic", 1, NEON),)),
    )
}


def machine_of(name: object) -> Machine:
    """The machine of a name; of this kind if there is none.

    Raises:
        TargetError: it is unknown, or its code cannot be made here.
    """
    here = host_arch()
    if name is None:
        name = next((machine.name for machine in MACHINES.values() if machine.arch == here), here)
    if not isinstance(name, str) or name not in MACHINES:
        raise TargetError(f"no libraries for {quoted(name)}; there are those for {', '.join(MACHINES)}")
    machine = MACHINES[name]
    if machine.finds_level and machine.arch != here:  # LLVM reads assembly, as `cpuid` is, for this machine alone
        raise TargetError(f"libraries for {name} are made on {machine.arch} alone, and this machine is {here}")
    return machine


def host_arch() -> str:
    """What LLVM calls the processors of this machine's kind."""
    return str(binding.get_process_triple()).split("-", maxsplit=1)[0]
