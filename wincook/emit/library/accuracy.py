"""How exact a library is: the bound that holds for all data, and what is predicted for usual ones."""

from __future__ import annotations

from dataclasses import dataclass
from math import fsum, log10, prod

from wincook.analysis.quantisation.of_law import FLOATS
from wincook.exact.rounded_up import rounded_up
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.codegen.source import relative_bound
from wincook.kernels.make_plan import relative_error_of
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan

_CHANNELS = (1, 4, 16, 64, 256, 1024)
_ULP = 2.0**-23  # of float32, relative to a power of two


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Bounds on |y - exact| over max|x| max|w|, by channels of a group; predicted RMS of the error over that of y.

    No bounds are stated for products of whole numbers.
    """

    channels: tuple[int, ...]
    bounds: tuple[str, ...]
    relative_rms: float

    @property
    def decibels(self) -> float:
        """The predicted ratio of signal to noise."""
        return -20 * log10(self.relative_rms)

    @property
    def ulps(self) -> float:
        """The predicted RMS in units in the last place of 1, for y of RMS 1."""
        return self.relative_rms / _ULP


def accuracy_of(decided: LayerPlan) -> Accuracy:
    """Of all layers that the code of a plan computes, and as predicted for the plan's own."""
    layer = decided.layer
    if decided.plans[0].quantised:
        return Accuracy((), (), relative_error_of(decided))
    channels = (layer.channels // layer.groups,) if is_composed(decided) else _CHANNELS
    bounds = (rounded_up(bound_of(decided, number)) for number in channels)
    return Accuracy(channels, tuple(bounds), relative_error_of(decided))


def bound_of(decided: LayerPlan, channels: int) -> float:
    """The bound for so many channels of a group.

    Where outputs of several kernels are added up, each addition rounds a sum that is no larger than all their bounds
    and exact values together.
    """
    if decided.whole:
        return _kernel_bound(decided.plans[0], channels)
    sums: dict[object, list[tuple[float, float]]] = {}
    for part, single in zip(decided.reduction.parts, decided.plans, strict=True):
        place = part.filters.start, *(piece.y.start for piece in part.axes)
        terms = channels * prod(len(piece.w) for piece in part.axes)
        sums.setdefault(place, []).append((_kernel_bound(single, channels), terms))
    return max(_bound_of_sum(addends) for addends in sums.values())


def _bound_of_sum(addends: list[tuple[float, float]]) -> float:
    """Of numbers told by bounds on their errors and on their exact values."""
    errors, values = (fsum(column) for column in zip(*addends, strict=True))
    return errors + ((1 + _ULP / 2) ** len(addends) - 1) * (errors + values)


def _kernel_bound(plan: Plan, channels: int) -> float:
    """In sums of products, each tap is one more channel."""
    taps = 1 if plan.tiled else prod(plan.layer.kernel)
    return relative_bound(plan.algorithm, channels * taps, FLOATS.get(plan.format, "float32"))
