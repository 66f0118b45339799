"""Which kernels a layer gets, and which tile, when its user names none: the least work within a limit on the error.

Larger tiles need fewer multiplications, and lose more digits; tiles that overhang the image waste work.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import prod

from wincook.construct import algorithm
from wincook.kernels.depthwise_plan import is_depthwise
from wincook.kernels.direct_plan import is_direct
from wincook.kernels.plan import AXES, Family
from wincook.layers import Layer, has_phases, layer_of, reduce, split, split_taps
from wincook.program.programs import operations_per_tile, programs_of
from wincook.tile import Tile

LARGEST_OUTPUTS = 4
_LARGEST_INPUTS = 8  # beyond, float32 loses two digits and more
_COPY_WEIGHT = 60.0  # numpy moves a number in the time of so many products
_LONG_FILTER = 100  # taps along an axis, beyond which parts are not even counted
_MANY_PARTS = 64
_MANY_PHASES = 8  # of transposed layers, which have no taps in common
_TRANSFORM_WEIGHT = 4.0  # an operation of a transform waits for memory; one of a product seldom does


def choose_tile(layer: Layer) -> Tile:
    """The tile with the least work for a layer.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    choices = [
        Tile(outputs, layer.kernel)
        for outputs in product(*(range(1, _most_outputs(taps) + 1) for taps in layer.kernel))
    ]
    return min(choices, key=lambda tile: (_work(layer, tile), tile.outputs))


def choose_family(layer: Layer) -> Family:
    """The kernels of a layer: sums of products, where no algorithm saves any, or its parts are copied too often.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    if layer.groups > 1 and is_depthwise(layer):
        return "depthwise"
    if has_phases(layer) and layer.dimension <= AXES:
        return "direct" if _number_of_parts(layer) > _MANY_PHASES else "nested"
    return "direct" if is_direct(layer) and _products_are_less(layer) else "nested"


def _number_of_parts(layer: Layer) -> int:
    """The unit-stride correlations of a layer; of other layers than transposed ones, with long filters split."""
    if layer.transposed:
        return layer.groups * prod(axis.stride for axis in layer.axes)
    splits = prod(len(split_taps(min(taps, _LONG_FILTER), LARGEST_OUTPUTS)) for taps in layer.kernel)
    return layer.groups * splits * prod(axis.stride * axis.dilation for axis in layer.axes)


def _products_are_less(layer: Layer) -> bool:
    """Whether sums of products are less work than algorithms on the parts."""
    number = _number_of_parts(layer)
    if max(layer.kernel) == 1 or max(layer.kernel) > _LONG_FILTER or number > _MANY_PARTS:
        return True
    if layer.plain and number == 1:
        return False
    terms = layer.channels // layer.groups * prod(layer.kernel)
    products = prod(layer.output_size) * terms * (layer.filters + _TRANSFORM_WEIGHT * layer.groups)
    parts = (part.layer for part in split(reduce(layer), LARGEST_OUTPUTS).parts)
    return max(1, layer.batch) * products < sum(map(_work_of_part, parts))


def _work_of_part(part: Layer) -> float:
    """The work of one of several parts, whose input is copied and whose output is added to the sum."""
    copies = part.channels * prod(part.size) + 2 * part.filters * prod(part.output_size)
    return part.batch * (_work(part, choose_tile(part)) + _COPY_WEIGHT * copies)


def _most_outputs(taps: int) -> int:
    """A 1-tap axis needs no algorithm; long filters keep two outputs, so that the transform pays at all."""
    if taps == 1:
        return 1
    return max(2, min(LARGEST_OUTPUTS, _LARGEST_INPUTS + 1 - taps))


def _work(layer: Layer, tile: Tile) -> float:
    tiles = prod(-(-size // m) for size, m in zip(layer.output_size, tile.outputs, strict=True))
    products, input_operations, output_operations = _counts(tile)
    transforms = layer.channels * input_operations + layer.filters * output_operations
    return tiles * (products * layer.channels * layer.filters + _TRANSFORM_WEIGHT * transforms)


@lru_cache(maxsize=256)
def _counts(tile: Tile) -> tuple[int, int, int]:
    """Products, and operations of the input and output transform, of one tile on its default points."""
    chosen = algorithm(tile)
    programs = programs_of(chosen)
    return (
        chosen.multiplications,
        operations_per_tile(programs.input),
        operations_per_tile(programs.output),
    )
