"""Give away what a plan is made: its module as one Python file, or the machine code of that module as text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from wincook.arguments import choice
from wincook.emit.listing import listing
from wincook.emit.module_test import module_test
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
        kind: `module`, a self-contained Python module with `pack` and `convolve`, for images with two axes: a layer of
            one is an image of one row. It keeps its machine code in the same cache folder as wincook, and is as
            careful with it. A test stands beside it, `test_` and its name, which pytest runs, or Python by itself.
            `llvm` and `asm` are for reading: the LLVM after all passes, and the assembly, of the functions of that
            module, as this machine compiles them.

    Returns:
        The path of the file, whose name is the same each time: tile or family, layout, instruction set. The suffix is
        .py, .ll or .s, so that all kinds can stand in one folder.

    Raises:
        NotationError: an unknown kind, or something else than a plan and a folder.
        ShapeError: a layer that takes several kernels, or that needs other work than that of its kernel.
        OutputError: the folder cannot be made or written.
        TargetError: of `llvm` and `asm`, as for `wincook.compile`.
    """
    plan, kind = layer_plan_of(plan), choice("kind", kind, get_args(Kind))
    if not plan.whole or plan.phases is not None:
        what = "all its phases at once" if plan.whole else f"a sum of {len(plan.parts)} parts"
        raise ShapeError(
            f"a module is the code of one kernel, but {plan.layer} is computed as {what}; take 'direct', unless the "
            "layer is transposed or has more than two axes, or a tile with its axes and strides, such as F(4x4,3x3)/2"
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
    if kind == "module":
        write_atomically(path.with_name(f"test_{path.name}"), module_test(plan, path.stem).encode())
    return path
