"""What a library holds: layers by their keys, and the kinds of kernels that compute them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wincook.errors import NotationError, ShapeError, quoted
from wincook.identifier import identifier
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.codegen.native.kinds import Kind, Kinds, joined
from wincook.kernels.codegen.native.machine import Machine, Variant
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.plans.depthwise import plan_depthwise
from wincook.kernels.plans.direct import plan_direct
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan, nested_plan, plan
from wincook.kernels.target import GENERIC, Isa, Target

_OF_WHOLE_LAYERS = {"direct": plan_direct, "depthwise": plan_depthwise}
_SEVERAL = "wincook"  # the name of a library of several layers that has none


@dataclass(frozen=True, slots=True)
class Member:
    """A layer of a library: its key, what its functions start with, its plan for the best variant, and their code.

    A library of a single plan has its own name for a key.
    """

    key: str
    prefix: str
    plan: LayerPlan
    kind: Kind


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
    def kinds(self) -> tuple[Kind, ...]:
        """Each kind once, with those that it calls behind it."""
        every = (kind for member in self.members for kind in (member.kind, *member.kind.calls))
        return tuple({kind.label: kind for kind in every}.values())


def contents_of(given: object, name: str | None, machine: Machine) -> Contents:
    """The contents of a library of one plan, or of several by their keys.

    Raises:
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
    planned, kinds = [_for_each_variant(each, machine) for each in keyed.values()], Kinds()
    members = [
        Member(key, prefix, plans[machine.variants[0]], _kind(plans, kinds))
        for key, prefix, plans in zip(keyed, prefixes, planned, strict=True)
    ]
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


def _kind(plans: dict[Variant, LayerPlan], kinds: Kinds) -> Kind:
    if is_composed(next(iter(plans.values()))):
        return kinds.of_layer(plans)
    return kinds.of_kernel({variant: decided.plans[0] for variant, decided in plans.items()})


def _for_each_variant(decided: LayerPlan, machine: Machine) -> dict[Variant, LayerPlan]:
    """A plan for the instruction set of each variant: of the same families, so that all compute the same layers."""
    parts = [_kernel_for_each(single, machine) for single in decided.plans]
    return {
        variant: replace(
            decided,
            parts=tuple((part, plans[variant]) for (part, _), plans in zip(decided.parts, parts, strict=True)),
        )
        for variant in machine.variants
    }


def _kernel_for_each(kernel: Plan, machine: Machine) -> dict[Variant, Plan]:
    """A kernel for each variant: a shallow one where that is best for all that have a fused multiply-add.

    Each multiplication and addition of others is a call, and shallow kernels have no loop around them.
    """
    plans = {variant: _planned_for(kernel, variant.isa) for variant in machine.variants}
    is_shallow = all(single.family == "shallow" for single in plans.values() if single.target.isa is not GENERIC)
    return {
        variant: single
        if single.family != "shallow" or (is_shallow and variant.isa is not GENERIC)
        else replace(nested_plan(single.layer, single.algorithm, single.target, 1), epilogue=single.epilogue)
        for variant, single in plans.items()
    }


def _planned_for(kernel: Plan, isa: Isa) -> Plan:
    """The same for an instruction set, and one thread."""
    target = Target(isa, kernel.target.l2, 1)
    if kernel.tiled:
        fresh = plan(kernel.layer, kernel.algorithm, target, 1)
    else:
        fresh = _OF_WHOLE_LAYERS[kernel.family](kernel.layer, target, 1)
    return replace(fresh, epilogue=kernel.epilogue)
