"""The errors of AT M, by a model of its programs: compiled.

As in `wincook.program.passes`, two products whose columns agree up to signs are added and subtracted once, for all
outputs; an output is then a chain of fmas, in the order of the columns, from a term with the constant 1 if there is
one, else from a product.
"""

from __future__ import annotations

from wincook.analysis.prediction.batch.rounding import (
    ADDITIONS,
    PRODUCTS,
    Rounding,
    compiled,
    kind,
    product_error,
    slipped,
    sum_factor,
)
from wincook.analysis.prediction.rounding_constant import GENERAL
from wincook.arrays import Array

_EQUAL = 1e-12  # relative, of constants in float64
_ALONE, _TAKEN = -1, -2  # what stands in place of the partner of a column


@compiled
def errors_of_columns(
    A: Array, moments: Array, partners: Array, slip: Array, rounding: Rounding, errors: Array, sums: Array
) -> None:
    """The variance of each output by the roundings of AT, in units of c·u².

    Args:
        A: AT, shape (m, R).
        moments: E[M Mᵀ], shape (R, R).
        partners: the columns that share their sums, as `partners_of` has them.
        slip: where what the format makes of AT, less AT, goes: shape (m, R).
        rounding: the format; counts the operations.
        errors: where the variances go: shape (m,).
        sums: room for R numbers.
    """
    m, R = A.shape
    for i in range(m):
        errors[i] = 0.0
        for k in range(R):
            slip[i, k] = 0.0
    for k in range(R):
        if partners[k] >= 0:
            _shared(A, k, partners[k], moments, rounding, errors)
    for i in range(m):
        scale = _common(A[i], partners)
        for k in range(R):
            sums[k] = 0.0
        size = _chain(A[i], scale, moments, partners, slip[i], rounding, errors, i, sums)
        if abs(scale) != 1.0:  # a negation is no product, and exact
            errors[i] = (errors[i] + product_error(scale, rounding) * size) * scale * scale
            rounding.counts[PRODUCTS] += 1
            off = slipped(scale, rounding.split) / scale
            for k in range(R):
                slip[i, k] += off * A[i, k]


@compiled
def _chain(
    row: Array,
    scale: float,
    moments: Array,
    partners: Array,
    slip: Array,
    rounding: Rounding,
    errors: Array,
    i: int,
    sums: Array,
) -> float:
    """Add up the terms of output i over a scale; the second moment of their sum."""
    start, size = _start(row, scale, partners), 0.0
    for place in range(-1, len(row)):
        k = start if place < 0 else place
        if k < 0 or place == start or partners[k] == _TAKEN or row[k] == 0.0:
            continue
        other, c = partners[k], row[k] / scale
        sign = 0.0 if other < 0 else 1.0 if row[k] * row[other] > 0.0 else -1.0
        other = k if other < 0 else other
        off = scale * slipped(c, rounding.split)
        slip[k] += off
        slip[other] += sign * off
        of_term = moments[k, k] + sign * (sign * moments[other, other] + 2 * moments[k, other])
        total = size + 2 * c * (sums[k] + sign * sums[other]) + c * c * of_term
        if place >= 0:
            table = kind(c, rounding.split)
            factor = 1.0 if table == GENERAL else sum_factor(rounding.tables, table, c * c * of_term, size, total)
            errors[i] += factor * total
            rounding.counts[ADDITIONS] += 1
        elif abs(c) != 1.0:
            errors[i] += product_error(c, rounding) * total
            rounding.counts[PRODUCTS] += 1
        size = total
        of_k, of_other = moments[k], moments[other]  # rows, as moments are symmetric: they are contiguous
        for p in range(len(row)):
            sums[p] += c * (of_k[p] + sign * of_other[p])
    return size


@compiled
def partners_of(A: Array, partners: Array) -> None:
    """For each column the one that it is added to and subtracted from; -1 for none, -2 for the other of the two."""
    R = A.shape[1]
    for k in range(R):
        partners[k] = _ALONE
    for p in range(R):
        if partners[p] != _ALONE:
            continue
        for q in range(p + 1, R):
            if partners[q] == _ALONE and _saves(A, p, q):
                partners[p], partners[q] = q, _TAKEN
                break


@compiled
def _saves(A: Array, p: int, q: int) -> bool:
    """Whether two columns agree up to signs, in more rows than they take sums."""
    rows, equal, opposite = 0, 0, 0
    for i in range(len(A)):
        a, b = A[i, p], A[i, q]
        if abs(abs(a) - abs(b)) > _EQUAL * abs(a):
            return False
        if a != 0.0:
            rows += 1
            if a * b > 0.0:
                equal = 1
            else:
                opposite = 1
    return rows > equal + opposite


@compiled
def _shared(A: Array, k: int, other: int, moments: Array, rounding: Rounding, errors: Array) -> None:
    """What the outputs see of the errors of M_k + M_other and M_k - M_other."""
    for sign in (1.0, -1.0):
        size = moments[k, k] + moments[other, other] + 2 * sign * moments[k, other]
        factor = sum_factor(rounding.tables, 0, moments[other, other], moments[k, k], size)
        read = 0
        for i in range(len(A)):
            if sign * A[i, k] * A[i, other] > 0.0:
                errors[i] += A[i, k] ** 2 * factor * size
                read = 1
        rounding.counts[ADDITIONS] += read


@compiled
def _common(row: Array, partners: Array) -> float:
    """The constant after which all terms are ±1, where two or more have one magnitude, or are -1; else 1."""
    first, count = 0.0, 0
    for k in range(len(row)):
        if row[k] == 0.0 or partners[k] == _TAKEN:
            continue
        if count == 0:
            first = row[k]
        if row[k] == 1.0 or abs(abs(row[k]) - abs(first)) > _EQUAL * abs(first):
            return 1.0
        count += 1
    return float(first) if count > 1 else 1.0


@compiled
def _start(row: Array, scale: float, partners: Array) -> int:
    """The first column with the constant 1, else the first that is not -1, else the first one; -1 if there is none."""
    first = -1
    for k in range(len(row)):
        if row[k] == 0.0 or partners[k] == _TAKEN:
            continue
        if row[k] == scale:
            return k
        if first < 0 or row[first] == -scale:
            first = k
    return first
