"""The algorithm that a calibration is of, as callers name it."""

from __future__ import annotations

from wincook.bilinear import BilinearAlgorithm
from wincook.construct import algorithm as construct
from wincook.construct.subject import Subject, correlation_of
from wincook.errors import ShapeError
from wincook.layers import Layer, Phases

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
        ShapeError: the layer is transposed, or has dilation, another kernel or other strides.
        WincookError: as `subject_of`.
    """
    exact = subject_of(algorithm)
    if layer.transposed or not (is_direct(exact) or all(axis.dilation == 1 for axis in layer.axes)):
        raise ShapeError(
            f"cannot calibrate {layer}: it must have no dilation, but for direct convolution, and not be transposed; "
            "wincook.layers.reduce gives such parts"
        )
    if not is_direct(exact) and (exact.tile.taps, exact.tile.strides) != (layer.kernel, layer.strides):
        raise ShapeError(
            f"{exact.tile} does not fit a layer of kernel {layer.kernel} and stride {layer.strides}; take another tile"
        )
    return exact


def plain_of(layer: Layer) -> Layer:
    """The layer itself; of a transposed one that whose filters are its phases, which kernels compute in its place.

    Raises:
        ShapeError: a transposed layer that has no phases.
    """
    return Phases(layer).plain if layer.transposed else layer


def is_direct(algorithm: BilinearAlgorithm) -> bool:
    """Whether it has a product for each input."""
    return algorithm.multiplications == 1
