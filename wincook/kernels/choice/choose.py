"""The ways to compute any layer, the quickest first.

Sums of products are one way, where a kernel computes them. A layer may also be reduced to plain ones in several ways:
with its filters as they are, or split. Of each way, every plain layer has plans of its own (`rank`); a choice takes the
first of each, or the second, and so on.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from math import prod

from wincook.kernels.choice.cost.estimate import Estimate, copying, total
from wincook.kernels.choice.cost.predict import estimate_of
from wincook.kernels.choice.family import saves_with_strides
from wincook.kernels.choice.machine import Machine
from wincook.kernels.choice.rank import error_of, most_accurate, most_error, ranked
from wincook.kernels.choice.recipe import recipes
from wincook.kernels.plans.direct import is_direct, plan_direct, with_two_axes
from wincook.kernels.plans.layer_plan import Padding, Parts
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.shares import beginnings
from wincook.kernels.plans.tiles.tiled import plan
from wincook.kernels.target import Target
from wincook.layers import Layer, Part, Reduction, lift, reduce, split
from wincook.tile import Tile

_BYTES = 4

_NOT_SIDE_BY_SIDE = 3.0  # times longer to copy numbers of a row, if they are not
_ADDED = 3.0  # of numbers that are added to y: times that they are read or written
_OUTPUTS = 4  # of tiles that filters are split for


@dataclass(frozen=True, slots=True)
class Choice:
    """A layer as parts with a plan each, and its predicted time."""

    padding: Padding
    parts: Parts
    estimate: Estimate

    @property
    def error(self) -> float:
        """The predicted RMS of the error over the RMS of y: the largest of the parts'."""
        return max(map(error_of, {plan.layer: plan for _, plan in self.parts}.values()))


@lru_cache(maxsize=256)
def choices(layer: Layer, target: Target, threads: int, limit: float, most: int) -> tuple[Choice, ...]:
    """The quickest choices within a limit on the error, so many at most; none if there is none.

    Their order is that of one thread, so that results have the same bits on any number of them.

    Raises:
        ShapeError: so many parts that they would take longer than some minute.
    """
    on_one = _on_one_thread(layer, target, limit, most)
    if threads == 1:
        return on_one
    machine = Machine.of(target)
    return tuple(
        choice_of(
            layer, choice.padding, tuple((part, on_threads(single, threads)) for part, single in choice.parts), machine
        )
        for choice in on_one
    )


def _on_one_thread(layer: Layer, target: Target, limit: float, most: int) -> tuple[Choice, ...]:
    machine, threads = Machine.of(target), 1
    possible = [
        choice_of(layer, reduction.padding, parts, machine)
        for reduction in _reductions(layer, limit)
        for parts in islice(_ways(layer, reduction, target, threads, limit, machine), most)
    ]
    if saves_with_strides(layer):
        whole = islice(ranked(with_two_axes(layer), target, threads, limit, machine), most)
        possible += [choice_of(layer, (), ((None, choice.plan),), machine) for choice in whole]
    possible += [direct for direct in _direct(layer, target, threads, machine) if direct.error <= limit]
    return tuple(sorted(possible, key=lambda choice: choice.estimate.seconds)[:most])


def on_threads(decided: Plan, threads: int) -> Plan:
    """The plan of the same layer and algorithm on so many threads."""
    if decided.family == "direct":
        return plan_direct(decided.layer, decided.target, threads)
    return plan(decided.layer, decided.algorithm, decided.target, threads)


def closest(layer: Layer, target: Target, threads: int) -> Choice:
    """The choice of least error."""
    machine = Machine.of(target)
    if saves_with_strides(layer):
        nested = choice_of(layer, (), ((None, most_accurate(with_two_axes(layer), target, threads)),), machine)
    else:
        reduction = lift(split(reduce(layer), _OUTPUTS), AXES)
        plans = {plain: most_accurate(plain, target, threads) for plain in _plain_layers(layer, reduction)}
        nested = choice_of(layer, reduction.padding, _with_plans(layer, reduction, plans), machine)
    return min([nested, *_direct(layer, target, threads, machine)], key=lambda choice: choice.error)


def choice_of(layer: Layer, padding: Padding, parts: Parts, machine: Machine) -> Choice:
    """Parts that are planned, with their time and error."""
    plans = {plan.layer: plan for _, plan in parts}
    times = {plain: estimate_of(plan, machine) for plain, plan in plans.items()}
    if parts[0][0] is None:  # one kernel, which may compute a group after the other
        turns = layer.groups // parts[0][1].layer.groups
        estimates = [times[parts[0][1].layer]] * turns
        if layer.transposed:
            interleaved = _BYTES * (1 + _NOT_SIDE_BY_SIDE) * prod(layer.output_shape)
            estimates.append(copying(interleaved, 1, machine))
        return Choice(padding, parts, total(estimates))
    estimates = [times[plan.layer] for _, plan in parts]
    if parts[0][1].layer != layer:
        estimates.append(copying(_bytes_copied(layer, padding, parts), len(parts), machine))
    return Choice(padding, parts, total(estimates))


def _direct(layer: Layer, target: Target, threads: int, machine: Machine) -> list[Choice]:
    """Sums of products, where a kernel computes them."""
    if not is_direct(layer):
        return []
    return [choice_of(layer, (), ((None, plan_direct(layer, target, threads)),), machine)]


def _reductions(layer: Layer, limit: float) -> Iterator[Reduction]:
    """The different ways to reduce a layer to plain ones with two axes."""
    reduction = reduce(layer)

    def products_per_output(tile: Tile) -> float:
        """Of the cheapest recipe that keeps the limit along this axis, if other axes do no worse."""
        (taps,), channels = tile.taps, layer.channels // layer.groups
        (single,) = recipes(1)
        on_one_axis = max(sorted(layer.kernel)[:-1], default=1) == 1
        within = (
            figures.products / recipe.outputs
            for recipe, figures in recipes(taps).items()
            if most_error((single if on_one_axis else recipe, recipe), channels) <= limit
        )
        return min(within, default=float(taps))

    ways = (reduction, split(reduction, _OUTPUTS), split(reduction, 1, products_per_output))
    return (lift(way, AXES) for way in dict.fromkeys(ways))


def _ways(
    layer: Layer, reduction: Reduction, target: Target, threads: int, limit: float, machine: Machine
) -> Iterator[Parts]:
    """The parts with the first plans of their plain layers, then with the second ones."""
    plain_layers = _plain_layers(layer, reduction)
    several = [ranked(plain, target, threads, limit, machine) for plain in plain_layers]
    plans: dict[Layer, Plan] = {}
    while True:
        better = {
            plain: choice.plan
            for plain, plans_of_it in zip(plain_layers, several, strict=True)
            if (choice := next(plans_of_it, None))
        }
        plans |= better
        if not better or len(plans) < len(plain_layers):
            return
        yield _with_plans(layer, reduction, plans)


def _plain_layers(layer: Layer, reduction: Reduction) -> tuple[Layer, ...]:
    return tuple(dict.fromkeys(_plain(layer, reduction, part) for part in reduction.parts))


def _with_plans(layer: Layer, reduction: Reduction, plans: dict[Layer, Plan]) -> Parts:
    return tuple((part, plans[_plain(layer, reduction, part)]) for part in reduction.parts)


def _plain(layer: Layer, reduction: Reduction, part: Part) -> Layer:
    """What a part computes: the layer itself, with its padding, where it is its own only part."""
    return layer if layer.plain and layer.dimension == AXES and len(reduction.parts) == 1 else part.layer


def _bytes_copied(layer: Layer, padding: Padding, parts: Parts) -> float:
    """Of the padded input, and of what parts cannot read or write where it lies, or add up; read and written."""
    padded = (
        layer.batch
        * layer.channels
        * prod(size + before + after for size, (before, after) in zip(layer.size, padding, strict=True))
    )
    begins = beginnings(Reduction(layer, padding, tuple(part for part, _ in parts if part is not None)))
    inputs = sum(_copied(part, "x", layer) * prod(plan.layer.input_shape) for part, plan in parts)
    outputs = sum(
        (_copied(part, "y", layer) if first else _ADDED) * prod(plan.layer.output_shape)
        for (part, plan), first in zip(parts, begins, strict=True)
    )
    return _BYTES * (2 * padded + inputs + outputs)


def _copied(part: Part | None, name: str, layer: Layer) -> float:
    """How often numbers of a part are read or written beside its kernel, which takes rows of neighbours as they are."""
    if part is not None and getattr(part.axes[-1], name).step > 1:
        return 2 * _NOT_SIDE_BY_SIDE
    return 2.0 if layer.layout == "NHWC" else 0.0
