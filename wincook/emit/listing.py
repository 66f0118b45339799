"""The LLVM or the assembly of a plan's module as one text, with the facts of the module's header as comments."""

from __future__ import annotations

from typing import Literal

from wincook.kernels.compile import kernel_of
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.run.listing import compilers, joined, linked, listings
from wincook.kernels.target import host_processor


def listing(plan: LayerPlan, kind: Literal["llvm", "asm"]) -> str:
    """All functions of the module of a plain layer, of its micro-kernels the one of the most rows.

    Raises:
        TargetError: as `wincook.compile`.
        OutputError: as `wincook.compile`.
    """
    (module,) = kernel_of(plan).modules
    functions = listings(module)
    text, mark = (linked(functions), ";") if kind == "llvm" else (joined(functions), "#")
    facts = (module.__doc__ or "").split("\n\nNeeds only")[0].splitlines()
    made = [
        f"compiled for    {host_processor()}",
        f"by              {compilers()}",
        f"functions       {', '.join(function.function for function in functions)}",
    ]
    return "\n".join([*(f"{mark} {line}".rstrip() for line in [*facts, *made]), "", text])
