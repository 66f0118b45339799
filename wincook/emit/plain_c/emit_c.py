"""From plans to a folder with kernels as plain C: texts, the header, test, example, package files, a document."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from wincook.arguments import flag
from wincook.emit.library.contents import Contents, Member, contents_of
from wincook.emit.library.emit_library import Library, write_library
from wincook.emit.library.folder import check_folder
from wincook.emit.library.given import Given
from wincook.emit.library.texts import Objects
from wincook.emit.plain_c.composed import composed_source
from wincook.emit.plain_c.source import c_source
from wincook.errors import NotationError
from wincook.files import given_path
from wincook.kernels.codegen.native.kinds import Kind, joined
from wincook.kernels.codegen.native.machine import Machine, Variant, host_arch
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.calibrated import calibrations_of
from wincook.kernels.target import GENERIC
from wincook.quantisation.affine import Affine
from wincook.quantisation.calibration import Calibration

_COMPILED = Variant("compiled", 1, GENERIC)
_OTHER_FILES = ("test", "example")  # whose texts in C stand beside those of the kernels
_RULE = """%.o: %.c {name}.h
\t$(CC) $(CFLAGS) -std=c99 -Wall -Wextra -Werror -pedantic -ffp-contract=off -fPIC -c -o $@ $<"""
_OPTIONS = "-O3 $(if $(CROSS),,-march=native)"
_ARCH = "$(shell uname -m)"


def emit_c(
    plans: LayerPlan | Mapping[str, LayerPlan],
    folder: str | Path,
    *,
    name: str | None = None,
    calibration: Calibration | Mapping[str, Calibration] | None = None,
    x: Affine | Mapping[str, Affine] | None = None,
    y: Affine | Mapping[str, Affine] | None = None,
    residual: Affine | Mapping[str, Affine] | None = None,
    force: bool = False,
) -> Library:
    """Write the code of a plan, or of several, as plain C into a folder of its own, with the header of a library.

    The text is C99 and C++17, and needs libc and libm alone. It takes the vectors of GCC and Clang where there are any,
    as wide as the compiler is told that they may be. The bits are those of `emit_library`, whatever the compiler, and
    so are the functions: what is not said here is as there. Kernels that layers call are other texts.

    Args:
        plans: what to write: one plan, or several by their keys.
        folder: where to; it must be new or empty, but for `force`.
        name: what symbols and files start with, a C identifier; for one plan, not `test` or `example`.
        calibration: what `wincook.quantisation.calibrate` found for a plan of int8 or int16, by the keys of such plans
            where there are several.
        x: the scale of an x of 8 bits, where no calibration has it, likewise.
        y: that of a y of 8 bits, likewise; left out, that of the calibration.
        residual: that of a residual of 8 bits, likewise.
        force: whether files of a folder that is not empty may be written over; others stay.

    Raises:
        NotationError: neither a plan nor plans by their keys, or none; no folder; a name or a key that cannot be, or
            `force` that is no flag.
        ShapeError: a layer of more than two axes.
        FormatError: a calibration or a scale for a plan that takes none.
        DataError: a plan that takes a calibration or a scale, and there is none, or one that is not for it.
        OutputError: the folder is not empty or cannot be written, or the compiler fails.
    """
    machine = Machine("any processor", host_arch(), (_COMPILED,))
    contents = contents_of(plans, name, machine, Given(calibration, x, y, residual))
    if not contents.keyed and contents.name in _OTHER_FILES:
        raise NotationError(f"name = '{contents.name}' is that of another text in C in the folder; take another")
    contents = replace(contents, members=tuple(map(_in_text, contents.members)))
    place = given_path("folder", folder)
    check_folder(place, force=flag("force", force))
    objects = Objects(_RULE.format(name=contents.name), _OPTIONS, _ARCH)
    return write_library(contents, _codes(contents), "c", place, objects)


def _codes(contents: Contents) -> dict[str, bytes]:
    """The text of each kind of code, by what its functions start with, those of kernels that layers call first."""
    name, texts = contents.name, dict[str, str]()
    prefixes = _prefixes(contents)
    for kind in sorted(contents.kinds, key=lambda kind: bool(kind.calls)):  # what others call is there before them
        members = [member for member in contents.members if member.kind.label == kind.label]
        prefix, versioned = prefixes[kind.label], contents.members[0] in members
        if kind.calls:
            kernels = {prefixes[call.label]: texts[prefixes[call.label]] for call in kind.calls}
            texts[prefix] = composed_source(name, members, kernels, versioned=versioned)
            continue
        owner = next(member for member in contents.members if kind in (member.kind, *member.kind.calls))
        single = LayerPlan(kind.plans[_COMPILED].layer, (), ((None, kind.plans[_COMPILED]),))
        largest = max((member.plan for member in members), key=lambda decided: decided.layer.filters, default=single)
        calibrations = calibrations_of(owner.plan, owner.calibration) if owner.calibration else ()
        scales = owner.scales_of_elements.applied_by(largest.plans[0])
        texts[prefix] = c_source(
            name,
            prefix,
            largest,
            tuple(member.prefix for member in members[1:]),
            in_header=bool(members),
            versioned=versioned,
            calibrations=calibrations,
            scales=scales,
        )
    return {prefix: text.encode() for prefix, text in texts.items()}


def _prefixes(contents: Contents) -> dict[str, str]:
    """What functions start with, by the labels of kinds: those of the first layer of a kind, or of a kernel.

    Raises:
        NotationError: a key that a kernel needs.
    """
    of_layers = {member.kind.label: member.prefix for member in reversed(contents.members)}
    prefixes = {kind.label: joined(contents.name, "kernel", kind.label) for kind in contents.kinds} | of_layers
    taken = {member.prefix: member.key for member in contents.members}
    for label, prefix in prefixes.items():
        if label not in of_layers and prefix in taken:
            raise NotationError(f"the key {taken[prefix]} is that of a kernel, {prefix}.c; take another")
    return prefixes


def _in_text(member: Member) -> Member:
    """The same with the kernels that there are as text: no others have other bits."""
    parts = tuple((part, _with_whole_filters(plan)) for part, plan in member.plan.parts)
    return replace(member, plan=replace(member.plan, parts=parts), kind=_kind_in_text(member.kind))


def _kind_in_text(kind: Kind) -> Kind:
    plans = {variant: _with_whole_filters(plan) for variant, plan in kind.plans.items()}
    return replace(kind, plans=plans, calls=tuple(map(_kind_in_text, kind.calls)))


def _with_whole_filters(plan: Plan) -> Plan:
    return replace(plan, half_filters=False)
