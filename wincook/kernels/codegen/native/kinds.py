"""Kinds of kernels in a library: the code of each variant, once for all layers that it computes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from wincook.kernels.codegen.native.functions import code_of
from wincook.kernels.codegen.native.machine import Variant
from wincook.kernels.codegen.source import module_stem
from wincook.kernels.plans.plan import Plan

Plans = dict[Variant, Plan]
"""The same of each variant of a machine, the best first."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Code of a library: the first plan that asks for it, for each variant.

    The label tells it from others, in its symbols and in the names of its files; it is empty where there are none.
    """

    label: str
    plans: Plans

    def part(self, variant: Variant) -> str:
        """What tells the code of a variant from all other code of the library, as part of an identifier."""
        return joined(self.label, variant.name.replace("-", "_"))


def joined(*names: str) -> str:
    """Names as one identifier, without those that are empty."""
    return "_".join(name for name in names if name)


def kinds_of(wanted: Iterable[Plans]) -> tuple[tuple[Kind, ...], list[int]]:
    """The different kinds among plans, and the number of each plan's."""
    numbers: dict[tuple[str, ...], int] = {}
    firsts: list[Plans] = []
    numbering = []
    for plans in wanted:
        number = numbers.setdefault(tuple(map(code_of, plans.values())), len(firsts))
        if number == len(firsts):
            firsts.append(plans)
        numbering.append(number)
    labels = _labels(firsts) if len(firsts) > 1 else [""]
    return tuple(Kind(label, plans) for label, plans in zip(labels, firsts, strict=True)), numbering


def _labels(several: list[Plans]) -> list[str]:
    """The stem of the module that is alike, and a number where others have the same."""
    stems = [_stem(next(iter(plans.values()))) for plans in several]
    seen: dict[str, int] = {}
    labels = []
    for stem in stems:
        seen[stem] = seen.get(stem, 0) + 1
        labels.append(stem if seen[stem] == 1 else f"{stem}_{seen[stem]}")
    return labels


def _stem(plan: Plan) -> str:
    return module_stem(plan).removeprefix("wincook_").removesuffix(f"_{plan.target.isa.name}")
