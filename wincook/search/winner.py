"""Winners: sets that a search found, made exactly, proven, judged by the full model, and measured.

Only then are they told: what ranked them during the search was a model of their programs in float64.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf

from wincook.analysis.measurement.measure import Measurement, measurement_of
from wincook.analysis.prediction.predict import Prediction, prediction_of
from wincook.analysis.problem import Problem
from wincook.arguments import function, instance, items, whole_number
from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.construct.rescale.named import gauge
from wincook.errors import FormatError, SearchError
from wincook.points import Points
from wincook.quantisation.integers import INTEGERS
from wincook.search.objective import objective_of
from wincook.search.search import Search
from wincook.search.sweep import Scored, front
from wincook.shown import Shown, brief


@dataclass(frozen=True, slots=True)
class Winner(Shown):
    """A set of points, proven, with what the full model and a sample say of it.

    `values` are the objectives of the search by the full model; `measured` is there only if samples were asked for.
    Neither `predicted` nor `measured` is there of products of integers, whose errors are those of their scales.
    `published` is the set that `Points.default` has for the tile, in the same formats and on the same data, or nothing
    where it takes other products.
    """

    search: Search
    algorithm: BilinearAlgorithm
    values: tuple[float, ...]
    predicted: Prediction | None
    measured: Measurement | None
    published: Winner | None

    __repr__ = brief

    @property
    def points(self) -> str:
        """The set in text; the sets of different axes are parted by `; `."""
        return points_text(self.algorithm)

    @property
    def gain(self) -> float | None:
        """The share of its first objective that it takes off the published set: 0.4 is 40 % less."""
        if self.published is None or not 0 < self.published.values[0] < inf:
            return None
        return 1 - self.values[0] / self.published.values[0]

    def __str__(self) -> str:
        gain = "" if self.gain is None else f", {self.gain:.0%} less than the published set"
        return f"{self.algorithm.name}: {', '.join(f'{value:.3g}' for value in self.values)}{gain}"


def points_text(subject: BilinearAlgorithm) -> str:
    """The points of an algorithm in text, one set for each of the different axes."""
    return "; ".join(map(str, dict(zip(subject.tile.axes, subject.points or (), strict=True)).values()))


def winners(
    search: Search,
    best: Iterable[Scored],
    number: int = 5,
    *,
    samples: int = 0,
    seed: int = 0,
    progress: Callable[[int], bool] | None = None,
) -> tuple[Winner, ...]:
    """The best sets of a search by the full model, the best first; of several objectives those that nothing beats.

    Args:
        search: what was asked.
        best: what its tasks gave.
        number: of winners.
        samples: tiles to measure of each, and of the published set.
        seed: of the random numbers of the measurement.
        progress: called after each set that is judged, with their number; if it says no, these are all.

    Raises:
        SearchError: something else than what a search gives.
        ShapeError: a number below 1, or negative samples or seed.
    """
    search = instance("search", search, Search, "make it with Search.of('F(4x4,3x3)')", SearchError)
    number, samples = whole_number("number", number), whole_number("samples", samples, 0)
    seed = whole_number("seed", seed, 0, None)
    going = None if progress is None else function("progress", progress, "of how many sets are done", SearchError)
    scored = [instance("a set", entry, Scored, "take Sweep.best", SearchError) for entry in items("best", best, "()")]
    judged: list[Scored] = []
    for done, entry in enumerate(scored, start=1):
        judged.append(Scored(_judged(search, entry.points), entry.points))
        if going is not None and going(done) is False:
            break
    ranked = sorted(entry for entry in judged if all(value < inf for value in entry.values))
    if len(search.objectives) > 1:
        ranked = front(ranked)
    reference = published(search, samples=samples, seed=seed)
    return tuple(_winner(search, entry.points, samples, seed, reference) for entry in ranked[:number])


def _problem(search: Search, points: str) -> Problem:
    """The problem of a set of points, whose algorithm is made exactly and proven."""
    per_axis = dict(zip(search.axes, points.split("; "), strict=True))
    sets = tuple(Points.parse(per_axis[axis]) for axis in search.tile.axes)
    proven = algorithm(search.tile, sets)
    if search.gauge:
        proven = gauge(proven, search.gauge)
    proven.verify()
    return Problem.of(proven, search.precision, search.channels, search.law)


def _judged(search: Search, points: str) -> tuple[float, ...]:
    problem = _problem(search, points)
    try:
        return tuple(objective_of(name).judge(problem) for name in search.objectives)
    except FormatError:  # a constant that the format cannot hold
        return (inf,) * len(search.objectives)


def published(search: Search, *, samples: int = 0, seed: int = 0) -> Winner | None:
    """The published set of the tile, as `Points.default` has it, judged alike; nothing if a search takes more products.

    Raises:
        SearchError: no search.
        ShapeError: negative samples or seed.
    """
    search = instance("search", search, Search, "make it with Search.of('F(4x4,3x3)')", SearchError)
    samples, seed = whole_number("samples", samples, 0), whole_number("seed", seed, 0, None)
    points = "; ".join(str(Points.default(axis.inputs[0])) for axis in search.axes)
    return None if search.space.extra else _winner(search, points, samples, seed, None)


def _winner(search: Search, points: str, samples: int, seed: int, reference: Winner | None) -> Winner:
    problem, has_scales = _problem(search, points), str(search.precision) in INTEGERS
    return Winner(
        search,
        problem.algorithm,
        _judged(search, points),
        None if has_scales else prediction_of(problem),
        measurement_of(problem, samples, seed) if samples and not has_scales else None,
        reference,
    )
