"""An epilogue on arrays: what kernels must agree with, bit for bit, and what ends layers that are sums of several."""

from __future__ import annotations

import numpy as np

from wincook.arrays import Array
from wincook.epilogue.epilogue import AXES, SIDE, Epilogue
from wincook.epilogue.operands import Operands
from wincook.epilogue.steps import run_steps
from wincook.errors import FormatError
from wincook.formats import Format
from wincook.program import rounding


def finish(
    epilogue: Epilogue, y: Array, operands: Operands, *, bias: Array | None = None, format: Format | str = "float32"
) -> Array:
    """y = pool(activation(scale · (y + bias) + shift + residual)), each operation rounded to the format.

    An activation is computed in the format's carrier, and rounded once.

    Args:
        epilogue: what to do.
        y: (N, K, *out), of numbers of the format.
        operands: those of the epilogue, rounded to the format first.
        bias: (K,), or nothing, which is not the same as zeros: -0 + 0 is 0.
        format: of all numbers.

    Returns:
        (N, K, *out), or (N, K, *(out // 2)) with pooling.

    Raises:
        FormatError: silu or gelu in a format that float32 does not hold: their steps are made for float32.
    """
    format = Format.of(format)
    column = (-1, *(1,) * (y.ndim - 2))

    def of_filters(values: Array) -> Array:
        return rounding.round_to(values, format).reshape(column)

    if bias is not None:
        y = rounding.add(y, of_filters(bias), format)
    if operands.scale is not None:
        y = rounding.multiply(y, of_filters(operands.scale), format)
    if operands.shift is not None:
        y = rounding.add(y, of_filters(operands.shift), format)
    if operands.residual is not None:
        y = rounding.add(y, rounding.round_to(operands.residual, format), format)
    if epilogue.steps:
        y = _activated(epilogue, y, format)
    if epilogue.pool:
        y = _pooled(epilogue, y, format)
    return y


def _activated(epilogue: Epilogue, y: Array, format: Format) -> Array:
    if any(step[0] == "power" for step in epilogue.steps) and rounding.carrier(format) != np.float32:
        raise FormatError(f"{epilogue.activation} is made for float32 and formats within it, not for {format}")
    return rounding.round_to(run_steps(epilogue.steps, y), format)


def _pooled(epilogue: Epilogue, y: Array, format: Format) -> Array:
    """Squares of 2×2 outputs as one; what is left over at the end of an axis is dropped."""
    rows, columns = (size - size % SIDE for size in y.shape[-AXES:])
    squares = [y[..., i:rows:SIDE, j:columns:SIDE] for i in range(SIDE) for j in range(SIDE)]
    return rounding.round_to(run_steps(epilogue.pooling, *squares), format)
