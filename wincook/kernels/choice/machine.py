"""What a machine can do, in the few numbers that a time depends on."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from wincook.arguments import mapping, real_number
from wincook.errors import DataError, WincookError
from wincook.kernels.choice.remembered import recall
from wincook.kernels.target import AVX2, AVX512, GENERIC, Target, host_processor

KIND = "machine"  # of what is remembered
_CPUS = Path("/proc/cpuinfo")
_TYPICAL_PEAK = {AVX512.name: 100e9, AVX2.name: 80e9, GENERIC.name: 10e9}
_TYPICAL_L3, _TYPICAL_MEMORY = 40e9, 25e9
_TYPICAL_L3_SIZE = 16 << 20


@dataclass(frozen=True, slots=True)
class Machine:
    """One core: float32 operations a second in products, and bytes a second that it reads of L3 and of memory.

    `l3_size` is in bytes, those that one core can count on.
    """

    peak: float
    l3: float
    memory: float
    l3_size: float

    @classmethod
    def of(cls, target: Target) -> Machine:
        """What `wincook doctor --measure` found out about this processor; where it did not run, typical numbers."""
        peak = _TYPICAL_PEAK.get(target.isa.name, _TYPICAL_PEAK[GENERIC.name])
        return cls.known(target) or cls(peak, _TYPICAL_L3, _TYPICAL_MEMORY, _TYPICAL_L3_SIZE)

    @classmethod
    def known(cls, target: Target) -> Machine | None:
        """What was measured, if it was."""
        try:
            return cls.read(recall(KIND, machine_key(target)))
        except WincookError:
            return None

    @classmethod
    def read(cls, figures: Any) -> Machine:
        """From a mapping of the names of its fields.

        Raises:
            DataError: no such mapping, or numbers that are not positive.
        """
        known = mapping("machine", figures, "{'peak': 1e11}", DataError)
        return cls(*(real_number(field.name, known.get(field.name), above=0, error=DataError) for field in fields(cls)))


def machine_key(target: Target) -> str:
    """What the numbers of a machine depend on: the model of the processor, and the instruction set."""
    return f"{processor_model()}, {target.isa.name}, {target.l2} bytes of L2"


def processor_model() -> str:
    """The processor in its maker's words, where the system tells them; else by the compiler's name for it."""
    try:
        lines = _CPUS.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{names[0]} ({host_processor()})" if names else host_processor()
