"""Linear transforms as weighted sums: what the passes rewrite before operations are chosen.

`Sums` is a program whose operations are n-ary: each value is Σ coefficient · earlier value. The matrix itself is
the first such program (one dot product per row); passes share partial sums; `expand` turns the rest into
additions, multiplications and fmas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wincook.exact.number import Number
from wincook.program.ir import Program, Terms, terms
from wincook.program.linear_forms import Matrix, accumulated, rows_of


@dataclass(frozen=True, slots=True)
class Sums:
    """Values 0..inputs-1 are the inputs; value inputs+i is the sum `sums[i]` of (value, coefficient) terms."""

    inputs: int
    sums: tuple[Terms, ...]
    outputs: tuple[int, ...]


def dot_products(matrix: Matrix) -> Sums:
    """One sum per row, its terms in the order of the columns."""
    inputs = len(matrix[0])
    sums = tuple(tuple((j, c) for j, c in enumerate(row) if c) for row in matrix)
    return Sums(inputs, sums, tuple(range(inputs, inputs + len(matrix))))


def sums_of(program: Program) -> Sums:
    """The operations of a program as sums of one or two terms."""
    return Sums(program.inputs, tuple(map(terms, program.ops)), program.outputs)


def matrix_of_sums(sums: Sums) -> Matrix:
    """The exact matrix that the sums apply."""
    forms = accumulated(sums.inputs, sums.sums)
    return rows_of([forms[output] for output in sums.outputs], sums.inputs)


def depths(sums: Sums) -> list[int]:
    """For each value the sums on the longest way to it: 0 for an input, 1 for a sum of inputs."""
    levels = [0] * sums.inputs
    for row in sums.sums:
        levels.append(1 + max((levels[value] for value, _ in row), default=0))
    return levels


def reorder(inputs: int, sums: Mapping[int, Terms], outputs: Sequence[int]) -> Sums:
    """Number sums so that each stands after all that it reads, and drop those that nothing reads.

    Args:
        inputs: how many inputs there are.
        sums: the sums by any names not below `inputs`.
        outputs: the names of the outputs.
    """
    number: dict[int, int] = {value: value for value in range(inputs)}
    ordered: list[Terms] = []

    def place(name: int) -> int:
        if name not in number:
            summands = tuple((place(value), c) for value, c in sums[name])
            number[name] = inputs + len(ordered)
            ordered.append(summands)
        return number[name]

    placed = tuple(place(output) for output in outputs)
    return Sums(inputs, tuple(ordered), placed)


def without_copies(sums: Sums) -> Sums:
    """Let what reads a sum of one term read that term itself; outputs that are multiples of a value remain."""
    term: dict[int, tuple[int, Number]] = {value: (value, Fraction(1)) for value in range(sums.inputs)}
    rows: dict[int, Terms] = {}
    for name, summands in enumerate(sums.sums, start=sums.inputs):
        row: dict[int, Number] = {}
        for value, c in summands:
            source, factor = term[value]
            row[source] = row.get(source, Fraction(0)) + c * factor
        rows[name] = tuple((value, c) for value, c in row.items() if c)
        term[name] = rows[name][0] if len(rows[name]) == 1 else (name, Fraction(1))
    outputs = [term[output][0] if term[output][1] == 1 else output for output in sums.outputs]
    return reorder(sums.inputs, rows, outputs)
