"""The time of a plan, or of the tile that it would have.

A panel of tiles is loaded, multiplied and stored. Its products take their number over the peak, more where few rows of
tiles leave the multipliers waiting, and at least as long as it takes to read U from where it lies. Its transforms take
a time for each operation and each vector moved, and at least as long as it takes to move x and y.

What cannot be avoided is the roofline (Williams, Waterman and Patterson, CACM 52 (2009), 65-76): the products at peak,
or all arrays read and written once, whichever takes longer.
"""

from __future__ import annotations

from dataclasses import replace
from math import prod

from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.cost.counts import Counts, counts_of
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.cost.memory import bandwidth, beside
from wincook.kernels.choice.cost.micro_kernel import product_fmas
from wincook.kernels.choice.cost.shallow import estimate_of_shallow, shallow_fmas
from wincook.kernels.choice.cost.sums import estimate_of_sums
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.formats import IN_FLOAT32, Formats, dtype_of, words_of
from wincook.kernels.plans.plan import Plan
from wincook.kernels.plans.tiles.blocking import Blocking, tile_count
from wincook.kernels.plans.tiles.shallow import is_shallow
from wincook.kernels.target import Target
from wincook.layers import Layer


def estimate_of(plan: Plan, machine: Machine) -> Estimate:
    """The time of a plan that is called again and again."""
    if plan.tiled:
        blocks = Blocking(plan.vectors, plan.panel, plan.threads, plan.shares)
        formats = Formats(plan.format, plan.input_format, plan.output_format)
        times = estimate(plan.layer, counts_of(plan.algorithm), blocks, plan.target, machine, formats)
    else:
        times = estimate_of_sums(plan, machine)
    return replace(times, products=_times_as_long(plan) * times.products)


def _times_as_long(plan: Plan) -> float:
    """As an fma takes: a step of a sum."""
    match plan.words.way:
        case "one instruction":
            return 1.0
        case "two instructions":
            return constants.PAIRED[plan.target.isa.name]
    return constants.EMULATED


def least_seconds(layer: Layer, counts: Counts, target: Target, machine: Machine) -> float:
    """What the arithmetic takes on one thread, if nothing ever waits."""
    isa = target.isa
    if is_shallow(layer, counts.outputs, counts.products, isa):
        return 2 * isa.lanes / machine.peak * sum(shallow_fmas(layer, counts, isa))
    products = counts.products * layer.channels * layer.filters / isa.lanes
    inputs = -(-layer.channels // isa.lanes) * (
        _columns(layer, counts, 1) * counts.per_column + counts.per_row * counts.rows
    )
    outputs = -(-layer.filters // isa.lanes) * counts.output_operations
    fmas = tile_count(layer, counts.outputs) * (products + constants.PER_OPERATION * (inputs + outputs))
    return 2 * isa.lanes / machine.peak * fmas


def estimate(
    layer: Layer,
    counts: Counts,
    blocks: Blocking,
    target: Target,
    machine: Machine,
    formats: Formats = IN_FLOAT32,
) -> Estimate:
    """The same, by what is counted of the tile of a plan, where the processor has the products of its format."""
    if formats.format == "float32" and is_shallow(layer, counts.outputs, counts.products, target.isa):
        return estimate_of_shallow(layer, counts, blocks.threads, target, machine)
    fma = 2 * target.isa.lanes / machine.peak
    width = blocks.vectors * target.isa.lanes
    channel_blocks, filter_blocks = -(-layer.channels // target.isa.lanes), -(-layer.filters // width)
    all_tiles = max(1, tile_count(layer, counts.outputs))
    panel = min(blocks.panel, all_tiles)
    panels = -(-all_tiles // panel)
    share = -(-panels * blocks.shares // blocks.threads)  # of the thread that has most to do, each of some filters
    tiles = min(all_tiles * blocks.shares, share * panel)
    last = tiles - (share - 1) * panel

    words = -(-layer.channels // words_of(formats.format, target.isa.name, target.features).channels)
    U = constants.BYTES * counts.kept * words * filter_blocks * width
    x = dtype_of(formats.input_format).itemsize * prod(layer.input_shape)
    y = dtype_of(formats.output_format).itemsize * prod(layer.output_shape)
    working = constants.BYTES * counts.products * blocks.panel * (words + filter_blocks * width)

    per_block = [product_fmas(size, words, blocks.vectors, target.isa.rows) for size in (panel, last)]
    products = fma * counts.products * filter_blocks / blocks.shares * ((share - 1) * per_block[0] + per_block[1])
    reading = share * U / blocks.shares / bandwidth(U + working, target.l2, U + x + y, machine)

    lanes_of_filters = -(-layer.filters // target.isa.lanes)
    per_input = _input_fmas(layer, counts, target.isa.lanes)
    per_output = constants.PER_OPERATION * counts.output_operations + constants.PER_PRODUCT * counts.products
    transforms = fma * tiles * (channel_blocks * per_input + lanes_of_filters / blocks.shares * per_output)
    images = x + 2 * y  # a line is read before it is written
    moving = images / blocks.threads / bandwidth(images, target.l2, U + x + y, machine)

    useful = 2 * counts.products * words * layer.filters * all_tiles / machine.peak / blocks.threads
    return Estimate(
        products=products,
        transforms=transforms,
        filters=beside(products, reading),
        images=beside(transforms, moving),
        copies=0.0,
        calls=constants.PER_CALL + constants.PER_REGION * (blocks.threads > 1),
        roofline=max(useful, (U + x + y) / machine.l3),
    )


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
    moved = constants.PER_INPUT * (counts.inputs[0] + counts.rows) * columns + constants.PER_V * counts.products
    return constants.PER_OPERATION * operations + moved
