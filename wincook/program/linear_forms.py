"""What every value of a program is of its inputs, and what its outputs owe to every value: exact linear forms.

Value v is Σ_j forms[v][j] · input j, and a change of it changes output i by gains[v][i] times as much. The forms go
from the first operation to the last; the gains are their adjoint, from the last to the first (Griewank and Walther,
*Evaluating Derivatives*, 2nd ed. (2008), section 3.2).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.arguments import instance, items
from wincook.errors import AlgorithmError, quoted
from wincook.exact.number import Algebraic, Number
from wincook.program.ir import MADE_BY, ONE, Program, Terms, terms

Array = NDArray[Any]
Form = dict[int, Number]  # the coefficients that are not 0
Matrix = tuple[tuple[Number, ...], ...]

ZERO = Fraction(0)


def linear_forms(program: Program) -> list[Form]:
    """Every value of the program, inputs first, as a combination of the inputs.

    Raises:
        NotationError: no program.
    """
    program = instance("program", program, Program, MADE_BY)
    return accumulated(program.inputs, map(terms, program.ops))


def accumulated(inputs: int, sums: Iterable[Terms]) -> list[Form]:
    """The inputs, then sums of values before them, as combinations of the inputs."""
    forms: list[Form] = [{j: ONE} for j in range(inputs)]
    for summands in sums:
        form: Form = {}
        for value, coefficient in summands:
            _add(form, forms[value], coefficient)
        forms.append({j: entry for j, entry in form.items() if entry})
    return forms


def linear_gains(program: Program) -> list[Form]:
    """How a change of each value, inputs first, changes the outputs."""
    gains: list[Form] = [{} for _ in range(program.inputs + len(program.ops))]
    for i, output in enumerate(program.outputs):
        _add(gains[output], {i: ONE}, ONE)
    for value in reversed(range(program.inputs, len(gains))):
        for operand, coefficient in terms(program.ops[value - program.inputs]):
            _add(gains[operand], gains[value], coefficient)
    return [{i: gain for i, gain in gains_of_value.items() if gain} for gains_of_value in gains]


def matrix_of(program: Program) -> Matrix:
    """The matrix that a program applies: shape (outputs, inputs).

    Raises:
        NotationError: no program.
    """
    forms = linear_forms(program)
    return rows_of([forms[output] for output in program.outputs], program.inputs)


def rows_of(forms: Sequence[Form], width: int) -> Matrix:
    """Forms of so many variables as rows of exact numbers."""
    return tuple(tuple(form.get(j, ZERO) for j in range(width)) for form in forms)


def exact_rows(matrix: object) -> Matrix:
    """A matrix of exact numbers as a tuple of its rows.

    Raises:
        AlgorithmError: no matrix, or an entry that is neither an integer nor a Fraction nor an Algebraic number.
    """
    rows = tuple(
        items("a row of the matrix", row, "(1, 0)", AlgorithmError)
        for row in items("matrix", matrix, "((1, 0), (0, 1)), or what wincook.program.exact gives", AlgorithmError)
    )
    if not rows or not rows[0] or len(set(map(len, rows))) > 1:
        raise AlgorithmError(f"rows of {', '.join(str(len(row)) for row in rows) or 'no'} numbers are no matrix")
    return tuple(tuple(map(_entry, row)) for row in rows)


def _entry(entry: object) -> Number:
    if isinstance(entry, (Fraction, Algebraic)):
        return entry
    if isinstance(entry, int) and not isinstance(entry, bool):
        return Fraction(entry)
    raise AlgorithmError(
        f"the matrix holds {quoted(entry)}; its entries must be integers or Fractions; wincook.program.exact gives them"
    )


def dense(forms: Sequence[Form], width: int) -> Array:
    """Forms of so many variables in float64: shape (forms, width). Each coefficient is rounded once."""
    floats = np.zeros((len(forms), width))
    for row, form in zip(floats, forms, strict=True):
        for j, coefficient in form.items():
            row[j] = float(coefficient)
    return floats


def _add(total: Form, form: Form, factor: Number) -> None:
    """Add a multiple of a form to another."""
    for j, entry in form.items():
        product = entry if factor == ONE else factor * entry
        total[j] = total[j] + product if j in total else product
