"""Which level of RISC-V a processor has, by the account of the system: with vectors, as of version 1.0, or without."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from wincook.kernels.codegen.body.exported.words import exported
from wincook.kernels.codegen.body.lanes.vectors import I64

AT_HWCAP = 16  # <elf.h>: extensions of one letter, as bits from A on
V = 1 << (ord("V") - ord("A"))


@intrinsic
def extensions(typingctx: Any) -> Any:
    """What libc was told of the processor when the process started."""

    def generate(context: Any, builder: ir.IRBuilder, signature: Any, arguments: Any) -> ir.Value:
        kind = ir.FunctionType(I64, [I64])
        return builder.call(cgutils.get_or_insert_function(builder.module, kind, "getauxval"), [I64(AT_HWCAP)])

    return types.int64(), generate


@exported()
def level() -> int:
    """1, or 2 with vectors."""
    return 2 if extensions() & V else 1
