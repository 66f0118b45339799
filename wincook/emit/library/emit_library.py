"""From a plan to a folder with a library for C: object files, header, test, example, package files, a document."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass, replace
from pathlib import Path

from wincook.arguments import flag
from wincook.emit.library.folder import check_folder, filled
from wincook.emit.library.identifier import identifier
from wincook.emit.library.sidecar import sidecar
from wincook.emit.library.texts import texts_of
from wincook.errors import OutputError, ShapeError
from wincook.files import given_path, path_text
from wincook.kernels.codegen.families import fuses
from wincook.kernels.codegen.native.machine import Machine, Variant, machine_of
from wincook.kernels.codegen.native.objects import object_files
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.make_plan import make_plan
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan, nested_plan
from wincook.kernels.target import Target


@dataclass(frozen=True, slots=True)
class Library:
    """What was written: the folder, the header, all files by name, and what stands in the way of linking, if anything.

    Without linked libraries, the object files are there, and so is a Makefile that links them.
    """

    folder: Path
    header: Path
    files: tuple[str, ...]
    unlinked: str = ""


def emit_library(
    plan: LayerPlan,
    folder: str | Path,
    *,
    name: str | None = None,
    machine: str | None = None,
    force: bool = False,
) -> Library:
    """Write the code of a plan as a library for C into a folder of its own.

    The code serves layers of all sizes with the plan's taps, strides, layout and epilogue; those of the plan's layer
    become an initialiser in the header. The library needs libc and libm alone, and the same plan gives the same bytes.

    Args:
        plan: what to write.
        folder: where to; it must be new or empty, but for `force`.
        name: what symbols and files start with, a C identifier; left out, that of the module without instruction set.
        machine: the processors it is for: `x86-64`, with code for three levels of which the best is taken at run time;
            one level, `x86-64-v4` or `x86-64-v3`; `aarch64`; `riscv64`, with vectors and without; or `wasm32`. Left
            out, it is this machine's kind.
        force: whether files of a folder that is not empty may be written over; others stay.

    Raises:
        NotationError: no plan, no folder, a name that is no C identifier, or `force` that is no flag.
        ShapeError: a layer that takes several kernels.
        TargetError: an unknown machine, or one whose code cannot be made here.
        OutputError: the folder is not empty or cannot be written, or the compiler fails.
    """
    plan, processor = layer_plan_of(plan), machine_of(machine)
    single = _only_plan(plan)
    name = identifier(_default_name(single) if name is None else name)
    place = given_path("folder", folder)
    check_folder(place, force=flag("force", force))
    plans = {variant: _planned_for(plan, variant) for variant in processor.variants}
    objects = object_files(name, plans, processor)
    files = {f"{file.stem}.o": file.contents for file in objects}
    texts = texts_of(name, plans[processor.variants[0]], processor, tuple(file.stem for file in objects))
    files |= {file: text.encode() for file, text in texts.items()}
    files[f"{name}.json"] = sidecar(name, plans, processor, files).encode()
    with filled(place) as fresh:
        for file, contents in files.items():
            (fresh / file).write_bytes(contents)
        unlinked = _link(fresh, processor)
        written = tuple(sorted(file.name for file in fresh.iterdir()))
    if unlinked:
        unlinked = f"not linked: {unlinked}; then run make in {path_text(place)}"
    return Library(place, place / f"{name}.h", written, unlinked)


def _only_plan(plan: LayerPlan) -> Plan:
    """The plan of the one kernel that does all that a layer's plan says.

    Raises:
        ShapeError: there is none.
    """
    single = plan.plans[0]
    if not plan.whole or not plan.fused or plan.inner is not plan.layer or plan.phases is not None:
        raise ShapeError(
            f"a library does what one kernel does, and {plan} takes more; plan it without, and pad before, or finish "
            "after it"
        )
    return _nested(single) if single.family == "shallow" else single


def _nested(single: Plan) -> Plan:
    """A nested kernel in the place of a shallow one, whose code is for so few channels alone.

    Raises:
        ShapeError: nested kernels do not all that it does after the convolution.
    """
    if not fuses("nested", single.algorithm.tile.outputs, single.epilogue):
        raise ShapeError(f"a library does what one nested kernel does, and {single} takes more; finish after it")
    nested = nested_plan(single.layer, single.algorithm, single.target, single.threads)
    return replace(nested, epilogue=single.epilogue)


def _default_name(plan: Plan) -> str:
    return module_stem(plan).removesuffix(f"_{plan.target.isa.name}")


def _planned_for(plan: LayerPlan, variant: Variant) -> Plan:
    """The same for the instruction set of a variant."""
    single = plan.plans[0]
    target = Target(variant.isa, single.target.l2, 1)
    subject = single.algorithm if single.tiled else single.family
    return _only_plan(make_plan(plan.layer, subject, threads=1, target=target, epilogue=plan.epilogue))


def _link(folder: Path, machine: Machine) -> str:
    """Let make link the object files in a folder; what to install first, where a tool is missing.

    Raises:
        OutputError: the tools are there, but fail.
    """
    compiler, archiver = machine.tools
    tools = ("make", os.environ.get("CC") or compiler, os.environ.get("AR") or archiver)
    missing = [tool for tool in tools if not shutil.which(tool.split()[0])]  # CC may hold options too
    if missing:
        return f"install {' and '.join(missing)}"
    done = subprocess.run(["make", "-s", "lib"], cwd=folder, capture_output=True, text=True, check=False)  # noqa: S607
    if done.returncode:
        raise OutputError(f"make failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no word'}")
    return ""
