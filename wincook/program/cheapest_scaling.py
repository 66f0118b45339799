"""The gauge in which the transforms of data multiply least.

Row k of BT may be scaled by t_k and column k of AT by u_k, if row k of G makes up for both with 1/(t_k u_k). G runs
once per filter, BT and AT once per tile: so their constants are made ±1, or else dyadic, and G takes what remains. A
step of the search divides all rows that agree up to signs and scale by one of their entries, or changes the sign of one
row; it stays if the program of the matrix gets cheaper.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import cast

import sympy

from wincook.arguments import instance
from wincook.bilinear import BilinearAlgorithm, Transforms
from wincook.construct.rescale.named import rescale
from wincook.construct.subject import Subject, algorithm_of
from wincook.program.cost import cost
from wincook.program.ir import Fma, Mul, Program
from wincook.program.linear_forms import Matrix
from wincook.program.passes.factor import is_dyadic
from wincook.program.programs import exact, program_of
from wincook.program.style import BALANCED, Style

Rows = tuple[tuple[Fraction, ...], ...]
Scales = dict[int, Fraction]  # by row


def cheapest_scaling(algorithm: Subject, style: Style = BALANCED) -> BilinearAlgorithm:
    """Scale the rows of BT and the columns of AT so that their programs cost least.

    An operation with a constant that is not dyadic, and must be rounded, counts twice. Axes with factored or
    irrational matrices stay as they are.

    >>> from wincook.construct import algorithm
    >>> from wincook.construct.rescale.named import balance
    >>> balanced = balance(algorithm("F(4,3)", "0, ±1, ±2, ∞"))
    >>> print(balanced.axes[0].BT.row(0), cheapest_scaling(balanced).axes[0].BT.row(0))
    Matrix([[1/2, 0, -5/8, 0, 1/8, 0]]) Matrix([[1, 0, -5/4, 0, 1/4, 0]])
    """
    algorithm, style = algorithm_of(algorithm), instance("style", style, Style, "make it with Style('additions')")
    return replace(algorithm, axes=tuple(_cheapest(axis, style) for axis in algorithm.axes))


def _cheapest(axis: Transforms, style: Style) -> Transforms:
    if axis.BT_factors or axis.AT_factors or not all(c.is_Rational for c in [*axis.BT, *axis.AT]):
        return axis
    rows = _descend(_fractions(axis.BT), lambda BT: _price(program_of(BT, "d", "V", style)))
    columns = _descend(
        _fractions(axis.AT.T), lambda A: _price(program_of(tuple(zip(*A, strict=True)), "M", "y", style))
    )
    filter_scales = [sympy.sympify(1 / (rows[k] * columns[k])) for k in range(axis.multiplications)]
    return rescale(axis, filter_scales, [sympy.sympify(rows[k]) for k in range(axis.multiplications)])


def _descend(matrix: Rows, price: Callable[[Matrix], tuple[int, int]]) -> Scales:
    """Scales of the rows that no step makes cheaper."""
    scales: Scales = {k: Fraction(1) for k in range(len(matrix))}
    best, improved = price(matrix), True
    while improved:
        improved = False
        for step in _steps(matrix):
            tried = scales | {k: scale if scale > 0 else -scales[k] for k, scale in step.items()}
            scaled = tuple(tuple(tried[k] * c for c in row) for k, row in enumerate(matrix))
            if (tried_price := price(scaled)) < best:
                scales, best, improved = tried, tried_price, True
    return scales


def _steps(matrix: Rows) -> list[Scales]:
    """One new scale for each row of a class that agrees up to signs and scale; -1 for a change of sign."""
    classes: dict[tuple[Fraction, ...], list[int]] = defaultdict(list)
    for k, row in enumerate(matrix):
        first = next((c for c in row if c), Fraction(1))
        classes[tuple(abs(c / first) for c in row)].append(k)
    places = range(len(matrix[0]))
    divided = [
        {k: 1 / abs(matrix[k][j]) for k in rows} for rows in classes.values() for j in places if matrix[rows[0]][j]
    ]
    return [*divided, *({k: Fraction(-1)} for k in range(len(matrix)))]


def _fractions(matrix: sympy.ImmutableMatrix) -> Rows:
    """A rational matrix, whose entries leave sympy as fractions."""
    return cast("Rows", exact(matrix))


def _price(program: Program) -> tuple[int, int]:
    """Operations, of which those with a constant that must be rounded count twice; then all constants that are used."""
    used = [op.constant for op in program.ops if isinstance(op, (Mul, Fma))]
    return cost(program).operations + sum(not is_dyadic(c) for c in used), len(used)
