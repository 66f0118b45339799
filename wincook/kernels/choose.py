"""Which tile a layer gets when its user names none: the fewest operations within a limit on the error.

Larger tiles need fewer multiplications, and lose more digits; tiles that overhang the image waste work.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import product
from math import prod

from wincook.construct import algorithm
from wincook.kernels.depthwise_plan import is_depthwise
from wincook.kernels.direct_plan import is_direct, with_two_axes
from wincook.kernels.plan import AXES, Family
from wincook.layers import Layer, layer_of
from wincook.program.programs import operations_per_tile, programs_of
from wincook.tile import Tile

LARGEST_OUTPUTS = 4
_LARGEST_INPUTS = 8  # beyond, float32 loses two digits and more
_LONGEST_STRIDED = 7  # taps that a single algorithm computes: with stride 2 its phases have 4, and at most 7 inputs
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
    """The kernels of a layer: sums of products, where no algorithm saves any or its parts would be many.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    if is_depthwise(layer):
        return "depthwise"
    nested = layer.plain and max(layer.kernel) > 1
    return "direct" if is_direct(layer) and not nested and choose_strided_tile(layer) is None else "nested"


def choose_strided_tile(layer: Layer) -> Tile | None:
    """The tile with strides that computes a layer as it stands, with the least work; its one axis becomes two.

    None for layers of unit stride or other kinds, and where no algorithm takes fewer products than the direct method:
    where no axis has more taps than stride.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    if layer.dimension > AXES or not layer.dense:
        return None
    layer = with_two_axes(layer)
    steps = tuple(zip(layer.kernel, layer.strides, strict=True))
    saving = max(layer.strides) > 1 and any(taps > stride for taps, stride in steps)
    if not saving or max(layer.kernel) > _LONGEST_STRIDED:
        return None
    most = [LARGEST_OUTPUTS if stride > 1 else _most_outputs(taps) for taps, stride in steps]
    sizes = [range(min(2, number, out), number + 1) for number, out in zip(most, layer.output_size, strict=True)]
    choices = [Tile(outputs, layer.kernel, layer.strides) for outputs in product(*sizes)]
    return min(choices, key=lambda tile: (_work(layer, tile), tile.outputs))


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
