"""What code is made for: the instruction set, the caches and the threads of a machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from llvmlite import binding

from wincook.arguments import instance, whole_number
from wincook.errors import TargetError, quoted

_CACHES = Path("/sys/devices/system/cpu/cpu0/cache")
_TYPICAL_L2 = 1 << 20


@dataclass(frozen=True, slots=True)
class Isa:
    """A vector instruction set as the kernels see it.

    There are so many `registers`, vectors of `lanes` float32; a micro-kernel keeps `rows` tiles × `vectors` vectors of
    filters in them, at the most, which leaves room for the operands.
    """

    name: str
    lanes: int
    rows: int
    vectors: int
    registers: int
    features: tuple[str, ...]


AVX512 = Isa("avx512", lanes=16, rows=14, vectors=2, registers=32, features=("avx512f", "avx512bw", "avx512vl"))
AVX2 = Isa("avx2", lanes=8, rows=6, vectors=2, registers=16, features=("avx2", "fma"))
NEON = Isa("neon", lanes=4, rows=12, vectors=2, registers=32, features=("neon",))
RVV = Isa("rvv", lanes=4, rows=12, vectors=2, registers=32, features=("v",))
GENERIC = Isa("generic", lanes=4, rows=6, vectors=2, registers=16, features=())
NARROW_FEATURES = {"avx512": ("avx512bf16", "avx512vnni"), "avx2": ("avxvnni",)}
"""By instruction set, what processors may have for products of narrow numbers."""
ISAS = {isa.name: isa for isa in (AVX512, AVX2, NEON, RVV, GENERIC)}
"""All instruction sets by name, the best first: a `Target` of another machine starts with one."""


@dataclass(frozen=True, slots=True)
class Target:
    """A machine: its instruction set, its L2 cache in bytes (per core), and how many threads it runs at once.

    The features are those of its processor that narrow formats use, as LLVM calls them: `avx512bf16` and the like.
    Where one is missing, kernels do with several instructions what it would do with one.

    Raises:
        TargetError: no instruction set, or numbers below 1.
    """

    isa: Isa
    l2: int
    threads: int
    features: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        instance("isa", self.isa, Isa, "wincook.kernels.ISAS has them by name", TargetError)
        for name in ("l2", "threads"):
            object.__setattr__(self, name, whole_number(name, getattr(self, name), error=TargetError))

    @classmethod
    def host(cls) -> Target:
        """This machine, with the best instruction set it has."""
        isa = _host_isas()[0]
        return cls(isa, _host_l2(), host_threads(), _host_features(isa))

    @classmethod
    def of(cls, target: Target | str | None) -> Target:
        """The target itself; this machine; or this machine held to the named instruction set.

        Raises:
            TargetError: the instruction set is unknown, or this machine lacks it.
        """
        if isinstance(target, Target):
            return target
        host = cls.host()
        if target is None:
            return host
        available = host_isa_names()
        if not isinstance(target, str) or target not in available:
            raise TargetError(f"no target {quoted(target)} on this machine; it has {', '.join(available)}")
        return cls(ISAS[target], host.l2, host.threads, _host_features(ISAS[target]))


def check_runs_here(target: Target) -> None:
    """See that code for a target can run: an instruction that a processor lacks would end the process.

    Raises:
        TargetError: this machine lacks the instruction set, or a feature beside it.
    """
    isa = target.isa
    here = {*host_isa_names(), *_host_features(isa)}
    if lacking := [name for name in (isa.name, *target.features) if name not in here]:
        raise TargetError(
            f"code for {lacking[0]} cannot run on this machine, which has {', '.join(host_isa_names())}; "
            "wincook.emit_library makes libraries for other machines"
        )


def host_processor() -> str:
    """The name by which the compiler knows this processor."""
    return str(binding.get_host_cpu_name())


def host_isa_names() -> list[str]:
    """The instruction sets that this machine has, the best first."""
    return [isa.name for isa in _host_isas()]


@lru_cache(maxsize=1)
def _host_isas() -> list[Isa]:
    features = binding.get_host_cpu_features()
    return [isa for isa in ISAS.values() if all(features.get(name, False) for name in isa.features)]


@lru_cache(maxsize=len(ISAS))
def _host_features(isa: Isa) -> tuple[str, ...]:
    """Those of this machine's processor that narrow formats use beside an instruction set."""
    features = binding.get_host_cpu_features()
    return tuple(name for name in NARROW_FEATURES.get(isa.name, ()) if features.get(name, False))


def _host_l2() -> int:
    return host_cache(2) or _TYPICAL_L2


@lru_cache(maxsize=4)
def host_cache(level: int) -> int:
    """Bytes of a cache, from the kernel's own account of the first core; 0 where there is none."""
    for folder in sorted(_CACHES.glob("index*")):
        try:
            of_folder, size = (folder / "level").read_text().strip(), (folder / "size").read_text().strip()
        except OSError:
            continue
        if of_folder == str(level) and size.endswith("K"):
            return int(size[:-1]) * 1024
    return 0


def host_memory() -> int:
    """Bytes of memory of this machine; where it does not say, those that addresses of 48 bits reach."""
    if not hasattr(os, "sysconf"):
        return 1 << 48
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def host_threads() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
