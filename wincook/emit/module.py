"""Give away what a plan is made: its module as one Python file, or the machine code of that module as text."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from wincook.arguments import choice
from wincook.emit.layer_module.source import kernel_stems, layer_module_source, layer_stem
from wincook.emit.listing import listing
from wincook.emit.module_test import layer_module_test, module_test
from wincook.errors import FormatError, ShapeError
from wincook.files import given_path, write_atomically
from wincook.kernels.codegen.source import module_source, module_stem
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of

Kind = Literal["module", "llvm", "asm"]
_SUFFIXES: dict[Kind, str] = {"module": "py", "llvm": "ll", "asm": "s"}


def emit(plan: LayerPlan, folder: str | Path, kind: Kind = "module") -> Path:
    """Write the code of a plan into a folder, which is made if need be.

    Args:
        plan: what to write; the sizes of a layer of one kernel are not baked in.
        folder: where to.
        kind: `module`, a self-contained Python module with `pack` and `convolve`, for images with two axes: a layer of
            one is an image of one row. It keeps its machine code in the same cache folder as wincook, and is as
            careful with it. A test stands beside it, `test_` and its name, which pytest runs, or Python by itself,
            unless products, x or y are of whole numbers: how exact these are, their scales decide.
            The module of a layer that takes several kernels, or more than its kernel does, is for the sizes that it was
            planned for, with any number of images; the modules of its kernels stand beside it.
            `llvm` and `asm` are for reading: the LLVM after all passes, and the assembly, of the functions of that
            module, as this machine compiles them.

    Returns:
        The path of the file, whose name is the same each time: tile or family, layout, instruction set. The suffix is
        .py, .ll or .s, so that all kinds can stand in one folder.

    Raises:
        NotationError: an unknown kind, or something else than a plan and a folder.
        ShapeError: of `llvm` and `asm`, a layer that takes several kernels, or other work than that of its kernel.
        FormatError: a layer that takes more than its kernel, in int8 or int16, with groups in turn, or with an x, y or
            residual of other elements than float32.
        OutputError: the folder cannot be made or written.
        TargetError: of `llvm` and `asm`, as for `wincook.compile`.
    """
    plan, kind = layer_plan_of(plan), choice("kind", kind, get_args(Kind))
    place = given_path("folder", folder)
    if not is_one_kernel(plan):
        if kind != "module":
            raise ShapeError(
                f"{kind} is the code of one kernel, and {plan.layer} takes more than that; emit its kernels' plans"
            )
        return _emit_layer(plan, place)
    (single,) = plan.plans
    path = place / f"{module_stem(single)}.{_SUFFIXES[kind]}"
    text = module_source(single) if kind == "module" else listing(plan, kind)
    write_atomically(path, text.encode())
    if kind == "module" and not single.takes_scales:
        write_atomically(path.with_name(f"test_{path.name}"), module_test(plan, path.stem).encode())
    return path


def is_one_kernel(plan: LayerPlan) -> bool:
    """Whether the module of a kernel does all that a plan says."""
    return plan.whole and plan.phases is None and plan.fused and plan.inner is plan.layer and plan.turns == 1


def _emit_layer(plan: LayerPlan, folder: Path) -> Path:
    """Write the modules of a layer's kernels, its own, and its test.

    Raises:
        FormatError: the layer's own module would have to know scales, groups in turn, or other elements than float32.
    """
    (single, *_) = plan.plans
    elements = {"input_format": plan.input_format, "output_format": plan.output_format}
    for name, narrow in (elements | {"residual_format": plan.residual_format}).items():
        if narrow != "float32":
            raise FormatError(
                f"{plan.layer} takes more than its kernel does, and modules do that in float32 alone; emit a library, "
                f"or plan it without {name} = {narrow}"
            )
    if any(each.takes_scales for each in plan.plans) or plan.turns > 1:
        raise FormatError(
            f"in {single.format}, {plan.layer} takes more than its kernel does, and modules do that in float32 alone; "
            "emit a library, or plan it in float32"
        )
    for single, stem in kernel_stems(plan).items():
        write_atomically(folder / f"{stem}.py", module_source(single).encode())
    path = folder / f"{layer_stem(plan)}.py"
    write_atomically(path, layer_module_source(plan).encode())
    write_atomically(path.with_name(f"test_{path.name}"), layer_module_test(plan, path.stem).encode())
    return path
