"""Sets of points beside those of the atlas: ranked by their error in the conditions of its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from wincook.arguments import items, whole_number
from wincook.atlas.lookup import Choice, look_up
from wincook.atlas.parts import Conditions, Counts, Errors
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.rescale.named import gauge as change_gauge
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import PointsError
from wincook.formats import Format
from wincook.precision import Precision
from wincook.search.entries.figures import counts_of, errors_of, predicted_error
from wincook.tile import Tile


@dataclass(frozen=True, slots=True)
class Ranked:
    """One set in the order of its tile; errors are relative, and measured only where samples were asked for.

    `of_atlas` says whether the atlas gave the set, or a caller.
    """

    algorithm: BilinearAlgorithm
    of_atlas: bool
    counts: Counts
    predicted: float
    measured: Errors | None

    @property
    def error(self) -> float:
        """What ranks the set: its measured error, or else the predicted one."""
        return self.predicted if self.measured is None else self.measured.measured


@dataclass(frozen=True, slots=True)
class Ranking:
    """The sets of one tile, the best first, and the conditions: those of the atlas' entry for it, if there is one.

    `base` is the error of the atlas' set of the fewest products, and `note` says where that is not the tile's own.
    """

    tile: Tile
    format: str
    conditions: Conditions
    note: str
    samples: int
    seed: int
    rows: tuple[Ranked, ...]
    base: float

    def ratio(self, row: Ranked) -> float:
        """The error of a row over the `base`: below 1 the set is better than the atlas'."""
        return row.error / self.base if self.base else 1.0 if not row.error else inf


def rank(
    algorithms: Iterable[Subject], format: Precision | Format | str = "float32", *, samples: int = 0, seed: int = 0
) -> tuple[Ranking, ...]:
    """Rank algorithms beside those of the atlas for their tiles: one ranking for each tile, in the order given.

    Args:
        algorithms: correlations of real numbers.
        format: of all stages, or a policy.
        samples: tiles to measure (layers, for quantised products); none, and errors are predicted alone.
        seed: of the random numbers.

    Raises:
        AlgorithmError: an algorithm that is no correlation of real numbers, or whose outputs overflow when measured.
        FormatError: an unknown format, or one that cannot hold a constant.
        ShapeError: fewer samples than eight, but for none; a seed below 0.
    """
    policy, seed = Precision.of(format), whole_number("seed", seed, 0, None)
    samples = whole_number("samples", samples, 0)
    given = [
        correlation_of(subject, "have rounding errors to rank", format=policy)
        for subject in items("algorithms", algorithms, "['F(4,3) on {0, ±1, ±2, ∞}']")
    ]
    by_tile: dict[Tile, list[BilinearAlgorithm]] = {}
    for algorithm in given:
        by_tile.setdefault(algorithm.tile, []).append(algorithm)
    return tuple(_ranking(tile, rivals, policy, samples, seed) for tile, rivals in by_tile.items())


def _ranking(tile: Tile, rivals: list[BilinearAlgorithm], policy: Precision, samples: int, seed: int) -> Ranking:
    first = look_up(tile, policy)
    conditions = Conditions() if first.entry is None else first.entry.conditions

    def ranked(algorithm: BilinearAlgorithm, *, of_atlas: bool) -> Ranked:
        if conditions.gauge is not None and algorithm.points:
            algorithm = change_gauge(algorithm, conditions.gauge)
        predicted = predicted_error(algorithm, policy, conditions)
        measured = errors_of(algorithm, policy, conditions, samples, seed) if samples else None
        return Ranked(algorithm, of_atlas, counts_of(algorithm), predicted, measured)

    choices = (first, *_with_more_products(rivals, policy))
    of_atlas = [ranked(construct(tile, choice.points), of_atlas=True) for choice in choices]
    rows = of_atlas + [ranked(algorithm, of_atlas=False) for algorithm in dict.fromkeys(rivals)]
    return Ranking(
        tile=tile,
        format=str(policy),
        conditions=conditions,
        note=first.note,
        samples=samples,
        seed=seed,
        rows=tuple(sorted(rows, key=lambda row: row.error)),
        base=of_atlas[0].error,
    )


def _with_more_products(rivals: list[BilinearAlgorithm], policy: Precision) -> Iterator[Choice]:
    """What the atlas has with as many extra products on each axis as one of the sets."""
    extras = {
        axis.multiplications - n
        for algorithm in rivals
        if not algorithm.joint
        for axis, n in zip(algorithm.axes, algorithm.tile.inputs, strict=True)
    }
    for extra in sorted(extras - {0}):
        try:
            yield look_up(rivals[0].tile, policy, extra)
        except PointsError:  # it has none
            continue
