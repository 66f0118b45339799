"""Shallow kernels: F(m,r) on images of few channels, such as the first layer of a network.

Vectors of channels would be nearly empty, and what is moved between the stages would take longer than the products.
Their vectors are of neighbouring tiles. They need twice the loads for a product, so that many channels are better off
with nested kernels.
"""

from __future__ import annotations

from wincook.kernels.target import Isa
from wincook.layers import Layer

MOST_CHANNELS = 4
"""As measured: F(4x4,3x3) takes 0.5, 0.75, 0.9 and 1.0 times as long as in nested kernels with 1, 4, 6 and 8."""

_MOST_SUMMED = 512  # products × channels: V of so many vectors fills the nearest cache
_LEAST_IN_USE = 0.75  # of the lanes


def is_shallow(layer: Layer, outputs: tuple[int, ...], products: int, isa: Isa) -> bool:
    """Whether tiles of so many outputs and products are lanes of vectors, on a checked layer."""
    if layer.layout != "NCHW" or layer.channels > MOST_CHANNELS or products * layer.channels > _MOST_SUMMED:
        return False
    across = -(-layer.output_size[1] // outputs[1])
    return across >= _LEAST_IN_USE * isa.lanes * -(-across // isa.lanes)


def vectors_of_tiles(layer: Layer, outputs: tuple[int, ...], isa: Isa) -> int:
    """How many vectors hold the tiles of the whole batch: each row of tiles begins with a new one."""
    down, across = (-(-size // m) for size, m in zip(layer.output_size, outputs, strict=True))
    return layer.batch * down * -(-across // isa.lanes)
