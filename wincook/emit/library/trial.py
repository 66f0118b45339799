"""The layers that the test in C computes, with numbers that C and numpy make alike, and what must come out.

What is expected is convolved in float64 and rounded once, or with narrow products as kernels do. Then come the
operations of the epilogue in float32.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import accumulate
from math import prod

import numpy as np

from wincook.arrays import Array
from wincook.emit.library.accuracy import bound_of
from wincook.emit.library.contents import Member
from wincook.emit.library.simulated import simulated
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.kernels.codegen.native.composition import is_composed
from wincook.kernels.plans.direct import with_two_axes
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.kernels.plans.layer_plan import LayerPlan
from wincook.kernels.plans.plan import Plan
from wincook.kernels.run.layer_call import pad_into
from wincook.layers import Layer, apply, reduce
from wincook.program.bfloat16 import put_elements
from wincook.quantisation.affine import KINDS, Affine
from wincook.quantisation.factors import requantised
from wincook.sparse.mask import Mask, blocks_of
from wincook.sparse.simulate import simulate as simulate_sparse

_FACTOR, _SUMMAND, _BITS = 1664525, 1013904223, 32  # of a linear congruential generator
_DROPPED, _ONE = 8, 1 << 23  # bits of a state that are not used, and what is 1
_BLOCK = (32, 2)  # filters and channels that are kept together, for all variants
_STEPS = 128  # of narrow elements of x, between 0 and 1
_EXACTLY, _NEXT = 0.5, 1.0  # of whole numbers, made of sums that are exact, or of others
_STEEPEST = 1.2  # of the activations
_ULPS_AFTER = 8  # for what follows the convolution
_OUTPUTS = ((6, 12), (4, 22))  # of the layers: even, so that they can be pooled, and no multiples of tiles
_PADDING = (((1, 2), (0, 1)), ((0, 0), (0, 0)))
_MOST_NUMBERS = 6000  # of an array in the text
Asked = tuple[tuple[int, ...], ElementFormat]
"""The shape and the elements of an array."""

_GROUPS, _CHANNELS, _FEW_CHANNELS, _FILTERS = 3, 5, 3, 19


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A layer, how many numbers y has, every so many of them as they are expected, and how far y may be from them.

    `products` are those of its tile, and 0 where there is none.
    """

    layer: Layer
    products: int
    count: int
    step: int
    y: Array
    bound: float


def trials_of(member: Member) -> tuple[Trial, ...]:
    """Trials of the code of a layer of a library."""
    return tuple(_trial(member, layer) for layer in trial_layers(member.plan))


def trial_layers(decided: LayerPlan) -> Iterator[Layer]:
    """Small layers with the taps and steps of a plan's; groups stay as they are, where there are any.

    Code for one layer alone computes that one.
    """
    layer = with_two_axes(decided.layer)
    if is_composed(decided):
        yield layer
        return
    groups = min(layer.groups, _GROUPS)
    channels, filters = _FEW_CHANNELS if decided.plans[0].family == "shallow" else _CHANNELS, _FILTERS
    if decided.plans[0].quantised:
        channels = layer.channels
    if layer.groups > 1:
        channels, filters = (number // layer.groups * groups for number in (layer.channels, layer.filters))
    for batch, outputs, padding in zip((2, 1), _OUTPUTS, _PADDING, strict=True):
        size = tuple(
            max(1, axis.span + (number - 1) * axis.stride - sum(pads))
            for axis, number, pads in zip(layer.axes, outputs, padding, strict=True)
        )
        yield replace(layer, channels=channels, filters=filters, groups=groups, batch=batch, size=size, padding=padding)


def _trial(member: Member, layer: Layer) -> Trial:
    decided, kernel = member.plan, member.plan.plans[0]
    epilogue = decided.epilogue
    (_, x_format, x_scale), (_, y_format, y_scale), (_, residual_format, residual_scale) = member.elements
    numbers: list[Asked] = [(layer.input_shape, x_format), (layer.weight_shape, "float32")]
    numbers += [((layer.filters,), "float32")] * (3 if epilogue.scale else 1)
    images, channels = layer.batch, layer.filters
    rows, columns = (size - size % epilogue.step for size in layer.output_size)  # what pooling drops is not told
    is_last = layer.layout == "NHWC"
    told = (images, rows, columns, channels) if is_last else (images, channels, rows, columns)
    numbers += [(told, residual_format)] if epilogue.residual else []
    x, weights, bias, *others = _random(numbers)
    residual = np.zeros((images, channels, *layer.output_size), np.float32) if epilogue.residual else None
    if residual is not None:
        residual[:, :, :rows, :columns] = _real(_first(others.pop(), layer), residual_scale)
    scale, shift = others or (None, None)
    if x_scale is not None and member.calibration is None:
        x, weights = _real(x, Affine(1.0, x_scale.zero_point)), weights * np.float32(x_scale.scale)
    inner, padded = _unpadded(layer, x)
    if decided.sparse:
        exact, bound = _first(_sparse(kernel, inner, padded, weights), layer), 0.0
    elif kernel.format != "float32" and decided.whole:
        exact, bound = simulated(kernel, inner, padded, weights, member.calibration), 0.0
    else:
        exact = _first(apply(reduce(inner), padded.astype(float), weights.astype(float)), layer)
        bound = bound_of(decided, layer.channels // layer.groups) * _largest(x) * _largest(weights)
    y = finish(epilogue, exact.astype(np.float32), Operands(scale, shift, residual), bias=bias)
    bound *= _STEEPEST if scale is None else _STEEPEST * float(np.abs(scale).max())
    largest = max(np.abs(exact).max(), np.abs(y).max(), np.float32(1))
    bound += _ULPS_AFTER * float(np.spacing(largest))
    if y_scale is not None:
        y, bound = requantised(y, y_scale, y_format), _EXACTLY if kernel.quantised else _NEXT
    elif y_format != "float32":
        elements = np.empty(y.shape, dtype_of(y_format))
        put_elements(elements, y)
        bound += float(np.spacing(largest.astype(elements.dtype)))
        y = elements
    all_of_y = (np.moveaxis(y, 1, -1) if is_last else y).ravel().astype(np.float32)
    step = -(-all_of_y.size // _MOST_NUMBERS) | 1  # odd, so that all columns have their turn
    products = kernel.algorithm.multiplications if kernel.tiled else 0
    return Trial(layer, products, all_of_y.size, step, all_of_y[::step], bound)


def _real(elements: Array, scale: Affine | None) -> Array:
    """The numbers that elements stand for, in float32."""
    return elements.astype(np.float32) if scale is None else scale.real(elements)


def _largest(numbers: Array) -> float:
    """The largest magnitude, or 1 if that is larger: bounds are for numbers up to it."""
    return max(1.0, float(np.abs(numbers.astype(float)).max()))


def _sparse(kernel: Plan, layer: Layer, x: Array, weights: Array) -> Array:
    """The same with the blocks that the test leaves out."""
    shape = blocks_of(kernel.algorithm.multiplications, layer.filters, layer.channels, _BLOCK)
    kept = (np.arange(prod(shape)) % 3 != 1).reshape(shape)
    mask = Mask.of(kernel.algorithm, kept, filters=layer.filters, channels=layer.channels, block=_BLOCK)
    return simulate_sparse(kernel.algorithm, mask, layer=layer, x=x, weights=weights, format=kernel.format)


def _unpadded(layer: Layer, x: Array) -> tuple[Layer, Array]:
    """The layer and its x, or, where others than zeros are padded, what is left when they have been."""
    if layer.padding_mode == "zeros":
        return layer, x
    padded = np.empty((layer.batch, layer.channels, *layer.unpadded.size), x.dtype)
    pad_into(padded, _first(x, layer), layer.pads, layer.padding_mode)
    return layer.unpadded, np.moveaxis(padded, 1, -1) if layer.layout == "NHWC" else padded


def _first(array: Array, layer: Layer) -> Array:
    """The array with its channels before the axes of the image."""
    return np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array


def _random(several: list[Asked]) -> tuple[Array, ...]:
    """Arrays of numbers between -1 and 1, one after another, as the test makes them; elements of 8 bits have all."""
    counts = [prod(shape) for shape, _ in several]
    states, modulus = np.array([(_FACTOR + _SUMMAND) % (1 << _BITS)], np.uint32), 1 << _BITS
    factor, summand = _FACTOR, _SUMMAND
    while states.size < sum(counts):  # as many more, by as many steps at once
        states = np.concatenate([states, states * np.uint32(factor) + np.uint32(summand)])
        factor, summand = factor**2 % modulus, (factor + 1) * summand % modulus
    numbers = ((states >> _DROPPED) / _ONE - 1).astype(np.float32)
    ends = list(accumulate(counts))
    return tuple(
        _as_elements(numbers[end - count : end].reshape(shape), elements)
        for end, count, (shape, elements) in zip(ends, counts, several, strict=True)
    )


def _as_elements(numbers: Array, elements: ElementFormat) -> Array:
    if elements == "float32":
        return numbers
    steps = np.floor(numbers * _STEPS)  # the highest eight bits of a state
    of_kind = steps - KINDS["int8"][0] if elements == "uint8" else steps if elements == "int8" else steps / _STEPS
    return np.asarray(of_kind, dtype_of(elements))
