"""The order in which the terms of a sum are added.

Small numbers first lose less: an addition's rounding error has the size of its result, and the partial sums then grow
late. A term c x counts with |c| times the size of x: 1 for an input, the sum of its terms' sizes for a sum. Huffman's
tree adds the two smallest again and again, which makes the sizes of all partial sums together the least (Barabasz,
Anderson, Soodhalter, Gregg, *Error analysis and improving the accuracy of Winograd convolution*, ACM TOMS 46 (2020),
section 5).
"""

from __future__ import annotations

from fractions import Fraction

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder


def as_written(sums: Sums) -> Sums:
    """As the terms stand, but first one that needs no operation of its own (1), or else one that needs a Mul."""
    return Sums(sums.inputs, tuple(map(_start_first, sums.sums)), sums.outputs)


def ascending(sums: Sums) -> Sums:
    """The smallest first; terms of one size as they stand.

    Raises:
        NotationError: no sums.
    """
    sums = Sums.of(sums)
    sizes = _sizes(sums)
    ordered = tuple(tuple(sorted(terms, key=lambda term: _magnitude(term[1]) * sizes[term[0]])) for terms in sums.sums)
    return Sums(sums.inputs, ordered, sums.outputs)


def huffman(sums: Sums) -> Sums:
    """Each sum of more than two terms as a tree of sums of two: the two smallest first."""
    sizes = _sizes(sums)
    rows: dict[int, Terms] = {}
    fresh = sums.inputs + len(sums.sums)
    for name, terms in enumerate(sums.sums, start=sums.inputs):
        waiting = [(_magnitude(c) * sizes[value], (value, c)) for value, c in terms]
        while len(waiting) > 2:  # noqa: PLR2004 (two terms are one addition)
            waiting.sort(key=lambda item: item[0])  # stable: of equal sizes, what waited longest
            (smallest, first), (next_size, second), *waiting = waiting
            rows[fresh] = (first, second)
            waiting.append((smallest + next_size, (fresh, Fraction(1))))
            fresh += 1
        rows[name] = tuple(term for _, term in waiting)
    return as_written(reorder(sums.inputs, rows, sums.outputs))


def _start_first(terms: Terms) -> Terms:
    if not terms:
        return terms
    start = min(range(len(terms)), key=lambda i: (terms[i][1] != 1, terms[i][1] == -1, i))
    return (terms[start], *terms[:start], *terms[start + 1 :])


def _sizes(sums: Sums) -> list[Number]:
    sizes: list[Number] = [Fraction(1)] * sums.inputs
    for terms in sums.sums:
        sizes.append(sum((_magnitude(c) * sizes[value] for value, c in terms), Fraction(0)))
    return sizes


def _magnitude(c: Number) -> Number:
    return c if c > 0 else -c
