"""What a library holds: layers by their keys, and the kinds of kernels that compute them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wincook.emit.library.identifier import identifier
from wincook.errors import NotationError, ShapeError, quoted
from wincook.kernels.codegen.native.kinds import Kind, Plans, joined, kinds_of
from wincook.kernels.codegen.native.machine import Machine
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.plans.depthwise import plan_depthwise
from wincook.kernels.plans.direct import plan_direct
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan, nested_plan, plan
from wincook.kernels.target import Isa, Target

_OF_WHOLE_LAYERS = {"direct": plan_direct, "depthwise": plan_depthwise}
_SEVERAL = "wincook"  # the name of a library of several layers that has none


@dataclass(frozen=True, slots=True)
class Member:
    """A layer of a library: its key, what its functions start with, its plan for the best variant, and their code.

    A library of a single plan has its own name for a key.
    """

    key: str
    prefix: str
    plan: Plan
    kind: Kind


@dataclass(frozen=True, slots=True)
class Contents:
    """A library by its name, the machine that it is for, and its layers; kinds of kernels that some share stand once."""

    name: str
    machine: Machine
    members: tuple[Member, ...]

    @property
    def keyed(self) -> bool:
        """Whether there are keys in its symbols."""
        return self.members[0].prefix != self.name

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Each kind once."""
        return tuple({member.kind.label: member.kind for member in self.members}.values())


def contents_of(given: object, name: str | None, machine: Machine) -> Contents:
    """The contents of a library of one plan, or of several by their keys.

    Raises:
        NotationError: something else; keys that are no C identifiers, or that differ in case alone; a wrong name.
        ShapeError: a layer that takes several kernels.
    """
    keyed = _keyed(given)
    single = keyed.pop("", None)
    if single is not None:
        kernel = _only_plan(single)
        name = identifier(_default_name(kernel) if name is None else name)
        keyed, prefixes = {name: single}, [name]
    else:
        name = identifier(_SEVERAL if name is None else name)
        prefixes = [joined(name, key) for key in keyed]
    planned = [_for_each_variant(_only_plan(each), machine) for each in keyed.values()]
    kinds, numbering = kinds_of(planned)
    members = (
        Member(key, prefix, plans[machine.variants[0]], kinds[number])
        for key, prefix, plans, number in zip(keyed, prefixes, planned, numbering, strict=True)
    )
    return Contents(name, machine, tuple(members))


def _keyed(plans: object) -> dict[str, LayerPlan]:
    """The plans by their keys; a single one by an empty key."""
    if not isinstance(plans, Mapping):
        return {"": layer_plan_of(plans)}
    if not plans:
        raise NotationError("plans is empty; give a plan of wincook.kernels.make_plan(layer), or several by their keys")
    folded: dict[str, str] = {}
    for key in plans:
        other = folded.setdefault(identifier(key, "a key of plans").lower(), key)
        if other != key:
            raise NotationError(f"the keys {quoted(other)} and {quoted(key)} differ in case alone; rename one")
    return {key: layer_plan_of(decided) for key, decided in plans.items()}


def _only_plan(decided: LayerPlan) -> Plan:
    """The plan of the one kernel that does all that a layer's plan says.

    Raises:
        ShapeError: there is none.
    """
    if not decided.whole or not decided.fused or decided.inner is not decided.layer or decided.phases is not None:
        raise ShapeError(
            f"a library does what one kernel does, and {decided} takes more; plan it without, and pad before, or "
            "finish after it"
        )
    return decided.plans[0]


def _default_name(kernel: Plan) -> str:
    return module_stem(kernel).removesuffix(f"_{kernel.target.isa.name}")


def _for_each_variant(kernel: Plan, machine: Machine) -> Plans:
    """A plan for the instruction set of each variant: of one family, so that all compute the same layers."""
    plans = {variant: _planned_for(kernel, variant.isa) for variant in machine.variants}
    if len({single.family for single in plans.values()}) == 1:
        return plans
    return {
        variant: replace(
            nested_plan(single.layer, single.algorithm, single.target, single.threads), epilogue=single.epilogue
        )
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
