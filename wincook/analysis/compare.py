"""Algorithms side by side: error, products, operations; and which of them nothing beats.

A tile of m outputs takes R products where the direct method takes m·r, so the speed-up in products is m·r/R. It is
bought with operations of the transforms, which shrink per output as tiles grow, and with error, which grows (Lavin and
Gray, arXiv 1509.09308, section 4.1; Barabasz, Anderson, Soodhalter and Gregg, ACM TOMS 46 (2020), section 5).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import isfinite, prod
from typing import Any

from wincook.analysis.analyse import ErrorReport
from wincook.analysis.data.distributions import Law
from wincook.analysis.measurement.measure import Measurement, measurement_of
from wincook.analysis.prediction.predict import Prediction, prediction_of
from wincook.analysis.problem import OfProblem, Problem
from wincook.arguments import instance, items, whole_number, words
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import FormatError, NotationError, PointsError
from wincook.formats import Format
from wincook.points import Points
from wincook.precision import Precision
from wincook.program.programs import operations_per_tile
from wincook.shown import brief
from wincook.tile import Tile

_ROWS = "compare(['F(2,3)', 'F(4,3)'])"
DEFAULT = "default"  # the word for the points that a tile takes where none are given


@dataclass(frozen=True, slots=True)
class Operations:
    """Operations of the transforms per output: of each filter, of each input channel, of each output channel."""

    filter: float
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Comparison(OfProblem):
    """One algorithm in one precision; measured only where samples were asked for.

    `direct` is the predicted error of direct convolution in the same formats, for the same data.
    """

    problem: Problem
    operations: Operations
    predicted: Prediction
    direct: Prediction
    measured: Measurement | None
    samples: int
    seed: int

    __repr__ = brief

    @property
    def products(self) -> float:
        """Products per output and channel; direct convolution takes one for each tap."""
        return self.algorithm.multiplications / prod(self.algorithm.tile.outputs)

    @property
    def error(self) -> float:
        """What counts on the front: the measured relative RMS, infinite after an overflow; else the predicted one."""
        if self.measured is None:
            return self.predicted.relative_rms
        return float("inf") if self.measured.overflows else self.measured.relative_rms

    @property
    def error_ratio(self) -> float:
        """The `error` over that of direct convolution, both relative; infinite where direct convolution is exact."""
        direct = self.direct.relative_rms
        return self.error / direct if direct else float("inf") if self.error else 1.0

    def __str__(self) -> str:
        return (
            f"{self.problem}: {self.algorithm.speedup:.2f} times fewer products, relative RMS error {self.error:.2g}, "
            f"{self.error_ratio:.3g} times that of direct convolution"
        )


def compare(
    algorithms: Iterable[Subject],
    formats: Iterable[Precision | Format | str] = ("float32",),
    channels: int = 1,
    law: Law | str = "uniform",
    *,
    samples: int = 0,
    seed: int = 0,
) -> tuple[Comparison, ...]:
    """Every algorithm in every precision, in this order.

    Args:
        algorithms: correlations of real numbers, or their tiles. A tile without points takes those of the atlas for the
            first format, so that all rows of the tile are on the same points.
        formats: formats or precision policies.
        channels: C, over which products are summed.
        law: how data are drawn.
        samples: tiles to measure; none, and errors are predicted alone.
        seed: of the random numbers.

    Raises:
        AlgorithmError: an algorithm is no correlation of real numbers.
        FormatError: unknown format, or one that cannot hold a constant.
        NotationError: unknown law.
        ShapeError: no channels, or a negative number of samples or seed.

    >>> rows = compare(candidates(["F(2,3)", "F(4,3)"]), channels=64)
    >>> [(row.algorithm.speedup, row.products) for row in rows]
    [(1.5, 2.0), (2.0, 1.5)]
    >>> rows[0].predicted.relative_rms < rows[1].predicted.relative_rms
    True
    """
    samples, seed = whole_number("samples", samples, 0), whole_number("seed", seed, 0, None)
    policies = [Precision.of(policy) for policy in _several("formats", formats, "('float32', 'float16')")]
    first = policies[0] if policies else "float32"
    subjects = [
        correlation_of(subject, "have rounding errors to compare", format=first)
        for subject in _several("algorithms", algorithms, "['F(2,3)', 'F(4,3)']")
    ]
    problems = (Problem.of(subject, policy, channels, law) for subject in subjects for policy in policies)
    return tuple(_compared(problem, samples, seed) for problem in problems)


def compared(report: ErrorReport) -> Comparison:
    """What was found of one algorithm, as a row beside others.

    Raises:
        NotationError: no report.
    """
    report = instance("report", report, ErrorReport, "make it with wincook.analyse('F(2,3)')")
    return Comparison(
        problem=report.problem,
        operations=_operations(report.problem),
        predicted=report.predicted,
        direct=report.direct.predicted,
        measured=report.measured,
        samples=report.samples,
        seed=report.seed,
    )


def _compared(problem: Problem, samples: int, seed: int) -> Comparison:
    try:
        return Comparison(
            problem=problem,
            operations=_operations(problem),
            predicted=prediction_of(problem),
            direct=prediction_of(problem.direct),
            measured=measurement_of(problem, samples, seed) if samples else None,
            samples=samples,
            seed=seed,
        )
    except FormatError as error:
        raise FormatError(f"{problem.algorithm.name}: {error}") from error


def pareto(rows: Sequence[Comparison]) -> tuple[bool, ...]:
    """Which rows nothing beats: no other for the same taps and precision has less error at no less speed-up.

    Nor as little error at more speed-up. Precisions have fronts of their own, as a product costs less in a narrow one.
    What overflowed is on none.

    Raises:
        NotationError: something else than rows of a comparison.
    """
    rows = rows_of(rows)
    return tuple(isfinite(row.error) and not any(_beats(other, row) for other in rows) for row in rows)


def rows_of(rows: object) -> tuple[Comparison, ...]:
    """Rows of a comparison, as `compare` gives them.

    Raises:
        NotationError: something else.
    """
    several = (rows,) if isinstance(rows, Comparison) else items("rows", rows, _ROWS, NotationError)
    return tuple(
        instance(f"rows[{place}]", row, Comparison, f"make rows by {_ROWS}") for place, row in enumerate(several)
    )


def candidates(tiles: Iterable[Tile | str], sets: Sequence[str] = ()) -> tuple[BilinearAlgorithm, ...]:
    """Every tile on every set of points that fits it.

    Args:
        tiles: any, also of different dimensions.
        sets: points in text, for all axes alike or one set per axis parted by `;`; the word `default` stands for the
            points of the atlas for each tile in float32, and so does an empty sequence.

    Raises:
        NotationError: a tile or a point that cannot be read.
        ShapeError: something else than a sequence.
        PointsError: a tile that no set fits, or a set that fits no tile.

    >>> [candidate.name for candidate in candidates(["F(2,3)", "F(4,3)"], ["default", "0, ±1, ±2, ∞"])]
    ['F(2,3) on {0, ±1, ∞}', 'F(4,3) on {0, ±5/8, ±3/2, ∞}', 'F(4,3) on {0, ±1, ±2, ∞}']
    """
    wanted = [Tile.of(tile) for tile in _several("tiles", tiles, "['F(2,3)', 'F(4,3)']")]
    texts = [words("points", given, "0, ±1, ∞") for given in _several("sets", sets, "['default', '0, ±1, ∞']")]
    chosen = {text: _read(text) for text in texts or (DEFAULT,)}
    fitting = [(tile, text) for tile in wanted for text, points in chosen.items() if _fits(points, tile)]
    for tile in wanted:
        if tile not in {other for other, _ in fitting}:
            Tile.of_unit_stride(tile, "are made from points that are given")
            needed = " and ".join(map(str, dict.fromkeys(tile.inputs)))
            raise PointsError(f"none of the point sets fits {tile}, which needs {needed} points; add one, or {DEFAULT}")
    for text in chosen:
        if text not in {other for _, other in fitting}:
            raise PointsError(f"the points {text} fit none of {', '.join(map(str, wanted)) or 'no tiles'}")
    return tuple(dict.fromkeys(algorithm(tile, _per_axis(chosen[text], tile)) for tile, text in fitting))


def _read(text: str) -> tuple[Points, ...] | None:
    return None if text.strip() == DEFAULT else tuple(Points.parse(part) for part in text.split(";"))


def _fits(points: tuple[Points, ...] | None, tile: Tile) -> bool:
    per_axis = _per_axis(points, tile)
    return per_axis is None or (not tile.strided and tuple(axis.degree for axis in per_axis) == tile.inputs)


def _per_axis(points: tuple[Points, ...] | None, tile: Tile) -> tuple[Points, ...] | None:
    return points * tile.dimension if points is not None and len(points) == 1 else points


def _several(name: str, given: Any, example: str) -> tuple[Any, ...]:
    """One algorithm or format stands for a list of one."""
    single = isinstance(given, (str, Tile, BilinearAlgorithm, Precision, Format))
    return (given,) if single else items(name, given, example)


def _operations(problem: Problem) -> Operations:
    programs, outputs = problem.programs, prod(problem.algorithm.tile.outputs)
    stages = (programs.filter, programs.input, programs.output)
    return Operations(*(operations_per_tile(stage) / outputs for stage in stages))


def _beats(other: Comparison, row: Comparison) -> bool:
    tiles = (other.algorithm.tile, row.algorithm.tile)
    same = len({(tile.taps, tile.strides) for tile in tiles}) == 1 and other.precision == row.precision
    no_worse = other.error <= row.error and other.algorithm.speedup >= row.algorithm.speedup
    better = other.error < row.error or other.algorithm.speedup > row.algorithm.speedup
    return same and no_worse and better
