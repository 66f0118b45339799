"""A set of which two matrices are known."""

from __future__ import annotations

import sympy

from wincook.judge.explain.explain import in_one_matrix
from wincook.judge.tensor import Aim, compare, tensor
from wincook.transforms import Matrices, Transforms


def completed(matrices: Matrices, aim: Aim, position: int) -> Matrices | None:
    """The set with the matrix in one position as it follows from the other two; None if it does not."""
    sums = tensor(Transforms(*matrices))
    against = compare(sums, aim, scaled=False)
    changed = in_one_matrix(sums, against, position)
    if changed is None:
        return None
    rows = sympy.ImmutableMatrix([[sums.field.to_sympy(entry) for entry in vector] for vector in changed])
    solved = [*matrices]
    solved[position] = rows.T if position == 0 else rows
    return solved[0], solved[1], solved[2]
