"""From a plan to a folder with a kernel as plain C: the text, the header, test, example, package files, a document."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from wincook.arguments import flag
from wincook.emit.library.emit_library import Library, default_name, link, only_plan
from wincook.emit.library.folder import check_folder, filled
from wincook.emit.library.identifier import identifier
from wincook.emit.library.sidecar import sidecar
from wincook.emit.library.texts import Objects, texts_of
from wincook.emit.plain_c.source import c_source
from wincook.errors import NotationError
from wincook.files import given_path, path_text
from wincook.kernels.codegen.native.machine import Machine, Variant, host_arch
from wincook.kernels.make_plan import make_plan
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.target import GENERIC, Target

_COMPILED = Variant("compiled", 1, GENERIC)
_OTHER_FILES = ("test", "example")  # whose texts in C stand beside that of the kernel
_RULE = """{name}.o: {name}.c {name}.h
\t$(CC) $(CFLAGS) -std=c99 -Wall -Wextra -Werror -pedantic -ffp-contract=off -fPIC -c -o $@ {name}.c"""


def emit_c(plan: LayerPlan, folder: str | Path, *, name: str | None = None, force: bool = False) -> Library:
    """Write the code of a plan as plain C, with the header of `emit_library`, into a folder of its own.

    The text is C99 and C++17, and needs libc and libm alone. It takes the vectors of GCC and Clang where there are any,
    as wide as the compiler is told that they may be; the bits do not depend on it.

    Args:
        plan: what to write.
        folder: where to; it must be new or empty, but for `force`.
        name: what symbols and files start with, a C identifier other than `test` and `example`; left out, that of the
            module without instruction set.
        force: whether files of a folder that is not empty may be written over; others stay.

    Raises:
        NotationError: no plan, no folder, a name that cannot be, or `force` that is no flag.
        ShapeError: a layer that takes several kernels.
        OutputError: the folder is not empty or cannot be written, or the compiler fails.
    """
    single = _planned_for_c(layer_plan_of(plan))
    name = identifier(default_name(single) if name is None else name)
    if name in _OTHER_FILES:
        raise NotationError(f"name = {name!r} is that of another text in the folder; take another")
    place = given_path("folder", folder)
    check_folder(place, force=flag("force", force))
    machine = Machine("any processor", host_arch(), (_COMPILED,))
    objects = Objects(_RULE.format(name=name), "-O3 $(if $(CROSS),,-march=native)", "$(shell uname -m)")
    texts = {f"{name}.c": c_source(name, single)} | texts_of(name, single, machine, (name,), objects)
    files = {file: text.encode() for file, text in texts.items()}
    files[f"{name}.json"] = sidecar(name, {_COMPILED: single}, machine, files).encode()
    with filled(place) as fresh:
        for file, contents in files.items():
            (fresh / file).write_bytes(contents)
        unlinked = link(fresh, machine)
        written = tuple(sorted(file.name for file in fresh.iterdir()))
    if unlinked:
        unlinked = f"not linked: {unlinked}; then run make in {path_text(place)}"
    return Library(place, place / f"{name}.h", written, unlinked)


def _planned_for_c(plan: LayerPlan) -> Plan:
    """The one kernel for the least of processors; the text knows what others have."""
    single = plan.plans[0]
    subject = single.algorithm if single.tiled else single.family
    target = Target(GENERIC, single.target.l2, 1)
    return replace(
        only_plan(make_plan(plan.layer, subject, threads=1, target=target, epilogue=plan.epilogue)), half_filters=False
    )
