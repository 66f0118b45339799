"""The layers that the test in C computes, with numbers that C and numpy make alike, and what must come out.

What is expected is convolved directly in float64 and rounded once; then come the operations of the epilogue in float32.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from wincook import direct
from wincook.arrays import Array
from wincook.emit.library.accuracy import bound_of
from wincook.epilogue.finish import finish
from wincook.epilogue.operands import Operands
from wincook.kernels.plans.plan import Plan
from wincook.layers import Layer

_FACTOR, _SUMMAND, _BITS = 1664525, 1013904223, 32  # of a linear congruential generator
_DROPPED, _ONE = 8, 1 << 23  # bits of a state that are not used, and what is 1
_STEEPEST = 1.2  # of the activations
_ULPS_AFTER = 8  # for what follows the convolution
_OUTPUTS = ((6, 12), (4, 22))  # of the layers: even, so that they can be pooled, and no multiples of tiles
_PADDING = (((1, 2), (0, 1)), ((0, 0), (0, 0)))
_GROUPS, _CHANNELS, _FEW_CHANNELS, _FILTERS = 3, 5, 3, 19


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """A layer, the y that is expected, and how far y may be from it."""

    layer: Layer
    y: Array
    bound: float


def trials_of(plan: Plan) -> tuple[Trial, ...]:
    """Trials of the code of a plan."""
    return tuple(_trial(plan, layer) for layer in _layers(plan))


def _layers(plan: Plan) -> Iterator[Layer]:
    """Small layers with the taps and steps of a plan's; groups stay as they are, where there are any."""
    layer = plan.layer
    groups = min(layer.groups, _GROUPS)
    channels, filters = _FEW_CHANNELS if plan.family == "shallow" else _CHANNELS, _FILTERS
    if layer.groups > 1:
        channels, filters = (number // layer.groups * groups for number in (layer.channels, layer.filters))
    for batch, outputs, padding in zip((2, 1), _OUTPUTS, _PADDING, strict=True):
        size = tuple(
            max(1, axis.span + (number - 1) * axis.stride - sum(pads))
            for axis, number, pads in zip(layer.axes, outputs, padding, strict=True)
        )
        yield replace(layer, channels=channels, filters=filters, groups=groups, batch=batch, size=size, padding=padding)


def _trial(plan: Plan, layer: Layer) -> Trial:
    numbers = _numbers()

    def random(shape: tuple[int, ...]) -> Array:
        return np.fromiter(islice(numbers, int(np.prod(shape))), np.float32).reshape(shape)

    epilogue = plan.epilogue
    x, weights, bias = random(layer.input_shape), random(layer.weight_shape), random((layer.filters,))
    scale, shift = (random((layer.filters,)) if epilogue.scale else None for _ in range(2))
    residual = random(layer.output_shape) if epilogue.residual else None
    exact = direct.convolve(
        _first(x, layer).astype(float),
        weights.astype(float),
        layer.pads,
        stride=[axis.stride for axis in layer.axes],
        dilation=[axis.dilation for axis in layer.axes],
        groups=layer.groups,
    )
    operands = Operands(scale, shift, None if residual is None else _first(residual, layer))
    y = finish(epilogue, exact.astype(np.float32), operands, bias=bias)
    steepest = _STEEPEST if scale is None else _STEEPEST * float(np.abs(scale).max())
    bound = bound_of(plan, layer.channels // layer.groups) * steepest
    bound += _ULPS_AFTER * float(np.spacing(max(np.abs(exact).max(), np.abs(y).max(), np.float32(1))))
    return Trial(layer, np.moveaxis(y, 1, -1) if layer.layout == "NHWC" else y, bound)


def _first(array: Array, layer: Layer) -> Array:
    """The array with its channels before the axes of the image."""
    return np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array


def _numbers() -> Iterator[float]:
    """Numbers between -1 and 1, as `random_floats` of the test makes them."""
    state = 1
    while True:
        state = (state * _FACTOR + _SUMMAND) % (1 << _BITS)
        yield (state >> _DROPPED) / _ONE - 1
