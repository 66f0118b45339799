"""A layer with blocks left out through the interpreter: what a sparse kernel gives, operation for operation.

Each product of a tile and a filter is the sum over the channels that are kept, in their order, in the chains that
`wincook.summation` has for so many; a sum of none is 0.
"""

from __future__ import annotations

from functools import partial, reduce
from math import prod

import numpy as np

from wincook.arguments import instance
from wincook.arrays import Array, real_array
from wincook.construct.subject import Subject, correlation_of
from wincook.epilogue.epilogue import NOTHING
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.errors import ShapeError
from wincook.formats import FLOAT32
from wincook.layers import Layer, layer_of
from wincook.layers.tiling import tiles_of, untiled
from wincook.program import rounding
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import programs_of
from wincook.sparse.mask import Mask
from wincook.sparse.transform import products_of, transformed
from wincook.summation import Chains


def simulate(
    algorithm: Subject, mask: Mask, *, layer: Layer, x: Array, weights: Array, bias: Array | None = None
) -> Array:
    """Convolve a batch in float32 with every operation rounded, slowly.

    Args:
        algorithm: with the layer's kernel, and stride 1.
        mask: what is kept of U.
        layer: plain; x and the result are in its layout.
        x: the layer's input shape.
        weights: (K, C, *kernel), or U (K, C, *products).
        bias: (K,), added last, or nothing.

    Returns:
        y, float32, of the layer's output shape.

    Raises:
        ShapeError: the layer is not plain, or arrays, tile or mask do not fit it.
        DataError: arrays of other things than real numbers, or a mask of another algorithm.
        WincookError: no algorithm, layer or mask.
    """
    layer, mask = layer_of(layer), instance("mask", mask, Mask, "prune makes one")
    algorithm = correlation_of(algorithm, "have masks")
    tile, image = algorithm.tile, real_array("x", x)
    U = transformed(algorithm, weights)
    if not layer.plain or tile.taps != layer.kernel or image.shape != layer.input_shape:
        raise ShapeError(f"{tile} and x {image.shape} do not fit the layer {layer}; it must be plain, and x its input")
    mask.check(algorithm, layer.filters, layer.channels)
    added = np.zeros(layer.filters) if bias is None else real_array("bias", bias)
    if U.shape[:2] != (layer.filters, layer.channels) or added.shape != (layer.filters,):
        raise ShapeError(f"weights {U.shape} or bias {added.shape} are for other filters or channels than {layer}")
    programs, exact = programs_of(algorithm), Rounded(FLOAT32)
    d = tiles_of(rounding.round_to(image, FLOAT32), layer, tile)
    V = evaluate_axes(programs.input, d, exact)
    M = _products(U.reshape(*U.shape[:2], -1), V.reshape(*V.shape[:2], -1), mask.of_each())
    y = evaluate_axes(programs.output, M.reshape(*M.shape[:2], *products_of(algorithm)), exact)
    result = finish(NOTHING, untiled(y, layer, tile), Operands(), bias=added)
    return np.moveaxis(result, 1, -1) if layer.layout == "NHWC" else result


def _products(U: Array, V: Array, kept: Array) -> Array:
    """M (tiles, K, products) of U (K, C, products), V (tiles, C, products) and what is kept (products, K, C)."""
    M = np.zeros((len(V), len(U), prod(U.shape[2:])), np.float32)
    for product, of_filters in enumerate(kept):
        lists, numbers = np.unique(of_filters, axis=0, return_inverse=True)
        for number, which in enumerate(lists):
            filters, channels = np.flatnonzero(numbers == number), np.flatnonzero(which)
            if channels.size:
                M[:, filters, product] = _sum(U[filters][:, channels, product], V[:, channels, product])
    return M


def _sum(U: Array, V: Array) -> Array:
    """Σ_c U V (tiles, K) of U (K, channels) and V (tiles, channels), in chains."""
    length = Chains.of(U.shape[1]).length
    chains = []
    for first in range(0, U.shape[1], length):
        M = np.zeros((len(V), len(U)), np.float32)
        for channel in range(first, min(first + length, U.shape[1])):
            M = rounding.fma(V[:, channel, None], U[None, :, channel], M, FLOAT32)
        chains.append(M)
    return reduce(partial(rounding.add, fmt=FLOAT32), chains)
