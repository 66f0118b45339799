"""What is analysed: an algorithm in a precision, for so many channels of data of a law.

All analyses take the same words in the same order, `(algorithm, format="float32", channels=1, law="uniform")`, and make
this value of them. It is checked once, and keeps what several analyses need.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import prod

from wincook.analysis.data.distributions import Law
from wincook.analysis.dynamic_range.extent import Extents
from wincook.analysis.dynamic_range.overflow import within_float64
from wincook.arguments import whole_number, words
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.subject import Subject, correlation_of
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.programs import Programs, programs_of
from wincook.shown import Shown, brief
from wincook.tile import Tile


@dataclass(frozen=True)  # no slots: what is cached lies in the value's __dict__
class Problem:
    """A correlation of real numbers, the format of each stage, C channels, and the law of the data.

    >>> problem = Problem.of("F(4x4,3x3) on {0, ±5/8, ±3/2, ∞}", "float16", 64)
    >>> print(problem)
    F(4x4,3x3) on {0, ±5/8, ±3/2, ∞} in float16, C = 64, uniform data
    >>> problem.taps
    576
    """

    algorithm: BilinearAlgorithm
    precision: Precision
    channels: int
    law: Law

    __repr__ = brief

    @classmethod
    def of(
        cls,
        algorithm: Subject,
        format: Precision | Format | str = "float32",
        channels: int = 1,
        law: Law | str = "uniform",
        *,
        purpose: str = "have rounding errors",
    ) -> Problem:
        """The problem that the arguments of an analysis state.

        Args:
            algorithm: a proven algorithm, its tile, both tile and points, or a file of matrices. A tile without points
                takes those of the atlas for the format.
            format: of all stages, such as float16; or a policy with one for each (see `Precision`).
            channels: C, over which products are summed.
            law: how data are drawn: a name, or a law of own arrays.
            purpose: of what there are only correlations, as the end of a sentence.

        Raises:
            AlgorithmError: the algorithm is no correlation of real numbers.
            FormatError: an unknown format, or an impossible policy.
            ShapeError: no channels.
            NotationError: an unknown law, or an algorithm that cannot be read.
        """
        precision = Precision.of(format)
        return cls(
            correlation_of(algorithm, words("purpose", purpose, "have rounding errors"), format=precision),
            precision,
            whole_number("channels", channels),
            Law.of(law),
        )

    @cached_property
    def programs(self) -> Programs:
        """The proven programs of the transforms."""
        return programs_of(self.algorithm)

    @cached_property
    def extents(self) -> Extents:
        """How large the values of all stages get, for one channel and |d|, |g| ≤ 1."""
        with within_float64(str(self.algorithm.tile)):
            return Extents.of(self.programs)

    @property
    def taps(self) -> int:
        """Of a filter, over all channels."""
        return self.channels * prod(self.algorithm.tile.taps)

    @cached_property
    def direct(self) -> Problem:
        """Direct convolution in the same formats: C·r products and their sum are F(1,1) with C·r channels.

        Own arrays count by their mean and variance alone, since the tile has one place.

        >>> print(Problem.of("F(4x4,3x3)", "float16", 64).direct)
        F(1x1,1x1) on {∞} in float16, C = 576, uniform data
        """
        ones = (1,) * self.algorithm.tile.dimension
        law = replace(self.law, input_moments=None, filter_moments=None)
        return replace(self, algorithm=construct(Tile(ones, ones), "∞"), channels=self.taps, law=law)

    def __str__(self) -> str:
        return f"{self.algorithm.name} in {self.precision}, C = {self.channels}, {self.law.name} data"


class OfProblem(Shown):
    """What reports on a problem have in common: its parts, by their own names."""

    __slots__ = ()
    problem: Problem

    @property
    def algorithm(self) -> BilinearAlgorithm:
        """The algorithm that was analysed."""
        return self.problem.algorithm

    @property
    def precision(self) -> Precision:
        """The format of each stage."""
        return self.problem.precision

    @property
    def channels(self) -> int:
        """C, over which products are summed."""
        return self.problem.channels

    @property
    def law(self) -> Law:
        """How data are drawn."""
        return self.problem.law
