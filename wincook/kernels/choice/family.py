"""Which kernels compute a layer: those of F(m,r), or sums of products."""

from __future__ import annotations

from math import prod

from wincook.kernels.choice.recipe import recipes
from wincook.kernels.plans.depthwise import is_depthwise
from wincook.kernels.plans.direct import is_direct
from wincook.kernels.plans.plan import AXES, Family
from wincook.layers import Layer, has_phases, layer_of, split_taps

_OUTPUTS = 4  # of tiles that long filters are split for
_LONG_FILTER = 100  # taps along an axis, beyond which parts are not even counted
_MANY_PARTS = 64
_MANY_PHASES = 8  # of transposed layers, which have no taps in common


def choose_family(layer: Layer) -> Family:
    """The only family that is worth a thought for a layer; `nested` where sums of products are but one of the choices.

    Raises:
        ShapeError: no layer.
    """
    layer = layer_of(layer)
    if layer.groups > 1 and is_depthwise(layer):
        return "depthwise"
    if has_phases(layer) and layer.dimension <= AXES:
        return "direct" if _number_of_parts(layer) > _MANY_PHASES else "nested"
    return "direct" if is_direct(layer) and not _nested_may_win(layer) else "nested"


def saves_with_strides(layer: Layer) -> bool:
    """Whether an algorithm with strides computes a layer as it stands, in fewer products than the direct method.

    It does where an axis has more taps than stride, so that one of its phases has two or more.
    """
    if layer.dimension > AXES or not layer.dense or layer.plain:
        return False
    axes = list(zip(layer.kernel, layer.strides, strict=True))
    return any(taps > stride for taps, stride in axes) and all(recipes(*axis) for axis in axes)


def _nested_may_win(layer: Layer) -> bool:
    """Whether some axis has taps to share products, and parts are not so many that copies take all the time."""
    if not 1 < max(layer.kernel) <= _LONG_FILTER:
        return False
    return saves_with_strides(layer) or _number_of_parts(layer) <= _MANY_PARTS


def _number_of_parts(layer: Layer) -> int:
    """The unit-stride correlations of a layer; of other layers than transposed ones, with long filters split."""
    if layer.transposed:
        return layer.groups * prod(axis.stride for axis in layer.axes)
    splits = prod(len(split_taps(taps, _OUTPUTS)) for taps in layer.kernel)
    return layer.groups * splits * prod(axis.stride * axis.dilation for axis in layer.axes)
