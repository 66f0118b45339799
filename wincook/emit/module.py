"""Give away what a plan is made: its module as one Python file, or the machine code of that module as text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from wincook.arguments import choice
from wincook.emit.listing import listing
from wincook.errors import ShapeError
from wincook.files import given_path, write_atomically
from wincook.kernels.codegen.source import module_source, module_stem
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of

Kind = Literal["module", "llvm", "asm"]
_SUFFIXES: dict[Kind, str] = {"module": "py", "llvm": "ll", "asm": "s"}


def emit(plan: LayerPlan, folder: str | Path, kind: Kind = "module") -> Path:
    """Write the code of a plan into a folder, which is made if need be.

    Args:
        plan: what to write; its layer's sizes are not baked in.
        folder: where to.
        kind: `module`, a self-contained Python module with `pack` and `convolve`. It keeps its machine code in the
            same cache folder as wincook, and is as careful with it. `llvm` and `asm` are for reading: the LLVM after
            all passes, and the assembly, of the functions of that module, as this machine compiles them.

    Returns:
        The path of the file, whose name is the same each time: tile, layout, instruction set. The suffix is .py, .ll
        or .s, so that all kinds can stand in one folder.

    Raises:
        NotationError: an unknown kind, or something else than a plan and a folder.
        ShapeError: a layer that takes several kernels, or one that is not computed by tiles.
        OutputError: the folder cannot be made or written.
        TargetError: of `llvm` and `asm`, as for `wincook.compile`.
    """
    plan, kind = layer_plan_of(plan), choice("kind", kind, get_args(Kind))
    if not plan.whole or not plan.plans[0].tiled:
        raise ShapeError(
            f"a module computes F(m,r) on a plain layer with two axes, and for {plan.layer} there is no tile; take one "
            "such as F(4x4,3x3), or F(1x4,1x3) for one axis, or F(4x4,3x3)/2 for stride 2"
        )
    if not plan.fused or plan.inner is not plan.layer:
        raise ShapeError(
            f"a module pads with zeros, and does what fits into its tile; it cannot do all of {plan}: plan it without, "
            "and pad before, or finish after it"
        )
    (single,) = plan.plans
    path = given_path("folder", folder) / f"{module_stem(single)}.{_SUFFIXES[kind]}"
    text = module_source(single) if kind == "module" else listing(plan, kind)
    write_atomically(path, text.encode())
    return path
