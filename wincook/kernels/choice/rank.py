"""The algorithms of a plain layer with two axes within a limit on the error, the quickest first.

Every pair of recipes, one for each axis, is judged in two steps: the error by a table, or by that of the squares with
some room above it; the time by the cost model, of those whose arithmetic alone does not take too long. Nothing is built
or predicted before it is asked for. Of pairs as quick as one another the one with shorter programs is taken, which take
less time to compile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from math import inf, prod, sqrt

from wincook.analysis.prediction.predict import predict
from wincook.analysis.quantisation.of_law import snr_of_law
from wincook.arguments import LARGEST
from wincook.bilinear import BilinearAlgorithm
from wincook.kernels.choice.cost.counts import Counts
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.cost.predict import estimate, least_seconds
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.recipe import MOST_PRODUCTS, Figures, Pair, Recipe, known_error, nested, recipes
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.tiles.blocking import blocking
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import Target
from wincook.layers import Layer
from wincook.summation import Chains

_WORTH_A_LOOK = 1.1  # times as long as the quickest
_MORE, _MUCH_MORE = 1.2, 1.8  # times the error by the squares, of pairs that no table has; of those with a single tap
_PER_OPERATION = 1e-5  # of the transforms of a tile: the share of time that is given for one less to compile
_MOST_OVERHANG = 2  # times the outputs of a layer along an axis


@dataclass(frozen=True, slots=True)
class Ranked:
    """A plan and its predicted time."""

    plan: Plan
    estimate: Estimate


def ranked(layer: Layer, target: Target, threads: int, limit: float, machine: Machine) -> Iterator[Ranked]:
    """The plans within the limit, the quickest first; none if there is none."""
    for recipes_of_axes, seconds in _by_time(layer, target, threads, limit, machine):
        yield Ranked(plan(layer, nested(recipes_of_axes), target, threads), seconds)


def most_accurate(layer: Layer, target: Target, threads: int) -> Plan:
    """The plan of least error, of a layer with short filters."""

    def recipe_of_axis(taps: int, stride: int) -> Recipe:
        figures = recipes(taps, stride)
        return min(figures, key=lambda recipe: figures[recipe].squared_error(Chains.of(layer.channels)))

    return plan(layer, nested(tuple(map(recipe_of_axis, layer.kernel, layer.strides))), target, threads)


def error_of(plan: Plan) -> float:
    """The relative RMS error of a plan: sums of products have a channel for each tap and channel of a group.

    Narrow products are those of normal inputs after a ReLU and He weights.
    """
    layer = plan.layer
    if plan.format != "float32":
        return float(10 ** (-snr_of_law(plan.algorithm, plan.format, layer.channels, "relu") / 20))
    if plan.tiled:
        return relative_error(plan.algorithm, layer.channels)
    terms = layer.channels // layer.groups * prod(layer.kernel)
    (of_sums,) = recipes(1).values()
    return (
        sqrt(of_sums.squared_error(Chains.of(terms, inputs=1))) if terms <= LARGEST else inf
    )  # more than anybody can sum


@lru_cache(maxsize=4096)
def relative_error(algorithm: BilinearAlgorithm, channels: int) -> float:
    """The RMS of the error over the RMS of y in float32, as predicted."""
    return predict(algorithm, "float32", channels).relative_rms


@lru_cache(maxsize=256)
def _by_time(
    layer: Layer, target: Target, threads: int, limit: float, machine: Machine
) -> tuple[tuple[Pair, Estimate], ...]:
    """The pairs that promise most, the quickest first."""
    every = product(*(_of_axis(*sizes) for sizes in zip(layer.kernel, layer.strides, layer.output_size, strict=True)))
    pairs = [pair for pair in every if most_error(pair, layer.channels) <= limit]
    counts = {pair: tile for pair in pairs if (tile := _counts(pair)).products <= MOST_PRODUCTS}
    timed: dict[Pair, Estimate] = {}
    quickest = inf
    at_least = {pair: least_seconds(layer, counts[pair], target, machine) / threads for pair in counts}
    for pair in sorted(counts, key=at_least.__getitem__):
        if at_least[pair] > _WORTH_A_LOOK * quickest:
            break
        timed[pair] = _estimate(layer, counts[pair], target, threads, machine)
        quickest = min(quickest, timed[pair].seconds)

    def seconds(pair: Pair) -> float:
        return timed[pair].seconds * (1 + _PER_OPERATION * counts[pair].operations)

    return tuple((pair, timed[pair]) for pair in sorted(timed, key=seconds))


def most_error(pair: Pair, channels: int) -> float:
    """The predicted relative RMS error of two recipes, or, where no table has it, what it does not exceed."""
    known = known_error(pair, channels)
    if known is not None:
        return sqrt(known)
    by_squares = prod(figures.squared_error(Chains.of(channels)) for figures in _figures(pair)) ** 0.25
    return by_squares * (_MORE if min(recipe.taps for recipe in pair) > 1 else _MUCH_MORE)


def _of_axis(taps: int, stride: int, outputs: int) -> list[Recipe]:
    return [
        recipe for recipe in recipes(taps, stride) if recipe.outputs < _MOST_OVERHANG * outputs or recipe.outputs == 1
    ]


def _figures(pair: Pair) -> list[Figures]:
    return [recipes(recipe.taps, recipe.stride)[recipe] for recipe in pair]


def _counts(pair: Pair) -> Counts:
    (first, second), (down, across) = pair, _figures(pair)
    return Counts(
        outputs=(first.outputs, second.outputs),
        inputs=(down.inputs, across.inputs),
        rows=down.products,
        products=down.products * across.products,
        kept=down.kept * across.kept,
        between=first.outputs * across.products,
        per_column=down.input_operations,
        per_row=across.input_operations,
        output_operations=down.output_operations * across.products + across.output_operations * first.outputs,
    )


def _estimate(layer: Layer, counts: Counts, target: Target, threads: int, machine: Machine) -> Estimate:
    blocks = blocking(layer, counts.outputs, counts.products, counts.kept, target, threads)
    return estimate(layer, counts, blocks, target, machine)
