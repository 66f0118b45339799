"""Which integers around a convolution are known well enough for its kernel to read and write them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from wincook.integrations.onnx.chains.uses import Uses, is_one
from wincook.integrations.onnx.operands import QUANTISED, Operands, are_exact

_INTEGERS = (np.uint8, np.int8)
_MOST_AXES = 2  # of sums of products that are direct


def dequantiser_of(name: str, makers: Mapping[str, Any], uses: Uses) -> Any:
    """The node that makes a value of integers, if its scale and zero point are known; None for any other."""
    node = makers.get(name)
    return node if node is not None and is_one(node, "DequantizeLinear") and _has_steps(node, uses) else None


def quantiser_of(name: str, uses: Uses) -> Any:
    """The node that alone reads a value and makes integers of it, likewise."""
    node = uses.only_reader(name, "QuantizeLinear")
    return node if node is not None and _has_steps(node, uses) else None


def is_known(node: Any, uses: Uses) -> bool:
    """Whether a convolution of integers can be computed in real numbers: all but x is constant, and sums are exact.

    Those of ConvInteger are outputs, and must be; the zero point of its x may depend on x.
    """
    operands = Operands.of(node)
    if node.op_type == QUANTISED:
        return bool(operands.y_zero) and all(name in uses.constants for name in node.input[1:] if name)
    if any(name not in uses.constants for name in operands.kept):
        return False
    weights, _ = operands.filters(uses.constants.of)
    return weights.ndim - 2 <= _MOST_AXES and are_exact(weights)


def _has_steps(node: Any, uses: Uses) -> bool:
    """Whether a node makes or reads 8 bits, with a constant scale and zero point for all of them."""
    scale, zero = (uses.constant(name) for name in (*node.input, "", "")[1:3])
    if scale is None or zero is None or node.input[0] in uses.constants:
        return False
    return scale.ndim == zero.ndim == 0 and scale.dtype == np.float32 and zero.dtype in _INTEGERS
