"""A layer and images of a law, always the same ones of a seed: what scales are found on where there are no others."""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

import numpy as np

from wincook.analysis.data.distributions import Law
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.layers import Layer
from wincook.quantisation.subject import is_direct

IMAGES, FILTERS = 8, 32
"""How many images are drawn to calibrate with, and how many filters a layer has."""

_NUMBERS = 400  # of an image and channel, at the least


@dataclass(frozen=True, slots=True, eq=False)
class DrawnLayer:
    """A layer, its weights (K, C, *kernel), images (N, C, *size) to calibrate with, and one more to measure."""

    layer: Layer
    weights: Array
    images: Array
    held_out: Array

    @classmethod
    def of(cls, algorithm: BilinearAlgorithm, channels: int, law: Law, seed: int) -> DrawnLayer:
        """One that an algorithm computes; direct convolution has no neighbours, and so one tap."""
        tile = algorithm.tile
        kernel = (1,) * tile.dimension if is_direct(algorithm) else tile.taps
        size = tuple(max(n, round(_NUMBERS ** (1 / len(kernel)))) for n in tile.inputs)
        layer = Layer(channels, FILTERS, size, kernel, stride=tile.strides)
        rng = np.random.default_rng(seed)
        images = law.draw_input(rng, (IMAGES, *layer.input_shape[1:]))
        weights = law.draw_filter(rng, layer.weight_shape, channels * prod(kernel))
        return cls(layer, weights, images, law.draw_input(rng, layer.input_shape))
