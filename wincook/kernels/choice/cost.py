"""The time of a plan, predicted, and what it is spent on.

A panel of tiles is loaded, multiplied and stored. Its products take their number over the peak, more where few rows of
tiles leave the multipliers waiting, and at least as long as it takes to read U from where it lies. Its transforms take
a time for each operation and each vector moved, and at least as long as it takes to move x and y. The constants were
fitted to some hundred kernels of one processor with AVX-512, in units of an fma at its peak (docs/plan.md).

What cannot be avoided is the roofline (Williams, Waterman and Patterson, CACM 52 (2009), 65-76): the products at peak,
or all arrays read and written once, whichever takes longer.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import lru_cache
from math import inf, prod

from wincook.bilinear import BilinearAlgorithm
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.direct import groups_together
from wincook.kernels.plans.plan import Blocking, Plan, filters_kept, tile_count
from wincook.kernels.plans.shallow import is_shallow, vectors_of_tiles
from wincook.kernels.target import Isa, Target
from wincook.layers import Layer
from wincook.program.cost import cost
from wincook.program.programs import operations_per_tile, programs_of

_BYTES = 4
_PER_OPERATION = 1.25  # fmas, of a transform
_PER_INPUT = 2.2  # fmas, of reading a vector of x, or of turning it after its columns are transformed
_PER_V, _PER_PRODUCT = 1.9, 2.3  # fmas, of moving a vector of V, and one of M or y
_PER_ROW = 1.5  # fmas, of storing a row of a micro-kernel
_PER_MICRO_KERNEL = 12.0  # fmas, of calling it
_WAITING = (1.97, 1.45, 1.41, 1.38)  # of micro-kernels with 1 to 4 rows
_FEW_SUMS = 8  # that hide the latency of an fma
_NOT_HIDDEN = 0.1  # of what goes on beside something longer
_PER_SHALLOW_PRODUCT = {"NCHW": 1.1, "NHWC": 1.43}  # fmas, of a shallow kernel, which loads both factors of each
_PER_SPILL = {"NCHW": 0.65, "NHWC": 3.45}  # fmas, of a value between its output programs, where they are many
_PER_SHALLOW_OPERATION, _PER_SHUFFLE = 0.56, 0.92  # fmas, of these programs, and of putting tiles side by side
_PER_SHALLOW_INPUT = 1.7  # times as long as in nested kernels, of its input transform
_KEPT_IN_REGISTERS = 0.75  # of all: values between the output programs
_PER_GATHERED = 8.0  # fmas, of gathering a vector of terms for a direct kernel
_PER_TAP = 5.0  # fmas, of gathering a vector of one tap of several narrow groups
_SPREAD = 1.5  # fmas that a product takes whose input is spread over the lanes first
_DEPTHWISE = 1.3  # times as long as the products take at peak: edges, and lanes beside the image
_PER_CALL = 8e-6  # seconds
_PER_PART = 30e-6  # seconds that numpy takes around the kernel of a part
_PER_REGION = 8e-6  # seconds to start several threads


@dataclass(frozen=True, slots=True)
class Estimate:
    """Seconds, by what they are spent on, and the seconds of the roofline.

    `filters` and `images` are what reading U, and moving x and y, takes beyond the arithmetic beside it; `copies` is
    what is moved before and after kernels, in layers of several parts.
    """

    products: float
    transforms: float
    filters: float
    images: float
    copies: float
    calls: float
    roofline: float

    @property
    def seconds(self) -> float:
        """Of all together."""
        return self.products + self.transforms + self.filters + self.images + self.copies + self.calls

    @property
    def binds(self) -> str:
        """What most of the time is spent on."""
        names = [field.name for field in fields(self) if field.name != "roofline"]
        return max(names, key=lambda name: float(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Counts:
    """Of one tile: its outputs and inputs along each axis, its products, and the operations of its transforms.

    `kept` of the products have filters of their own; `between` both programs of the outputs are so many values. Inputs
    are transformed down the columns, which tiles share, into `rows` of products, and then along each of these: the
    operations are those of one column, and of one row.
    """

    outputs: tuple[int, ...]
    inputs: tuple[int, ...]
    rows: int
    products: int
    kept: int
    between: int
    per_column: int
    per_row: int
    output_operations: int

    @property
    def input_operations(self) -> int:
        """Of the input transform of a tile that shares no columns."""
        return self.per_column * self.inputs[1] + self.per_row * self.rows

    @property
    def operations(self) -> int:
        """Of both transforms of such a tile."""
        return self.input_operations + self.output_operations


def total(estimates: Iterable[Estimate]) -> Estimate:
    """One after the other."""
    several = list(estimates)
    return Estimate(*(sum(getattr(each, field.name) for each in several) for field in fields(Estimate)))


def copying(moved: float, parts: int, machine: Machine) -> Estimate:
    """The time that numpy takes to copy so many bytes, before and after the kernels of so many parts."""
    return Estimate(0, 0, 0, 0, moved / machine.memory, parts * _PER_PART, 0)


def estimate_of(plan: Plan, machine: Machine) -> Estimate:
    """The time of a plan that is called again and again."""
    if not plan.tiled:
        return _sums_of_products(plan, machine)
    blocks = Blocking(plan.vectors, plan.panel, plan.threads)
    return estimate(plan.layer, counts_of(plan.algorithm), blocks, plan.target, machine)


def _sums_of_products(plan: Plan, machine: Machine) -> Estimate:
    """The time of a layer without an algorithm: all products, whose terms are gathered from x first."""
    layer, lanes, threads = plan.layer, plan.target.isa.lanes, plan.threads
    fma = 2 * lanes / machine.peak / threads
    least = fma * layer.multiplications / lanes
    if plan.family == "depthwise":
        work, moved = least * _DEPTHWISE, 0.0
    else:
        work, moved = fma * _direct_fmas(plan), fma * _gathering_fmas(plan)
    x, y, weights = (_BYTES * prod(shape) for shape in (layer.input_shape, layer.output_shape, layer.weight_shape))
    images = x + 2 * y
    moving = images / threads / _bandwidth(images, plan.target.l2, weights + x + y, machine)
    reading = weights / _bandwidth(weights, plan.target.l2, weights + x + y, machine)
    return Estimate(
        products=work,
        transforms=moved,
        filters=_beside(work, reading),
        images=_beside(work + moved, moving),
        copies=0.0,
        calls=_PER_CALL + _PER_REGION * (threads > 1),
        roofline=max(least, (weights + x + y) / machine.l3),
    )


def _direct_fmas(plan: Plan) -> float:
    """The fmas of a direct kernel, whose micro-kernels have rows of filters, or of pixels with the channels last."""
    layer, isa = plan.layer, plan.target.isa
    terms = layer.channels // layer.groups * prod(layer.kernel)
    filters, pixels = layer.filters // layer.groups, max(1, layer.batch * prod(layer.output_size))
    if (together := groups_together(layer, isa)) > 1:
        return _SPREAD * -(-layer.groups // together) * _product_fmas(pixels, terms, 1, isa.rows)
    rows, lanes = (pixels, filters) if layer.layout == "NHWC" else (filters, pixels)
    blocks = layer.groups * -(-lanes // (plan.vectors * isa.lanes))
    return blocks * _product_fmas(rows, terms, plan.vectors, isa.rows)


def _gathering_fmas(plan: Plan) -> float:
    """The fmas that take as long as it takes to gather the terms of a direct kernel."""
    layer, isa = plan.layer, plan.target.isa
    taps = prod(layer.kernel) * layer.batch * prod(layer.output_size)
    if (together := groups_together(layer, isa)) > 1:
        return _PER_TAP * taps * -(-layer.groups // together)
    return _PER_GATHERED * taps * layer.channels / isa.lanes


def least_seconds(layer: Layer, counts: Counts, target: Target, machine: Machine) -> float:
    """What the arithmetic takes on one thread, if nothing ever waits."""
    isa = target.isa
    if is_shallow(layer, counts.outputs, counts.products, isa):
        return 2 * isa.lanes / machine.peak * sum(_shallow_fmas(layer, counts, isa))
    products = counts.products * layer.channels * layer.filters / isa.lanes
    inputs = -(-layer.channels // isa.lanes) * (
        _columns(layer, counts, 1) * counts.per_column + counts.per_row * counts.rows
    )
    outputs = -(-layer.filters // isa.lanes) * counts.output_operations
    fmas = tile_count(layer, counts.outputs) * (products + _PER_OPERATION * (inputs + outputs))
    return 2 * isa.lanes / machine.peak * fmas


def _columns(layer: Layer, counts: Counts, lanes: int) -> float:
    """The columns that are transformed for a tile: neighbours share some, and the last vector of a row counts whole."""
    tiles = max(1, -(-layer.output_size[1] // counts.outputs[1]))
    width = (tiles - 1) * counts.outputs[1] * layer.strides[1] + counts.inputs[1]
    vectors = -(-min(width, layer.size[1]) // lanes) if layer.layout == "NCHW" else width / lanes
    return vectors * lanes / tiles


def _input_fmas(layer: Layer, counts: Counts, lanes: int) -> float:
    """The fmas that take as long as the input transform of a tile, for a vector of channels."""
    columns = _columns(layer, counts, lanes)
    operations = counts.per_column * columns + counts.per_row * counts.rows
    moved = _PER_INPUT * (counts.inputs[0] + counts.rows) * columns + _PER_V * counts.products
    return _PER_OPERATION * operations + moved


def estimate(layer: Layer, counts: Counts, blocks: Blocking, target: Target, machine: Machine) -> Estimate:
    """The same, by what is counted of the tile of a plan."""
    if is_shallow(layer, counts.outputs, counts.products, target.isa):
        return _shallow(layer, counts, blocks.threads, target, machine)
    fma = 2 * target.isa.lanes / machine.peak
    width = blocks.vectors * target.isa.lanes
    channel_blocks, filter_blocks = -(-layer.channels // target.isa.lanes), -(-layer.filters // width)
    all_tiles = max(1, tile_count(layer, counts.outputs))
    panels = -(-all_tiles // blocks.panel)
    share = -(-panels // blocks.threads)  # of the thread that has most to do
    tiles = min(all_tiles, share * blocks.panel)
    last = tiles - (share - 1) * blocks.panel

    U = _BYTES * counts.kept * layer.channels * filter_blocks * width
    x, y = (_BYTES * prod(shape) for shape in (layer.input_shape, layer.output_shape))
    working = _BYTES * counts.products * blocks.panel * (layer.channels + filter_blocks * width)

    per_block = [_product_fmas(size, layer.channels, blocks.vectors, target.isa.rows) for size in (blocks.panel, last)]
    products = fma * counts.products * filter_blocks * ((share - 1) * per_block[0] + per_block[1])
    reading = share * U / _bandwidth(U + working, target.l2, U + x + y, machine)

    lanes_of_filters = -(-layer.filters // target.isa.lanes)
    per_input = _input_fmas(layer, counts, target.isa.lanes)
    per_output = _PER_OPERATION * counts.output_operations + _PER_PRODUCT * counts.products
    transforms = fma * tiles * (channel_blocks * per_input + lanes_of_filters * per_output)
    images = x + 2 * y  # a line is read before it is written
    moving = images / blocks.threads / _bandwidth(images, target.l2, U + x + y, machine)

    useful = 2 * counts.products * layer.channels * layer.filters * all_tiles / machine.peak / blocks.threads
    return Estimate(
        products=products,
        transforms=transforms,
        filters=_beside(products, reading),
        images=_beside(transforms, moving),
        copies=0.0,
        calls=_PER_CALL + _PER_REGION * (blocks.threads > 1),
        roofline=max(useful, (U + x + y) / machine.l3),
    )


def _shallow(layer: Layer, counts: Counts, threads: int, target: Target, machine: Machine) -> Estimate:
    """The time of a shallow kernel, in which each vector of tiles meets all filters."""
    fma = 2 * target.isa.lanes / machine.peak / threads
    products, transforms = (fma * number for number in _shallow_fmas(layer, counts, target.isa))
    U = _BYTES * counts.kept * layer.channels * layer.filters
    x, y = (_BYTES * prod(shape) for shape in (layer.input_shape, layer.output_shape))
    vectors = vectors_of_tiles(layer, counts.outputs, target.isa)
    reading = vectors * U / threads / _bandwidth(U, target.l2, U + x + y, machine)
    images = x + 2 * y
    moving = images / threads / _bandwidth(images, target.l2, U + x + y, machine)
    useful = 2 * counts.products * layer.channels * layer.filters * tile_count(layer, counts.outputs)
    return Estimate(
        products=products,
        transforms=transforms,
        filters=_beside(products, reading),
        images=_beside(products + transforms, moving),
        copies=0.0,
        calls=_PER_CALL + _PER_REGION * (threads > 1),
        roofline=max(useful / machine.peak / threads, (U + x + y) / machine.l3),
    )


def _shallow_fmas(layer: Layer, counts: Counts, isa: Isa) -> tuple[float, float]:
    """The fmas that products and transforms of a shallow kernel take as long as."""
    vectors = vectors_of_tiles(layer, counts.outputs, isa)
    if layer.layout == "NHWC":  # each tile meets vectors of filters, or each vector of tiles meets filters
        meetings, shuffles = tile_count(layer, counts.outputs) * -(-layer.filters // isa.lanes), 0
    else:
        meetings, shuffles = vectors * layer.filters, counts.outputs[0] * _shuffles(counts.outputs[1])
    per_channel = _PER_SHALLOW_INPUT * (_PER_OPERATION * counts.input_operations + _PER_INPUT * prod(counts.inputs))
    spills = counts.between if counts.between > _KEPT_IN_REGISTERS * isa.registers else 0
    per_meeting = _PER_SHALLOW_OPERATION * counts.output_operations + _PER_SHUFFLE * shuffles
    per_meeting += _PER_SPILL[layer.layout] * spills
    products = _PER_SHALLOW_PRODUCT[layer.layout] * counts.products * layer.channels
    return meetings * products, meetings * per_meeting + vectors * layer.channels * per_channel


def _shuffles(outputs: int) -> int:
    """How many interleave so many vectors: even numbers of them in halves, odd ones lane by lane."""
    if outputs % 2:
        return outputs * (outputs - 1)
    return 2 * _shuffles(outputs // 2) + outputs


def _product_fmas(tiles: int, channels: int, vectors: int, rows: int) -> float:
    """The fmas of a product of one panel with one block of filters, those that time was lost for among them."""
    groups = -(-tiles // rows)
    tallest = -(-tiles // groups)
    tall = tiles - groups * (tallest - 1)
    return sum(
        number * _micro_kernel_fmas(height, channels, vectors)
        for number, height in ((tall, tallest), (groups - tall, tallest - 1))
        if number
    )


def _micro_kernel_fmas(height: int, channels: int, vectors: int) -> float:
    sums = height * vectors
    if vectors == 1:
        return max(sums, _FEW_SUMS) * channels + _PER_ROW * sums + _PER_MICRO_KERNEL
    slowdown = _WAITING[height - 1] if height <= len(_WAITING) else 1.0
    return slowdown * sums * channels + _PER_ROW * sums + _PER_MICRO_KERNEL


def _bandwidth(used_often: float, l2: int, used_in_a_call: float, machine: Machine) -> float:
    """Of the nearest cache that holds what is used.

    What is more than L3 is good for is read from memory; a share of it, up to twice as much.
    """
    if used_often <= l2:  # which keeps up with the products
        return inf
    from_memory = min(1.0, max(0.0, used_in_a_call / machine.l3_size - 1))
    return 1 / (from_memory / machine.memory + (1 - from_memory) / machine.l3)


def _beside(work: float, moving: float) -> float:
    """What moving data adds to the work that goes on at the same time."""
    return max(moving - work, 0.0) + _NOT_HIDDEN * min(work, moving)


@lru_cache(maxsize=1024)
def counts_of(algorithm: BilinearAlgorithm) -> Counts:
    """What one tile of an algorithm takes."""
    programs = programs_of(algorithm)
    return Counts(
        outputs=algorithm.tile.outputs,
        inputs=algorithm.tile.inputs,
        rows=len(programs.input[0].outputs),
        products=algorithm.multiplications,
        kept=filters_kept(algorithm.axes),
        between=algorithm.tile.outputs[0] * algorithm.axes[1].multiplications,
        per_column=cost(programs.input[0]).operations,
        per_row=cost(programs.input[1]).operations,
        output_operations=operations_per_tile(programs.output),
    )
