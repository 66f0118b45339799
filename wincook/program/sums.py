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
from wincook.program.interpret import Matrix
from wincook.program.ir import Add, Fma, Mul, Neg, Op, Program, Sub

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


def sums_of(program: Program) -> Sums:
    """The operations of a program as sums of one or two terms."""
    one = Fraction(1)

    def terms(op: Op) -> Terms:
        match op:
            case Add(a, b):
                return ((a, one), (b, one))
            case Sub(a, b):
                return ((a, one), (b, -one))
            case Neg(a):
                return ((a, -one),)
            case Mul(a, constant):
                return ((a, constant),)
            case Fma(a, constant, b):
                return ((a, constant), (b, one))

    return Sums(program.inputs, tuple(map(terms, program.ops)), program.outputs)


def matrix_of_sums(sums: Sums) -> Matrix:
    """The exact matrix that the sums apply."""
    forms: list[dict[int, Number]] = [{j: Fraction(1)} for j in range(sums.inputs)]
    for terms in sums.sums:
        form: dict[int, Number] = {}
        for value, c in terms:
            for j, entry in forms[value].items():
                form[j] = form[j] + c * entry if j in form else c * entry
        forms.append(form)
    return tuple(tuple(forms[output].get(j, Fraction(0)) for j in range(sums.inputs)) for output in sums.outputs)


def depths(sums: Sums) -> list[int]:
    """For each value the sums on the longest way to it: 0 for an input, 1 for a sum of inputs."""
    found = [0] * sums.inputs
    for terms in sums.sums:
        found.append(1 + max((found[value] for value, _ in terms), default=0))
    return found


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


def without_copies(sums: Sums) -> Sums:
    """Let what reads a sum of one term read that term itself; outputs that are multiples of a value remain."""
    term: dict[int, tuple[int, Number]] = {value: (value, Fraction(1)) for value in range(sums.inputs)}
    rows: dict[int, Terms] = {}
    for name, terms in enumerate(sums.sums, start=sums.inputs):
        row: dict[int, Number] = {}
        for value, c in terms:
            source, factor = term[value]
            row[source] = row.get(source, Fraction(0)) + c * factor
        rows[name] = tuple((value, c) for value, c in row.items() if c)
        term[name] = rows[name][0] if len(rows[name]) == 1 else (name, Fraction(1))
    outputs = [term[output][0] if term[output][1] == 1 else output for output in sums.outputs]
    return reorder(sums.inputs, rows, outputs)
