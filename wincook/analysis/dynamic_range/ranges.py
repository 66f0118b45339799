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
from math import erfc, floor, prod, sqrt

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.analysis.dynamic_range.extent import (
    Extent,
    Extents,
    Spread,
    spread_of_filters,
    spread_of_inputs,
    spread_of_products,
)
from wincook.analysis.dynamic_range.overflow import within_float64
from wincook.arguments import choice, fraction, whole_number
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import FormatError, quoted
from wincook.exact.number import Number
from wincook.exact.numeral import numeral
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.ir import Program
from wincook.program.programs import programs_of


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
        return self.least < smallest_normal(self.format)

    @property
    def bits(self) -> int:
        """Those of a signed integer that holds all values, if they are whole."""
        bound = self.largest if isinstance(self.largest, Fraction) else self.largest.enclosure(1)[1]
        return floor(bound).bit_length() + 1

    @property
    def fault(self) -> str:
        """What is wrong, in one line; empty if nothing is."""
        if self.overflows and self.constant > self.format.largest:
            return (
                f"{self.stage} overflows {self.format}: its constant {self.constant} > {float(self.format.largest):g}"
            )
        if self.overflows:
            return (
                f"{self.stage} overflows {self.format}: up to {float(self.largest):.2g} > "
                f"{float(self.format.largest):g}"
            )
        if self.underflows:
            limit = smallest_normal(self.format)
            return (
                f"{self.stage} underflows {self.format}: typically {self.least:.1g} < {limit:.2g}, its normal numbers"
            )
        return ""

    def __str__(self) -> str:
        return self.fault or f"{self.stage} fits {self.format}: up to {float(self.largest):.2g}"


@dataclass(frozen=True, slots=True)
class Ranges:
    """The ranges of all stages, in the order of computation, for |d| ≤ `inputs` and |g| ≤ `filters`."""

    algorithm: BilinearAlgorithm
    precision: Precision
    channels: int
    inputs: Fraction
    filters: Fraction
    law: Law
    stages: tuple[Range, ...]

    def __getitem__(self, stage: str) -> Range:
        """The range of one stage, by its name.

        Raises:
            NotationError: no such stage.
        """
        names = [one.stage for one in self.stages]
        return self.stages[names.index(choice("stage", stage, names))]

    @property
    def faults(self) -> tuple[Range, ...]:
        """The stages that their formats are too narrow for."""
        return tuple(one for one in self.stages if one.fault)

    def __str__(self) -> str:
        limits = f"|d| ≤ {self.inputs}, |g| ≤ {self.filters}, C = {self.channels}"
        found = "; ".join(one.fault for one in self.faults) or "every stage fits"
        return f"{self.algorithm.name} in {self.precision}, {limits}: {found}"


def ranges(
    algorithm: Subject,
    format: Precision | Format | str = "float32",  # noqa: A002 (the word that users type)
    channels: int = 1,
    law: Law | str = "uniform",
    inputs: Fraction | int | str = 1,
    filters: Fraction | int | str = 1,
) -> Ranges:
    """The largest, typical and smallest magnitudes of each stage, against the format of that stage.

    Args:
        algorithm: any correlation of real numbers.
        format: of all stages, or a policy with one for each.
        channels: C, over which products are summed.
        law: of the typical magnitudes, and of the chances of overflow and underflow.
        inputs: the largest |d|, exact.
        filters: the largest |g|, exact.

    Raises:
        FormatError: an unknown format, or ranges that are not positive.
        ShapeError: no channels.
        AlgorithmError: the algorithm is no correlation of real numbers.

    >>> from wincook.construct import algorithm
    >>> print(ranges(algorithm("F(8x8,3x3)"), "float16", inputs=16)["BT d"])
    BT d overflows float16: up to 8.3e+04 > 65504
    >>> print(ranges(algorithm("F(2x2,3x3)"), "exact", inputs=127, filters=127)["V"].bits)
    10
    """
    algorithm, channels = correlation_of(algorithm, "have ranges"), whole_number("channels", channels)
    programs, precision, data = programs_of(algorithm), Precision.of(format), Law.of(law)
    most_input, most_filter = _positive(inputs, "inputs"), _positive(filters, "filters")
    with within_float64(str(algorithm.tile)):
        extents = Extents.of(programs)
    taps = channels * prod(algorithm.tile.taps)
    product_format = Format.of("exact") if precision.fused else precision.product

    def of_filters(extent: Extent) -> tuple[Number, Spread]:
        return extent.largest * most_filter, spread_of_filters(extent, data, taps)

    def of_inputs(extent: Extent) -> tuple[Number, Spread]:
        return extent.largest * most_input, spread_of_inputs(extent, data)

    def of_products(extent: Extent, summed: int) -> tuple[Number, Spread]:
        most = most_filter * most_input * summed
        return extent.largest * most, spread_of_products(extent, data, taps, summed)

    stages = (
        _range("G g", precision.filter, *of_filters(extents.filter), channels, programs.filter),
        _range("U", precision.U, *of_filters(extents.U), channels),
        _range("BT d", precision.input, *of_inputs(extents.input), channels, programs.input),
        _range("V", precision.V, *of_inputs(extents.V), channels),
        _range("U V", product_format, *of_products(extents.product, 1), channels),
        _range("M", precision.accumulate, *of_products(extents.product, channels)),
        _range("AT M", precision.output, *of_products(extents.output, channels), 1, programs.output),
        _range("y", precision.output, *of_products(extents.y, channels)),
    )
    return Ranges(algorithm, precision, channels, most_input, most_filter, data, stages)


def smallest_normal(fmt: Format) -> float:
    """The smallest magnitude that the format holds with all its bits; 1 for integers, 0 for exact numbers.

    >>> smallest_normal(Format.of("float16"))
    6.103515625e-05
    """
    if fmt.is_exact:
        return 0.0
    return 1.0 if fmt.is_integer else 2.0**fmt.emin


def _range(
    stage: str,
    fmt: Format,
    largest: Number,
    spread: Spread,
    channels: int = 1,
    programs: tuple[Program, ...] = (),
) -> Range:
    constants: list[Number] = [Fraction(0)]
    constants += [max(one, -one) for program in programs for one in program.constants]
    rms = spread.rms
    return Range(
        stage=stage,
        format=fmt,
        largest=largest,
        constant=max(constants),
        typical=sqrt(float(np.mean(np.square(rms)))),
        least=float(rms.min()),
        overflow=0.0 if fmt.is_exact else min(1.0, channels * float(_beyond(spread, float(fmt.largest)).sum())),
        underflow=1.0 - float(_beyond(spread, smallest_normal(fmt)).mean()),
    )


def _beyond(spread: Spread, limit: float) -> Array:
    """The chance that each value exceeds a limit in magnitude, were it normal; of a sure value 0 or 1."""
    deviation = np.sqrt(2 * np.maximum(spread.variance, np.finfo(float).tiny))
    with np.errstate(over="ignore"):  # so far out that the chance is 0
        return (_tail((limit - spread.mean) / deviation) + _tail((limit + spread.mean) / deviation)) / 2


def _tail(values: Array) -> Array:
    return np.asarray(np.frompyfunc(erfc, 1, 1)(values), dtype=float)


def _positive(value: Fraction | int | str, name: str) -> Fraction:
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
