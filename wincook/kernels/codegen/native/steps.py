"""The kernels of a layer as steps: which part of an image each reads, and where its weights and its outputs go."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import prod

import numpy as np

from wincook.kernels.codegen.body.composed.tables import OutputMove, WeightMove
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import AXES, Plan
from wincook.layers import Layer, Part, Phases, Piece

_ALONE = Piece(range(1), range(1), range(1))


@dataclass(frozen=True, slots=True)
class Step:
    """A kernel of a layer: the channels that it reads, and its first row and column in the image, each with a step.

    Then where its weights come from, and where its outputs go. The turn tells groups that one kernel computes apart.
    """

    plan: Plan
    turn: int
    channels: range
    rows: tuple[int, int]
    columns: tuple[int, int]
    weights: tuple[WeightMove, ...]
    outputs: tuple[OutputMove, ...]


def steps_of(decided: LayerPlan) -> Iterator[Step]:
    """Each kernel of a layer in turn."""
    layer = with_two_axes(decided.layer)
    if decided.whole:
        yield from _whole_steps(decided, layer)
        return
    firsts = ((0, 0),) * (AXES - decided.layer.dimension) + decided.reduction.padding
    for part, single in zip(decided.reduction.parts, decided.plans, strict=True):
        down, across = pieces_of(part)
        (top, _), (left, _) = firsts
        yield Step(
            single,
            0,
            part.channels,
            (down.x.start - top, down.x.step),
            (across.x.start - left, across.x.step),
            (_part_weights(layer, part),),
            (
                OutputMove(
                    0, len(part.filters), part.filters.start, down.y.start, across.y.start, across.y.step, len(across.y)
                ),
            ),
        )


def pieces_of(part: Part) -> tuple[Piece, ...]:
    """Along each of two axes."""
    return (_ALONE,) * (AXES - len(part.axes)) + part.axes


def _part_weights(layer: Layer, part: Part) -> WeightMove:
    down, across = pieces_of(part)
    source, from_filter, from_channel = _from_group(layer, part.filters.start // (layer.filters // layer.groups))
    source += part.filters.start % (layer.filters // layer.groups) * from_filter
    taps_across, taps = layer.kernel[1], len(down.w) * len(across.w)
    return WeightMove(
        source + down.w.start * taps_across + across.w.start,
        0,
        len(part.filters),
        from_filter,
        len(part.channels) * taps,
        len(part.channels),
        from_channel,
        taps,
        len(down.w),
        down.w.step * taps_across,
        len(across.w),
        len(across.w),
        across.w.step,
        1,
    )


def _from_group(layer: Layer, group: int) -> tuple[int, int, int]:
    """Where the weights of a group begin, and how far apart its filters are, and its channels."""
    channels, filters = layer.channels // layer.groups, layer.filters // layer.groups
    taps = prod(layer.kernel)
    start = group * channels * filters * taps
    return (start, taps, filters * taps) if layer.transposed else (start, channels * taps, taps)


def _whole_steps(decided: LayerPlan, layer: Layer) -> Iterator[Step]:
    """The one kernel of a layer, of each of its turns: what it pads is padded before."""
    single, turns = decided.plans[0], decided.turns
    pads = [before for before, _ in single.layer.pads]
    if decided.inner is not decided.layer:
        pads = [before + more for before, (more, _) in zip(pads, layer.pads, strict=True)]
    rows, columns = ((-before, 1) for before in pads)
    channels = layer.channels // turns
    for turn in range(turns):
        if decided.phases is not None:
            weights, outputs = _phase_moves(layer, range(layer.groups) if turns == 1 else range(turn, turn + 1))
        else:
            weights, outputs = _plain_moves(single.layer, turn, layer.output_size[1])
        yield Step(single, turn, range(turn * channels, (turn + 1) * channels), rows, columns, weights, outputs)


def _plain_moves(layer: Layer, turn: int, width: int) -> tuple[tuple[WeightMove, ...], tuple[OutputMove, ...]]:
    """All weights of a kernel's layer, and all of its outputs, behind those of earlier turns."""
    filters, channels, down, across = layer.weight_shape
    taps = down * across
    apart = channels * taps
    axes = (channels, taps, taps, down, across, across, across, 1, 1)
    return (
        (WeightMove(turn * filters * apart, 0, filters, apart, apart, *axes),),
        (OutputMove(0, filters, turn * filters, 0, 0, 1, width),),
    )


def _phase_moves(layer: Layer, groups: range) -> tuple[tuple[WeightMove, ...], tuple[OutputMove, ...]]:
    """Each phase of some groups of a transposed layer is filters of their kernel.

    Which taps it has, those of one channel tell.
    """
    single = Phases(replace(layer, channels=1, filters=1, groups=1))
    numbers = np.arange(1, 1 + prod(layer.kernel)).reshape(1, 1, *layer.kernel)
    taps = single.weights(numbers).reshape(*(axis.stride for axis in layer.axes), -1)
    channels, filters = layer.channels // layer.groups, layer.filters // layer.groups
    down, across = taps.shape[:AXES]
    places, weights, outputs = taps.shape[AXES], list[WeightMove](), list[OutputMove]()
    for number, row, column in np.ndindex(len(groups), down, across):
        group = groups[number]
        first = ((number * down + row) * across + column) * filters
        source, from_filter, from_channel = _from_group(layer, group)
        axes = (filters, from_filter, channels * places, channels, from_channel, places, *(1, 0, 0) * AXES)
        weights += [
            WeightMove(source + int(taps[row, column, place]) - 1, first * channels * places + place, *axes)
            for place in np.flatnonzero(taps[row, column]).tolist()
        ]
        width = len(range(column, layer.output_size[1], across))
        outputs.append(OutputMove(first, filters, group * filters, row, column, across, width))
    return tuple(weights), tuple(outputs)
