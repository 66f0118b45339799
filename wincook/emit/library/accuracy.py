"""How exact a library is: the bound that holds for all data, and what is predicted for usual ones."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from wincook.exact.rounded_up import rounded_up
from wincook.kernels.choice.rank import error_of
from wincook.kernels.codegen.source import relative_bound
from wincook.kernels.plans.plan import Plan

_CHANNELS = (1, 4, 16, 64, 256, 1024)
_ULP = 2.0**-23  # of float32, relative to a power of two


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Bounds on |y - exact| over max|x| max|w|, by channels of a group; predicted RMS of the error over that of y."""

    channels: tuple[int, ...]
    bounds: tuple[str, ...]
    relative_rms: float

    @property
    def ulps(self) -> float:
        """The predicted RMS in units in the last place of 1, for y of RMS 1."""
        return self.relative_rms / _ULP


def accuracy_of(plan: Plan) -> Accuracy:
    """Of all layers that a plan's code computes, and as predicted for the plan's own."""
    return Accuracy(_CHANNELS, tuple(rounded_up(bound_of(plan, number)) for number in _CHANNELS), error_of(plan))


def bound_of(plan: Plan, channels: int) -> float:
    """The bound for so many channels of a group: in sums of products, each tap is one more."""
    taps = 1 if plan.tiled else prod(plan.layer.kernel)
    return relative_bound(plan.algorithm, channels * taps)
