"""Transforms on many point sets, in float64, and how wrong they are: the compiled part of `batch`."""

from __future__ import annotations

from math import inf, sqrt

import numpy as np

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
from wincook.analysis.prediction.batch.sum_chains import errors_of_rows
from wincook.analysis.prediction.rounding_constant import GENERAL, ROUNDING
from wincook.arrays import Array

_NOTHING = 1e-13  # coefficients so much smaller than others are rounding errors of what is 0


@compiled
def relative_errors(
    sets: Array,
    m: int,
    r: int,
    dimension: int,
    bits: int,
    channels: int,
    shares: Array,
    rounding: Rounding,
    counts: Array,
) -> Array:
    """What `predict_batch` returns.

    Args:
        sets: the finite points.
        m: outputs.
        r: taps.
        dimension: axes.
        bits: of the format.
        channels: C.
        shares: the variance and the squared mean of the inputs, or only the first.
        rounding: the format.
        counts: where the operations of G, BT and AT along one axis go: shape (sets, 3, 2), additions and products.
    """
    number, finite = sets.shape
    n, kinds = finite + 1, len(shares)
    errors = np.empty(number)
    A, G, B = np.zeros((m, n)), np.zeros((n, r)), np.zeros((n, n))
    G_turned, B_turned, partner, sums = np.zeros((r, n)), np.zeros((n, n)), np.empty(n, np.int64), np.zeros(n)
    seen, U, V = np.zeros((n, n)), np.zeros((n, n)), np.zeros((2, n, n))
    by_U, by_V, M = np.zeros((1, n, n)), np.zeros((kinds, n, n)), np.zeros((kinds, n, n))
    for index in range(number):
        if not _transforms(sets[index], A, G, B, partner):
            errors[index] = inf
            continue
        G_turned[:], B_turned[:] = G.T, B.T
        _gram(A, seen)
        seen /= m
        _gram(G_turned, U)
        _gram(B_turned, V[0])
        for t in range(1, kinds):
            sums[:] = B.sum(axis=1)
            V[t] = np.outer(sums, sums)
        for k in range(n):
            for l in range(n):
                by_U[0, k, l] = seen[k, l] * U[k, l]
                for t in range(kinds):
                    by_V[t, k, l] = seen[k, l] * V[t, k, l]
                    M[t, k, l] = U[k, l] * V[t, k, l]
        by_filters = errors_of_rows(G, partner, by_V, 1, rounding)
        _move(rounding.counts, counts[index, 0])
        by_inputs = errors_of_rows(B, partner, by_U, kinds, rounding)
        _move(rounding.counts, counts[index, 1])
        error = 0.0
        for t in range(kinds):
            omega = by_filters[0, t] + by_inputs[t, 0]
            by_outputs = _outputs(A, partner, M[t], rounding)
            _move(rounding.counts, counts[index, 2])
            beta = 0.0
            for k in range(n):
                beta += by_U[0, k, k] * V[t, k, k]
            part = beta**dimension * (channels + 1) / 2
            for axis in range(dimension):
                rest = dimension - 1 - axis
                part += beta**axis * omega * float(r) ** rest + float(r) ** axis * by_outputs * beta**rest
            error += shares[t] * part
        errors[index] = sqrt(ROUNDING * error / (shares.sum() * float(r) ** dimension)) * 2.0**-bits
    return errors


@compiled
def _move(source: Array, target: Array) -> None:
    """Numbers from one place to another, and zeros to the first."""
    target[:] = source
    source[:] = 0


@compiled
def _transforms(a: Array, A: Array, G: Array, B: Array, partner: Array) -> bool:
    """AT, G and BT on points and ∞, and the place of each point's negative; false if two points are one."""
    finite = len(a)
    A[:], G[:], B[:] = 0.0, 0.0, 0.0
    for k in range(finite):
        weight = _cofactor(a, k, B[k])
        if weight == 0.0:
            return False
        partner[k] = -1
        for l in range(finite):
            if l != k and a[l] == -a[k]:
                partner[k] = l
        power = 1.0
        for i in range(len(A)):
            A[i, k] = power
            power *= a[k]
        power = 1.0 / weight
        for j in range(G.shape[1]):
            G[k, j] = power
            power *= a[k]
    _cofactor(a, finite, B[finite])
    A[-1, finite] = G[finite, -1] = 1.0
    partner[finite] = -1
    return True


@compiled
def _cofactor(a: Array, k: int, row: Array) -> float:
    """The coefficients of Π (x - a_l) over all l but k, and its value at a_k, 1 where k is beyond."""
    row[0], value, degree = 1.0, 1.0, 0
    for l in range(len(a)):
        if l == k:
            continue
        degree += 1
        for j in range(degree, 0, -1):
            row[j] = row[j - 1] - a[l] * row[j]
        row[0] *= -a[l]
        if k < len(a):
            value *= a[k] - a[l]
    largest = 0.0
    for j in range(degree + 1):
        largest = max(largest, abs(row[j]))
    for j in range(degree + 1):
        if abs(row[j]) < _NOTHING * largest:
            row[j] = 0.0
    return value


@compiled
def _gram(X: Array, products: Array) -> None:
    """Xᵀ X, by updates along contiguous rows, which vectorise."""
    products[:] = 0.0
    for j in range(len(X)):
        for k in range(X.shape[1]):
            factor = X[j, k]
            for l in range(X.shape[1]):
                products[k, l] += factor * X[j, l]


@compiled
def _outputs(A: Array, partner: Array, S: Array, rounding: Rounding) -> float:
    """The variance of y, mean over the outputs, by the roundings of AT on products of second moments S."""
    m, R = A.shape
    z, error, additions = np.zeros(R), 0.0, 0
    split, tables = rounding.split, rounding.tables
    shared = m > 2  # noqa: PLR2004 (sharing sums of columns saves nothing in two rows)
    if shared:
        for k in range(R):
            if partner[k] > k:
                error += _shared_sums(A, k, partner[k], S, rounding)
    for i in range(m):
        start, z[:], size = _start(A[i], partner, shared), 0.0, 0.0
        for place in range(-1, R):
            k = start if place < 0 else place
            c, other = A[i, k], partner[k] if shared else -1
            if c == 0.0 or place == start or 0 <= other < k:
                continue
            sign, other = (0.0, k) if other < 0 else (1.0 - 2.0 * (i % 2), other)
            of_summand = S[k, k] + sign * (sign * S[other, other] + 2 * S[k, other])
            total = size + 2 * c * (z[k] + sign * z[other]) + c * c * of_summand
            if place >= 0:
                table = kind(c, split)
                factor = 1.0 if table == GENERAL else sum_factor(tables, table, c * c * of_summand, size, total)
                error += factor * total + lost(c, split) * c * c * of_summand
                additions += 1
            elif abs(c) != 1.0:
                error += product_error(c, rounding) * total
                rounding.counts[PRODUCTS] += 1
            size = total
            of_k, of_other = S[k], S[other]  # rows, as S is symmetric: they are contiguous
            for p in range(R):
                z[p] += c * (of_k[p] + sign * of_other[p])
    rounding.counts[ADDITIONS] += additions
    return float(error / m)


@compiled
def _shared_sums(A: Array, k: int, other: int, S: Array, rounding: Rounding) -> float:
    """What all outputs see of the errors of M_k ± M_other: the sum in even rows, the difference in odd ones."""
    error = 0.0
    for odd in range(2):
        size = S[k, k] + S[other, other] + 2 * (1 - 2 * odd) * S[k, other]
        factor = sum_factor(rounding.tables, 0, S[k, k], S[other, other], size)
        for i in range(odd, len(A), 2):
            error += A[i, k] ** 2 * factor * size
        rounding.counts[ADDITIONS] += 1
    return error


@compiled
def _start(row: Array, partner: Array, shared: bool) -> int:  # noqa: FBT001 (of a compiled function)
    """The first column with the constant 1, else the first that is not -1, else the first one."""
    first = -1
    for k in range(len(row)):
        if row[k] == 0.0 or (shared and 0 <= partner[k] < k):
            continue
        if row[k] == 1.0:
            return k
        if first < 0 or row[first] == -1.0:
            first = k
    return first
