"""What a library holds: layers by their keys, and the kinds of kernels that compute them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wincook.errors import FormatError, NotationError, ShapeError, quoted
from wincook.identifier import identifier
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.codegen.native.kinds import Kind, Kinds, joined
from wincook.kernels.codegen.native.machine import Machine, Variant
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.plans.depthwise import plan_depthwise
from wincook.kernels.plans.direct import plan_direct
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan, nested_plan, plan
from wincook.kernels.run.calibrated import calibration_of, scales_of
from wincook.kernels.target import GENERIC, Target
from wincook.quantisation.calibration import Calibration

_OF_WHOLE_LAYERS = {"direct": plan_direct, "depthwise": plan_depthwise}
_SEVERAL = "wincook"  # the name of a library of several layers that has none


@dataclass(frozen=True, slots=True)
class Member:
    """A layer of a library: its key, what its functions start with, its plan for the best variant, and their code.

    A library of a single plan has its own name for a key. Code of whole numbers holds a calibration.
    """

    key: str
    prefix: str
    plan: LayerPlan
    kind: Kind
    calibration: Calibration | None = None


@dataclass(frozen=True, slots=True)
class Contents:
    """A library: its name, the machine that it is for, and its layers."""

    name: str
    machine: Machine
    members: tuple[Member, ...]

    @property
    def keyed(self) -> bool:
        """Whether there are keys in its symbols."""
        return self.members[0].prefix != self.name

    @property
    def variants(self) -> tuple[Variant, ...]:
        """Those of any layer, the best first."""
        made = {variant for kind in self.kinds for variant in kind.codes}
        return tuple(variant for variant in self.machine.every if variant in made)

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Each kind once, with those that it calls behind it."""
        every = (kind for member in self.members for kind in (member.kind, *member.kind.calls))
        return tuple({kind.label: kind for kind in every}.values())


def contents_of(given: object, name: str | None, machine: Machine, calibration: object = None) -> Contents:
    """The contents of a library of one plan, or of several by their keys, with the calibrations of those that take one.

    Raises:
        FormatError: a plan in formats that there are no libraries for, or one that takes no calibration.
        DataError: a plan that takes a calibration, and there is none, or one that is not for it.
        NotationError: something else; keys that are no C identifiers, or that differ in case alone; a wrong name.
        ShapeError: a layer of more than two axes.
    """
    keyed = _keyed(given)
    single = keyed.pop("", None)
    if single is not None:
        name = identifier(_default_name(single) if name is None else name)
        keyed, prefixes = {name: single}, [name]
    else:
        name = identifier(_SEVERAL if name is None else name)
        prefixes = [joined(name, key) for key in keyed]
    calibrations = _calibrations(keyed, calibration, is_single=single is not None)
    kinds, members = Kinds(), []
    for (key, decided), prefix in zip(keyed.items(), prefixes, strict=True):
        known = calibration_of(_in_known_formats(decided), calibrations.get(key))
        plans = _for_each_variant(decided, machine)
        best = next(iter(plans.values()))
        members.append(Member(key, prefix, best, _kind(plans, kinds, known), known))
    contents = Contents(name, machine, tuple(members))
    if len(contents.kinds) == 1:  # it needs no label
        only = replace(members[0].kind, label="")
        return replace(contents, members=tuple(replace(member, kind=only) for member in members))
    return contents


def _keyed(plans: object) -> dict[str, LayerPlan]:
    """The plans by their keys; a single one by an empty key."""
    if not isinstance(plans, Mapping):
        return {"": _dense(layer_plan_of(plans))}
    if not plans:
        raise NotationError("plans is empty; give a plan of wincook.kernels.make_plan(layer), or several by their keys")
    folded: dict[str, str] = {}
    for key in plans:
        other = folded.setdefault(identifier(key, "a key of plans").lower(), key)
        if other != key:
            raise NotationError(f"the keys {quoted(other)} and {quoted(key)} differ in case alone; rename one")
    return {key: _dense(layer_plan_of(decided)) for key, decided in plans.items()}


def _dense(decided: LayerPlan) -> LayerPlan:
    """The plan itself.

    Raises:
        ShapeError: it is of a sparse kernel.
    """
    if decided.sparse:
        raise ShapeError(f"sparse kernels are emitted as modules alone, not {decided}; plan it without sparse=True")
    return decided


def _default_name(decided: LayerPlan) -> str:
    single = decided.plans[0]
    return module_stem(single).removesuffix(f"_{single.target.isa.name}")


def _in_known_formats(decided: LayerPlan) -> LayerPlan:
    """The plan, if there are libraries in its formats.

    Raises:
        FormatError: there are none.
    """
    if (decided.input_format, decided.output_format) != ("float32", "float32"):
        raise FormatError("libraries read and write float32; plan the layer without input_format and output_format")
    for single in decided.plans:
        if single.format != "float32" and (single.family != "nested" or is_composed(decided)):
            raise FormatError(
                f"libraries in {single.format} are of layers that are one tiled kernel, and {decided.layer} is not; "
                "plan it in float32, or by a tile"
            )
    return decided


def _calibrations(keyed: Mapping[str, LayerPlan], given: object, *, is_single: bool) -> Mapping[str, object]:
    """By the keys of plans what was given: one calibration for a single plan, or several by keys.

    Raises:
        NotationError: neither, or one by a key that no plan has.
    """
    if given is None:
        return {}
    if is_single:
        return dict.fromkeys(keyed, given)
    if not isinstance(given, Mapping):
        raise NotationError("calibration must be a mapping from the keys of plans, as there are several")
    for key in given.keys() - keyed.keys():
        raise NotationError(f"there is a calibration for {quoted(key)}, which is no key of plans")
    return given


def _kind(plans: dict[Variant, LayerPlan], kinds: Kinds, calibration: Calibration | None) -> Kind:
    if is_composed(next(iter(plans.values()))):
        return kinds.of_layer(plans)
    singles = {variant: decided.plans[0] for variant, decided in plans.items()}
    if calibration is None:
        return kinds.of_kernel(singles)
    said = scales_of(next(iter(singles.values())), calibration)["extra"]
    return kinds.of_kernel(singles, tuple(said.tolist()))


def _for_each_variant(decided: LayerPlan, machine: Machine) -> dict[Variant, LayerPlan]:
    """A plan for the instruction set of each variant: of the same families, so that all compute the same layers."""
    variants = machine.variants if decided.plans[0].format == "float32" else machine.every
    parts = [_kernel_for_each(single, variants) for single in decided.plans]
    return {
        variant: replace(
            decided,
            parts=tuple((part, plans[variant]) for (part, _), plans in zip(decided.parts, parts, strict=True)),
        )
        for variant in variants
    }


def _kernel_for_each(kernel: Plan, variants: tuple[Variant, ...]) -> dict[Variant, Plan]:
    """A kernel for each variant: a shallow one where that is best for all that have a fused multiply-add.

    Each multiplication and addition of others is a call, and shallow kernels have no loop around them.
    """
    plans = {variant: _planned_for(kernel, variant) for variant in variants}
    is_shallow = all(single.family == "shallow" for single in plans.values() if single.target.isa is not GENERIC)
    return {
        variant: single
        if single.family != "shallow" or (is_shallow and variant.isa is not GENERIC)
        else replace(nested_plan(single.layer, single.algorithm, single.target, 1), epilogue=single.epilogue)
        for variant, single in plans.items()
    }


def _planned_for(kernel: Plan, variant: Variant) -> Plan:
    """The same for a variant, and one thread."""
    target = Target(variant.isa, kernel.target.l2, 1, variant.narrow)
    if kernel.tiled:
        formats = Formats(kernel.format, kernel.input_format, kernel.output_format)
        fresh = plan(kernel.layer, kernel.algorithm, target, 1, formats)
    else:
        fresh = _OF_WHOLE_LAYERS[kernel.family](kernel.layer, target, 1)
    return replace(fresh, epilogue=kernel.epilogue)
