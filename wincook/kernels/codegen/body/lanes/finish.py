"""What follows the output transform, on vectors: bias, scale, residual, activation, pooling, in this order.

A residual of 8 bits is added as the real numbers that it stands for: less its zero point, times its scale. Where y
has 8 bits, it is multiplied by the inverse of its scale in the end, and its zero point is added: floats of a size at
which there are no fractions round the sum once, ties to even. It stays a float, a whole number within the range of y.

The steps of the activation and of the pooling are those of `wincook.epilogue`, which also says what each kind means.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from wincook.kernels.codegen.body.constants import (
    ACTIVATION,
    FORMAT,
    LANES,
    POOLING,
    RESIDUAL,
    RESIDUAL_FORMAT,
    SCALED,
    X_FORMAT,
    Y_FORMAT,
)
from wincook.kernels.codegen.body.lanes.vectors import INTEGERS, VECTOR, at, constant, fma

Read = Callable[[ir.IRBuilder, ir.Value], ir.Value]

SIDE = 2 if POOLING else 1  # of the squares of outputs that become one
FRACTION_BITS, BITS_OF_ONE = 23, 0x3F800000  # of float32
LIMITS = {"uint8": (0, 255), "int8": (-128, 127)}.get(Y_FORMAT)  # of y, if it has 8 bits
WITHOUT_FRACTIONS = 3 << 22  # a float of this size, and its neighbours
GIVEN_ROWS = 3 if SCALED else 1  # for each filter: its bias, its scale and its shift
ROWS_OF_Y = 2 if LIMITS else 0  # and 1 / scale of y, and its zero point, with WITHOUT_FRACTIONS
ROWS_OF_RESIDUAL = 2 if RESIDUAL and RESIDUAL_FORMAT in {"uint8", "int8"} else 0  # and its scale and zero point
ROWS_OF_X = 1 if FORMAT == "float32" and X_FORMAT in {"uint8", "int8"} else 0  # the zero point of x: behind all others
FILTER_ROWS = GIVEN_ROWS + ROWS_OF_Y + ROWS_OF_RESIDUAL + ROWS_OF_X


def numbers_of_filters(builder: ir.IRBuilder, bias: ir.Value, apart: ir.Value, read: Read) -> list[ir.Value]:
    """The bias, and the scale and shift if there are any, whose rows are so many floats apart.

    `read` reads what stands at a place as a vector: one number for each lane, or one for all.
    """
    return [
        read(builder, at(builder, bias, builder.mul(apart, apart.type(row)))) for row in range(FILTER_ROWS - ROWS_OF_X)
    ]


def finished(
    builder: ir.IRBuilder, vector: ir.Value, of_filters: list[ir.Value], residual: ir.Value | None = None
) -> ir.Value:
    """One vector of outputs, all but pooled; a residual comes as its elements are, as floats."""
    vector = builder.fadd(vector, of_filters[0])
    if SCALED:
        vector = builder.fadd(builder.fmul(vector, of_filters[1]), of_filters[2])
    if residual is not None:
        if ROWS_OF_RESIDUAL:
            scale, zero_point = of_filters[GIVEN_ROWS + ROWS_OF_Y :][:ROWS_OF_RESIDUAL]
            residual = builder.fmul(builder.fsub(residual, zero_point), scale)
        vector = builder.fadd(vector, residual)
    return run_steps(builder, ACTIVATION, [vector])


def requantised(builder: ir.IRBuilder, vector: ir.Value, of_filters: list[ir.Value]) -> ir.Value:
    """Outputs, pooled and all, as the whole numbers that y is to have; as they are where y has floats."""
    if LIMITS is None:
        return vector
    lifted = fma(builder, vector, *of_filters[GIVEN_ROWS : GIVEN_ROWS + ROWS_OF_Y])
    low, high = (constant(WITHOUT_FRACTIONS + limit) for limit in LIMITS)
    lifted = builder.select(builder.fcmp_ordered(">", lifted, low), lifted, low)
    lifted = builder.select(builder.fcmp_ordered("<", lifted, high), lifted, high)
    return builder.fsub(lifted, constant(WITHOUT_FRACTIONS))


def pooled(builder: ir.IRBuilder, rows: list[list[ir.Value]]) -> list[ir.Value]:
    """SIDE rows of outputs as one."""
    if not POOLING:
        return rows[0]
    return [
        run_steps(builder, POOLING, [row[j + k] for row in rows for k in range(SIDE)])
        for j in range(0, len(rows[0]), SIDE)
    ]


def run_steps(builder: ir.IRBuilder, steps: Any, inputs: list[ir.Value]) -> ir.Value:
    """The last value of a list of steps."""
    values = list(inputs)
    for kind, *operands in steps:
        vectors = [values[a] if isinstance(a, int) else constant(a) for a in operands]
        values.append(_step(builder, kind, operands, vectors))
    return values[-1]


def _step(builder: ir.IRBuilder, kind: str, operands: Any, vectors: list[ir.Value]) -> ir.Value:
    if kind in {"add", "sub", "mul", "div"}:
        return getattr(builder, f"f{kind}")(*vectors)
    if kind == "where":
        return builder.select(builder.fcmp_ordered("<", *vectors[:2]), *vectors[2:])
    if kind == "power":
        shifted = builder.shl(builder.bitcast(vectors[0], INTEGERS), INTEGERS([FRACTION_BITS] * LANES))
        return builder.bitcast(builder.add(shifted, INTEGERS([BITS_OF_ONE] * LANES)), VECTOR)
    a, b = vectors
    is_beyond = builder.fcmp_ordered({"max": "<", "min": ">"}[kind], a, b)
    if isinstance(operands[1], int):  # a constant is no NaN
        is_beyond = builder.or_(is_beyond, builder.fcmp_unordered("uno", b, b))
    return builder.select(is_beyond, b, a)
