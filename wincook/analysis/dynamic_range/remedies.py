"""What to do about formats that are too narrow: which stages are at fault, and the remedies.

A remedy is tried before it is named: balanced matrices have their own ranges, and a wider format has to hold the exact
ones of the stage. Scaling rows by powers of two changes no rounding (Higham, *Accuracy and Stability of Numerical
Algorithms*, 2nd ed., section 2.1), so that it is the first thing to try.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from wincook.analysis.dynamic_range.ranges import Ranges, ranges
from wincook.arguments import instance
from wincook.construct.rescale.named import balance
from wincook.formats import BFLOAT16, FLOAT8_E5M2, FLOAT16, FLOAT32, FLOAT64

_OFFERED = (FLOAT8_E5M2, FLOAT16, BFLOAT16, FLOAT32, FLOAT64)


@dataclass(frozen=True, slots=True)
class Remedies:
    """The faults of the stages, in the order of computation, and the remedies; neither if every stage fits."""

    faults: tuple[str, ...]
    remedies: tuple[str, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def __str__(self) -> str:
        if self.fits:
            return "every stage fits its format"
        return "\n".join([*self.faults, *(f"remedy: {remedy}" for remedy in self.remedies)])


def remedies(found: Ranges) -> Remedies:
    """The stages at fault, and what would remedy them.

    >>> from wincook.construct import algorithm
    >>> print(remedies(ranges(algorithm("F(8x8,3x3)"), "float16-winograd-domain", inputs=16)))
    U underflows float16: typically 7e-08 < 6.1e-05, its normal numbers
    V overflows float16: up to 8.3e+04 > 65504
    remedy: balance, after which every stage fits
    remedy: U, V in bfloat16 or float32 or float64
    """
    found = instance("found", found, Ranges, "wincook.ranges gives it")
    if not found.faults:
        return Remedies((), ())
    return Remedies(tuple(one.fault for one in found.faults), (*_balanced(found), *_wider(found)))


def _balanced(found: Ranges) -> Iterator[str]:
    """Whether balancing mends all faults, or some."""
    matrices = (matrix for axis in found.algorithm.axes for matrix in (axis.AT, axis.G, axis.BT))
    if not all(entry.is_Rational for matrix in matrices for entry in matrix):
        return
    after = ranges(
        balance(found.algorithm), found.precision, found.channels, found.law, found.inputs, found.filters
    ).faults
    if not after:
        yield "balance, after which every stage fits"
    elif len(after) < len(found.faults):
        yield f"balance in part, after which {'; '.join(one.fault for one in after)}"


def _wider(found: Ranges) -> Iterator[str]:
    """The formats that hold stages as they are, each set of formats with all its stages."""
    stages: dict[tuple[str, ...], list[str]] = {}
    for one in found.faults:
        holding = tuple(fmt.name for fmt in _OFFERED if not replace(one, format=fmt).fault)
        stages.setdefault(holding, []).append(one.stage)
    for holding, names in stages.items():
        if holding:
            yield f"{', '.join(names)} in {' or '.join(holding)}"
