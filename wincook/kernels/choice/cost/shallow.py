"""The time of a shallow kernel, in which each vector of tiles meets all filters."""

from __future__ import annotations

from math import prod

from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.cost.counts import Counts
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.cost.memory import bandwidth, beside
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.tiles.blocking import tile_count
from wincook.kernels.plans.tiles.shallow import NEAREST, vectors_of_tiles
from wincook.kernels.target import Isa, Target
from wincook.layers import Layer


def estimate_of_shallow(layer: Layer, counts: Counts, threads: int, target: Target, machine: Machine) -> Estimate:
    """Its time: rows of outputs are short, so that large images take longer to write than they are long."""
    fma = 2 * target.isa.lanes / machine.peak / threads
    products, transforms = (fma * number for number in shallow_fmas(layer, counts, target.isa))
    U = constants.BYTES * counts.kept * layer.channels * layer.filters
    x, y = (constants.BYTES * prod(shape) for shape in (layer.input_shape, layer.output_shape))
    vectors = vectors_of_tiles(layer, counts.outputs, target.isa)
    reading = vectors * U / threads / bandwidth(U, target.l2, U + x + y, machine)
    images = x + 2 * y
    moving = images / threads / bandwidth(images, target.l2, U + x + y, machine)
    rows = vectors * layer.filters * counts.outputs[0] if layer.layout == "NCHW" and x + y > target.l2 else 0
    useful = 2 * counts.products * layer.channels * layer.filters * tile_count(layer, counts.outputs)
    return Estimate(
        products=products,
        transforms=transforms,
        filters=beside(products, reading),
        images=beside(products + transforms, moving) + fma * constants.PER_SHALLOW_ROW * rows,
        copies=0.0,
        calls=constants.PER_CALL + constants.PER_REGION * (threads > 1),
        roofline=max(useful / machine.peak / threads, (U + x + y) / machine.l3),
    )


def shallow_fmas(layer: Layer, counts: Counts, isa: Isa) -> tuple[float, float]:
    """The fmas that products and transforms of a shallow kernel take as long as."""
    vectors = vectors_of_tiles(layer, counts.outputs, isa)
    beyond = max(0.0, counts.products * layer.channels * isa.lanes / NEAREST - constants.SHARE_OF_L1)
    if layer.layout == "NHWC":  # each tile meets vectors of filters, or each vector of tiles meets filters
        meetings, interleaving, beyond = tile_count(layer, counts.outputs) * -(-layer.filters // isa.lanes), 0.0, 0.0
    else:
        per_shuffle = constants.PER_PICK if counts.outputs[1] % 2 else constants.PER_SHUFFLE
        interleaving = per_shuffle * counts.outputs[0] * shuffles(counts.outputs[1])
        meetings = vectors * layer.filters
    per_vector = layer.channels * constants.PER_SHALLOW_INPUT[layer.layout] * prod(counts.inputs) + constants.PER_TILES
    spills = counts.between if counts.between > constants.KEPT_IN_REGISTERS * isa.registers else 0
    per_meeting = constants.PER_SHALLOW_OPERATION * counts.output_operations + interleaving
    per_meeting += constants.PER_SPILL[layer.layout] * spills
    products = constants.PER_SHALLOW_PRODUCT[layer.layout] * (1 + constants.BEYOND_L1 * beyond)
    return (
        meetings * products * counts.products * layer.channels,
        meetings * per_meeting + vectors * per_vector,
    )


def shuffles(outputs: int) -> int:
    """How many interleave so many vectors: even numbers of them in halves, odd ones lane by lane."""
    if outputs % 2:
        return outputs * (outputs - 1)
    return 2 * shuffles(outputs // 2) + outputs
