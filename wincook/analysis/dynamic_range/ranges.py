"""Ranges: how large and how small numbers get at each stage, and which stage a format is too narrow for.

The worst case is exact, for |d| ≤ x and |g| ≤ w (`extent`). Under a data law a value is taken to be normal, with the
mean and variance it has: of v ~ N(μ, σ²) the part beyond L is Φ((-L - μ)/σ) + Φ((μ - L)/σ), and the chance that
something in a tile overflows is at most the sum of these over all values (Bonferroni). A value underflows below the
smallest normal number of its format, where bits get lost (Higham, *Accuracy and Stability of Numerical Algorithms*,
2nd ed., section 2.1). In integers nothing is lost but by overflow: |v| ≤ L takes ⌊log₂ L⌋ + 2 bits with the sign.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import erfc, floor, inf, sqrt

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.dynamic_range.extent import (
    Extent,
    Spread,
    spread_of_filters,
    spread_of_inputs,
    spread_of_products,
)
from wincook.analysis.problem import OfProblem, Problem
from wincook.arguments import choice, fraction
from wincook.arrays import Array
from wincook.construct.subject import Subject
from wincook.errors import FormatError, quoted
from wincook.exact.number import Number
from wincook.exact.numeral import numeral
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.ir import Program
from wincook.shown import brief
from wincook.stages import STAGES, PerStage, label


@dataclass(frozen=True, slots=True)
class Range:
    """The magnitudes at one stage.

    `largest` is attained, by data of the range given; `constant` is the largest constant of the stage. Under the law,
    `typical` and `least` are the RMS over all values and that of the smallest one, `overflow` bounds the chance that a
    tile has a value too large, and `underflow` is the fraction of values below the smallest normal number.
    """

    stage: str
    format: Format
    largest: Number
    constant: Number
    typical: float
    least: float
    overflow: float
    underflow: float

    @property
    def overflows(self) -> bool:
        """Whether data of the given range can exceed the largest number of the format."""
        return not self.format.is_exact and bool(max(self.largest, self.constant) > self.format.largest)

    @property
    def underflows(self) -> bool:
        """Whether some value is typically below the smallest normal number of the format."""
        return self.least < self.format.smallest_normal

    @property
    def bits(self) -> int:
        """Those of a signed integer that holds all values, if they are whole."""
        bound = self.largest if isinstance(self.largest, Fraction) else self.largest.enclosure(1)[1]
        return floor(bound).bit_length() + 1

    @property
    def fault(self) -> str:
        """What is wrong, in one line; empty if nothing is."""
        name = label(self.stage)
        if self.overflows and self.constant > self.format.largest:
            return f"{name} overflows {self.format}: its constant {self.constant} > {float(self.format.largest):g}"
        if self.overflows:
            return f"{name} overflows {self.format}: up to {float(self.largest):.2g} > {float(self.format.largest):g}"
        if self.underflows:
            limit = self.format.smallest_normal
            return f"{name} underflows {self.format}: typically {self.least:.1g} < {limit:.2g}, its normal numbers"
        return ""

    def __str__(self) -> str:
        return self.fault or f"{label(self.stage)} fits {self.format}: up to {float(self.largest):.2g}"


@dataclass(frozen=True, slots=True)
class Ranges(OfProblem):
    """The ranges of all stages, for |d| ≤ `d_max` and |g| ≤ `g_max`; and those of y alone, which `output` holds too."""

    problem: Problem
    d_max: Fraction
    g_max: Fraction
    stages: PerStage[Range]
    y: Range

    __repr__ = brief

    def __getitem__(self, stage: str) -> Range:
        """The range of one stage, by its name.

        Raises:
            NotationError: no such stage.
        """
        return self.stages[choice("stage", stage, STAGES)]

    @property
    def faults(self) -> tuple[Range, ...]:
        """The stages that their formats are too narrow for, in the order of computation."""
        return tuple(stage for stage in self.stages.values() if stage.fault)

    def __str__(self) -> str:
        limits = f"|d| ≤ {self.d_max}, |g| ≤ {self.g_max}, C = {self.channels}"
        faults = "; ".join(stage.fault for stage in self.faults) or "every stage fits"
        return f"{self.algorithm.name} in {self.precision}, {limits}: {faults}"


def ranges(
    algorithm: Subject,
    format: Precision | Format | str = "float32",
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    d_max: Fraction | float | str = 1,
    g_max: Fraction | float | str = 1,
) -> Ranges:
    """The largest, typical and smallest magnitudes of each stage, against the format of that stage.

    Args:
        algorithm: any correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        law: of the typical magnitudes, and of the chances of overflow and underflow.
        d_max: the largest |d|, exact.
        g_max: the largest |g|, exact.

    Raises:
        FormatError: an unknown format, or ranges that are not positive.
        ShapeError: no channels.
        AlgorithmError: the algorithm is no correlation of real numbers.

    >>> print(ranges(("F(8x8,3x3)", "0, ±1, ±1/2, ±2, -1/4, 4, ∞"), "float16", d_max=16)["input"])
    input (BT d) overflows float16: up to 8.3e+04 > 65504
    >>> ranges("F(2x2,3x3)", "exact", d_max=127, g_max=127)["V"].bits
    10
    """
    problem = Problem.of(algorithm, format, channels, law, purpose="have ranges")
    return ranges_of(problem, _positive(d_max, "d_max"), _positive(g_max, "g_max"))


def ranges_of(problem: Problem, d_max: Fraction, g_max: Fraction) -> Ranges:
    """The same for a problem that is checked already."""
    precision, channels, law, taps = problem.precision, problem.channels, problem.law, problem.taps
    programs, extents = problem.programs, problem.extents

    def of_filters(extent: Extent) -> tuple[Number, Spread]:
        return extent.largest * g_max, spread_of_filters(extent, law, taps)

    def of_inputs(extent: Extent) -> tuple[Number, Spread]:
        return extent.largest * d_max, spread_of_inputs(extent, law)

    def of_products(extent: Extent, summed: int) -> tuple[Number, Spread]:
        return extent.largest * (g_max * d_max * summed), spread_of_products(extent, law, taps, summed)

    product_format = Format.of("exact") if precision.fused else precision.product
    stages = PerStage(
        filter=_range("filter", precision.filter, *of_filters(extents.filter), channels, programs.filter),
        U=_range("U", precision.U, *of_filters(extents.U), channels),
        input=_range("input", precision.input, *of_inputs(extents.input), channels, programs.input),
        V=_range("V", precision.V, *of_inputs(extents.V), channels),
        product=_range("product", product_format, *of_products(extents.product, 1), channels),
        accumulate=_range("accumulate", precision.accumulate, *of_products(extents.product, channels)),
        output=_range("output", precision.output, *of_products(extents.output, channels), 1, programs.output),
    )
    y = _range("output", precision.output, *of_products(extents.y, channels))
    return Ranges(problem, d_max, g_max, stages, y)


def _range(
    stage: str,
    fmt: Format,
    largest: Number,
    spread: Spread,
    channels: int = 1,
    programs: tuple[Program, ...] = (),
) -> Range:
    constants: list[Number] = [Fraction(0)]
    constants += [max(constant, -constant) for program in programs for constant in program.constants]
    rms = spread.rms
    held = rms > 0  # a value that is 0 for all data loses nothing
    return Range(
        stage=stage,
        format=fmt,
        largest=largest,
        constant=max(constants),
        typical=sqrt(float(np.mean(np.square(rms)))),
        least=float(rms.min(initial=inf, where=held)),
        overflow=0.0 if fmt.is_exact else min(1.0, channels * float(_beyond(spread, float(fmt.largest)).sum())),
        underflow=1.0 - float(_beyond(spread, fmt.smallest_normal).mean(where=held)) if held.any() else 0.0,
    )


def _beyond(spread: Spread, limit: float) -> Array:
    """The chance that each value exceeds a limit in magnitude, were it normal; of a sure value 0 or 1."""
    deviation = np.sqrt(2 * np.maximum(spread.variance, np.finfo(float).tiny))
    with np.errstate(over="ignore"):  # so far out that the chance is 0
        return (_tail((limit - spread.mean) / deviation) + _tail((limit + spread.mean) / deviation)) / 2


def _tail(values: Array) -> Array:
    return np.asarray(np.frompyfunc(erfc, 1, 1)(values), dtype=float)


def _positive(value: Fraction | float | str, name: str) -> Fraction:
    try:
        if isinstance(value, str):
            over, _, under = value.partition("/")
            number = numeral(over) / numeral(under or "1")
        else:
            number = fraction(name, value, FormatError)
    except (ValueError, ZeroDivisionError):
        number = Fraction(0)
    if number <= 0:
        raise FormatError(
            f"{name} = {quoted(value)} is no range; give the largest magnitude, a positive number such as 1 or 2.5"
        )
    return number
