"""Share the sum and difference of two inputs whose columns agree up to signs.

In AT the columns of the points a and -a agree in even rows and differ in sign in odd ones, so x_p + x_q and
x_p - x_q serve every row: one term where there were two.
"""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder


def share_columns(sums: Sums) -> Sums:
    """Replace ± pairs of columns, in order, wherever that saves additions.

    Raises:
        NotationError: no sums.
    """
    rows = Sums.of(sums).rows
    for p, q in combinations(range(sums.inputs), 2):
        signs = _signs(rows, p, q)
        if len(signs) <= len(set(signs.values())):
            continue
        shared = {}
        for sign in dict.fromkeys(signs.values()):
            name = max(rows) + 1
            rows[name] = {p: Fraction(1), q: Fraction(sign)}
            shared[sign] = name
        for row, sign in signs.items():
            rows[row] = {shared[sign] if value == p else value: c for value, c in rows[row].items() if value != q}
    terms: dict[int, Terms] = {name: tuple(row.items()) for name, row in rows.items()}
    return reorder(sums.inputs, terms, sums.outputs)


def _signs(rows: dict[int, dict[int, Number]], p: int, q: int) -> dict[int, int]:
    """For each row with both inputs, whether they have equal (1) or opposite (-1) coefficients; else nothing."""
    signs = {}
    for name, row in rows.items():
        a, b = row.get(p), row.get(q)
        if a is None and b is None:
            continue
        if a is None or b is None or abs(a) != abs(b):
            return {}
        signs[name] = 1 if a == b else -1
    return signs
