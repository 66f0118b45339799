"""The time of a layer without an algorithm: all products, whose terms direct kernels gather from x first."""

from __future__ import annotations

from math import prod

from wincook.kernels.choice.cost import constants
from wincook.kernels.choice.cost.estimate import Estimate
from wincook.kernels.choice.cost.memory import bandwidth, beside
from wincook.kernels.choice.cost.micro_kernel import product_fmas
from wincook.kernels.choice.machine import Machine
from wincook.kernels.plans.depthwise import ring_vectors
from wincook.kernels.plans.direct import groups_together, reads_x
from wincook.kernels.plans.plan import Plan


def estimate_of_sums(plan: Plan, machine: Machine) -> Estimate:
    """The time of a layer without an algorithm: all products, whose terms are gathered from x first."""
    layer, lanes, threads = plan.layer, plan.target.isa.lanes, plan.threads
    fma = 2 * lanes / machine.peak / threads
    least = fma * layer.multiplications / lanes / plan.words.channels
    if plan.family == "depthwise":
        work, moved = fma * _depthwise_fmas(plan), 0.0
    else:
        work, moved = fma * _direct_fmas(plan) / plan.words.channels, fma * _gathering_fmas(plan)
    shapes = (layer.input_shape, layer.output_shape, layer.weight_shape)
    x, y, weights = (constants.BYTES * prod(shape) for shape in shapes)
    images = x + 2 * y
    moving = images / threads / bandwidth(images, plan.target.l2, weights + x + y, machine)
    reading = weights / bandwidth(weights, plan.target.l2, weights + x + y, machine)
    return Estimate(
        products=work,
        transforms=moved,
        filters=beside(work, reading),
        images=beside(work + moved, moving),
        copies=0.0,
        calls=constants.PER_CALL + constants.PER_REGION * (threads > 1),
        roofline=max(least, (weights + x + y) / machine.l3),
    )


def _depthwise_fmas(plan: Plan) -> float:
    """The fmas of a depthwise kernel: with the channels first, lanes beside a row of outputs count too."""
    layer, lanes = plan.layer, plan.target.isa.lanes
    if layer.layout == "NHWC":
        return constants.DEPTHWISE * layer.multiplications / lanes
    slowdown = constants.RING if ring_vectors(layer, plan.target) else constants.DEPTHWISE
    height, width = layer.output_size
    per_line = slowdown * height * -(-width // lanes) * prod(layer.kernel) + constants.PER_LINE
    return layer.batch * layer.filters * per_line


def _direct_fmas(plan: Plan) -> float:
    """The fmas of a direct kernel, whose micro-kernels have rows of filters, or of pixels with the channels last."""
    layer, isa = plan.layer, plan.target.isa
    terms = layer.channels // layer.groups * prod(layer.kernel)
    filters, pixels = layer.filters // layer.groups, max(1, layer.batch * prod(layer.output_size))
    if (together := groups_together(layer, isa)) > 1:
        return constants.SPREAD * -(-layer.groups // together) * product_fmas(pixels, terms, 1, isa.rows)
    rows, lanes = (pixels, filters) if layer.layout == "NHWC" else (filters, pixels)
    blocks = layer.groups * -(-lanes // (plan.vectors * isa.lanes))
    return blocks * product_fmas(rows, terms, plan.vectors, isa.rows)


def _gathering_fmas(plan: Plan) -> float:
    """The fmas that take as long as it takes to gather the terms of a direct kernel, and to bring its sums to y."""
    layer, isa = plan.layer, plan.target.isa
    taps = prod(layer.kernel) * layer.batch * prod(layer.output_size)
    if plan.sums_terms:
        is_few = layer.channels < isa.lanes
        return constants.PER_TERMS[layer.layout][is_few] * taps * -(-layer.channels // isa.lanes)
    if (together := groups_together(layer, isa)) > 1:
        return constants.PER_TAP * taps * -(-layer.groups // together)
    if reads_x(layer):
        return 0.0
    per_vector = constants.PER_GATHERED * (2 if layer.axes[-1].stride > 1 and layer.layout == "NCHW" else 1)
    finished_in_memory = 0 if layer.layout == "NHWC" else prod(layer.output_shape)
    finishing = constants.PER_FINISHED * finished_in_memory / isa.lanes
    return per_vector * taps * layer.channels / isa.lanes + finishing
