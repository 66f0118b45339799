"""The machine whose library this processor runs with its best vectors, and their instruction set.

All variants have the same bits: one that can run here is enough, and it emulates where it must.
"""

from __future__ import annotations

from wincook.kernels.target import NARROW_FEATURES, Target

HERE = Target.host()
ISA = HERE.isa.name
MACHINE = {"avx512": "x86-64-v4", "avx2": "x86-64-v3"}.get(ISA, "x86-64")
OF_NARROW = "x86-64-v4-dot" if HERE.features == NARROW_FEATURES["avx512"] else MACHINE
"""That for narrow products, by one instruction where this processor has it."""
