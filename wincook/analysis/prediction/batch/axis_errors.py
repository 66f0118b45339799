"""What the roundings and the constants of one axis do to y, for many sets of points: compiled.

Each figure is a variance of y, over the outputs of the axis: in units of c·u² for roundings, and of y² for constants.
"""

from __future__ import annotations

from math import sqrt
from typing import NamedTuple

import numpy as np

from wincook.analysis.prediction.batch.column_sums import errors_of_columns, partners_of
from wincook.analysis.prediction.batch.dense import clear, is_any, products, square, times, turn
from wincook.analysis.prediction.batch.matrices import transforms
from wincook.analysis.prediction.batch.rounding import Rounding, compiled
from wincook.analysis.prediction.batch.row_sums import errors_of_rows
from wincook.arrays import Array

PRODUCTS, FILTERS, INPUTS, OUTPUTS, CONSTANTS, WITH_CONSTANTS = range(6)  # places of the figures
FIGURES = 6
MEAN, MEAN_OF_ROOTS, LARGEST = range(3)  # of figures over the outputs


class Asked(NamedTuple):
    """What is asked of each set.

    `kinds` of data are 1 for white inputs, 2 for white ones and a constant. With the `statistic` 0 figures are means
    over the outputs, else of each output. Sets are left out, and infinite, whose β is beyond the `limit`: its mean over
    the outputs, for the statistic 1 the square of the mean of its roots, for 2 the largest.
    """

    kinds: int
    statistic: int
    limit: float


class Roundings(NamedTuple):
    """The formats of G g, of BT d and of AT M."""

    filter: Rounding
    input: Rounding
    output: Rounding


@compiled
def axis_errors(
    points: Array,
    factors: Array,
    infinity: int,
    tile: tuple[int, int],
    asked: Asked,
    formats: Roundings,
    counts: Array,
    sizes: Array,
) -> Array:
    """The figures of each set; infinite where two points are the same, or where β is beyond a limit.

    Args:
        points: of each set, shape (sets, points).
        factors: of each set, shape (sets, factors, 2).
        infinity: the power of ∞.
        tile: m and r.
        asked: the data, the statistic and the limit.
        formats: of the three transforms.
        counts: where the operations of G, BT and AT go: shape (sets, 3, 2), additions and products.
        sizes: where the second moments of U and V go, of white data: shape (sets, 2, R).

    Returns:
        shape (sets, kinds, figures, outputs): what y sees of errors of variance E[U²] E[V²] of each product, of the
        errors of G, of BT, of AT, of constants, and of these with y itself; one output, the mean, for the statistic 0.
    """
    number, finite = points.shape
    (m, r), kinds, single = tile, asked.kinds, asked.statistic != MEAN
    n, width = m + r - 1, m if single else 1
    R = finite + 3 * factors.shape[1] + max(2 * infinity - 1, 0)
    result = np.full((number, kinds, FIGURES, width), np.inf)
    A, G, B, cofactor = np.zeros((m, R)), np.zeros((R, r)), np.zeros((R, n)), np.zeros(n + 1)
    A_slip, G_slip, B_slip = np.zeros((m, R)), np.zeros((R, r)), np.zeros((R, n))
    G_turned, B_turned, slip_turned = np.zeros((r, R)), np.zeros((n, R)), np.zeros((n, R))
    U, V, crossed = np.zeros((3, R, R)), np.zeros((3, R, R)), np.zeros((2, R, R))
    seen, M, ordered = np.zeros((width, R, R)), np.zeros((R, R)), np.zeros(finite)
    space, partners = np.zeros((6, n + 4)), np.zeros(R, np.int64)
    G_errors, B_errors, A_errors, sums = np.zeros((5, R)), np.zeros((5, R)), np.zeros(m), np.zeros((2, R))
    for index in range(number):
        _sorted(points[index], ordered)
        regular = transforms(ordered, factors[index], infinity, A, G, B, cofactor)
        if not regular or _is_beyond(A, G, B, sums[0], asked):
            continue
        if factors.shape[1] or infinity > 1:
            _by_size(A, G, B)
        errors_of_rows(G, G_slip, formats.filter, space, G_errors)
        _move(formats.filter.counts, counts[index, 0])
        errors_of_rows(B, B_slip, formats.input, space, B_errors)
        _move(formats.input.counts, counts[index, 1])
        partners_of(A, partners)
        _sights(A, seen)
        turn(G, G_turned)
        turn(B, B_turned)
        _white_moments(G, G_turned, G_slip, slip_turned, U)
        for t in range(kinds):
            if t == 0:
                _white_moments(B, B_turned, B_slip, slip_turned, V)
                for k in range(R):
                    sizes[index, 0, k], sizes[index, 1, k] = U[0, k, k], V[0, k, k]
            else:
                _constant_moments(B, B_slip, sums, V)
            times(U[0], V[0], M)
            errors_of_columns(A, M, partners, A_slip, formats.output, A_errors, sums[0])
            _move(formats.output.counts, counts[index, 2])
            for o in range(width):
                beta, error = 0.0, 0.0
                for k in range(R):
                    beta += seen[o, k, k] * M[k, k]
                for i in range(o, m, m if single else 1):
                    error += A_errors[i]
                result[index, t, PRODUCTS, o] = beta
                result[index, t, FILTERS, o] = _sight_of_rows(G_errors[0], G_errors[2], G_errors[3], seen[o], V[0])
                result[index, t, INPUTS, o] = _sight_of_rows(B_errors[t], B_errors[2], B_errors[3 + t], seen[o], U[0])
                result[index, t, OUTPUTS, o] = error if single else error / m
            _of_constants(A, A_slip, U, V, M, seen, crossed, sums, result[index, t])
    return result


@compiled
def _is_beyond(A: Array, G: Array, B: Array, of_products: Array, asked: Asked) -> bool:
    """Whether β of white data, over the outputs as the statistic has it, is beyond the limit."""
    if asked.limit == np.inf:
        return False
    for k in range(len(G)):
        of_products[k] = square(G[k]) * square(B[k])
    total = 0.0
    for i in range(len(A)):
        beta = 0.0
        for k in range(len(G)):
            beta += A[i, k] * A[i, k] * of_products[k]
        if asked.statistic == LARGEST:
            total = max(total, beta)
        else:
            total += (beta if asked.statistic == MEAN else sqrt(beta)) / len(A)
    return (total * total if asked.statistic == MEAN_OF_ROOTS else total) > asked.limit


@compiled
def _white_moments(X: Array, turned: Array, slip: Array, slip_turned: Array, moments: Array) -> None:
    """X Xᵀ, S Xᵀ and S Sᵀ, for slips S of X."""
    products(X, turned, moments[0])
    if is_any(slip):
        turn(slip, slip_turned)
        products(slip, turned, moments[1])
        products(slip, slip_turned, moments[2])
    else:
        clear(moments[1])
        clear(moments[2])


@compiled
def _constant_moments(X: Array, slip: Array, sums: Array, moments: Array) -> None:
    """The same of X 1 and S 1."""
    for k in range(len(X)):
        sums[0, k], sums[1, k] = 0.0, 0.0
        for j in range(X.shape[1]):
            sums[0, k] += X[k, j]
            sums[1, k] += slip[k, j]
    for k in range(len(X)):
        for l in range(len(X)):
            moments[0, k, l] = sums[0, k] * sums[0, l]
            moments[1, k, l] = sums[1, k] * sums[0, l]
            moments[2, k, l] = sums[1, k] * sums[1, l]


@compiled
def _sight_of_rows(errors: Array, partners: Array, covariances: Array, seen: Array, moments: Array) -> float:
    """What y sees of the errors of rows, times numbers of second moments."""
    total = 0.0
    for k in range(len(errors)):
        total += errors[k] * seen[k, k] * moments[k, k]
        if covariances[k] != 0.0:
            l = int(partners[k])
            total += 2 * covariances[k] * seen[k, l] * moments[k, l]
    return total


@compiled
def _of_constants(
    A: Array, slip: Array, U: Array, V: Array, M: Array, seen: Array, crossed: Array, sums: Array, figures: Array
) -> None:
    """What y sees of the slips of all constants, E[δy²] and E[δy y], for each output or their mean.

    δy = AT (δU ⊙ V + U ⊙ δV) + δAT (U ⊙ V).
    """
    m, R, width, outputs_slip = len(A), len(M), len(seen), is_any(slip)
    _cross(U, V, crossed)
    for o in range(width):
        for l in range(R):
            sums[0, l], sums[1, l] = 0.0, 0.0
        for k in range(R):
            for l in range(R):
                sums[0, l] += seen[o, k, l] * crossed[0, k, l]
                sums[1, l] += seen[o, k, l] * crossed[1, k, l]
        if outputs_slip:
            for i in range(o, m, m if width == m else 1):
                _add_slips_of_output(A[i], slip[i], 1.0 if width == m else 1.0 / m, crossed[0], M, sums)
        squared, mixed = 0.0, 0.0
        for l in range(R):
            mixed += sums[0, l]
            squared += sums[1, l]
        figures[CONSTANTS, o], figures[WITH_CONSTANTS, o] = squared, mixed


@compiled
def _cross(U: Array, V: Array, crossed: Array) -> None:
    """E[δM M] and E[δM δM] for M = U ⊙ V, of which U and V slip: shape (2, R, R)."""
    R = U.shape[1]
    for k in range(R):
        for l in range(R):
            crossed[0, k, l] = U[1, k, l] * V[0, k, l] + U[0, k, l] * V[1, k, l]
            crossed[1, k, l] = U[2, k, l] * V[0, k, l] + U[0, k, l] * V[2, k, l]
    for k in range(R):
        for l in range(R):
            crossed[1, k, l] += U[1, k, l] * V[1, l, k] + U[1, l, k] * V[1, k, l]


@compiled
def _add_slips_of_output(row: Array, slip: Array, share: float, mixed: Array, M: Array, sums: Array) -> None:
    """What one row of AT adds by its own slips, times the share of its output."""
    for k in range(len(row)):
        of_output, of_slip = row[k] * share, slip[k] * share
        for l in range(len(row)):
            sums[1, l] += slip[l] * (2 * of_output * mixed[k, l] + of_slip * M[k, l])
            sums[0, l] += slip[l] * of_output * M[k, l]


@compiled
def _sorted(points: Array, ordered: Array) -> None:
    """By magnitude, a before -a: the programs do not depend on the order of the points."""
    for k in range(len(points)):
        a, l = points[k], k
        while l > 0 and (abs(ordered[l - 1]) > abs(a) or (ordered[l - 1] == -a and a > 0.0)):
            ordered[l] = ordered[l - 1]
            l -= 1
        ordered[l] = a


@compiled
def _by_size(A: Array, G: Array, B: Array) -> None:
    """Number the products as `wincook.program.programs` sorts the columns of AT; sorted points are so already."""
    for k in range(1, A.shape[1]):
        l = k
        while l > 0 and _smaller(A, l, l - 1):
            for i in range(len(A)):
                A[i, l], A[i, l - 1] = A[i, l - 1], A[i, l]
            for j in range(G.shape[1]):
                G[l, j], G[l - 1, j] = G[l - 1, j], G[l, j]
            for j in range(B.shape[1]):
                B[l, j], B[l - 1, j] = B[l - 1, j], B[l, j]
            l -= 1


@compiled
def _smaller(A: Array, k: int, l: int) -> bool:
    """Whether column k comes before column l: the one that does not begin with 0, then that of smaller entries."""
    if (A[0, k] == 0.0) != (A[0, l] == 0.0):
        return bool(A[0, k] != 0.0)
    for i in range(len(A)):
        if abs(A[i, k]) != abs(A[i, l]):
            return bool(abs(A[i, k]) < abs(A[i, l]))
    for i in range(len(A)):
        if A[i, k] != A[i, l]:
            return bool(A[i, k] > A[i, l])
    return False


@compiled
def _move(source: Array, target: Array) -> None:
    """Numbers from one place to another, and zeros to the first."""
    for j in range(len(source)):
        target[j] = source[j]
        source[j] = 0


@compiled
def _sights(A: Array, seen: Array) -> None:
    """The products of two columns of AT: for each output, or their mean."""
    for o in range(len(seen)):
        clear(seen[o])
    share = 1.0 if len(seen) == len(A) else 1.0 / len(A)
    for i in range(len(A)):
        o = i if len(seen) == len(A) else 0
        for k in range(A.shape[1]):
            factor = A[i, k] * share
            for l in range(A.shape[1]):
                seen[o, k, l] += factor * A[i, l]
