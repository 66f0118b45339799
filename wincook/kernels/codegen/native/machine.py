"""Machines that libraries are made for: a triple, and its variants, each with an instruction set of the kernels."""

from __future__ import annotations

from dataclasses import dataclass

from llvmlite import binding

from wincook.errors import TargetError, quoted
from wincook.kernels.target import AVX2, AVX512, GENERIC, NARROW_FEATURES, NEON, RVV, Isa


@dataclass(frozen=True, slots=True)
class Variant:
    """Code for the processors of a machine from some level on, as callers number it.

    Compilers call these by `processor`, which is the name unless told, with features that they would not know of. What
    it has for products of narrow numbers, `narrow`, makes a variant of its own for those.
    """

    name: str
    level: int
    isa: Isa
    features: str = ""
    processor: str = ""
    narrow: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "processor", self.processor or self.name)


@dataclass(frozen=True, slots=True)
class Machine:
    """A kind of processor, on a system, and `every` variant of code for it, the best first.

    `finds_level` is the file of the body that asks the processor for its level; without one, all have the lowest. The
    ABI is named where the system has several. Without `has_fma`, sums of products are rounded once by other means.
    """

    name: str
    arch: str
    every: tuple[Variant, ...]
    finds_level: str = ""
    system: str = "linux-gnu"
    abi: str = ""
    has_fma: bool = True

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Those of code in float32."""
        return tuple(variant for variant in self.every if not variant.narrow) or self.every

    @property
    def triple(self) -> str:
        """As compilers name the machine."""
        return f"{self.arch}-unknown-{self.system}"

    @property
    def is_wasm(self) -> bool:
        """Whether code is for a machine that only programs are, with addresses of 32 bits."""
        return self.system == WASI

    @property
    def tools(self) -> tuple[str, str]:
        """The compiler and the archiver that its Makefile calls on this machine, unless CC and AR name others."""
        if self.is_wasm:
            return "clang", "llvm-ar"
        prefix = "" if host_arch() == self.arch else f"{self.arch}-linux-gnu-"
        return f"{prefix}gcc", f"{prefix}ar"

    @property
    def lowest(self) -> Variant:
        """The variant that most processors can run."""
        return self.every[-1]


WASI = "wasi"  # the system interface of WebAssembly
_ASSEMBLY = "exported/x86"  # asks by instructions that LLVM reads for this kind of machine alone
_RV64GC = "+m,+a,+f,+d,+c"
_X86_64 = (
    Variant(
        "x86-64-v4-dot",
        5,
        AVX512,
        "-prefer-256-bit,+avx512vnni,+avx512bf16",
        "x86-64-v4",
        narrow=NARROW_FEATURES["avx512"],
    ),
    Variant("x86-64-v4", 4, AVX512, "-prefer-256-bit"),
    Variant("x86-64-v3", 3, AVX2),
    Variant("x86-64", 1, GENERIC),
)
_RISCV64 = (
    Variant("rv64gcv", 2, RVV, f"{_RV64GC},+v", "generic-rv64"),
    Variant("rv64gc", 1, GENERIC, _RV64GC, "generic-rv64"),
)
_WASM32 = (Variant("simd128", 1, GENERIC, "+simd128,+bulk-memory", "mvp"),)
MACHINES = {
    machine.name: machine
    for machine in (
        Machine("x86-64", "x86_64", _X86_64, _ASSEMBLY),
        *(Machine(variant.name, "x86_64", (variant,), _ASSEMBLY) for variant in _X86_64[:-1]),
        Machine("aarch64", "aarch64", (Variant("generic", 1, NEON),)),
        Machine("riscv64", "riscv64", _RISCV64, "exported/riscv", abi="lp64d"),
        Machine("wasm32", "wasm32", _WASM32, system=WASI, has_fma=False),
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
    if machine.finds_level == _ASSEMBLY and machine.arch != here:
        raise TargetError(f"libraries for {name} are made on {machine.arch} alone, and this machine is {here}")
    return machine


def host_arch() -> str:
    """What LLVM calls the processors of this machine's kind."""
    return str(binding.get_process_triple()).split("-", maxsplit=1)[0]
