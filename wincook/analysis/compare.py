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
from wincook.analysis.measurement.measure import Measurement, measure
from wincook.analysis.prediction.predict import Prediction, predict
from wincook.arguments import items, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import FormatError, PointsError
from wincook.formats import Format
from wincook.points import Points
from wincook.precision import Precision
from wincook.program.programs import operations_per_tile, programs_of
from wincook.tile import Tile

DEFAULT = "default"  # the word for the points that a tile takes where none are given


@dataclass(frozen=True, slots=True)
class Operations:
    """Operations of the transforms per output: of each filter, of each input channel, of each output channel."""

    filter: float
    input: float
    output: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """One algorithm in one precision; measured only where samples were asked for."""

    algorithm: BilinearAlgorithm
    precision: Precision
    channels: int
    law: Law
    operations: Operations
    predicted: Prediction
    measured: Measurement | None
    samples: int
    seed: int

    @property
    def products(self) -> float:
        """Products per output and channel."""
        return self.algorithm.multiplications / prod(self.algorithm.tile.outputs)

    @property
    def error(self) -> float:
        """What counts on the front: the measured relative RMS, infinite after an overflow; else the predicted one."""
        if self.measured is None:
            return self.predicted.relative_rms
        return float("inf") if self.measured.overflows else self.measured.relative_rms


def compare(
    algorithms: Iterable[Subject],
    formats: Iterable[Precision | Format | str] = ("float32",),
    channels: int = 1,
    law: Law | str = "uniform",
    samples: int = 0,
    seed: int = 0,
) -> tuple[Comparison, ...]:
    """Every algorithm in every precision, in this order.

    Args:
        algorithms: correlations of real numbers, or their tiles.
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
    channels, samples = whole_number("channels", channels), whole_number("samples", samples, 0)
    seed, chosen = whole_number("seed", seed, 0, None), Law.of(law)
    policies = [Precision.of(one) for one in _several("formats", formats, "('float32', 'float16')")]
    subjects = [
        correlation_of(one, "have rounding errors to compare")
        for one in _several("algorithms", algorithms, "['F(2,3)', 'F(4,3)']")
    ]
    return tuple(_compared(one, policy, channels, chosen, samples, seed) for one in subjects for policy in policies)


def compared(report: ErrorReport) -> Comparison:
    """What was found of one algorithm, as a row beside others."""
    return Comparison(
        algorithm=report.algorithm,
        precision=report.precision,
        channels=report.channels,
        law=report.law,
        operations=_operations(report.algorithm),
        predicted=report.predicted,
        measured=report.measured,
        samples=report.samples,
        seed=report.seed,
    )


def _compared(
    one: BilinearAlgorithm, precision: Precision, channels: int, law: Law, samples: int, seed: int
) -> Comparison:
    try:
        return Comparison(
            algorithm=one,
            precision=precision,
            channels=channels,
            law=law,
            operations=_operations(one),
            predicted=predict(one, precision, channels, law),
            measured=measure(one, precision, channels, law, samples, seed) if samples else None,
            samples=samples,
            seed=seed,
        )
    except FormatError as error:
        raise FormatError(f"{one.name}: {error}") from error


def pareto(rows: Sequence[Comparison]) -> tuple[bool, ...]:
    """Which rows nothing beats: no other for the same taps and precision has less error at no less speed-up.

    Nor as little error at more speed-up. Precisions have fronts of their own, as a product costs less in a narrow one.
    What overflowed is on none.
    """
    return tuple(isfinite(row.error) and not any(_beats(other, row) for other in rows) for row in rows)


def candidates(tiles: Iterable[Tile | str], sets: Sequence[str] = ()) -> tuple[BilinearAlgorithm, ...]:
    """Every tile on every set of points that fits it.

    Args:
        tiles: any, also of different dimensions.
        sets: points in text, for all axes alike or one set per axis parted by `;`; the word `default` stands for the
            default points of each tile, and so does an empty sequence.

    Raises:
        NotationError: a tile or a point that cannot be read.
        PointsError: a tile that no set fits, or a set that fits no tile.

    >>> [one.name for one in candidates(["F(2,3)", "F(4,3)"], ["default", "0, ±1, ±2, ∞"])]
    ['F(2,3) on {0, ±1, ∞}', 'F(4,3) on {0, ±5/8, ±3/2, ∞}', 'F(4,3) on {0, ±1, ±2, ∞}']
    """
    wanted = [Tile.of(tile) for tile in tiles]
    chosen = {words: _read(words) for words in sets or (DEFAULT,)}
    fitting = [(tile, words) for tile in wanted for words, points in chosen.items() if _fits(points, tile)]
    for tile in wanted:
        if tile not in {one for one, _ in fitting}:
            needed = " and ".join(map(str, dict.fromkeys(tile.inputs)))
            raise PointsError(f"none of the point sets fits {tile}, which needs {needed} points; add one, or {DEFAULT}")
    for words in chosen:
        if words not in {one for _, one in fitting}:
            raise PointsError(f"the points {words} fit none of {', '.join(map(str, wanted))}")
    made = (algorithm(tile, _per_axis(chosen[words], tile)) for tile, words in fitting)
    return tuple(dict.fromkeys(made))


def _read(words: str) -> tuple[Points, ...] | None:
    return None if words.strip() == DEFAULT else tuple(Points.parse(part) for part in words.split(";"))


def _fits(points: tuple[Points, ...] | None, tile: Tile) -> bool:
    per_axis = _per_axis(points, tile)
    return per_axis is None or tuple(one.degree for one in per_axis) == tile.inputs


def _per_axis(points: tuple[Points, ...] | None, tile: Tile) -> tuple[Points, ...] | None:
    return points * tile.dimension if points is not None and len(points) == 1 else points


def _several(name: str, given: Any, example: str) -> tuple[Any, ...]:
    """One algorithm or format stands for a list of one."""
    single = isinstance(given, (str, Tile, BilinearAlgorithm, Precision, Format))
    return (given,) if single else items(name, given, example)


def _operations(one: BilinearAlgorithm) -> Operations:
    programs, outputs = programs_of(one), prod(one.tile.outputs)
    stages = (programs.filter, programs.input, programs.output)
    return Operations(*(operations_per_tile(stage) / outputs for stage in stages))


def _beats(other: Comparison, row: Comparison) -> bool:
    same = other.algorithm.tile.taps == row.algorithm.tile.taps and other.precision == row.precision
    no_worse = other.error <= row.error and other.algorithm.speedup >= row.algorithm.speedup
    better = other.error < row.error or other.algorithm.speedup > row.algorithm.speedup
    return same and no_worse and better
