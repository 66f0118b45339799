"""A layer of several kernels as constants of its code: what each kernel is called with, and where its numbers go.

All is for the sizes that the layer was planned for. The rows of y are parted into bands, which begin with a tile of
each kernel, so that every number is computed as in one piece.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import lcm, prod

from wincook.epilogue.epilogue import NOTHING
from wincook.errors import ShapeError
from wincook.kernels.codegen.body.composed.tables import Call, OutputMove
from wincook.kernels.codegen.native.calibrated import Calibrated, constants_of_scales
from wincook.kernels.codegen.native.steps import Step, pieces_of, steps_of
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.scratch import BYTES, in_lines
from wincook.layers import Layer
from wincook.quantisation.affine import KINDS

_FEWEST_BANDS = 4  # of one image, for the threads of the host
_FUNCTIONS = 4  # that a call has, before its numbers


def is_composed(decided: LayerPlan) -> bool:
    """Whether a layer takes more than what one kernel does."""
    alone = decided.whole and decided.fused and decided.phases is None and decided.turns == 1
    return not alone or decided.converts or decided.inner is not decided.layer


def kernels_of(decided: LayerPlan) -> tuple[Plan, ...]:
    """The different kernels that a layer calls; what follows the convolution is done after them, on float32.

    Raises:
        ShapeError: a layer of more than two axes.
    """
    if decided.layer.dimension > AXES:
        raise ShapeError(f"libraries are for layers of one axis or two, not for {decided.layer}")
    return tuple(dict.fromkeys(_plain(single) for single in decided.plans))


def constants_of_layer(decided: LayerPlan, codes: tuple[int, ...], calibrated: Calibrated) -> dict[str, object]:
    """The constants of the code of a layer.

    Args:
        decided: its plan.
        codes: of each of its different kernels, the number of its code: kernels of several sizes may have one.
        calibrated: the scales of x, y and a residual of 8 bits.
    """
    layer, step = with_two_axes(decided.layer), decided.epilogue.step
    height, width = (size // step * step for size in layer.output_size)
    steps, row_step = list(steps_of(decided)), _row_step(decided)
    rows = -(-height // row_step)
    band = _band(steps, rows, 2 if row_step % step else 1)
    is_last, lanes = layer.layout == "NHWC", decided.target.isa.lanes
    filters = -(-layer.filters // lanes) * lanes if is_last else layer.filters
    across = width if is_last else -(-width // (lanes * step)) * lanes * step
    outputs = [_within(move, width) for each in steps for move in each.outputs]
    epilogue, kernel = decided.epilogue, decided.plans[0]
    formats = Formats(kernel.format, decided.input_format, decided.output_format, decided.residual_format)
    zero_of_x = 0 if calibrated.x is None else calibrated.x.zero_point
    converts = kernel.input_format != decided.input_format  # else kernels know the scale of x
    return {
        "LAYOUT": layer.layout,
        "FORMAT": kernel.format,
        "X_FORMAT": decided.input_format,
        "Y_FORMAT": decided.output_format,
        "RESIDUAL_FORMAT": decided.residual_format,
        "INNER_FORMAT": kernel.input_format,
        "CENTRE": zero_of_x if converts else 0,
        "BESIDE": zero_of_x if kernel.input_format in KINDS else 0,
        "FEATURES": (),
        **constants_of_scales(formats, calibrated),
        **({} if converts else {"SCALE_OF_X": 1.0}),
        "ISA": decided.target.isa.name,
        "LANES": lanes,
        "SCALED": epilogue.scale,
        "RESIDUAL": epilogue.residual,
        "ACTIVATION": epilogue.steps,
        "POOLING": epilogue.pooling,
        "OUT_SIZE": (height, width),
        "KNOWN": _known(layer),
        "CALLS": tuple(_calls(steps, dict(zip(kernels_of(decided), codes, strict=True)), layer.size[1])),
        "WEIGHT_MOVES": tuple(tuple(move) for each in steps for move in each.weights),
        "OUTPUT_MOVES": tuple(map(tuple, outputs)),
        "PADDING_MODE": layer.padding_mode,
        "INNER_LAST": steps[0].plan.layer.layout == "NHWC",
        "ADDS": not decided.whole,
        "BAND": band,
        "BAND_STEP": row_step,
        "BANDS": -(-rows // band),
        "OUT_ROWS": rows,
        "IMAGE_FLOATS": max(_in_lines(_image_floats(each, band)) for each in steps),
        "SHARE_FLOATS": max(
            _in_lines(each.plan.layer.filters * band * each.plan.layer.output_size[1]) for each in steps
        ),
        "TOTAL_FLOATS": _in_lines(filters * across * band * row_step),
        "TOTAL_FILTERS": filters,
        "TOTAL_WIDTH": across,
        "PART_FILTERS": max(each.plan.layer.filters for each in steps),
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
    return replace(single, epilogue=NOTHING, output_format="float32", residual_format="float32")


def _in_lines(floats: int) -> int:
    return in_lines(floats * BYTES) // BYTES


def _image_floats(step: Step, band: int) -> int:
    layer = step.plan.layer
    down = layer.axes[0]
    return len(step.channels) * ((band - 1) * down.stride + down.span) * _columns(layer)


def _columns(layer: Layer) -> int:
    return layer.size[1] + sum(layer.pads[1])


def _row_step(decided: LayerPlan) -> int:
    """How far apart the rows of y are that one kernel writes."""
    if decided.phases is not None:
        return decided.phases.layer.axes[0].stride if decided.layer.dimension == AXES else 1
    return 1 if decided.whole else max(pieces_of(part)[0].y.step for part in decided.reduction.parts)


def _band(steps: list[Step], rows: int, unit: int) -> int:
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


def _calls(steps: list[Step], codes: dict[Plan, int], width: int) -> Iterator[tuple[int | str, ...]]:
    """The records of the kernels, whose functions are called by the number of their code."""
    weights = outputs = 0
    for step in steps:
        layer, number = step.plan.layer, codes[_plain(step.plan)]
        (row, row_step), (column, column_step) = step.rows, step.columns
        within = [j for j in range(_columns(layer)) if 0 <= column + j * column_step < width] or [0, -1]
        down, across = layer.axes
        out_rows, out_columns = layer.output_size
        record = Call(
            query=0,
            shape=0,
            pack=0,
            run=0,
            turn=step.turn,
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
        pack = "pack_sparse" if step.plan.family == "sparse" else "pack"
        functions = (f"kernel_{number}_{entry}" for entry in ("query", "shape", pack, "run"))
        yield *functions, *record[_FUNCTIONS:]
