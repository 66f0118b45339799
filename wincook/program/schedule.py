"""From an algorithm to the programs that run: one chain of passes, each step proven.

matrix → dot products → ± columns → ± rows → common factors → operations. After each step the result is
interpreted symbolically and must equal the matrix; a pass that breaks a transform cannot go unseen.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod

import sympy

from wincook.bilinear import BilinearAlgorithm
from wincook.errors import AlgorithmError
from wincook.expression import text
from wincook.number import number_of
from wincook.program.compose import then
from wincook.program.cost import cost
from wincook.program.interpret import Matrix, matrix_of
from wincook.program.ir import Program
from wincook.program.passes.columns import share_columns
from wincook.program.passes.expand import expand
from wincook.program.passes.factor import factor
from wincook.program.passes.rows import share_rows
from wincook.program.sums import dot_products, matrix_of_sums
from wincook.transforms import Factors, in_one_field

PASSES = {"share ± columns": share_columns, "share ± rows": share_rows, "factor": factor}


@dataclass(frozen=True, slots=True)
class Schedule:
    """The programs of an algorithm, one per set: `filter` (U = G g), `input` (V = BT d), `output` (y = AT M)."""

    filter: tuple[Program, ...]
    input: tuple[Program, ...]
    output: tuple[Program, ...]


@lru_cache(maxsize=256)
def schedule(algorithm: BilinearAlgorithm) -> Schedule:
    """The proven programs of every transform of an algorithm."""
    return Schedule(
        filter=tuple(program_of_factors(axis.G_factors or (axis.G,), "g", "U") for axis in algorithm.axes),
        input=tuple(program_of_factors(axis.BT_factors or (axis.BT,), "d", "V") for axis in algorithm.axes),
        output=tuple(program_of_factors(axis.AT_factors or (axis.AT,), "M", "y") for axis in algorithm.axes),
    )


def sizes(programs: tuple[Program, ...]) -> tuple[int, ...]:
    """How many numbers each program reads: the shape of what they transform, one axis for a joint set."""
    return tuple(program.inputs for program in programs)


def program_of_factors(factors: Factors, source: str, target: str) -> Program:
    """Straight-line code for a product of matrices: one after the other, from the right."""
    *rest, first = (exact(matrix) for matrix in factors)
    program = program_of(first, source, target)
    for matrix in reversed(rest):
        program = then(program, program_of(matrix, source, target))
    return program


def program_of(matrix: Matrix, source: str, target: str) -> Program:
    """Straight-line code for a matrix.

    Raises:
        AlgorithmError: a pass changed the transform (a defect of wincook; nothing wrong can run).
    """
    sums = dot_products(matrix)
    for name, rewrite in PASSES.items():
        sums = rewrite(sums)
        _prove(matrix_of_sums(sums), matrix, name)
    program = expand(sums, source, target)
    _prove(matrix_of(program), matrix, "expand")
    return program


def exact(matrix: sympy.ImmutableMatrix) -> Matrix:
    """Leave sympy: the same matrix in Python's fractions, or in real algebraic numbers.

    Raises:
        AlgorithmError: an entry is no real number, or a symbol.
    """
    rows = matrix.tolist()
    if all(entry.is_Rational for row in rows for entry in row):
        return tuple(tuple(Fraction(int(entry.p), int(entry.q)) for entry in row) for row in rows)
    for entry in matrix:
        if not (entry.is_real and entry.is_algebraic):
            raise AlgorithmError(f"programs need exact real numbers, not {text(entry)}; at(a=1) sets a symbol")
    field = in_one_field(matrix)[0].domain
    return tuple(tuple(number_of(entry, field) for entry in row) for row in rows)


def operations_per_tile(programs: tuple[Program, ...]) -> int:
    """Operations when the programs run along their axes in turn, the first axis first."""
    total, shape = 0, [program.inputs for program in programs]
    for axis, program in enumerate(programs):
        shape[axis] = len(program.outputs)
        total += cost(program).operations * prod(shape[:axis] + shape[axis + 1 :])
    return total


def _prove(obtained: Matrix, wanted: Matrix, step: str) -> None:
    if obtained != wanted:
        raise AlgorithmError(f"the pass {step!r} changed the transform; this is a defect of wincook")
