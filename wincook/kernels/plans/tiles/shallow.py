"""Shallow kernels: F(m,r) on images of few channels, such as the first layer of a network.

Vectors of channels would be nearly empty, and what is moved between the stages would take longer than the products.
These kernels have vectors of neighbouring tiles, and of filters in the products where the channels come last. They need
twice the loads for a product, so that many channels are better off with nested kernels.
"""

from __future__ import annotations

from wincook.kernels.target import Isa
from wincook.layers import Layer

MOST_CHANNELS = 4
"""As measured: F(4x4,3x3) takes 0.5, 0.75, 0.9 and 1.0 times as long as in nested kernels with 1, 4, 6 and 8."""

NEAREST = 1 << 13
"""Numbers of the nearest cache."""

_LANES = 16  # at the most
_LEAST_IN_USE = 0.75  # of the lanes


def is_shallow(layer: Layer, outputs: tuple[int, ...], products: int, isa: Isa) -> bool:
    """Whether shallow kernels are the quicker ones for tiles of so many outputs and products, on a checked layer."""
    is_last = layer.layout == "NHWC"
    # V passes by each filter, with the channels first; with them last, U passes by each tile.
    passing = products * layer.channels * (layer.filters if is_last else _LANES)
    if layer.channels > MOST_CHANNELS or passing > NEAREST:
        return False
    in_vectors = layer.filters if is_last else -(-layer.output_size[1] // outputs[1])
    return in_vectors >= _LEAST_IN_USE * isa.lanes * -(-in_vectors // isa.lanes)


def vectors_of_tiles(layer: Layer, outputs: tuple[int, ...], isa: Isa) -> int:
    """How many vectors hold the tiles of the whole batch: each row of tiles begins with a new one."""
    down, across = (-(-size // m) for size, m in zip(layer.output_size, outputs, strict=True))
    return layer.batch * down * -(-across // isa.lanes)
