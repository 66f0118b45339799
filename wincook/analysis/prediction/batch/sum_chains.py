"""The errors of transforms of white data, by a model of their programs: the compiled part of `batch`.

A sum is a chain of fmas, from a term with the constant 1 if there is one, else from a product. As in
`wincook.program.passes.factor`, constants of one magnitude are multiplied once, after adding; and the part that two
rows have with opposite signs is divided by one of its constants if that leaves only powers of two in the denominators.

Data are of two kinds: E[x xᵀ] = I, and J, all ones. Errors and sizes of a chain are arrays of two: of I, of J.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wincook.analysis.prediction.batch.rounding import (
    ADDITIONS,
    PRODUCTS,
    Rounding,
    compiled,
    cut,
    kind,
    lost,
    product_error,
    sum_factor,
    twin_covariance,
)
from wincook.analysis.prediction.rounding_constant import GENERAL
from wincook.arrays import Array

_EQUAL = 1e-12  # relative, of constants in float64
_HALF_BITS = 2.0**27 + 1  # for `cut`: a quotient of so few bits is dyadic, and no other is so near to one


class Joined(NamedTuple):
    """The errors of two rows that join two parts, e + o and e - o.

    `first` and `second` are made in one row each, and go together by `covariance`; `equal` and `opposite` are errors of
    e and o, which both rows share. `products` is how many products the two rows take.
    """

    first: float
    second: float
    covariance: float
    equal: float
    opposite: float
    products: int


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
    errors, sizes, odd_errors, odd_sizes = np.zeros(2), np.zeros(2), np.zeros(2), np.zeros(2)
    for k in range(len(T)):
        other = partner[k]
        if other < 0 or not _shared(T, k, other):
            _row(terms, _gather(T, k, 0, 1, terms), rounding, errors, sizes)
            for s in range(kinds):
                for t in range(len(weights)):
                    total[s, t] += errors[s] * weights[t, k, k]
        elif k < other:
            equal = _equal_part(T, k, other)
            count = _gather(T, k, equal, 2, terms)
            unscaled = count > 1 or (count == 1 and terms[0] == 1.0)
            e = _part(terms, count, rounding, errors, sizes, divisible=False)
            count = _gather(T, k, 1 - equal, 2, terms)
            o = _part(terms, count, rounding, odd_errors, odd_sizes, divisible=unscaled)
            products = 0
            for s in range(kinds):
                joined = _joined(e, o, e * e * sizes[s], o * o * odd_sizes[s], rounding)
                products = joined.products
                of_equal, of_opposite = e * e * errors[s] + joined.equal, o * o * odd_errors[s] + joined.opposite
                for t in range(len(weights)):
                    of_first, of_second, cross = weights[t, k, k], weights[t, other, other], 2 * weights[t, k, other]
                    alone = of_first + of_second
                    total[s, t] += joined.first * of_first + joined.second * of_second + joined.covariance * cross
                    total[s, t] += of_equal * (alone + cross) + of_opposite * (alone - cross)
            rounding.counts[ADDITIONS] += 2
            rounding.counts[PRODUCTS] += products
    return total


@compiled
def _gather(T: Array, k: int, start: int, step: int, terms: Array) -> int:
    """The constants of a row, or of every other one, without zeros; how many they are."""
    count = 0
    for j in range(start, T.shape[1], step):
        if T[k, j] != 0.0:
            terms[count] = _without_blur(T[k, j])
            count += 1
    return count


@compiled
def _without_blur(constant: float) -> float:
    """A constant that is ±1 but for what float64 lost of it, as ±1."""
    if abs(abs(constant) - 1.0) <= _EQUAL:
        return 1.0 if constant > 0.0 else -1.0
    return constant


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
def _equal_part(T: Array, k: int, other: int) -> int:
    """Where the constants begin that two rows have in common: 0 for the even powers, 1 for the odd ones."""
    for j in range(0, T.shape[1], 2):
        if T[k, j] != 0.0:
            return 0 if (T[k, j] > 0.0) == (T[other, j] > 0.0) else 1
    for j in range(1, T.shape[1], 2):
        if T[k, j] != 0.0:
            return 1 if (T[k, j] > 0.0) == (T[other, j] > 0.0) else 0
    return 0


@compiled
def _joined(e: float, o: float, size_e: float, size_o: float, rounding: Rounding) -> Joined:
    """Of e x + o y and e x - o y, given the sizes of both summands; sizes of sums are means over both signs.

    A sum starts from a term with the constant 1, else from a product by a constant that is not -1.
    """
    total = size_e + size_o  # the cross terms of the two rows cancel in the mean
    plain = sum_factor(rounding.tables, 0, size_o, size_e, total) * total
    if abs(abs(e) - abs(o)) <= _EQUAL * abs(e):  # the constant is multiplied at the end
        covariance = twin_covariance(rounding, 0, size_o, size_e, total, plain)
        if abs(e) == 1.0:
            return Joined(plain, plain, covariance, 0.0, 0.0, 0)
        scaled = plain + product_error(e, rounding) * total
        return Joined(scaled, scaled, covariance, 0.0, 0.0, 2)
    if abs(o) == 1.0:  # fma(x, e, y) in one row, e x - y in the other
        table = kind(e, rounding.split)
        fused = sum_factor(rounding.tables, table, size_e, size_o, total) * total
        apart = plain + rounding.products[table] * size_e
        slip = lost(e, rounding.split) * size_e
        return Joined(fused, apart, 0.0, slip, 0.0, 1) if o == 1.0 else Joined(apart, fused, 0.0, slip, 0.0, 1)
    if e == -1.0:  # ±o y - x: both products have one error
        return Joined(plain, plain, 0.0, 0.0, product_error(o, rounding) * size_o, 2)
    table = kind(o, rounding.split)
    fused = sum_factor(rounding.tables, table, size_o, size_e, total) * total
    slip = lost(o, rounding.split) * size_o
    if e == 1.0:  # fma(y, ±o, x)
        return Joined(fused, fused, twin_covariance(rounding, table, size_o, size_e, total, fused), 0.0, slip, 0)
    return Joined(fused, fused, 0.0, product_error(e, rounding) * size_e, slip, 2)


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
def _part(
    terms: Array,
    count: int,
    rounding: Rounding,
    errors: Array,
    sizes: Array,
    divisible: bool,  # noqa: FBT001 (compiled functions have no keywords of their own)
) -> float:
    """The errors and sizes of a part of two rows, divided by the constant that is returned.

    That is the common constant, or where the part is `divisible`, as its rows have another term to start from, one that
    leaves dyadic quotients.
    """
    if count == 1:
        errors[:], sizes[:] = 0.0, 1.0
        return float(terms[0])
    scale = _common(terms, count)
    if scale == 1.0 and divisible:
        scale = _leading(terms, count)
    _chain(terms, count, scale, rounding, errors, sizes)
    return float(scale)


@compiled
def _chain(terms: Array, count: int, scale: float, rounding: Rounding, errors: Array, sizes: Array) -> None:
    """Divide the terms by a scale and add them up one by one."""
    errors[:], sizes[:] = 0.0, 0.0
    if count == 0:
        return
    if scale != 1.0:
        for j in range(count):
            terms[j] = _without_blur(terms[j] / scale)
    start, split, tables = _start(terms, count), rounding.split, rounding.tables
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
        table = kind(c, split)
        factor = 1.0 if table == GENERAL else sum_factor(tables, table, size, white, white + size)
        white, total = white + size, total + c
        slip = lost(c, split) * size
        errors[0] += factor * white + slip
        errors[1] += factor * total * total + slip
    sizes[0], sizes[1] = white, total * total
    rounding.counts[ADDITIONS] += count - 1


@compiled
def _start(terms: Array, count: int) -> int:
    """Where a chain starts: at a 1, or at what is not -1, or at the first term."""
    plain = 0
    for j in range(count):
        if terms[j] == 1.0:
            return j
        if terms[plain] == -1.0:
            plain = j
    return plain


@compiled
def _common(terms: Array, count: int) -> float:
    """The constant after which all are ±1, where two or more have one magnitude, or are -1; else 1."""
    for j in range(count):
        if abs(abs(terms[j]) - abs(terms[0])) > _EQUAL * abs(terms[0]) or terms[j] == 1.0:
            return 1.0
    return float(terms[0]) if count > 1 else 1.0


@compiled
def _leading(terms: Array, count: int) -> float:
    """A constant that leaves dyadic quotients; 1 if there is none, or if a constant is ±1."""
    for j in range(count):
        if abs(terms[j]) == 1.0:
            return 1.0
    for j in range(count):
        for l in range(count):
            quotient = terms[l] / terms[j]
            if abs(cut(quotient, _HALF_BITS) - quotient) > _EQUAL * abs(quotient):
                break
        else:
            return float(terms[j])
    return 1.0
