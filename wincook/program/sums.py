"""Linear transforms as weighted sums: what the passes rewrite before operations are chosen.

`Sums` is a program whose operations are n-ary: each value is Σ coefficient · earlier value. The matrix itself is
the first such program (one dot product per row); passes share partial sums; `expand` turns the rest into
additions, multiplications and fmas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from wincook.arguments import instance, whole_number
from wincook.errors import NotationError, quoted
from wincook.exact.number import Number
from wincook.program.ir import Program, Terms, are_terms, is_value, terms
from wincook.program.linear_forms import Matrix, accumulated, exact_rows, rows_of


@dataclass(frozen=True, slots=True)
class Sums:
    """Values 0..inputs-1 are the inputs; value inputs+i is the sum `sums[i]` of (value, coefficient) terms.

    Raises:
        NotationError: no inputs, a sum or an output that reads what is not there, or a coefficient that is not exact.
    """

    inputs: int
    sums: tuple[Terms, ...]
    outputs: tuple[int, ...]

    def __post_init__(self) -> None:
        inputs = whole_number("inputs", self.inputs, error=NotationError)
        if not (isinstance(self.sums, tuple) and isinstance(self.outputs, tuple)):
            raise NotationError(f"sums and outputs must be tuples, not {quoted((self.sums, self.outputs))}")
        for value, row in enumerate(self.sums, start=inputs):
            if not are_terms(row, value):
                raise NotationError(
                    f"sum {value - inputs} = {quoted(row)} must be a tuple of pairs, each of a value from 0 to "
                    f"{value - 1} and a Fraction or an Algebraic number"
                )
        if not all(is_value(output, inputs + len(self.sums)) for output in self.outputs):
            raise NotationError(
                f"outputs {quoted(self.outputs)} must be values from 0 to {inputs + len(self.sums) - 1}"
            )

    @classmethod
    def of(cls, sums: Sums) -> Sums:
        """The sums themselves.

        Raises:
            NotationError: something else.
        """
        return instance("sums", sums, cls, "make them with wincook.program.dot_products(matrix)")

    @property
    def rows(self) -> dict[int, dict[int, Number]]:
        """By the value of each sum, the coefficients of what it reads: each value once, and none of 0."""
        rows: dict[int, dict[int, Number]] = {}
        for name, summands in enumerate(self.sums, start=self.inputs):
            row: dict[int, Number] = {}
            for value, c in summands:
                row[value] = row[value] + c if value in row else c
            rows[name] = {value: c for value, c in row.items() if c}
        return rows


def dot_products(matrix: Matrix) -> Sums:
    """One sum per row, its terms in the order of the columns.

    Raises:
        AlgorithmError: no matrix of exact numbers.
    """
    matrix = exact_rows(matrix)
    inputs = len(matrix[0])
    sums = tuple(tuple((j, c) for j, c in enumerate(row) if c) for row in matrix)
    return Sums(inputs, sums, tuple(range(inputs, inputs + len(matrix))))


def sums_of(program: Program) -> Sums:
    """The operations of a program as sums of one or two terms."""
    return Sums(program.inputs, tuple(map(terms, program.ops)), program.outputs)


def matrix_of_sums(sums: Sums) -> Matrix:
    """The exact matrix that the sums apply.

    Raises:
        NotationError: no sums.
    """
    sums = Sums.of(sums)
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
