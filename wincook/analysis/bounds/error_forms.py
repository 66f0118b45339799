"""What every rounding rounds, and how it reaches the outputs: exact linear forms, one set per transform and axis.

An algorithm is y_i = Σ_j AT[i,j] (G g)_j (BT d)_j, with the constants that its formats hold. The value k of the
filter program is a form v_k of g; an error ε made there changes y_i by ε · Σ_j AT[i,j] gain_kj (BT d)_j, a form of d.
So does an error of the input program, with d and g exchanged; a value of the output program is a form of the
products g_s d_n, and reaches y_i by a number. Whatever cancels in these forms cancels in the error.

In more dimensions the forms of nested programs are Kronecker products, one factor per axis: of `outputs` on the axes
transformed before, of the values of the program itself, and of its inputs on the axes still to come.

Forms are float64, from exact numbers: to be rigorous, 1-norms have what float64 may have lost added (Higham, *Accuracy
and Stability of Numerical Algorithms*, 2nd ed., section 3.1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import cast

import numpy as np

from wincook.analysis.kronecker import outer
from wincook.arrays import Array
from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError
from wincook.exact.number import Algebraic, nearest
from wincook.formats import Format
from wincook.precision import Precision
from wincook.program.interpret import Rounded
from wincook.program.ir import Fma, Mul, Program
from wincook.program.linear_forms import Matrix, dense, linear_forms, linear_gains, matrix_of
from wincook.program.programs import programs_of
from wincook.proof import Kind, convolution_tensor
from wincook.tile import Tile

EXACT_BITS = 200  # to which an irrational constant stands for itself where nothing is rounded
_LOST = 2.0**-38  # more than sums of ten thousand float64 products lose, relative to their magnitudes


@dataclass(frozen=True, slots=True, eq=False)
class Roundings:
    """One program along one axis.

    `forms` has the shape (values, variables of what is transformed), inputs first; `reach` (m, values, variables of
    the other factor), `unit` (m, outputs, variables of the other factor) for errors made after the program. `norms`,
    `reached` and `unit_reached` are the 1-norms over the last axis, rounded up. The variables of an output program are
    the products g_s d_n of so many `taps`, n fastest; no other factor is left.
    """

    program: Program
    forms: Array
    reach: Array
    unit: Array
    norms: Array
    reached: Array
    unit_reached: Array
    taps: int

    @property
    def inputs(self) -> int:
        """How many values the program reads."""
        return self.program.inputs


@dataclass(frozen=True, slots=True, eq=False)
class Structure:
    """The programs of an algorithm, axis by axis, and how far their exact product is from the convolution.

    `computed` and `wanted` are the tensors Σ_j AT[i,j] G[j,s] BT[j,n] of each axis, with the constants held and as they
    should be, and `difference` is what constants that are not held exactly change, rounded once.
    """

    filter: tuple[Roundings, ...]
    input: tuple[Roundings, ...]
    output: tuple[Roundings, ...]
    computed: tuple[Array, ...]
    wanted: tuple[Array, ...]
    difference: tuple[Array, ...]

    @property
    def inexact(self) -> Array:
        """The 1-norm of the difference over all axes, or more: shape of the outputs."""
        computed, wanted, difference = (
            [np.abs(tensor).sum((1, 2)) for tensor in tensors]
            for tensors in (self.computed, self.wanted, self.difference)
        )
        axes = range(len(computed))
        total: Array = np.sum([outer([*computed[:a], difference[a], *wanted[a + 1 :]]) for a in axes], axis=0)
        return total


@lru_cache(maxsize=256)
def structure(algorithm: BilinearAlgorithm, precision: Precision) -> Structure:
    """All forms of an algorithm, with the constants that the formats of its stages hold.

    Raises:
        AlgorithmError: matrices modulo a prime, which no rounding touches.
        FormatError: a constant that its format cannot hold.
    """
    if algorithm.modulus:
        raise AlgorithmError(f"{algorithm.name} is exact: only algorithms of real numbers have rounding errors")
    programs = programs_of(algorithm)
    tiles = (algorithm.tile,) if algorithm.joint else algorithm.tile.axes
    stages: list[tuple[Roundings, Roundings, Roundings]] = []
    tensors: list[tuple[Array, Array, Array]] = []
    for tile, *along in zip(tiles, programs.filter, programs.input, programs.output, strict=True):
        formats = (precision.filter, precision.input, precision.output)
        held = [_held(program, fmt) for program, fmt in zip(along, formats, strict=True)]
        G, BT, AT = (matrix_of(program) for program in held)
        stages.append(_of_axis(held, G, BT, AT))
        tensors.append(_tensors(tile, algorithm.kind, G, BT, AT))
    filters, inputs, outputs = zip(*stages, strict=True)
    return Structure(filters, inputs, outputs, *zip(*tensors, strict=True))


def outputs_of(algorithm: BilinearAlgorithm) -> tuple[int, ...]:
    """The shape of y for one tile."""
    tile = algorithm.tile
    return tile.inputs if algorithm.kind == "linear convolution" else tile.outputs


def _held(program: Program, fmt: Format) -> Program:
    """The program with the constants of a format."""

    def constant(op: Mul | Fma) -> Fraction:
        if isinstance(op.constant, Algebraic) and fmt.is_exact:
            return op.constant.enclosure(EXACT_BITS)[0]
        Rounded(fmt).constant(op.constant)  # refuses fractions where there are only integers
        return nearest(op.constant, fmt)

    ops = (replace(op, constant=constant(op)) if isinstance(op, (Mul, Fma)) else op for op in program.ops)
    return replace(program, ops=tuple(ops))


def _of_axis(held: list[Program], G: Matrix, BT: Matrix, AT: Matrix) -> tuple[Roundings, Roundings, Roundings]:
    filters, inputs, outputs = held
    g_rows, d_rows, weights = (np.array(matrix, dtype=np.float64) for matrix in (G, BT, AT))
    pairs = (g_rows[:, :, None] * d_rows[:, None, :]).reshape(len(g_rows), -1)
    no_factor, taps = np.ones((len(weights), 1)), filters.inputs
    return (
        _roundings(filters, np.eye(taps), weights, d_rows, taps),
        _roundings(inputs, np.eye(inputs.inputs), weights, g_rows, taps),
        _roundings(outputs, pairs, np.eye(len(weights)), no_factor, taps),
    )


def _roundings(program: Program, variables: Array, weights: Array, other: Array, taps: int) -> Roundings:
    forms = dense(linear_forms(program), program.inputs)
    gains = dense(linear_gains(program), len(program.outputs))
    values = forms @ variables
    reach = (weights[:, None, :] * gains) @ other
    unit = weights[:, :, None] * other
    return Roundings(
        program=program,
        forms=values,
        reach=reach,
        unit=unit,
        norms=_norms(values, np.abs(forms) @ np.abs(variables)),
        reached=_norms(reach, (np.abs(weights)[:, None, :] * np.abs(gains)) @ np.abs(other)),
        unit_reached=_norms(unit, np.abs(unit)),
        taps=taps,
    )


def _norms(values: Array, magnitudes: Array) -> Array:
    total: Array = np.abs(values).sum(-1) + _LOST * magnitudes.sum(-1)
    return total


def _tensors(tile: Tile, kind: Kind, G: Matrix, BT: Matrix, AT: Matrix) -> tuple[Array, Array, Array]:
    """Computed, wanted, and computed - wanted, subtracted before anything is rounded."""
    (a, a_scale), (g, g_scale), (b, b_scale) = map(_integers, (AT, G, BT))
    scale = a_scale * g_scale * b_scale
    ones = convolution_tensor(tile, kind).astype(object)
    computed = ((a[:, None, :] * g.T).reshape(-1, len(g)) @ b).reshape(ones.shape)
    to_float = np.frompyfunc(lambda value: int(value) / scale, 1, 1)
    wrong = computed - ones * scale
    return to_float(computed).astype(np.float64), ones.astype(np.float64), to_float(wrong).astype(np.float64)


def _integers(matrix: Matrix) -> tuple[Array, int]:
    """The matrix of a held program, whose entries are fractions, as whole multiples of one over a scale."""
    fractions = cast("tuple[tuple[Fraction, ...], ...]", matrix)
    scale = lcm(*(entry.denominator for row in fractions for entry in row))
    return np.array([[int(entry * scale) for entry in row] for row in fractions], dtype=object), scale
