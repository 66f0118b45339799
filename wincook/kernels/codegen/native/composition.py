"""A layer of several kernels as constants of its code: what each kernel is called with, and where its numbers go.

All is for the sizes that the layer was planned for. The rows of y are parted into bands, which begin with a tile of
each kernel, so that every number is computed as in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import lcm, prod

import numpy as np

from wincook.errors import ShapeError
from wincook.kernels.codegen.body.composed.tables import Call, OutputMove, WeightMove
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import AXES, Plan
from wincook.layers import Layer, Part, Piece
from wincook.layers.phases import Phases

_FEWEST_BANDS = 4  # of one image, for the threads of the host
_LINE = 16  # floats
_ENTRIES = ("query", "shape", "pack", "run")
_ALONE = Piece(range(1), range(1), range(1))


@dataclass(frozen=True, slots=True)
class _Step:
    """A kernel of a layer, which part of its image it reads along each axis, and where weights and outputs go."""

    plan: Plan
    channels: range
    rows: tuple[int, int]
    columns: tuple[int, int]
    weights: tuple[WeightMove, ...]
    outputs: tuple[OutputMove, ...]


def is_composed(decided: LayerPlan) -> bool:
    """Whether a layer takes more than what one kernel does."""
    alone = decided.whole and decided.fused and decided.phases is None
    return not alone or decided.inner is not decided.layer


def kernels_of(decided: LayerPlan) -> tuple[Plan, ...]:
    """The different kernels that a layer calls; what follows the convolution is done after them.

    Raises:
        ShapeError: a layer of more than two axes.
    """
    if decided.layer.dimension > AXES:
        raise ShapeError(f"libraries are for layers of one axis or two, not for {decided.layer}")
    return tuple(dict.fromkeys(_plain(single) for single in decided.plans))


def constants_of_layer(decided: LayerPlan) -> dict[str, object]:
    """The constants of the code of a layer, beside those of its target."""
    layer, step = with_two_axes(decided.layer), decided.epilogue.step
    height, width = (size // step * step for size in layer.output_size)
    steps, row_step = list(_steps(decided)), _row_step(decided)
    rows = -(-height // row_step)
    band = _band(steps, rows, 2 if row_step % step else 1)
    is_last, lanes = layer.layout == "NHWC", decided.target.isa.lanes
    filters = -(-layer.filters // lanes) * lanes if is_last else layer.filters
    across = width if is_last else -(-width // (lanes * step)) * lanes * step
    weights = [move for each in steps for move in each.weights]
    outputs = [_within(move, width) for each in steps for move in each.outputs]
    epilogue = decided.epilogue
    return {
        "LAYOUT": layer.layout,
        "LANES": lanes,
        "SCALED": epilogue.scale,
        "RESIDUAL": epilogue.residual,
        "ACTIVATION": epilogue.steps,
        "POOLING": epilogue.pooling,
        "OUT_SIZE": (height, width),
        "KNOWN": _known(layer),
        "CALLS": tuple(_calls(steps, kernels_of(decided), layer.size[1])),
        "WEIGHT_MOVES": tuple(map(tuple, weights)),
        "OUTPUT_MOVES": tuple(map(tuple, outputs)),
        "PADDING_MODE": layer.padding_mode,
        "INNER_LAST": steps[0].plan.layer.layout == "NHWC",
        "ADDS": not decided.whole,
        "BAND": band,
        "BAND_STEP": row_step,
        "BANDS": -(-rows // band),
        "OUT_ROWS": rows,
        "IMAGE_FLOATS": max(_in_lines(_image_floats(each, band)) for each in steps),
        "SHARE_FLOATS": max(_in_lines(_filters(each) * band * each.plan.layer.output_size[1]) for each in steps),
        "TOTAL_FLOATS": _in_lines(filters * across * band * row_step),
        "TOTAL_FILTERS": filters,
        "TOTAL_WIDTH": across,
        "PART_FILTERS": max(map(_filters, steps)),
        "PART_WEIGHTS": max(prod(each.plan.layer.weight_shape) for each in steps),
    }


def _within(move: OutputMove, width: int) -> OutputMove:
    """Without columns that pooling drops."""
    return move._replace(columns=min(move.columns, len(range(move.column, width, move.column_step))))


def _known(layer: Layer) -> tuple[int, ...]:
    """The words of its dims from the channels to the padding on the right."""
    steps = (getattr(axis, name) for name in ("kernel", "stride", "dilation") for axis in layer.axes)
    return (
        layer.channels,
        *layer.size,
        layer.filters,
        layer.groups,
        *steps,
        *(pad for pads in layer.pads for pad in pads),
    )


def _plain(single: Plan) -> Plan:
    return replace(single, epilogue=type(single.epilogue)())


def _filters(step: _Step) -> int:
    return step.plan.layer.filters


def _in_lines(floats: int) -> int:
    return -(-floats // _LINE) * _LINE


def _image_floats(step: _Step, band: int) -> int:
    layer = step.plan.layer
    down = layer.axes[0]
    return len(step.channels) * ((band - 1) * down.stride + down.span) * _columns(layer)


def _columns(layer: Layer) -> int:
    return layer.size[1] + sum(layer.pads[1])


def _row_step(decided: LayerPlan) -> int:
    """How far apart the rows of y are that one kernel writes."""
    if decided.phases is not None:
        return decided.phases.layer.axes[0].stride if decided.layer.dimension == AXES else 1
    return 1 if decided.whole else max(_pieces(part)[0].y.step for part in decided.reduction.parts)


def _band(steps: list[_Step], rows: int, unit: int) -> int:
    """Rows of a band, a multiple: as many as the largest panel has, in whole tiles, but few where threads want work."""
    wanted = 1
    for step in steps:
        single = step.plan
        height, width = single.algorithm.tile.outputs if single.tiled else (1, 1)
        unit = lcm(unit, height)
        lines = (
            single.panel
            if single.family == "depthwise"
            else -(-single.panel // -(-single.layer.output_size[1] // width))
        )
        wanted = max(wanted, lines * height)
    return min(-(-wanted // unit), max(1, -(-rows // _FEWEST_BANDS) // unit)) * unit


def _calls(steps: list[_Step], kernels: tuple[Plan, ...], width: int) -> Iterator[tuple[int | str, ...]]:
    """The records of the kernels, whose functions are called by the number of their code."""
    weights = outputs = 0
    for step in steps:
        layer, number = step.plan.layer, kernels.index(_plain(step.plan))
        (row, row_step), (column, column_step) = step.rows, step.columns
        within = [j for j in range(_columns(layer)) if 0 <= column + j * column_step < width] or [0, -1]
        down, across = layer.axes
        out_rows, out_columns = layer.output_size
        record = Call(
            query=0,
            shape=0,
            pack=0,
            run=0,
            channel=step.channels.start,
            channels=len(step.channels),
            filters=layer.filters,
            row=row,
            row_step=row_step,
            column=column,
            column_step=column_step,
            columns=_columns(layer),
            left=within[0],
            right=within[-1] + 1,
            out_rows=out_rows,
            out_columns=out_columns,
            groups=layer.groups,
            taps_down=down.kernel,
            taps_across=across.kernel,
            stride_down=down.stride,
            stride_across=across.stride,
            dilation_down=down.dilation,
            dilation_across=across.dilation,
            weights_begin=weights,
            weights_end=weights + len(step.weights),
            outputs_begin=outputs,
            outputs_end=outputs + len(step.outputs),
        )
        weights, outputs = record.weights_end, record.outputs_end
        yield *(f"kernel_{number}_{entry}" for entry in _ENTRIES), *record[len(_ENTRIES) :]


def _steps(decided: LayerPlan) -> Iterator[_Step]:
    layer = with_two_axes(decided.layer)
    if decided.whole:
        yield _whole_step(decided, layer)
        return
    firsts = ((0, 0),) * (AXES - decided.layer.dimension) + decided.reduction.padding
    for part, single in zip(decided.reduction.parts, decided.plans, strict=True):
        down, across = _pieces(part)
        (top, _), (left, _) = firsts
        yield _Step(
            single,
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


def _pieces(part: Part) -> tuple[Piece, ...]:
    """Along each of two axes."""
    return (_ALONE,) * (AXES - len(part.axes)) + part.axes


def _part_weights(layer: Layer, part: Part) -> WeightMove:
    down, across = _pieces(part)
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


def _whole_step(decided: LayerPlan, layer: Layer) -> _Step:
    """The one kernel of a layer: what it pads is padded before."""
    single = decided.plans[0]
    pads = [before for before, _ in single.layer.pads]
    if decided.inner is not decided.layer:
        pads = [before + more for before, (more, _) in zip(pads, layer.pads, strict=True)]
    rows, columns = ((-before, 1) for before in pads)
    if decided.phases is not None:
        weights, outputs = _phase_moves(layer)
    else:
        filters, channels, *(down, across) = single.layer.weight_shape
        taps = down * across
        filter_floats = channels * taps
        weights = (
            WeightMove(
                0, 0, filters, filter_floats, filter_floats, channels, taps, taps, down, across, across, across, 1, 1
            ),
        )
        outputs = (OutputMove(0, filters, 0, 0, 0, 1, layer.output_size[1]),)
    return _Step(single, range(layer.channels), rows, columns, weights, outputs)


def _phase_moves(layer: Layer) -> tuple[tuple[WeightMove, ...], tuple[OutputMove, ...]]:
    """Each phase of a transposed layer is filters of its kernel; which taps it has, those of one channel tell."""
    single = Phases(replace(layer, channels=1, filters=1, groups=1))
    numbers = np.arange(1, 1 + prod(layer.kernel)).reshape(1, 1, *layer.kernel)
    taps = single.weights(numbers).reshape(*(axis.stride for axis in layer.axes), -1)
    channels, filters = layer.channels // layer.groups, layer.filters // layer.groups
    down, across = taps.shape[:AXES]
    places, weights, outputs = taps.shape[AXES], list[WeightMove](), list[OutputMove]()
    for group, row, column in np.ndindex(layer.groups, down, across):
        first = ((group * down + row) * across + column) * filters
        source, from_filter, from_channel = _from_group(layer, group)
        axes = (filters, from_filter, channels * places, channels, from_channel, places, *(1, 0, 0) * AXES)
        weights += [
            WeightMove(source + int(taps[row, column, place]) - 1, first * channels * places + place, *axes)
            for place in np.flatnonzero(taps[row, column]).tolist()
        ]
        width = len(range(column, layer.output_size[1], across))
        outputs.append(OutputMove(first, filters, group * filters, row, column, across, width))
    return tuple(weights), tuple(outputs)
