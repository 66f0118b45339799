"""The blocking of depthwise kernels: outputs of a block, taps of a chunk, rows of a band.

A block of outputs is held in registers while the taps pass by. Large ones read each input fewer times, and of what
they read several outputs make use; the weights of a chunk of taps want registers too.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm

from wincook.errors import ShapeError
from wincook.formats import FLOAT32
from wincook.kernels.plans.direct import is_direct, plain_product, with_two_axes
from wincook.kernels.plans.plan import Plan
from wincook.kernels.target import Target
from wincook.layers import Layer

_BYTES = FLOAT32.dtype.itemsize
_SHARE_OF_L2 = 0.125
_MANY_REGISTERS = 14  # rows of micro-kernels where there are 32 registers
_TAPS_IN_LINE = 64  # of straight code, where weights come one at a time from memory
_TAPS_IN_REGISTERS = 10


@dataclass(frozen=True, slots=True)
class Block:
    """Outputs that are computed together, rows and columns, of vectors where lanes are pixels; and taps of a chunk."""

    outputs: tuple[int, int]
    taps: tuple[int, int]


def is_depthwise(layer: Layer) -> bool:
    """Whether depthwise kernels compute a layer: one channel in each group."""
    return is_direct(layer) and layer.groups == layer.channels


def plan_depthwise(layer: Layer, target: Target, threads: int) -> Plan:
    """The plan of a layer, whose one axis becomes two.

    Raises:
        ShapeError: a layer with more channels in a group, a transposed one, or one with more axes.
    """
    if not is_depthwise(layer):
        raise ShapeError(
            "depthwise kernels are for layers of one channel a group, with one axis or two, that are not transposed, "
            f"not for {layer}"
        )
    layer, isa = with_two_axes(layer), target.isa
    rows, columns = layer.axes
    is_last = layer.layout == "NHWC"
    vectors = 1 if is_last else min(isa.vectors if rows.output_size > 1 else 8, -(-columns.output_size // isa.lanes))
    row_bytes = (columns.size + columns.before + columns.after + isa.lanes) * (isa.lanes if is_last else 1) * _BYTES
    fitting = (int(_SHARE_OF_L2 * target.l2 / row_bytes) - rows.span) // rows.stride + 1
    height = block_of(Plan(layer, plain_product(), target, vectors, 1, 1, "depthwise")).outputs[0]
    lines = max(1, layer.batch) * (-(-layer.filters // isa.lanes) if is_last else layer.filters)
    fewest = -(-rows.output_size // max(height, fitting - fitting % height))
    bands = max(fewest, min(-(-threads // lines), -(-rows.output_size // height)))
    band = -(-rows.output_size // bands)
    band = min(rows.output_size, -(-band // height) * height)
    threads = min(threads, lines * -(-rows.output_size // band))
    return Plan(layer, plain_product(), target, vectors, band, threads, "depthwise")


def block_of(plan: Plan) -> Block:
    """What the code of a depthwise plan computes at a time; whole squares where it pools."""
    rows, columns = plan.layer.axes
    step = plan.epilogue.step
    many = plan.target.isa.rows >= _MANY_REGISTERS
    single = rows.output_size == 1
    if plan.layer.layout == "NCHW":
        height = 7 - 7 % step if many else 4
        outputs, most = (1 if single else height, plan.vectors), _TAPS_IN_LINE
    elif single:
        outputs, most = (1, 14 if many else 6), _TAPS_IN_REGISTERS
    elif rows.kernel * columns.kernel <= _TAPS_IN_REGISTERS:
        outputs, most = (4, 2), _TAPS_IN_REGISTERS
    else:
        across = 7 if many else 3
        outputs, most = (2, across - across % step), _TAPS_IN_REGISTERS
    if columns.kernel > most:
        period = lcm(columns.stride, columns.dilation) // columns.dilation
        return Block(outputs, (1, max(period, most // period * period)))
    return Block(outputs, (max(1, min(rows.kernel, most // columns.kernel)), columns.kernel))
