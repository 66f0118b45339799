"""What to do about formats that are too narrow: which stages are at fault, and the remedies.

A remedy is a gauge or a precision, as the options and arguments of these names take it. It is tried before it is named:
the ranges of the balanced matrices, or of the wider formats, are computed anew. Scaling rows by powers of two changes
no rounding (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 2.1), so that it comes first.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from wincook.analysis.dynamic_range.ranges import Ranges, ranges_of
from wincook.arguments import instance
from wincook.construct.rescale.named import balance
from wincook.errors import FormatError
from wincook.formats import BFLOAT16, FLOAT8_E5M2, FLOAT16, FLOAT32, FLOAT64, Format
from wincook.precision import Precision

_OFFERED = (FLOAT8_E5M2, FLOAT16, BFLOAT16, FLOAT32, FLOAT64)
_BALANCE = "balance"


@dataclass(frozen=True, slots=True)
class Remedy:
    """A `change` to make, a precision or the name of a gauge; and the faults that remain after it."""

    change: Precision | str
    remaining: tuple[str, ...] = ()

    def __str__(self) -> str:
        change = f'--format "{self.change}"' if isinstance(self.change, Precision) else f"--gauge {self.change}"
        if self.remaining:
            return f"{change} in part, after which {'; '.join(self.remaining)}"
        return f"{change}, after which every stage fits"


@dataclass(frozen=True, slots=True)
class Remedies:
    """The faults of the stages, in the order of computation, and the remedies; neither if every stage fits."""

    faults: tuple[str, ...]
    remedies: tuple[Remedy, ...]

    @property
    def fits(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def __str__(self) -> str:
        if self.fits:
            return "every stage fits its format"
        return "\n".join([*self.faults, *(f"remedy: {remedy}" for remedy in self.remedies)])


def remedies(ranges: Ranges) -> Remedies:
    """The stages at fault, and what would remedy them.

    Raises:
        NotationError: something else than ranges.

    >>> from wincook.analysis.dynamic_range.ranges import ranges
    >>> published = ("F(8x8,3x3)", "0, ±1, ±1/2, ±2, -1/4, 4, ∞")
    >>> print(remedies(ranges(published, "float16-winograd-domain", d_max=16)))
    U underflows float16: typically 7e-08 < 6.1e-05, its normal numbers
    V overflows float16: up to 8.3e+04 > 65504
    remedy: --gauge balance, after which every stage fits
    remedy: --format "bfloat16-dot", after which every stage fits
    remedy: --format "float32", after which every stage fits
    """
    ranges = instance("ranges", ranges, Ranges, "wincook.ranges gives them")
    if not ranges.faults:
        return Remedies((), ())
    return Remedies(_faults(ranges), (*_balanced(ranges), *_wider(ranges)))


def _faults(ranges: Ranges) -> tuple[str, ...]:
    return tuple(stage.fault for stage in ranges.faults)


def _balanced(ranges: Ranges) -> Iterator[Remedy]:
    """Balanced matrices, if they mend all faults, or some."""
    algorithm = ranges.algorithm
    matrices = (matrix for axis in algorithm.axes for matrix in (axis.AT, axis.G, axis.BT))
    if not all(entry.is_Rational for matrix in matrices for entry in matrix):
        return
    problem = replace(ranges.problem, algorithm=balance(algorithm))
    remaining = _faults(ranges_of(problem, ranges.d_max, ranges.g_max))
    if len(remaining) < len(ranges.faults):
        yield Remedy(_BALANCE, remaining)


def _wider(ranges: Ranges) -> Iterator[Remedy]:
    """Formats for the stages at fault: with fewer bits and a wider range, and the first that has bits enough."""
    needed = max(stage.format.precision for stage in ranges.faults)
    for fmt in _OFFERED:
        for precision in _in_format(ranges, fmt):
            problem = replace(ranges.problem, precision=precision)
            if not ranges_of(problem, ranges.d_max, ranges.g_max).faults:
                yield Remedy(precision)
                if fmt.precision >= needed:
                    return
                break


def _in_format(ranges: Ranges, fmt: Format) -> Iterator[Precision]:
    """The stages at fault in one format, with products and sums at least as wide as what they take; then all stages."""
    precision = ranges.precision
    formats = dict(precision.items()) | {stage.stage: fmt for stage in ranges.faults}
    if precision.fused and "accumulate" in {stage.stage for stage in ranges.faults}:
        formats["product"] = fmt
    widest = max(formats["U"].precision, formats["V"].precision)
    for stage in ("product", "accumulate"):
        if formats[stage].precision < widest:
            formats[stage] = fmt
        widest = max(widest, formats[stage].precision)
    with suppress(FormatError):  # a stage between two others would be too narrow
        yield Precision(**formats)
    yield Precision.uniform(fmt)
