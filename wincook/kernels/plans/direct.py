"""The blocking of direct kernels: pixels of a panel, whose terms stay in L2 beside the filters that pass by.

A direct kernel computes any layer that is not transposed, with one axis or two. To it, the algorithm is F(1x1,1x1), and
its channels are the channels and taps of a group, in the order in which x has them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import prod

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm
from wincook.errors import ShapeError
from wincook.formats import FLOAT32
from wincook.kernels.plans.formats import Formats
from wincook.kernels.plans.plan import AXES, Plan
from wincook.kernels.plans.tiles.tiled import nested_plan
from wincook.kernels.target import Isa, Target
from wincook.layers import Layer
from wincook.tile import Tile

_SHARE_OF_L2 = 0.5
_BYTES = FLOAT32.dtype.itemsize
_SAME_SETS = 512  # channels after which pixels fall into two sets of the nearest cache, or one


def is_direct(layer: Layer) -> bool:
    """Whether direct kernels compute a layer."""
    return layer.dimension <= AXES and not layer.transposed


def plan_direct(layer: Layer, target: Target, threads: int) -> Plan:
    """The plan of a layer, whose one axis becomes two.

    Raises:
        ShapeError: a transposed layer, or one with more axes.
    """
    if not is_direct(layer):
        raise ShapeError(f"direct kernels are for layers with one axis or two that are not transposed, not for {layer}")
    layer, isa = with_two_axes(layer), target.isa
    pixels = max(1, layer.batch * prod(layer.output_size))
    is_last = layer.layout == "NHWC"
    along = layer.filters // layer.groups if is_last else pixels
    vectors = min(isa.vectors, -(-along // isa.lanes))
    block = isa.rows if is_last else vectors * isa.lanes
    together = groups_together(layer, isa)
    sets = -(-layer.groups // together)  # of groups: several are gathered at once, or single ones one after another
    terms = sets * isa.lanes if together > 1 else layer.channels // layer.groups
    terms *= prod(layer.kernel)
    fitting = int(_SHARE_OF_L2 * target.l2 / (terms * _BYTES)) // block
    share = -(-pixels // min(threads, -(-pixels // block)))
    blocks = -(-share // block)
    panels = -(-blocks // max(1, fitting))
    panel = min(pixels, -(-blocks // panels) * block)
    threads = min(threads, -(-pixels // panel) * (1 if together > 1 else layer.groups))
    return Plan(layer, plain_product(), target, vectors, panel, threads, "direct")


def plan_terms(layer: Layer, target: Target, threads: int, formats: Formats) -> Plan:
    """The plan of a layer of one group in narrow formats: that of a nested kernel whose channels are terms of outputs.

    Raises:
        ShapeError: a transposed layer, or one with more axes.
    """
    if not is_direct(layer):
        raise ShapeError(f"direct kernels are for layers with one axis or two that are not transposed, not for {layer}")
    layer = with_two_axes(layer)
    terms = layer.channels * prod(layer.kernel)
    as_nested = nested_plan(replace(layer, channels=terms), plain_product(), target, threads, formats)
    return replace(as_nested, layer=layer, family="direct")


def groups_together(layer: Layer, isa: Isa) -> int:
    """How many groups a vector of filters spans: with the channels last, as many as it has lanes for.

    A vector of x must hold their channels too. One where groups are wider, and where vectors are of pixels.
    """
    if layer.layout == "NCHW" or layer.groups == 1:
        return 1
    return max(1, isa.lanes // (max(layer.channels, layer.filters) // layer.groups))


def reads_x(layer: Layer) -> bool:
    """Whether pixels are read where they lie, as `direct/stages` says: of 1x1 layers with the channels last."""
    steps = prod(layer.kernel) * prod(axis.stride for axis in layer.axes)
    is_plain = steps == 1 and not any(map(any, layer.pads))
    return layer.layout == "NHWC" and is_plain and layer.channels % _SAME_SETS != 0


def group_of(plan: Plan) -> tuple[int, int]:
    """The channels and filters of a group, as code for several groups at once knows them; zeros where it does not."""
    layer = plan.layer
    if groups_together(layer, plan.target.isa) == 1:
        return 0, 0
    return layer.channels // layer.groups, layer.filters // layer.groups


def with_two_axes(layer: Layer) -> Layer:
    """The same layer, of one axis as of two, the first of which has one place."""
    missing = AXES - layer.dimension
    if not missing:
        return layer
    unit, zeros = (1,) * missing, (0,) * missing
    return replace(
        layer,
        size=unit + layer.size,
        kernel=unit + layer.kernel,
        padding=((0, 0),) * missing + layer.pads,
        stride=unit + tuple(axis.stride for axis in layer.axes),
        dilation=unit + tuple(axis.dilation for axis in layer.axes),
        output_padding=zeros + tuple(axis.output_padding for axis in layer.axes),
    )


@lru_cache(maxsize=1)
def plain_product() -> BilinearAlgorithm:
    """F(1x1,1x1): an output is a product."""
    return algorithm("F(1x1,1x1)")


def with_axes(chosen: BilinearAlgorithm, dimension: int) -> BilinearAlgorithm:
    """An algorithm nested in axes of one output and one tap, the same products: F(4,3) as F(1x4,1x3)."""
    missing, unit = dimension - chosen.tile.dimension, algorithm(Tile((1,), (1,)))
    ones = (1,) * missing
    tile = Tile(ones + chosen.tile.outputs, ones + chosen.tile.taps, ones + chosen.tile.strides)
    points = unit.points * missing + chosen.points if chosen.points else ()  # matrices from elsewhere have none
    return replace(chosen, tile=tile, points=points, axes=unit.axes * missing + chosen.axes)
