"""What a search minimises: objectives by name, each for many sets at once, and for one algorithm by the full model.

A search screens batches of sets in float64; the best are then made exactly and judged by the full model, and only that
figure is told of a winner. A product of powers, such as rms*operations^0.5, is an objective too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import inf, prod

import numpy as np

from wincook.analysis.bounds.worst_case import bound_by_stage
from wincook.analysis.data.distributions import Law
from wincook.analysis.prediction.batch import batch as batches
from wincook.analysis.prediction.batch.sets import PointSets
from wincook.analysis.prediction.batch.stacks import balanced_kappa, growth, kappa, quantised, spread
from wincook.analysis.prediction.predict import prediction_of
from wincook.analysis.problem import Problem
from wincook.arguments import choice, words
from wincook.arrays import Array
from wincook.construct import algorithm
from wincook.construct.rescale.integers import integers
from wincook.errors import AlgorithmError, LimitError, PointsError, SearchError
from wincook.points import Points
from wincook.precision import Precision
from wincook.program.cost import operations_over_axes
from wincook.quantisation.integers import INTEGERS
from wincook.search.entries.figures import error_of, quantised_error
from wincook.tile import Tile

Batch = tuple[PointSets, ...]
"""Many sets of points for each axis of `Setting.axes`, as many for one axis as for another."""

_WITHIN_RANGE = ("balance", "equilibrate")  # gauges in which U and V are as large as the data
_DENOMINATOR = 1024  # the largest of a fraction that float64 stands for
_TWO = 2  # factors
_ERRORS = ("rms", "mean", "maximum")
_SAFE = 1e-30  # formats whose normal numbers begin below are not left by transforms
_EXPONENT = re.compile(r"[0-9]*\.?[0-9]+")


@dataclass(frozen=True, slots=True)
class Setting:
    """What sets of points are judged in. Axes of the tile that are alike share one set."""

    tile: Tile
    precision: Precision
    channels: int
    law: Law
    gauge: str = ""

    @property
    def axes(self) -> tuple[Tile, ...]:
        """The different axes of the tile."""
        return tuple(dict.fromkeys(self.tile.axes))


Screen = Callable[[Setting, Batch, float], Array]


@dataclass(frozen=True, slots=True)
class Objective:
    """A figure of which less is better.

    `says` tells what it is, in a line. `screen` gives it for each set of a batch, or what ranks sets as it does:
    float64 of shape (sets,), infinite where two points coincide; what is beyond a limit may be told as infinite, too.
    `judge` gives it for one algorithm, exactly or by the full model.
    """

    says: str
    screen: Screen
    judge: Callable[[Problem], float]


def _is_power(*exponents: str) -> bool:
    """Whether a factor has no exponent, or one."""
    return len(exponents) < _TWO and all(map(_EXPONENT.fullmatch, exponents))


def objective_of(name: str) -> Objective:
    """The objective of a name, or of a product of powers of names.

    Raises:
        SearchError: an unknown name.

    >>> objective_of("rms*operations^0.5").says
    'rms*operations^0.5'
    """
    name = words("objective", name, "rms", SearchError)
    if name in OBJECTIVES:
        return OBJECTIVES[name]
    parts = [[*map(str.strip, part.split("^"))] for part in name.split("*")]
    if len(parts) == 1 or not all(part[0] and _is_power(*part[1:]) for part in parts):
        choice("objective", name, OBJECTIVES, SearchError)
    factors = [
        (choice("objective", word, OBJECTIVES, SearchError), float(*exponent) if exponent else 1.0)
        for word, *exponent in parts
    ]

    def screen(setting: Setting, batch: Batch, limit: float) -> Array:
        values, rest = np.ones(len(batch[0])), factors
        if len(factors) == _TWO and factors[0][0] in _ERRORS and factors[1][0] == "operations":
            (word, power), *rest = factors
            most = (limit / _fewest(setting, batch) ** factors[1][1]) ** (1 / power)
            values = OBJECTIVES[word].screen(setting, batch, most) ** power
        regular = np.isfinite(values)
        if regular.any():
            left = tuple(sets.where(regular) for sets in batch)
            for word, power in rest:
                values[regular] *= OBJECTIVES[word].screen(setting, left, inf) ** power
        return values

    def judge(problem: Problem) -> float:
        return float(prod(OBJECTIVES[word].judge(problem) ** power for word, power in factors))

    return Objective(name, screen, judge)


def check_format(name: str, precision: Precision) -> None:
    """See that an objective is one, and is known of a format.

    Raises:
        SearchError: it is none, or another error than the RMS of products of integers.
    """
    objective_of(name)
    others = [word for word in _ERRORS if word != "rms" and word in re.split(r"[\s^*]+", name)]
    if others and str(precision) in INTEGERS:
        raise SearchError(f"{others[0]} is not predicted of products of {precision}, which have scales; take rms")


def _predicted(statistic: str) -> Screen:
    def screen(setting: Setting, batch: Batch, limit: float) -> Array:
        integers = INTEGERS.get(str(setting.precision))
        if integers is not None:
            of_axis = dict(zip(setting.axes, batch, strict=True))
            sets = [of_axis[axis] for axis in setting.tile.axes]
            return quantised(setting.tile.axes, sets, setting.law, integers)
        errors = batches.predict_batch(
            setting.tile,
            batch,
            setting.precision,
            setting.channels,
            setting.law,
            statistic=statistic,
            limit=None if limit == inf else limit,
        )
        if is_narrow(setting.precision) and setting.gauge not in _WITHIN_RANGE:
            errors[batches.out_of_range(setting.tile, batch, setting.precision, setting.channels, setting.law)] = inf
        return errors

    return screen


def _judged(statistic: str) -> Callable[[Problem], float]:
    """Of the full model; infinite where values leave the range of their formats."""

    def judge(problem: Problem) -> float:
        if str(problem.precision) in INTEGERS:
            return quantised_error(problem)
        prediction = prediction_of(problem)
        return inf if prediction.underflow else error_of(prediction, statistic)

    return judge


def is_narrow(precision: Precision) -> bool:
    """Whether a format may be left: all but those with the exponents of float32."""
    return any(fmt.smallest_normal > _SAFE for _, fmt in precision.items() if not fmt.is_integer)


def _of_axes(figure: Callable[[Tile, PointSets], Array]) -> Screen:
    """The product over all axes of a figure of each."""

    def screen(setting: Setting, batch: Batch, _limit: float) -> Array:
        of_axis = {axis: figure(axis, sets) for axis, sets in zip(setting.axes, batch, strict=True)}
        return np.asarray(np.prod([of_axis[axis] for axis in setting.tile.axes], axis=0))

    return screen


def _alone(screen: Screen) -> Callable[[Problem], float]:
    """What a screen gives for one algorithm."""

    def judge(problem: Problem) -> float:
        tile, points = problem.algorithm.tile, problem.algorithm.points
        if points is None:
            raise AlgorithmError(f"{problem.algorithm.name} is known by its matrices alone; give its points")
        per_axis = dict(zip(tile.axes, points, strict=True))
        batch = tuple(PointSets.of([chosen]) for chosen in per_axis.values())
        return float(screen(Setting(tile, problem.precision, problem.channels, problem.law), batch, inf)[0])

    return judge


def _amplified(setting: Setting, batch: Batch, _limit: float) -> Array:
    return batches.amplification(setting.tile, batch, setting.law)


def _kappa(_axis: Tile, sets: PointSets) -> Array:
    return kappa(sets)


def _products(axis: Tile, sets: PointSets) -> Array:
    return np.full(len(sets), sets.multiplications / axis.outputs[0])


def _operations(setting: Setting, batch: Batch, _limit: float) -> Array:
    """Of BT and AT, whose programs run along the axes in turn."""
    counts = batches.modelled_operations(setting.tile, batch).sum(axis=3)
    place = {axis: number for number, axis in enumerate(setting.axes)}
    products = [batch[place[axis]].multiplications for axis in setting.tile.axes]
    total = np.zeros(len(counts))
    for stage, before, after in ((1, setting.tile.inputs, products), (2, products, setting.tile.outputs)):
        for running, axis in enumerate(setting.tile.axes):
            lines = prod(after[:running]) * prod(before[running + 1 :])
            total += counts[:, place[axis], stage] * lines
    return np.asarray(total / prod(setting.tile.outputs))


def _fewest(setting: Setting, batch: Batch) -> float:
    """Fewer operations than programs are known to take: one for each product, in BT and in AT."""
    place = {axis: number for number, axis in enumerate(setting.axes)}
    products = [batch[place[axis]].multiplications for axis in setting.tile.axes]
    return len(products) * (prod(products) + prod(setting.tile.outputs)) / prod(setting.tile.outputs)


def _judge_operations(problem: Problem) -> float:
    stages = (problem.programs.input, problem.programs.output)
    total = sum(operations_over_axes(stage, range(len(stage))) for stage in stages)
    return total / prod(problem.algorithm.tile.outputs)


def _bits(setting: Setting, batch: Batch, _limit: float) -> Array:
    """Of each set by itself, exactly: some hundred sets a second, so that spaces should be small."""
    values = np.full(len(batch[0]), inf)
    for index in range(len(values)):
        per_axis = dict(zip(setting.axes, (_exact_points(sets, index) for sets in batch), strict=True))
        try:
            exact = algorithm(setting.tile, [per_axis[axis] for axis in setting.tile.axes])
        except PointsError:  # two are one
            continue
        values[index] = _judge_bits(Problem(exact, setting.precision, setting.channels, setting.law))
    return values


def _exact_points(sets: PointSets, index: int) -> Points:
    """The fractions that the numbers of a set stand for."""
    numbers = [Fraction(point).limit_denominator(_DENOMINATOR) for point in sets.points[index]]
    factors = [
        f"x^2+({Fraction(b).limit_denominator(_DENOMINATOR)})*x+({Fraction(c).limit_denominator(_DENOMINATOR)})"
        for b, c in sets.factors[index]
    ]
    infinity = ["∞"] if sets.infinity == 1 else [f"∞^{sets.infinity}"] * (sets.infinity > 1)
    return Points((*numbers, *factors, *infinity))


def _judge_bits(problem: Problem) -> float:
    try:
        widths = integers(problem.algorithm).widths(channels=problem.channels)
    except (AlgorithmError, LimitError):  # irrational points, or numbers beyond all words
        return inf
    return float(max(bits for _, bits in widths.bits.items()))


def _judge_bound(problem: Problem) -> float:
    return bound_by_stage(problem).largest


OBJECTIVES: dict[str, Objective] = {
    "rms": Objective("predicted RMS error, relative to y", _predicted("rms"), _judged("rms")),
    "mean": Objective("predicted mean |error|, relative to the RMS of y", _predicted("mean"), _judged("mean")),
    "maximum": Objective(
        "predicted RMS error of the worst output, relative to y", _predicted("maximum"), _judged("maximum")
    ),
    "amplification": Objective(
        "what y sees of an error of each product as large as the product", _amplified, _alone(_amplified)
    ),
    "bound": Objective("worst-case bound for |d|, |g| ≤ 1", _of_axes(growth), _judge_bound),
    "range": Objective(
        "the largest typical U over the smallest, times the same of V", _of_axes(spread), _alone(_of_axes(spread))
    ),
    "bits": Objective("bits of the widest integers for 8-bit data", _bits, _judge_bits),
    "operations": Objective("operations of BT and AT per output", _operations, _judge_operations),
    "products": Objective("products per output", _of_axes(_products), _alone(_of_axes(_products))),
    "kappa": Objective("κ₂ of the Vandermonde matrix of the finite points", _of_axes(_kappa), _alone(_of_axes(_kappa))),
    "condition": Objective(
        "κ₂(A) κ₂(G) κ₂(B), rows and columns of length 1", _of_axes(balanced_kappa), _alone(_of_axes(balanced_kappa))
    ),
}
