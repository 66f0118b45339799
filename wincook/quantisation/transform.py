"""U and V before they are quantised: what the float32 programs make of filters and tiles."""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.formats import FLOAT32
from wincook.layers import Layer
from wincook.layers.tiling import tiles_of
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.ir import Program
from wincook.program.programs import programs_of, sizes
from wincook.quantisation.subject import is_direct


def transformed(stage: tuple[Program, ...], values: Array) -> Array:
    """Filters (K, C, r_1, ...), or tiles likewise, through the programs of their stage: (K, C, P) in float32."""
    shaped = values.astype(np.float32, copy=False).reshape(*values.shape[:2], *sizes(stage))
    return evaluate_axes(stage, shaped, Rounded(FLOAT32)).reshape(*values.shape[:2], -1)


def transformed_inputs(x: Array, layer: Layer, algorithm: BilinearAlgorithm) -> Array:
    """V (tiles, C, P) in float32 of images in the layout of the layer; of direct convolution the pixels themselves."""
    if is_direct(algorithm):
        pixels = x if layer.layout == "NHWC" else np.moveaxis(x, 1, -1)
        return pixels.astype(np.float32, copy=False).reshape(-1, layer.channels, 1)
    return transformed(programs_of(algorithm).input, tiles_of(x, layer, algorithm.tile))
