"""Packed weights, as values that one kernel made."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NoReturn

from wincook.errors import DataError
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.run.calibrated import NO_SCALES, Scales


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Packed:
    """Weights in the form in which one kernel reads them. A kernel makes it, and refuses what others made.

    `contents` are those of each part of the plan; bias, scale and shift, (K,), are what no kernel adds or multiplies,
    and the scales that are left are those that no kernel applies. `kernel` is the one that made it, if one did.
    """

    plan: LayerPlan
    contents: tuple[Any, ...]
    bias: Any = None
    scale: Any = None
    shift: Any = None
    left: Scales = NO_SCALES
    kernel: Any = None

    def __copy__(self) -> Packed:
        return self

    def __deepcopy__(self, memo: object) -> Packed:
        return self

    def __reduce__(self) -> NoReturn:
        raise DataError("packed weights belong to one process; send the weights, and pack them there")

    def __repr__(self) -> str:
        return f"Packed({self.plan.layer.filters} filters of {self.plan.layer.channels} channels)"
