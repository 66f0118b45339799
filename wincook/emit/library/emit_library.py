"""From plans to a folder with a library for C: object files, header, test, example, package files, a document."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from wincook.arguments import flag
from wincook.emit.library.contents import Contents, contents_of
from wincook.emit.library.folder import check_folder, filled
from wincook.emit.library.given import Given
from wincook.emit.library.sidecar import sidecar
from wincook.emit.library.texts import Objects, texts_of
from wincook.errors import OutputError
from wincook.files import given_path, path_text
from wincook.kernels.codegen.native.machine import Machine, machine_of
from wincook.kernels.codegen.native.objects import object_files
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibration import Calibration


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
    plans: LayerPlan | Mapping[str, LayerPlan],
    folder: str | Path,
    *,
    name: str | None = None,
    machine: str | None = None,
    calibration: Calibration | Mapping[str, Calibration] | None = None,
    x: Affine | Mapping[str, Affine] | None = None,
    y: Affine | Mapping[str, Affine] | None = None,
    residual: Affine | Mapping[str, Affine] | None = None,
    force: bool = False,
) -> Library:
    """Write the code of a plan, or of several, as a library for C into a folder of its own.

    The code serves layers of all sizes with the plan's taps, strides, layout and epilogue; those of the plan's layer
    become an initialiser in the header. A layer that takes several kernels is served for its own size, with any number
    of images. Kernels that several plans have in common are there once. The library needs libc and libm alone, and the
    same plans give the same bytes.

    Products may be narrow: `bfloat16`, or `int8` and `int16` with the calibration, which becomes part of the code. x,
    y and a residual have the elements that the plan says, which the header names, with the scales of those of 8 bits;
    these too are part of the code.

    Sparse kernels have one more function, which packs what a mask keeps.

    Args:
        plans: what to write: one plan, or several by their keys, C identifiers that their functions start with after
            the name, as `NAME_KEY_run`.
        folder: where to; it must be new or empty, but for `force`.
        name: what symbols and files start with, a C identifier; left out, that of the module without instruction set,
            or `wincook` for several plans.
        machine: the processors it is for: `x86-64`, with code for three levels of which the best is taken at run time;
            one level, `x86-64-v4` or `x86-64-v3`; `aarch64`; `riscv64`, with vectors and without; or `wasm32`. Left
            out, it is this machine's kind.
        calibration: what `wincook.quantisation.calibrate` found for a plan of int8 or int16, by the keys of such plans
            where there are several.
        x: of products in float32 the scale and zero point of an x of uint8 or int8, by keys likewise.
        y: those of a y of uint8 or int8; that of the calibration if left out.
        residual: those of a residual of uint8 or int8.
        force: whether files of a folder that is not empty may be written over; others stay.

    Raises:
        NotationError: neither a plan nor plans by their keys, or none; no folder; a name or a key that is no C
            identifier, keys that differ in case alone, or `force` that is no flag; what is given by other keys.
        FormatError: a calibration for other products, or a scale of floats.
        DataError: no calibration or scale for a plan that takes one, or one that is not for it.
        ShapeError: a layer of more than two axes.
        TargetError: an unknown machine, or one whose code cannot be made here.
        OutputError: the folder is not empty or cannot be written, or the compiler fails.
    """
    contents = contents_of(plans, name, machine_of(machine), Given(calibration, x, y, residual))
    place = given_path("folder", folder)
    check_folder(place, force=flag("force", force))
    objects = object_files(contents.name, {member.prefix: member.kind for member in contents.members}, contents.machine)
    return write_library(contents, {file.stem: file.contents for file in objects}, "o", place)


def write_library(
    contents: Contents, codes: dict[str, bytes], suffix: str, folder: Path, objects: Objects | None = None
) -> Library:
    """Fill a folder with the code of a library, and with all that goes with it, and link it.

    Args:
        contents: what it is made from.
        codes: the contents of files of code, by the stems of their names.
        suffix: theirs.
        folder: which was checked.
        objects: how object files are made of them; left out, they are such files.

    Raises:
        OutputError: the folder cannot be written, or the compiler fails.
    """
    files = {f"{stem}.{suffix}": code for stem, code in codes.items()}
    files |= {file: text.encode() for file, text in texts_of(contents, tuple(codes), objects).items()}
    files[f"{contents.name}.json"] = sidecar(contents, files, is_text=objects is not None).encode()
    with filled(folder) as fresh:
        for file, contained in files.items():
            (fresh / file).write_bytes(contained)
        unlinked = _link(fresh, contents.machine)
        written = tuple(sorted(file.name for file in fresh.iterdir()))
    if unlinked:
        unlinked = f"not linked: {unlinked}; then run make in {path_text(folder)}"
    return Library(folder, folder / f"{contents.name}.h", written, unlinked)


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
