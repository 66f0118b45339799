"""The blocking of depthwise kernels: outputs of a block, taps of a chunk, rows of a band.

A block of outputs is held in registers while the taps pass by. Large ones read each input fewer times, and of what
they read several outputs make use; the weights of a chunk of taps want registers too.

A ring is a block as high as the image: of the rows of its sums, as many are in registers as a filter spans.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import lcm

from wincook.errors import ShapeError
from wincook.formats import FLOAT32
from wincook.kernels.plans.direct import is_direct, plain_product, with_two_axes
from wincook.kernels.plans.formats import IN_FLOAT32, Formats
from wincook.kernels.plans.plan import Plan
from wincook.kernels.target import AVX512, Target
from wincook.layers import Layer

_BYTES = FLOAT32.dtype.itemsize
_SHARE_OF_L2 = 0.125
_MANY_REGISTERS = 14  # rows of micro-kernels where there are 32 registers
_TAPS_IN_LINE = 64  # of straight code, where weights come one at a time from memory
_TAPS_IN_REGISTERS = 10
_PER_ROW = 4  # fmas, of what a row of a ring costs beside its products
_PER_WEIGHT = 0.5  # fmas, of one that is read in each row for several vectors; fmas of one vector read it themselves


@dataclass(frozen=True, slots=True)
class Block:
    """Outputs that are computed together, rows and columns, of vectors where lanes are pixels; and taps of a chunk.

    Of a ring, the rows are those that are finished together.
    """

    outputs: tuple[int, int]
    taps: tuple[int, int]
    ring: bool = False


def is_depthwise(layer: Layer) -> bool:
    """Whether depthwise kernels compute a layer: one channel in each group."""
    return is_direct(layer) and layer.groups == layer.channels


def plan_depthwise(layer: Layer, target: Target, threads: int, formats: Formats = IN_FLOAT32) -> Plan:
    """The plan of a layer, whose one axis becomes two; x and y have their formats, products are in float32.

    Raises:
        ShapeError: a layer with more channels in a group, a transposed one, or one with more axes.
    """
    if not is_depthwise(layer):
        raise ShapeError(
            "depthwise kernels are for layers of one channel a group, with one axis or two, that are not transposed, "
            f"not for {layer}"
        )
    layer, isa = with_two_axes(layer), target.isa
    rows, _ = layer.axes
    lines = max(1, layer.batch) * (-(-layer.filters // isa.lanes) if layer.layout == "NHWC" else layer.filters)
    if vectors := ring_vectors(layer, target):
        height, fewest = 1, 1
    else:
        vectors = _strip_vectors(layer, target)
        height = block_of(Plan(layer, plain_product(), target, vectors, 1, 1, "depthwise")).outputs[0]
        fewest = -(-rows.output_size // max(height, _strip_rows(layer, target) // height * height))
    bands = max(fewest, min(-(-threads // lines), -(-rows.output_size // height)))
    band = -(-rows.output_size // bands)
    band = min(rows.output_size, -(-band // height) * height)
    threads = min(threads, lines * -(-rows.output_size // band))
    single = Plan(layer, plain_product(), target, vectors, band, threads, "depthwise")
    return replace(single, input_format=formats.input_format, output_format=formats.output_format)


def ring_vectors(layer: Layer, target: Target) -> int:
    """Vectors of a row of a ring: those that take the least time. None where there is no ring.

    Lanes are pixels, neighbours in x, and sums, a row of pixels, what is shifted of it, and few weights want registers.
    """
    (rows, columns), isa = layer.axes, target.isa
    taps, reach = rows.kernel * columns.kernel, (columns.kernel - 1) * columns.dilation
    if isa != AVX512 or layer.layout != "NCHW" or (rows.stride, columns.stride) != (1, 1):
        return 0
    if taps > _TAPS_IN_LINE or reach > isa.lanes:
        return 0
    is_held = taps <= _TAPS_IN_REGISTERS
    most = (isa.registers - (taps if is_held else 1) - 2) // ((rows.kernel - 1) * rows.dilation + 3)
    whole = -(-columns.output_size // isa.lanes)

    def fmas(vectors: int) -> float:
        reading = 0 if is_held or vectors == 1 else _PER_WEIGHT * taps
        return -(-whole // vectors) * (taps * vectors + reading + _PER_ROW)

    return min(range(min(most, whole), 0, -1), key=fmas, default=0)


def _strip_vectors(layer: Layer, target: Target) -> int:
    """Vectors of a block that is read from a strip, with the channels first."""
    (rows, columns), isa = layer.axes, target.isa
    if layer.layout == "NHWC":
        return 1
    return min(isa.vectors if rows.output_size > 1 else 8, -(-columns.output_size // isa.lanes))


def _strip_rows(layer: Layer, target: Target) -> int:
    """Rows of outputs whose inputs fit into a share of L2."""
    (rows, columns), isa = layer.axes, target.isa
    row_bytes = (columns.size + columns.before + columns.after + isa.lanes) * _BYTES
    if layer.layout == "NHWC":
        row_bytes *= isa.lanes
    return (int(_SHARE_OF_L2 * target.l2 / row_bytes) - rows.span) // rows.stride + 1


def block_of(plan: Plan) -> Block:
    """What the code of a depthwise plan computes at a time; whole squares where it pools."""
    rows, columns = plan.layer.axes
    step = plan.epilogue.step
    if ring_vectors(plan.layer, plan.target):
        return Block((step, plan.vectors), (rows.kernel, columns.kernel), ring=True)
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
