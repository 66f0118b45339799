"""The algorithm that a calibration is of, as callers name it."""

from __future__ import annotations

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import ShapeError
from wincook.layers import Layer

DIRECT = "direct"
ALONE = construct("F(1,1)")
"""The algorithm of direct convolution, whose V is x; each tap of each channel is a term of its sums."""

_FORMAT = "int8"  # that a tile takes points for


def subject_of(algorithm: Subject) -> BilinearAlgorithm:
    """The algorithm; `direct` is direct convolution. A tile without points takes those of the atlas for int8.

    Raises:
        WincookError: as `wincook.construct.subject.correlation_of`.
    """
    if isinstance(algorithm, str) and algorithm == DIRECT:
        return ALONE
    return correlation_of(algorithm, "are quantised", format=_FORMAT)


def subject_for(layer: Layer, algorithm: Subject) -> BilinearAlgorithm:
    """The algorithm, if it computes the layer.

    Raises:
        ShapeError: the layer has dilation or the like, or another kernel or other strides.
        WincookError: as `subject_of`.
    """
    exact = subject_of(algorithm)
    takes = layer.groups == 1 and not layer.transposed if is_direct(exact) else layer.dense
    if not takes:
        raise ShapeError(
            f"cannot calibrate {layer}: it must have no dilation and one group, and not be transposed; "
            "wincook.layers.reduce gives such parts"
        )
    if not is_direct(exact) and (exact.tile.taps, exact.tile.strides) != (layer.kernel, layer.strides):
        raise ShapeError(
            f"{exact.tile} does not fit a layer of kernel {layer.kernel} and stride {layer.strides}; take another tile"
        )
    return exact


def is_direct(algorithm: BilinearAlgorithm) -> bool:
    """Whether it has a product for each input."""
    return algorithm.multiplications == 1
