"""What makes a prediction less certain, and how uncertain: by trials on random algorithms (`docs/prediction.md`)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from math import inf, sqrt

from wincook.formats import Format
from wincook.precision import Precision
from wincook.stages import PerStage

_RARE = 5.0  # standard deviations beyond which there is hardly a number
_COMPUTING = ("filter", "input", "accumulate", "output")
_FEW_BITS = 4


def caveats(precision: Precision, *, underflow: bool, peaks: PerStage[float]) -> tuple[str, ...]:
    """One sentence each.

    Args:
        precision: the formats.
        underflow: whether filters or inputs fall below their normal numbers.
        peaks: the largest second moment of the values of each stage.
    """
    found = []
    if underflow:
        found.append(f"filters or inputs fall below the normal numbers of the format: {_trials(80, 0.79, 1.29)}")
    for stage, size in peaks.items():
        fmt, reached = precision[stage], _RARE * sqrt(size)
        if reached > _largest(fmt):
            trials = _trials(30, 0.1, 14) if fmt.overflow == "saturate" else _trials(24, 0.98, 20)
            found.append(f"{stage}={fmt} overflows: values reach {reached:.2g}, more than it holds; {trials}")
    return (*found, *_of_few_bits(precision))


def _of_few_bits(precision: Precision) -> Iterator[str]:
    """Errors of so few bits are not small, and those of several roundings go together."""
    few = {stage: fmt for stage, fmt in precision.items() if 0 < fmt.precision <= _FEW_BITS}
    if not few:
        return
    stage = min(few, key=lambda name: (name not in _COMPUTING, few[name].precision))
    trials = _trials(95, 0.96, 1.11)
    if stage in _COMPUTING:
        trials = _trials(96, 0.97, 1.12) if few[stage].precision == _FEW_BITS else _trials(67, 0.98, 1.37)
    yield f"{stage}={few[stage]} has {few[stage].precision} bits: {trials}"


def _trials(within: int, low: float, high: float) -> str:
    return (
        f"in trials {within} % of such predictions were within 10 % of the error measured, and 95 % between {low:g} "
        f"and {high:g} times it"
    )


@lru_cache(maxsize=64)
def _largest(fmt: Format) -> float:
    return inf if fmt.is_exact else float(fmt.largest)
