"""Two sums of two values along each of two axes: seven additions for the four outputs, not eight.

Four values x, on which one 2×2 matrix S acts along both axes, become y = T x with T = S ⊗ S. Up to the scales of its
rows and columns T is then a permuted diagonal matrix plus one of rank one, y_i = d_i x_π(i) + a_i s with s = Σ b_j x_j:
three additions for s, and one for each y. The best known case is the Hadamard matrix of order four, S = (1 1; 1 -1),
which two ± pairs make of each other in the transforms of F(m×m,r×r).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, permutations, product

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder

Rows = dict[int, dict[int, Number]]
Pair = frozenset[int]  # two values that sums of two terms read

SIDE = 4


@dataclass(frozen=True, slots=True)
class Square:
    """y_i = d_i x_π(i) + a_i Σ b_j x_j, by names: `outputs` are y, `inputs` x_π(0), x_π(1), … in the order of y."""

    outputs: tuple[int, ...]
    inputs: tuple[int, ...]
    a: tuple[Number, ...]
    b: tuple[Number, ...]
    d: tuple[Number, ...]


def share_squares(sums: Sums) -> Sums:
    """Replace each square of sums of two, where all that reads the sums between can read the outputs instead."""
    rows: Rows = {name: dict(terms) for name, terms in enumerate(sums.sums, start=sums.inputs)}
    for lower in list(_candidates(rows)):
        if any(len(rows[value]) != 2 or value in sums.outputs for pair in lower for value in pair):  # noqa: PLR2004 (sums of two)
            continue
        upper = product(*(_spanning(rows, pair) for pair in lower))
        squares = (_square(rows, lower, first + second) for first, second in upper)
        square = next((square for square in squares if square is not None), None)
        if square is not None:
            _replace(rows, lower, square)
    terms: dict[int, Terms] = {name: tuple(row.items()) for name, row in rows.items()}
    return reorder(sums.inputs, terms, sums.outputs)


def _candidates(rows: Rows) -> Iterator[tuple[Pair, Pair]]:
    """Pairs {m, n} and {m', n'} of sums where m and m' read one pair of values, n and n' another."""
    twos = {name: frozenset(row) for name, row in rows.items() if len(row) == 2}  # noqa: PLR2004 (sums of two)
    corners: dict[frozenset[Pair], dict[Pair, None]] = defaultdict(dict)
    for pair in twos.values():
        below = frozenset(twos[value] for value in pair if value in twos)
        if len(below) == 2 and not frozenset.intersection(*below):  # noqa: PLR2004 (two pairs)
            corners[below][pair] = None
    for pairs in corners.values():
        yield from ((first, second) for first, second in combinations(pairs, 2) if not first & second)


def _spanning(rows: Rows, pair: Pair) -> list[tuple[int, int]]:
    """Two sums of a pair in which it can be expressed; none if anything reads one value of the pair alone."""
    reading = [name for name, row in rows.items() if not pair.isdisjoint(row)]
    if any(not pair <= rows[name].keys() for name in reading):
        return []
    twos = [name for name in reading if len(rows[name]) == len(pair)]
    return [outputs for outputs in combinations(twos, 2) if _determinant(rows, pair, outputs)]


def _determinant(rows: Rows, pair: Pair, outputs: tuple[int, ...]) -> Number:
    p, q = sorted(pair)
    first, second = (rows[output] for output in outputs)
    return first[p] * second[q] - first[q] * second[p]


def _square(rows: Rows, lower: tuple[Pair, Pair], outputs: tuple[int, ...]) -> Square | None:
    """The outputs as a diagonal and a rank-one matrix over the four values at the bottom."""
    inputs = sorted({value for pair in lower for name in pair for value in rows[name]})
    T = []
    for output in outputs:
        row: dict[int, Number] = dict.fromkeys(inputs, Fraction(0))
        for name, c in rows[output].items():
            for value, factor in rows[name].items():
                row[value] += c * factor
        T.append(row)
    for order in permutations(inputs):
        parts = _split([[row[value] for value in order] for row in T])
        if parts:
            return Square(outputs, order, *parts)
    return None


def _split(T: list[list[Number]]) -> tuple[tuple[Number, ...], ...] | None:
    """The a, b, d of T = diag(d) + a bᵀ; None if the entries beside the diagonal have no such a and b."""
    if not all(c for row in T for c in row):
        return None
    a = [Fraction(1), *(T[i][3 - i // 3] / T[0][3 - i // 3] for i in range(1, SIDE))]
    b = [T[1][0] / a[1], *T[0][1:]]
    if any(T[i][j] != a[i] * b[j] for i in range(SIDE) for j in range(SIDE) if i != j):
        return None
    return tuple(a), tuple(b), tuple(T[i][i] - a[i] * b[i] for i in range(SIDE))


def _replace(rows: Rows, lower: tuple[Pair, Pair], square: Square) -> None:
    fresh = max(rows) + 1
    for pair, outputs in zip(lower, (square.outputs[:2], square.outputs[2:]), strict=True):
        _read_outputs(rows, pair, outputs)
    (first, *rest), (b, *weights) = square.inputs, square.b
    total: tuple[int, Number] = (first, b)
    for value, weight in zip(rest, weights, strict=True):
        rows[fresh] = dict([total, (value, weight)])
        total = (fresh, Fraction(1))
        fresh += 1
    for output, value, a, d in zip(square.outputs, square.inputs, square.a, square.d, strict=True):
        rows[output] = {total[0]: a} | ({value: d} if d else {})


def _read_outputs(rows: Rows, pair: Pair, outputs: tuple[int, ...]) -> None:
    """Let all other readers of a pair read two outputs, which span the same line."""
    p, q = sorted(pair)
    (a, b), (c, d) = ((rows[output][p], rows[output][q]) for output in outputs)
    determinant = _determinant(rows, pair, outputs)
    for name, row in rows.items():
        if name in outputs or p not in row:
            continue
        x, y = row.pop(p), row.pop(q)
        row |= {outputs[0]: (x * d - y * c) / determinant, outputs[1]: (y * a - x * b) / determinant}
