"""Kinds of kernels in a library: the code of each variant, once for all layers that it computes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wincook.digest import digest
from wincook.kernels.codegen.native.calibrated import UNCALIBRATED, Calibrated
from wincook.kernels.codegen.native.composition import kernels_of
from wincook.kernels.codegen.native.functions import ENTRIES, OF_SPARSE, Code, code_of, code_of_layer
from wincook.kernels.codegen.native.machine import Variant
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan

_COMPOSED = "composed"


@dataclass(frozen=True, slots=True)
class Kind:
    """Code of a library for each variant, with the plan of the first kernel that asks for it, and what it calls.

    The code of a layer of several kernels has no plan, and calls other kinds: of each of its different kernels a number
    tells which. The label tells a kind from others, in its symbols and in the names of its files; it is empty where
    there are none.
    """

    label: str
    codes: Mapping[Variant, Code]
    plans: Mapping[Variant, Plan] = field(default_factory=dict)
    calls: tuple[Kind, ...] = ()
    numbers: tuple[int, ...] = ()

    @property
    def entries(self) -> dict[str, tuple[int, int]]:
        """What C calls, and how many addresses each is given, and how many numbers after them."""
        is_sparse = any(plan.family == "sparse" for plan in self.plans.values())
        return (
            ENTRIES | OF_SPARSE if is_sparse or any("pack_sparse" in call.entries for call in self.calls) else ENTRIES
        )

    @property
    def digest(self) -> str:
        """The name of the code of all variants, and of what it calls, by its text."""
        called = [call.digest for call in self.calls]
        return digest("".join([*(text for code in self.codes.values() for text in code), *called]))

    def part(self, variant: Variant) -> str:
        """What tells the code of a variant from all other code of the library, as part of an identifier."""
        return joined(self.label, variant.name.replace("-", "_"))


def joined(*names: str) -> str:
    """Names as one identifier, without those that are empty."""
    return "_".join(name for name in names if name)


class Kinds:
    """The different kinds of a library, as they are asked for."""

    def __init__(self) -> None:
        self._known: dict[object, Kind] = {}
        self._stems: dict[str, int] = {}

    def of_kernel(self, plans: Mapping[Variant, Plan], calibrated: Calibrated = UNCALIBRATED) -> Kind:
        """The kind of a kernel, planned for each variant, the best first, and what a calibration says of it."""
        plan = next(iter(plans.values()))
        stem = module_stem(plan).removeprefix("wincook_").removesuffix(f"_{plan.target.isa.name}")
        return self._kind(
            stem, Kind("", {variant: code_of(each, calibrated) for variant, each in plans.items()}, plans)
        )

    def of_layer(self, plans: Mapping[Variant, LayerPlan], calibrated: Calibrated = UNCALIBRATED) -> Kind:
        """The kind of a layer of several kernels, or of one and what is done before and after it."""
        kernels = zip(*(kernels_of(each) for each in plans.values()), strict=True)
        every = [self.of_kernel(dict(zip(plans, several, strict=True)), calibrated) for several in kernels]
        calls = {kind.label: kind for kind in every}
        numbers = tuple(list(calls).index(kind.label) for kind in every)
        codes = {variant: code_of_layer(each, numbers, calibrated) for variant, each in plans.items()}
        return self._kind(_COMPOSED, Kind("", codes, calls=tuple(calls.values()), numbers=numbers))

    def _kind(self, stem: str, kind: Kind) -> Kind:
        key = (*kind.codes.values(), *(call.label for call in kind.calls))
        if key not in self._known:
            number = self._stems[stem] = self._stems.get(stem, 0) + 1
            self._known[key] = replace(kind, label=stem if number == 1 else f"{stem}_{number}")
        return self._known[key]
