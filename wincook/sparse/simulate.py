"""A layer with blocks left out through the interpreter: what a sparse kernel gives, operation for operation.

Each product of a tile and a filter is the sum over the channels that are kept, in their order, in the chains that
`wincook.summation` has for so many; a sum of none is 0. In bfloat16 U and V are rounded, and pairs of channels are
added in one chain, as `wincook.program.bfloat16` does.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, reduce

import numpy as np

from wincook.arguments import choice, instance
from wincook.arrays import Array, real_array
from wincook.construct.subject import Subject, correlation_of
from wincook.epilogue.epilogue import NOTHING
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.errors import FormatError, ShapeError
from wincook.formats import FLOAT32, Format
from wincook.layers import Layer, layer_of
from wincook.layers.tiling import tiles_of, untiled
from wincook.program import bfloat16, rounding
from wincook.program.interpret import Rounded, evaluate_axes
from wincook.program.programs import programs_of
from wincook.sparse.mask import Mask
from wincook.sparse.transform import products_of, transformed
from wincook.summation import Chains


def simulate(
    algorithm: Subject,
    mask: Mask,
    *,
    layer: Layer,
    x: Array,
    weights: Array,
    bias: Array | None = None,
    format: Format | str = "float32",
) -> Array:
    """Convolve a batch with every operation rounded, slowly.

    Args:
        algorithm: with the layer's kernel, and stride 1.
        mask: what is kept of U.
        layer: plain; x and the result are in its layout.
        x: the layer's input shape.
        weights: (K, C, *kernel), or U (K, C, *products).
        bias: (K,), added last, or nothing.
        format: of the products, float32 or bfloat16; all else is float32.

    Returns:
        y, float32, of the layer's output shape.

    Raises:
        ShapeError: the layer is not plain, or arrays, tile or mask do not fit it, or a block of the mask has not both
            channels of a pair.
        FormatError: another format.
        DataError: arrays of other things than real numbers, or a mask of another algorithm.
        WincookError: no algorithm, layer or mask.
    """
    products = _FORMATS[choice("format of sparse products", Format.of(format).name, _FORMATS, FormatError)]
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
    M = products(U.reshape(*U.shape[:2], -1), V.reshape(*V.shape[:2], -1), mask)
    y = evaluate_axes(programs.output, M.reshape(*M.shape[:2], *products_of(algorithm)), exact)
    result = finish(NOTHING, untiled(y, layer, tile), Operands(), bias=added)
    return np.moveaxis(result, 1, -1) if layer.layout == "NHWC" else result


def _in_float32(U: Array, V: Array, mask: Mask) -> Array:
    """M (tiles, K, products) of U (K, C, products), V (tiles, C, products) and what is kept."""
    return _products(U, V, mask.rows(1), _in_chains)


def _in_pairs(U: Array, V: Array, mask: Mask) -> Array:
    """The same of numbers rounded to bfloat16, pairs of channels together, a last one with zeros."""
    odd = ((0, 0), (0, U.shape[1] % 2), (0, 0))
    U, V = (
        np.moveaxis(np.pad(bfloat16.nearest(array), odd).reshape(len(array), -1, 2, array.shape[2]), 2, 3)
        for array in (U, V)
    )
    return _products(U, V, mask.rows(1, 2), _in_one_chain)


def _products(U: Array, V: Array, kept: Array, summed: Callable[[Array, Array], Array]) -> Array:
    """M of U (K, words, products, ...) and V (tiles, words, products, ...), summed over words that are kept."""
    M = np.zeros((len(V), len(U), len(kept)), np.float32)
    for product, of_filters in enumerate(kept):
        lists, numbers = np.unique(of_filters, axis=0, return_inverse=True)
        for number, which in enumerate(lists):
            filters, words = np.flatnonzero(numbers == number), np.flatnonzero(which)
            if words.size:
                M[:, filters, product] = summed(U[filters][:, words, product], V[:, words, product])
    return M


def _in_chains(U: Array, V: Array) -> Array:
    """Σ_c U V (tiles, K) of U (K, channels) and V (tiles, channels), in chains."""
    length = Chains.of(U.shape[1]).length
    chains = []
    for first in range(0, U.shape[1], length):
        M = np.zeros((len(V), len(U)), np.float32)
        for channel in range(first, min(first + length, U.shape[1])):
            M = rounding.fma(V[:, channel, None], U[None, :, channel], M, FLOAT32)
        chains.append(M)
    return reduce(partial(rounding.add, fmt=FLOAT32), chains)


def _in_one_chain(U: Array, V: Array) -> Array:
    """The same of U (K, pairs, 2) and V (tiles, pairs, 2)."""
    M = np.zeros((len(V), len(U)), np.float32)
    for pair in range(U.shape[1]):
        M = bfloat16.dot(M, U[None, :, pair], V[:, pair, None])
    return M


_FORMATS = {"float32": _in_float32, "bfloat16": _in_pairs}
