"""Share pairs of terms that stand in several sums in one ratio.

A multiplication by a constant is not what is saved here, so x_p + ρ x_q serves every sum that holds c x_p + c ρ x_q,
whatever c is. The pair with the most readers goes first, until no pair has two (the greedy elimination of Paar,
*Optimized arithmetic for Reed-Solomon encoders*, ISIT 1997, with ratios for coefficients).
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder

Pair = tuple[int, int, Number]  # x_p + ρ x_q, p < q


def share_terms(sums: Sums) -> Sums:
    """Sum each pair of terms once that several sums hold up to a factor.

    Raises:
        NotationError: no sums.
    """
    rows = Sums.of(sums).rows
    readers: dict[Pair, dict[int, None]] = defaultdict(dict)  # a dict for a set, so that the order is that of the rows
    for name, row in rows.items():
        for p, q in combinations(sorted(row), 2):
            readers[p, q, row[q] / row[p]][name] = None
    fresh = sums.inputs + len(sums.sums)
    while readers:
        pair = max(readers, key=lambda shared: len(readers[shared]))
        if len(readers[pair]) < 2:  # noqa: PLR2004 (what one sum reads is no sharing)
            break
        p, q, ratio = pair
        for name in list(readers[pair]):
            row = rows[name]
            for value in row:
                for low, high in {(min(value, end), max(value, end)) for end in (p, q) if end != value}:
                    _forget(readers, (low, high, row[high] / row[low]), name)
            factor = row.pop(p)
            del row[q]
            for value, c in row.items():
                readers[value, fresh, factor / c][name] = None
            row[fresh] = factor
        rows[fresh] = {p: Fraction(1), q: ratio}
        fresh += 1
    terms: dict[int, Terms] = {name: tuple(row.items()) for name, row in rows.items()}
    return reorder(sums.inputs, terms, sums.outputs)


def _forget(readers: dict[Pair, dict[int, None]], pair: Pair, name: int) -> None:
    names = readers[pair]
    names.pop(name, None)
    if not names:
        del readers[pair]
