"""The values that a convolution reads, and the real numbers that integers among them stand for.

    real = (integer - zero) · scale        integer = clip(round(real / scale) + zero)

QLinearConv has scales and zero points of x, of its weights and of y, those of weights one for each filter or one for
all, and a bias in steps of both scales; ConvInteger has zero points alone, and its sums are its outputs
(https://onnx.ai/onnx/operators/onnx__QLinearConv.html, https://onnx.ai/onnx/operators/onnx__ConvInteger.html). A Conv
of real numbers may stand between DequantizeLinear and QuantizeLinear, which have the scales and zero points of x and y.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from typing import Any

import numpy as np

from wincook.arrays import Array
from wincook.quantisation import Affine

CONV, TRANSPOSED, QUANTISED, INTEGER = "Conv", "ConvTranspose", "QLinearConv", "ConvInteger"
EXACT_SUMS = 1 << 24
"""Whole numbers of float32 below this are exact, and so is any sum of them that stays below."""

_REAL = ("x", "weights", "bias")
INPUTS: dict[str, tuple[str, ...]] = {
    CONV: _REAL,
    TRANSPOSED: _REAL,
    QUANTISED: ("x", "x_scale", "x_zero", "weights", "w_scale", "w_zero", "y_scale", "y_zero", "bias"),
    INTEGER: ("x", "weights", "x_zero", "w_zero"),
}
"""The operators that are convolutions, and what they read in order."""

_LARGEST_DIFFERENCE = 255  # of two numbers of uint8, or of int8

Value = Callable[[str], Any]
"""A value by its name."""


@dataclass(frozen=True, slots=True)
class Operands:
    """The names of values; empty for those that a node has not."""

    x: str
    weights: str = ""
    bias: str = ""
    x_scale: str = ""
    x_zero: str = ""
    w_scale: str = ""
    w_zero: str = ""
    y_scale: str = ""
    y_zero: str = ""

    @classmethod
    def of(cls, node: Any) -> Operands:
        """Those of a convolution of one of four kinds."""
        return cls(**_named(INPUTS[node.op_type], node))

    def between(self, before: Any, after: Any) -> Operands:
        """The same with x as a DequantizeLinear reads it, and y as a QuantizeLinear gives it; None for no such node."""
        names = dict[str, str]()
        if before is not None:
            names |= _named(("x", "x_scale", "x_zero"), before)
        if after is not None:
            names |= {"y_scale": after.input[1], "y_zero": after.input[2]}
        return replace(self, **names)

    @property
    def names(self) -> tuple[str, ...]:
        """All of them, those that are empty too."""
        return astuple(self)

    @property
    def kept(self) -> tuple[str, ...]:
        """Those that a kernel keeps with its weights."""
        return tuple(filter(None, (self.weights, self.bias, self.w_scale, self.w_zero)))

    @property
    def around(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """The scales and zero points of x and of y."""
        return (self.x_scale, self.x_zero), (self.y_scale, self.y_zero)

    @staticmethod
    def affine(value: Value, scale: str, zero: str) -> Affine | None:
        """A scale and a zero point by their names; None where there is neither.

        Raises:
            DataError: a scale that is zero, negative or not finite.
        """
        if not scale and not zero:
            return None
        step, point = np.asarray(value(scale) if scale else 1), np.asarray(value(zero) if zero else 0)
        return Affine(float(step.reshape(())), int(point.reshape(())))

    def image(self, value: Value) -> Array:
        """x in real numbers."""
        x, of_x = np.asarray(value(self.x)), self.affine(value, *self.around[0])
        return x if of_x is None else of_x.real(x)

    def filters(self, value: Value) -> tuple[Array, Array | None]:
        """Weights and bias in real numbers."""
        weights, bias = np.asarray(value(self.weights)), np.asarray(value(self.bias)) if self.bias else None
        if weights.dtype.kind == "f":
            return weights, bias
        scale, zero = np.asarray(value(self.w_scale) if self.w_scale else 1), value(self.w_zero) if self.w_zero else 0
        if bias is not None:  # in steps of the products
            step = np.asarray(value(self.x_scale)).astype(np.float64) * scale
            bias = (bias * step).astype(np.float32)
        column = (-1, *(1,) * (weights.ndim - 1))
        differences = weights.astype(np.float32) - np.asarray(zero, np.float32).reshape(column)
        return differences * scale.astype(np.float32).reshape(column), bias

    def output(self, value: Value, y: Array) -> Array:
        """y as the nodes of a convolution give it, of real numbers."""
        of_y = self.affine(value, *self.around[1])
        return y if of_y is None else of_y.quantised(y, np.asarray(value(self.y_zero)).dtype.name)


def are_exact(weights: Array) -> bool:
    """Whether all sums of a layer with such weights, (K, ...) and whole, and any integers x, are exact in float32."""
    return bool(_LARGEST_DIFFERENCE * np.abs(weights).reshape(len(weights), -1).sum(1).max(initial=0) < EXACT_SUMS)


def _named(names: tuple[str, ...], node: Any) -> dict[str, str]:
    """The inputs of a node, as far as it has some, by names in order."""
    number = min(len(names), len(node.input))
    return dict(zip(names[:number], node.input[:number], strict=True))
