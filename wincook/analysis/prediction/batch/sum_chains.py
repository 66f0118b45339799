"""The errors of transforms of white data, by a model of their programs: the compiled part of `batch`.

A sum is a chain of fmas, from a term with the constant 1 if there is one, else from a product. As in
`wincook.program.passes.factor`, constants of one magnitude are multiplied once, after adding; and a part of two rows is
divided by one of its constants if that leaves only powers of two in the denominators.

Data are of two kinds: E[x xᵀ] = I, and J, all ones. Errors and sizes of a chain are arrays of two: of I, of J.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wincook.analysis.prediction.batch.rounding import (
    ADDITIONS,
    PRODUCTS,
    Rounding,
    compiled,
    kind,
    lost,
    product_error,
    sum_factor,
)
from wincook.analysis.prediction.rounding_constant import GENERAL

Array = NDArray[Any]

_EQUAL = 1e-12  # relative, of constants in float64
_DYADIC = 64.0  # the largest denominator of a quotient that leaves no rounding


@compiled
def errors_of_rows(T: Array, partner: Array, weights: Array, kinds: int, rounding: Rounding) -> Array:
    """What y sees of the errors of T x, on each kind of data (rows) and with each kind of the other operand (columns).

    Args:
        T: shape (R, n), the powers of x from left to right.
        partner: the row of -a, for the row of a point a; -1 if there is none.
        weights: what y sees of errors of two rows, as one matrix for each kind of the other operand.
        kinds: of data.
        rounding: the format; counts the operations.
    """
    total, terms = np.zeros((kinds, len(weights))), np.empty(T.shape[1])
    even_errors, even_sizes, odd_errors, odd_sizes = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for k in range(len(T)):
        other = partner[k]
        if other < 0 or not _shared(T, k, other):
            _row(terms, _gather(T, k, 0, 1, terms), rounding, even_errors, even_sizes)
            for s in range(kinds):
                for t in range(len(weights)):
                    total[s, t] += even_errors[s] * weights[t, k, k]
        elif k < other:
            same = _gather(T, other, 0, 2, terms) > 0 and terms[0] > 0.0
            a = _part(terms, _gather(T, k, 0, 2, terms), rounding, even_errors, even_sizes)
            sign = 1.0 if same == (terms[0] > 0.0) else -1.0
            b = _part(terms, _gather(T, k, 1, 2, terms), rounding, odd_errors, odd_sizes)
            for s in range(kinds):
                last = _joined(a, b, a * a * even_sizes[s], b * b * odd_sizes[s], rounding)
                for t in range(len(weights)):
                    alone = weights[t, k, k] + weights[t, other, other]
                    cross = 2 * sign * weights[t, k, other]
                    total[s, t] += (
                        last * alone
                        + a * a * even_errors[s] * (alone + cross)
                        + b * b * odd_errors[s] * (alone - cross)
                    )
            _count_joined(a, b, rounding)
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
        if T[k, j] != 0.0:
            count += 1
    return count > 2  # noqa: PLR2004 (two constants cost one addition, shared or not)


@compiled
def _joined(a: float, b: float, first: float, second: float, rounding: Rounding) -> float:
    """The error of a · even ± b · odd, given the sizes of both summands; the mean of both signs."""
    total = first + second  # the cross terms of the two rows cancel in the mean
    if abs(a) == abs(b):
        of_sum = sum_factor(rounding.tables, 0, first, second, total) * total
        return float(of_sum + (0.0 if abs(a) == 1.0 else product_error(a, rounding) * total))
    if abs(b) == 1.0:
        a, b, first, second = b, a, second, first
    of_sum = sum_factor(rounding.tables, kind(b, rounding.split), second, first, total) * total
    of_sum += lost(b, rounding.split) * second
    return float(of_sum + (0.0 if abs(a) == 1.0 else product_error(a, rounding) * first))


@compiled
def _count_joined(a: float, b: float, rounding: Rounding) -> None:
    """One addition in each of the two rows; a product beside it where there is a common constant, or no unit."""
    rounding.counts[ADDITIONS] += 2
    if abs(a) != 1.0 and (abs(b) != 1.0 or abs(a) == abs(b)):
        rounding.counts[PRODUCTS] += 2


@compiled
def _row(terms: Array, count: int, rounding: Rounding, errors: Array, sizes: Array) -> None:
    """The errors and sizes of a whole row: its common constant is multiplied at the end."""
    scale = _common(terms, count)
    _chain(terms, count, scale, rounding, errors, sizes)
    at_the_end = 0.0
    if abs(scale) != 1.0:
        at_the_end = product_error(scale, rounding)
        rounding.counts[PRODUCTS] += 1
    for s in range(2):
        sizes[s] *= scale * scale
        errors[s] = errors[s] * scale * scale + at_the_end * sizes[s]


@compiled
def _part(terms: Array, count: int, rounding: Rounding, errors: Array, sizes: Array) -> float:
    """The errors and sizes of a part of two rows, divided by the constant that is returned."""
    if count == 1:
        errors[:], sizes[:] = 0.0, 1.0
        return float(terms[0])
    scale = _common(terms, count)
    if scale == 1.0:
        scale = _leading(terms, count)
    _chain(terms, count, scale, rounding, errors, sizes)
    return float(scale)


@compiled
def _chain(terms: Array, count: int, scale: float, rounding: Rounding, errors: Array, sizes: Array) -> None:
    """Divide the terms by a scale and add them up one by one."""
    errors[:], sizes[:] = 0.0, 0.0
    if count == 0:
        return
    start = _start(terms, count, scale)
    if scale != 1.0:
        for j in range(count):
            terms[j] /= scale
    total = terms[start]
    white = total * total
    if abs(total) != 1.0:
        errors[:] = product_error(total, rounding) * white
        rounding.counts[PRODUCTS] += 1
    for j in range(count):
        if j == start:
            continue
        c = terms[j]
        size = c * c
        table = kind(c, rounding.split)
        factor = 1.0 if table == GENERAL else sum_factor(rounding.tables, table, size, white, white + size)
        white, total = white + size, total + c
        slip = lost(c, rounding.split) * size
        errors[0] += factor * white + slip
        errors[1] += factor * total * total + slip
        rounding.counts[ADDITIONS] += 1
    sizes[0], sizes[1] = white, total * total


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
