"""Gauge freedom: the same algorithm with its factors moved between AT, G and BT.

For any s_k, t_k ≠ 0, AT diag(1/(s_k t_k)), diag(s_k) G and diag(t_k) BT compute the same convolution. Which is best
depends on the arithmetic: in float32 nearly nothing changes, in float16 it decides about overflow and underflow. Powers
of two scale without rounding (Higham, *Accuracy and Stability of Numerical Algorithms*, 2nd ed., section 2.1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import sympy

from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.errors import AlgorithmError


def rescale(axis: Transforms, filter_scales: Sequence[sympy.Expr], input_scales: Sequence[sympy.Expr]) -> Transforms:
    """Multiply row k of G by filter_scales[k] and row k of BT by input_scales[k]; column k of AT makes up for both.

    Raises:
        AlgorithmError: a scale is zero, or there is not one for every product.
    """
    scales = [sympy.sympify(f) * sympy.sympify(i) for f, i in zip(filter_scales, input_scales, strict=False)]
    if not len(filter_scales) == len(input_scales) == axis.multiplications or not all(scales):
        raise AlgorithmError(f"give {axis.multiplications} scales for G and for BT, none of them zero")
    return Transforms(
        AT=sympy.ImmutableMatrix(axis.AT.rows, axis.AT.cols, lambda i, k: axis.AT[i, k] / scales[k]),
        G=sympy.ImmutableMatrix(axis.G.rows, axis.G.cols, lambda k, j: axis.G[k, j] * filter_scales[k]),
        BT=sympy.ImmutableMatrix(axis.BT.rows, axis.BT.cols, lambda k, j: axis.BT[k, j] * input_scales[k]),
    )


def balance(algorithm: BilinearAlgorithm) -> BilinearAlgorithm:
    """Scale every row of G and BT by a power of two, to a Euclidean norm between 1/√2 and √2.

    Transformed inputs and filters then have the size of the data themselves, so that narrow formats neither overflow
    nor underflow; AT, which is applied last, carries the sizes.

    >>> from wincook.construct import algorithm
    >>> print(
    ...     balance(algorithm("F(2,3)")).axes[0].G.row(1), balance(algorithm("F(4,3)", "0,±1,±2,∞")).axes[0].BT.row(0)
    ... )
    Matrix([[1/2, 1/2, 1/2]]) Matrix([[1/2, 0, -5/8, 0, 1/8, 0]])
    """
    axes = (
        rescale(
            axis,
            [_power_of_two(axis.G.row(k)) for k in range(axis.multiplications)],
            [_power_of_two(axis.BT.row(k)) for k in range(axis.multiplications)],
        )
        for axis in algorithm.axes
    )
    return replace(algorithm, axes=tuple(axes))


def _power_of_two(row: sympy.ImmutableMatrix) -> sympy.Expr:
    """The power of two nearest, in ratio, to one over the norm of a row; 1 for a row of zeros."""
    square = sum(entry**2 for entry in row)
    if not square:
        return sympy.Integer(1)
    # The exponent e with 2^(2e - 1) <= square < 2^(2e + 1), in whole numbers.
    p, q = int(square.p), int(square.q)
    exponent = (p.bit_length() - q.bit_length()) // 2
    while 2 * p >= q * _square_of_two(exponent + 1):
        exponent += 1
    while 2 * p < q * _square_of_two(exponent):
        exponent -= 1
    return sympy.Integer(2) ** -exponent


def _square_of_two(exponent: int) -> sympy.Expr:
    return sympy.Integer(4) ** exponent
