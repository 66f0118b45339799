"""What a library holds: layers by their keys, and the kinds of kernels that compute them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from wincook.arrays import Array
from wincook.digest import digest
from wincook.emit.library.given import NOTHING_GIVEN, Given
from wincook.errors import NotationError, quoted
from wincook.identifier import LONGEST, identifier
from wincook.kernels.codegen.native.calibrated import Calibrated
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.codegen.native.kinds import Kind, Kinds, joined
from wincook.kernels.codegen.native.machine import Machine, Variant
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.plans.depthwise import plan_depthwise
from wincook.kernels.plans.direct import plan_direct, plan_terms
from wincook.kernels.plans.formats import ElementFormat, Formats
from wincook.kernels.plans.layer_plan import LayerPlan, layer_plan_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.tiles.sparse import sparse_plan
from wincook.kernels.plans.tiles.tiled import nested_plan, plan
from wincook.kernels.run.calibrated import NO_SCALES, Scales, calibrations_of, scales_of
from wincook.kernels.target import GENERIC, Target
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.calibration import Calibration

_SEVERAL = "wincook"  # the name of a library of several layers that has none


@dataclass(frozen=True, slots=True)
class Member:
    """A layer of a library: its key, what its functions start with, its plan for the best variant, and their code.

    A library of a single plan has its own name for a key. Code of whole numbers holds a calibration, and that of
    elements of 8 bits their scales.
    """

    key: str
    prefix: str
    plan: LayerPlan
    kind: Kind
    calibration: Calibration | None = None
    scales: Scales = NO_SCALES

    @property
    def elements(self) -> tuple[tuple[str, ElementFormat, Affine | None], ...]:
        """Of x, y and a residual the name, the format, and, of 8 bits, the scale and zero point."""
        plan, scales = self.plan, self.scales
        x = self.calibration.x if self.calibration and plan.input_format in KINDS else scales.x
        return (
            ("x", plan.input_format, x),
            ("y", plan.output_format, scales.y),
            ("residual", plan.residual_format, scales.residual),
        )

    @property
    def scales_of_elements(self) -> Scales:
        """Of x, y and a residual, as far as they have 8 bits, that of x from wherever it is."""
        return Scales(*(affine for _, _, affine in self.elements))

    @property
    def in_floats(self) -> bool:
        """Whether x, y and a residual have elements of float32."""
        return all(format == "float32" for _, format, _ in self.elements)


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
    def has_masks(self) -> bool:
        """Whether weights of some layer are packed with a mask."""
        return any(member.plan.sparse for member in self.members)

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


def contents_of(plans: object, name: str | None, machine: Machine, given: Given = NOTHING_GIVEN) -> Contents:
    """The contents of a library of one plan, or of several by their keys, with what is given beside them.

    Raises:
        FormatError: a calibration or a scale for a plan that takes none.
        DataError: a plan that takes one, and there is none, or one that is not for it.
        NotationError: something else; keys that are no C identifiers, or that differ in case alone; a wrong name.
        ShapeError: a layer of more than two axes.
    """
    keyed = _keyed(plans)
    single = keyed.pop("", None)
    if single is not None:
        name = identifier(_default_name(single) if name is None else name)
        keyed, prefixes = {name: single}, [name]
    else:
        name = identifier(_SEVERAL if name is None else name)
        prefixes = [joined(name, key) for key in keyed]
        given.check_keys(tuple(keyed))
    kinds, members = Kinds(), []
    for (key, decided), prefix in zip(keyed.items(), prefixes, strict=True):
        known, scales = given.of(key, decided)
        for_variants = _for_each_variant(decided, machine)
        best = next(iter(for_variants.values()))
        members.append(Member(key, prefix, best, _kind(for_variants, kinds, known, scales), known, scales))
    contents = Contents(name, machine, tuple(members))
    if len(contents.kinds) == 1:  # it needs no label
        only = replace(members[0].kind, label="")
        return replace(contents, members=tuple(replace(member, kind=only) for member in members))
    return contents


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


def _default_name(decided: LayerPlan) -> str:
    single = decided.plans[0]
    name = module_stem(single).removesuffix(f"_{single.target.isa.name}")
    named = digest(name)
    return name if len(name) <= LONGEST else f"{name[: LONGEST - len(named) - 1]}_{named}"


def _kind(plans: dict[Variant, LayerPlan], kinds: Kinds, calibration: Calibration | None, scales: Scales) -> Kind:
    best = next(iter(plans.values()))
    numbers: tuple[Array, ...] = ()
    if calibration is not None:
        numbers = tuple(scales_of(best.plans[0], known)["extra"] for known in calibrations_of(best, calibration))
    x = scales.x if calibration is None else calibration.x
    calibrated = Calibrated(tuple(tuple(said.tolist()) for said in numbers), x, scales.y, scales.residual)
    if is_composed(best):
        return kinds.of_layer(plans, calibrated)
    return kinds.of_kernel({variant: decided.plans[0] for variant, decided in plans.items()}, calibrated)


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
        else replace(_nested(single), epilogue=single.epilogue)
        for variant, single in plans.items()
    }


def _nested(single: Plan) -> Plan:
    """The nested kernel in the place of a shallow one."""
    formats = Formats(single.format, single.input_format, single.output_format, single.residual_format)
    return nested_plan(single.layer, single.algorithm, single.target, 1, formats)


def _planned_for(kernel: Plan, variant: Variant) -> Plan:
    """The same for a variant, and one thread."""
    target = Target(variant.isa, kernel.target.l2, 1, variant.narrow)
    formats = Formats(kernel.format, kernel.input_format, kernel.output_format, kernel.residual_format)
    if kernel.family == "sparse":
        fresh = sparse_plan(replace(kernel, target=target), 1, formats)
    elif kernel.tiled:
        fresh = plan(kernel.layer, kernel.algorithm, target, 1, formats)
    elif kernel.family == "depthwise":
        fresh = plan_depthwise(kernel.layer, target, 1, formats)
    elif kernel.sums_terms:
        fresh = plan_terms(kernel.layer, target, 1, formats)
    else:
        fresh = plan_direct(kernel.layer, target, 1)
    return replace(fresh, epilogue=kernel.epilogue)
