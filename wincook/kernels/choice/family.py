"""Which kernels compute a layer: those of F(m,r), or sums of products."""

from __future__ import annotations

from wincook.kernels.choice.recipe import recipes
from wincook.kernels.depthwise_plan import is_depthwise
from wincook.kernels.direct_plan import is_direct
from wincook.kernels.plan import AXES, Family
from wincook.layers import Layer, layer_of


def choose_family(layer: Layer) -> Family:
    """The kernels of a layer: sums of products, where no algorithm saves any or its parts would be many.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    if is_depthwise(layer):
        return "depthwise"
    nested = max(layer.kernel) > 1 if layer.plain else saves_with_strides(layer)
    return "direct" if is_direct(layer) and not nested else "nested"


def saves_with_strides(layer: Layer) -> bool:
    """Whether an algorithm with strides computes a layer as it stands, in fewer products than the direct method.

    It does where an axis has more taps than stride, so that one of its phases has two or more.
    """
    if layer.dimension > AXES or not layer.dense or layer.plain:
        return False
    axes = list(zip(layer.kernel, layer.strides, strict=True))
    return any(taps > stride for taps, stride in axes) and all(recipes(*axis) for axis in axes)
