"""Share the even and odd parts of two rows that agree up to signs.

In G and BT the rows of the points a and -a are e + o and e - o (up to a sign of the row): e and o are summed
once, and each row is one addition.
"""

from __future__ import annotations

from fractions import Fraction

from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder


def share_rows(sums: Sums) -> Sums:
    """Pair rows, in order, wherever that saves additions.

    Raises:
        NotationError: no sums.
    """
    rows: dict[int, Terms] = {name: tuple(row.items()) for name, row in Sums.of(sums).rows.items()}
    waiting = list(rows)
    while waiting:
        first = waiting.pop(0)
        if len(rows[first]) <= 2:  # noqa: PLR2004 (two terms cost one addition, shared or not)
            continue
        second = next((other for other in waiting if _agree(rows[first], rows[other])), None)
        if second is None:
            continue
        waiting.remove(second)
        if not _starts_better(rows[first], rows[second]):
            first, second = second, first
        other = dict(rows[second])
        parts = []
        for sign in (1, -1):
            terms = tuple((value, c) for value, c in rows[first] if other[value] == sign * c)
            if len(terms) > 1:
                name = max(rows) + 1
                rows[name] = terms
                terms = ((name, Fraction(1)),)
            parts.append(terms)
        even, odd = parts
        rows[first] = even + odd
        rows[second] = even + tuple((value, -c) for value, c in odd)
    return reorder(sums.inputs, rows, sums.outputs)


def _starts_better(first: Terms, second: Terms) -> bool:
    """Whether the terms that two rows have with opposite signs are to be summed as the first row has them.

    A sum starts from 1 without an operation, from -1 it does not. Where that does not tell, the sign of the first such
    term does, so that the program does not depend on which row comes first.
    """
    other = dict(second)
    opposite = [c for value, c in first if other[value] == -c]
    if (1 in opposite) != (-1 in opposite):
        return 1 in opposite
    return not opposite or opposite[0] > 0


def _agree(first: Terms, second: Terms) -> bool:
    """Equal up to signs: the same values with coefficients of the same magnitudes."""
    return {value: abs(c) for value, c in first} == {value: abs(c) for value, c in second}
