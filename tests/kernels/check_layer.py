"""The check of a random layer: its kernel against sums of products in float64, and what lies around its output."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import Any

import numpy as np
from scipy.special import erf, expit

import wincook as wc
from tests.kernels.random_layers import Case
from wincook import direct
from wincook.arrays import Array
from wincook.kernels.plans.formats import ElementFormat, dtype_of
from wincook.quantisation.affine import KINDS, Affine

TOLERANCE = 1e-5  # of the largest sum of |x| |w|
UNTOUCHED = 99
IN_8_BITS = {"uint8": Affine(0.03, 40), "int8": Affine(0.02, -9)}
ROUNDED = {"float32": 0.0, "bfloat16": 2.0**-8, "float16": 2.0**-11}  # what y loses, over y
ACTIVATIONS: dict[str, Callable[[Array], Array]] = {
    "relu": lambda y: np.maximum(y, 0),
    "relu6": lambda y: np.clip(y, 0, 6),
    "leaky(0.1)": lambda y: np.where(y < 0, 0.1 * y, y),
    "clamp(-1, 2)": lambda y: np.clip(y, -1, 2),
    "silu": lambda y: y * expit(y),
    "gelu": lambda y: y * (1 + erf(y / np.sqrt(2))) / 2,
}
POOLS: dict[str, Callable[..., Array]] = {"max": np.max, "average": np.mean}


class Call:
    """A kernel with the arrays of a case, all made from its seed."""

    def __init__(self, case: Case, threads: int) -> None:
        kind, layer = case.kind, case.layer
        rng = np.random.default_rng(case.seed)
        self.case, self.epilogue = case, kind.epilogue
        self.kernel = wc.compile(layer, kind.algorithm, threads=threads, **kind.settings)
        self.x = _elements(rng, layer.input_shape, kind.x, case.dtype)
        self.weights = _values(rng, layer.weight_shape, "float32")
        per_filter = (layer.filters,)
        self.bias = _values(rng, per_filter, "float32") if case.has_bias else None
        scaled = ("scale", "shift") if self.epilogue.scale else ()
        self.of_filters: dict[str, Any] = {name: _values(rng, per_filter, "float32") for name in scaled}
        self.residual = _values(rng, layer.output_shape, "float32") if self.epilogue.residual else None
        self.packed = self.pack(self.weights)

    def pack(self, weights: Array) -> Any:
        """Weights, packed with all that this call has for them."""
        kind = self.case.kind
        of_elements: dict[str, Any] = {"x": IN_8_BITS.get(kind.x), "y": IN_8_BITS.get(kind.y)}
        return self.kernel.pack(weights, self.bias, **of_elements, **self.of_filters)

    def run(self) -> Array:
        """The output; what surrounds it is seen to be as it was."""
        case, kernel = self.case, self.kernel
        x = _part_of(self.x, case.layer.layout, np.nan) if case.x_is_part and self.x.dtype.kind not in "iu" else self.x
        workspace = kernel.workspace() if case.gives_workspace else None
        settings: dict[str, Any] = {"residual": self.residual, "workspace": workspace}
        if not case.out_is_part:
            return kernel(x, self.packed, **settings)
        out = _part_of(np.zeros(kernel.plan.output_shape, dtype_of(case.kind.y)), case.layer.layout, UNTOUCHED)
        around = out.base
        assert around is not None
        kernel(x, self.packed, out, **settings)
        result = out.copy()
        out[...] = UNTOUCHED
        assert (around == UNTOUCHED).all(), "the kernel wrote beside its output"
        return result

    def exact(self) -> tuple[Array, float]:
        """The output in float64, and the largest sum of magnitudes that rounding errors are to be seen against."""
        x = _real(self.x, self.case.kind.x)
        y, layer = self._convolution(x, self.weights), self.case.layer
        reach = float(self._convolution(np.abs(x), np.abs(self.weights)).max(initial=0))
        column = (-1, *(1,) * layer.dimension)
        if self.bias is not None:
            y = y + self.bias.reshape(column)
        for name, values in self.of_filters.items():
            y = y * values.reshape(column) if name == "scale" else y + values.reshape(column)
        if self.residual is not None:
            y = y + _channels_first(self.residual, layer)
        if self.epilogue.activation is not None:
            y = ACTIVATIONS[str(self.epilogue.activation)](y)
        if self.epilogue.pool:
            rows, columns = (size // 2 for size in y.shape[2:])
            squares = y[:, :, : 2 * rows, : 2 * columns].reshape(*y.shape[:2], rows, 2, columns, 2)
            y = POOLS[self.epilogue.pool](squares, axis=(3, 5))
        return np.moveaxis(y, 1, -1) if layer.layout == "NHWC" else y, reach + 1

    def check(self, y: Array) -> None:
        """See that an output is right: but for rounding errors, the nearest of its elements."""
        (expected, reach), name = self.exact(), self.case.kind.y
        assert y.shape == expected.shape
        atol = TOLERANCE * reach
        if name in IN_8_BITS:
            expected = np.clip(expected, *_real(np.array(KINDS[name]), name))
            atol += IN_8_BITS[name].scale / 2
        np.testing.assert_allclose(_real(y, name), expected, rtol=ROUNDED.get(name, 0.0), atol=atol)

    def _convolution(self, x: Array, weights: Array) -> Array:
        layer = self.case.layer
        steps: dict[str, Any] = {"stride": layer.strides, "dilation": [axis.dilation for axis in layer.axes]}
        steps["groups"] = layer.groups
        first = _channels_first(x, layer).astype(float)
        if layer.transposed:
            more = [axis.output_padding for axis in layer.axes]
            return direct.convolve_transposed(first, weights.astype(float), layer.pads, output_padding=more, **steps)
        return direct.convolve(first, weights.astype(float), layer.pads, padding_mode=layer.padding_mode, **steps)


def check(case: Case) -> None:
    """See that a kernel is right, and has the same bits on one thread."""
    call = Call(case, case.threads)
    y = call.run()
    call.check(y)
    if case.threads > 1:
        np.testing.assert_array_equal(Call(case, 1).run(), y)


def _elements(rng: np.random.Generator, shape: tuple[int, ...], name: ElementFormat, given: str) -> Array:
    """x of a format; what the kernel makes float32 of is given in another type."""
    if name == "float32":
        return _values(rng, shape, given)
    numbers = _values(rng, shape, "float32")
    return IN_8_BITS[name].quantised(numbers, name) if name in IN_8_BITS else numbers.astype(dtype_of(name))


def _real(elements: Array, name: str) -> Array:
    """Elements as float64."""
    numbers = elements.astype(float)
    affine = IN_8_BITS.get(name, Affine(1.0))
    return (numbers - affine.zero_point) * affine.scale


def _values(rng: np.random.Generator, shape: tuple[int, ...], dtype: str) -> Array:
    if dtype == "int8":
        return rng.integers(-1, 2, shape, np.int8)
    return rng.uniform(-1, 1, shape).astype(dtype)


def _part_of(array: Array, layout: str, around: float) -> Array:
    """The array inside a larger one, with other channels beside its own and other columns beyond them."""
    channels, columns = (1, array.ndim - 1) if layout == "NCHW" else (array.ndim - 1, array.ndim - 2)
    shape, inside = list(array.shape), [slice(None)] * array.ndim
    for axis, more in ((channels, 3), (columns, 5)):
        shape[axis] += more
        inside[axis] = slice(more // 2, more // 2 + array.shape[axis])
    larger = np.full(prod(shape), around, array.dtype).reshape(shape)
    part = larger[tuple(inside)]
    part[...] = array
    return part


def _channels_first(array: Array, layer: wc.Layer) -> Array:
    return np.moveaxis(array, -1, 1) if layer.layout == "NHWC" else array
