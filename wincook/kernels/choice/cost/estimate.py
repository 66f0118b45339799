"""The time of a plan by what it is spent on: the value, and sums of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.machine import Machine


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds, by what they are spent on, and the seconds of the roofline.

    `filters` and `images` are what reading U, and moving x and y, takes beyond the arithmetic beside it; `copies` is
    what is moved before and after kernels, in layers of several parts.
    """

    products: float
    transforms: float
    filters: float
    images: float
    copies: float
    calls: float
    roofline: float

    @property
    def seconds(self) -> float:
        """Of all together."""
        return self.products + self.transforms + self.filters + self.images + self.copies + self.calls

    @property
    def binds(self) -> str:
        """What most of the time is spent on."""
        names = [field.name for field in fields(self) if field.name != "roofline"]
        return max(names, key=lambda name: float(getattr(self, name)))


def total(estimates: Iterable[Estimate]) -> Estimate:
    """One after the other."""
    several = list(estimates)
    return Estimate(*(sum(getattr(each, field.name) for each in several) for field in fields(Estimate)))


def copying(moved: float, parts: int, machine: Machine) -> Estimate:
    """The time that numpy takes to copy so many bytes, before and after the kernels of so many parts."""
    return Estimate(0, 0, 0, 0, moved / machine.memory, parts * constants.PER_PART, 0)
