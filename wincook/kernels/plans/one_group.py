"""The layer that kernels of narrow products compute: one group of a layer, in a call for each.

A transposed layer is one plain layer whose filters are the phases of its outputs. So all that such kernels need to know
is layers of one group, with one axis or two.
"""

from __future__ import annotations

from wincook.errors import FormatError
from wincook.kernels.plans.formats import ProductFormat
from wincook.kernels.plans.plan import AXES
from wincook.layers import Layer, Phases, has_phases


def one_group(layer: Layer, format: ProductFormat) -> Layer:
    """The layer of each group, of a transposed layer that of its phases.

    Raises:
        FormatError: three axes and more, a transposed layer without phases, or a single channel in each group.

    >>> print(one_group(Layer(16, 32, (9, 9), (3, 3), groups=4), "int8"))
    3x3 convolution, 4 -> 8 channels, 9x9 -> 7x7
    """
    if layer.dimension > AXES or (layer.transposed and not has_phases(layer)):
        raise FormatError(
            f"kernels in {format} are for layers with one axis or two, and transposed ones whose dilation divides the "
            f"stride, not for {layer}; float32 computes it"
        )
    if 1 < layer.groups == layer.channels:
        raise FormatError(
            f"{layer} has one channel in each group, and kernels in {format} add up products of several; take float32, "
            "whose x and y may be narrow"
        )
    return (Phases(layer).plain if layer.transposed else layer).of_group
