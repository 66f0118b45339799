"""Factors of the products that a file gives apart: y = AT diag(q) [(G g) ⊙ (BT d)].

A set that is a convolution only with such factors is not wrong. It is not judged either: whether the program scales by
them is not understood.
"""

from __future__ import annotations

from collections.abc import Iterable

import sympy

from wincook.interchange.read.tables import Table
from wincook.judge import least_wrong
from wincook.transforms import Transforms


def diagonal_of(axis: Transforms, tables: Iterable[Table]) -> Table | None:
    """The list of factors that, taken into a wrong set, puts all of its sums right; None if there is none."""
    for table in tables:
        factors = list(table.matrix)
        if 1 not in table.matrix.shape or len(factors) != axis.G.rows or not all(factors):
            continue
        scaled = axis.AT * sympy.diag(*factors)
        if not least_wrong(Transforms(sympy.ImmutableMatrix(scaled), axis.G, axis.BT))[0]:
            return table
    return None
