"""The errors of transforms of white data, by a model of their programs: the compiled part of `batch`.

A sum is a chain of fmas, from a term with the constant 1 if there is one, else from a product. As in
`wincook.program.passes.factor`, constants of one magnitude are multiplied once, after adding; and a part of two rows is
divided by one of its constants if that leaves only powers of two in the denominators.

Data are of two kinds: E[x xᵀ] = I, and J, all ones. Errors of a chain: (of I, of J); sizes alike.
"""

from __future__ import annotations

import numpy as np

from wincook.analysis.prediction.batch.rounding import GENERAL, compiled, kind, lost, product_error, sum_factor
from wincook.arrays import Array

_EQUAL = 1e-12  # relative, of constants in float64
_DYADIC = 64.0  # the largest denominator of a quotient that leaves no rounding


@compiled
def errors_of_rows(
    T: Array, partner: Array, weights: Array, kinds: int, split: float, tables: Array, products: Array
) -> Array:
    """What y sees of the errors of T x, on each kind of data (rows) and with each kind of the other operand (columns).

    Args:
        T: shape (R, n), the powers of x from left to right.
        partner: the row of -a, for the row of a point a; -1 if there is none.
        weights: what y sees of errors of two rows, as one matrix for each kind of the other operand.
        kinds: of data.
        split: of the format, for `cut`.
        tables: of `grid`.
        products: the factors of c for products.
    """
    total = np.zeros((kinds, len(weights)))
    even, odd, terms = np.zeros(4), np.zeros(4), np.empty(T.shape[1])
    for k in range(len(T)):
        other = partner[k]
        if other < 0 or not _shared(T, k, other):
            _row(terms, _gather(T, k, 0, 1, terms), split, tables, products, even)
            for s in range(kinds):
                for t in range(len(weights)):
                    total[s, t] += even[s] * weights[t, k, k]
        elif k < other:
            same = _gather(T, other, 0, 2, terms) > 0 and terms[0] > 0.0
            a = _part(terms, _gather(T, k, 0, 2, terms), split, tables, products, even)
            sign = 1.0 if same == (terms[0] > 0.0) else -1.0
            b = _part(terms, _gather(T, k, 1, 2, terms), split, tables, products, odd)
            for s in range(kinds):
                first, second = a * a * even[2 + s], b * b * odd[2 + s]
                last = _joined(a, b, first, second, split, tables, products)
                for t in range(len(weights)):
                    alone = weights[t, k, k] + weights[t, other, other]
                    cross = 2 * sign * weights[t, k, other]
                    total[s, t] += last * alone + a * a * even[s] * (alone + cross) + b * b * odd[s] * (alone - cross)
    return total


@compiled
def _gather(T: Array, k: int, start: int, step: int, terms: Array) -> int:
    """The constants of a row, or of every other one, without zeros; how many they are."""
    count = 0
    for j in range(start, T.shape[1], step):
        if T[k, j] != 0.0:
            terms[count] = T[k, j]
            count += 1
    return count


@compiled
def _shared(T: Array, k: int, other: int) -> bool:
    """Whether two rows share their parts: more than two constants, of equal magnitudes."""
    count = 0
    for j in range(T.shape[1]):
        if abs(abs(T[k, j]) - abs(T[other, j])) > _EQUAL * abs(T[k, j]):
            return False
        count += T[k, j] != 0.0
    return count > 2  # noqa: PLR2004 (two constants cost one addition, shared or not)


@compiled
def _joined(a: float, b: float, first: float, second: float, split: float, tables: Array, products: Array) -> float:
    """The error of a · even ± b · odd, given the sizes of both summands; the mean of both signs."""
    total = first + second  # the cross terms of the two rows cancel in the mean
    if abs(a) == abs(b):
        rounded = sum_factor(tables, 0, first, second, total) * total
        return float(rounded + (0.0 if abs(a) == 1.0 else product_error(a, split, products) * total))
    if abs(b) == 1.0:
        a, b, first, second = b, a, second, first
    rounded = sum_factor(tables, kind(b, split), second, first, total) * total + lost(b, split) * second
    return float(rounded + (0.0 if abs(a) == 1.0 else product_error(a, split, products) * first))


@compiled
def _row(terms: Array, count: int, split: float, tables: Array, products: Array, found: Array) -> None:
    """The errors and sizes of a whole row: its common constant is multiplied at the end."""
    scale = _common(terms, count)
    _chain(terms, count, scale, split, tables, products, found)
    rounded = 0.0 if scale == 1.0 else product_error(scale, split, products)
    for s in range(2):
        found[2 + s] *= scale * scale
        found[s] = found[s] * scale * scale + rounded * found[2 + s]


@compiled
def _part(terms: Array, count: int, split: float, tables: Array, products: Array, found: Array) -> float:
    """The errors and sizes of a part of two rows, divided by the constant that is returned."""
    if count == 1:
        found[0], found[1], found[2], found[3] = 0.0, 0.0, 1.0, 1.0
        return float(terms[0])
    scale = _common(terms, count)
    if scale == 1.0:
        scale = _leading(terms, count)
    _chain(terms, count, scale, split, tables, products, found)
    return float(scale)


@compiled
def _chain(terms: Array, count: int, scale: float, split: float, tables: Array, products: Array, found: Array) -> None:
    """Divide the terms by a scale and add them up one by one: the errors, then the sizes."""
    found[:] = 0.0
    if count == 0:
        return
    start = _start(terms, count, scale)
    if scale != 1.0:
        for j in range(count):
            terms[j] /= scale
    total = terms[start]
    white = total * total
    if abs(total) != 1.0:
        found[0] = found[1] = product_error(total, split, products) * white
    for j in range(count):
        if j == start:
            continue
        c = terms[j]
        size = c * c
        table = kind(c, split)
        factor = 1.0 if table == GENERAL else sum_factor(tables, table, size, white, white + size)
        white, total = white + size, total + c
        slip = lost(c, split) * size
        found[0] += factor * white + slip
        found[1] += factor * total * total + slip
    found[2], found[3] = white, total * total


@compiled
def _start(terms: Array, count: int, scale: float) -> int:
    """Where the chain starts: at a 1, or at what is not -1, or at the first term."""
    plain = 0
    for j in range(count):
        if terms[j] == scale:
            return j
        if terms[plain] == -scale:
            plain = j
    return plain


@compiled
def _common(terms: Array, count: int) -> float:
    """The constant after which all are ±1, where two or more have one magnitude; else 1."""
    for j in range(count):
        if abs(abs(terms[j]) - abs(terms[0])) > _EQUAL * abs(terms[0]):
            return 1.0
    return float(terms[0]) if count > 1 and abs(terms[0]) != 1.0 else 1.0


@compiled
def _leading(terms: Array, count: int) -> float:
    """A constant that leaves dyadic quotients; 1 if there is none, or if a constant is ±1."""
    for j in range(count):
        if abs(terms[j]) == 1.0:
            return 1.0
    for j in range(count):
        inverse = _DYADIC / terms[j]
        for l in range(count):
            quotient = terms[l] * inverse
            if abs(quotient - np.rint(quotient)) > _EQUAL * abs(quotient):
                break
        else:
            return float(terms[j])
    return 1.0
