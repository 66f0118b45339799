"""Linear transforms as weighted sums: what the passes rewrite before operations are chosen.

`Sums` is a program whose operations are n-ary: each value is Σ coefficient · earlier value. The matrix itself is
the first such program (one dot product per row); passes share partial sums; `expand` turns the rest into
additions, multiplications and fmas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wincook.number import Number
from wincook.program.interpret import Matrix

Terms = tuple[tuple[int, Number], ...]


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


def matrix_of_sums(sums: Sums) -> Matrix:
    """The exact matrix that the sums apply."""
    rows: list[list[Number]] = [[Fraction(int(i == j)) for j in range(sums.inputs)] for i in range(sums.inputs)]
    for terms in sums.sums:
        rows.append([sum((c * rows[value][j] for value, c in terms), Fraction(0)) for j in range(sums.inputs)])
    return tuple(tuple(rows[output]) for output in sums.outputs)


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
            terms = tuple((place(value), c) for value, c in sums[name])
            number[name] = inputs + len(ordered)
            ordered.append(terms)
        return number[name]

    placed = tuple(place(output) for output in outputs)
    return Sums(inputs, tuple(ordered), placed)
