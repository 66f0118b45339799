"""The errors of G g and BT d on white data, by a model of their programs: compiled.

A sum is a chain of fmas, from a term with the constant 1 if there is one, else from a product. As in
`wincook.program.passes`, two rows that agree up to signs share the sum of the terms they have in common and that of the
others; constants of one magnitude are multiplied once, after adding; and a shared part that has opposite signs in its
rows is divided by one of its constants if that leaves only powers of two in the denominators.

Data are of two kinds: E[x xᵀ] = I, and J, all ones. Errors and sizes of a chain are arrays of two: of I, of J.
"""

from __future__ import annotations

from typing import NamedTuple

from wincook.analysis.prediction.batch.chains import (
    EQUAL,
    SIZES,
    add_up,
    add_up_part,
    common_of,
    leading_of,
    scale_of,
    without_blur,
)
from wincook.analysis.prediction.batch.rounding import (
    ADDITIONS,
    PRODUCTS,
    Rounding,
    compiled,
    kind,
    product_error,
    slipped,
    sum_factor,
    twin_covariance,
)
from wincook.arrays import Array

_TERMS, _PLACES, _CHAIN, _ODD_TERMS, _ODD_PLACES, _ODD_CHAIN = range(6)  # rows of the room for two parts of a row
_PARTNERS, _COVARIANCES = 2, 3  # places in what is found of rows, after variances


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
def errors_of_rows(T: Array, slip: Array, rounding: Rounding, space: Array, errors: Array) -> None:
    """The errors of T x: variances and covariances of its rows, in units of c·u².

    Args:
        T: shape (R, n).
        slip: where what the format makes of T, less T, goes: shape (R, n).
        rounding: the format; counts the operations.
        space: room for the terms of two rows, shape (6, n or more).
        errors: where the variances of each row go, for either kind of data, then the place of the row with which it
            shares its parts, or -1, then the covariances of both: shape (5, R).
    """
    for k in range(len(T)):
        for place in range(len(errors)):
            errors[place, k] = 0.0
        errors[_PARTNERS, k] = -1.0
        for j in range(T.shape[1]):
            slip[k, j] = 0.0
    for k in range(len(T)):
        if errors[_PARTNERS, k] >= 0:
            continue
        other = _partner(T, k, errors[_PARTNERS])
        if other < 0:
            _row(T, k, slip, rounding, space, errors)
        elif _starts_better(T, k, other):
            _pair(T, k, other, slip, rounding, space, errors)
        else:
            _pair(T, other, k, slip, rounding, space, errors)


@compiled
def _partner(T: Array, k: int, partners: Array) -> int:
    """The next row that agrees with row k but for signs, and has no partner; -1 if there is none."""
    count = 0
    for j in range(T.shape[1]):
        if T[k, j] != 0.0:
            count += 1
    if count <= 2:  # noqa: PLR2004 (two constants cost one addition, shared or not)
        return -1
    for other in range(k + 1, len(T)):
        if partners[other] < 0 and _agree(T, k, other):
            return other
    return -1


@compiled
def _agree(T: Array, k: int, other: int) -> bool:
    for j in range(T.shape[1]):  # noqa: SIM110 (what is compiled has no generators)
        if abs(abs(T[k, j]) - abs(T[other, j])) > EQUAL * abs(T[k, j]):
            return False
    return True


@compiled
def _starts_better(T: Array, k: int, other: int) -> bool:
    """Whether the terms that two rows have with opposite signs are summed as row k has them.

    That is, with a 1 to start from, if either row has one; else with a positive constant first.
    """
    first, plus, minus = 0.0, False, False
    for j in range(T.shape[1]):
        if T[k, j] * T[other, j] < 0.0:
            c = without_blur(T[k, j])
            first = first if first != 0.0 else c
            plus, minus = plus or c == 1.0, minus or c == -1.0
    if plus != minus:
        return plus
    return first >= 0.0


@compiled
def _row(T: Array, k: int, slip: Array, rounding: Rounding, space: Array, errors: Array) -> None:
    """The errors of a whole row: its common constant is multiplied at the end."""
    chain = space[_CHAIN]
    count = _gathered(T, k, k, 1.0, space[_TERMS], space[_PLACES])
    scale = common_of(space[_TERMS], count)
    add_up(space[_TERMS], space[_PLACES], count, scale, slip[k], 0.0, slip[k], rounding, chain)
    at_the_end = 0.0
    if abs(scale) != 1.0:
        at_the_end = product_error(scale, rounding)
        rounding.counts[PRODUCTS] += 1
        _scaled_slip(T, k, space[_PLACES], count, slipped(scale, rounding.split) / scale, slip)
    for s in range(2):
        errors[s, k] = (chain[s] + at_the_end * chain[SIZES + s]) * scale * scale


@compiled
def _pair(T: Array, k: int, other: int, slip: Array, rounding: Rounding, space: Array, errors: Array) -> None:
    """The errors of two rows that share their parts."""
    count = _gathered(T, k, other, 1.0, space[_TERMS], space[_PLACES])
    odd_count = _gathered(T, k, other, -1.0, space[_ODD_TERMS], space[_ODD_PLACES])
    alike = count == 0 or odd_count == 0  # the rows are one but for their sign, and join nothing
    unscaled = count > 1 or (count == 1 and space[_TERMS, 0] == 1.0)
    e = scale_of(space[_TERMS], count)
    o = scale_of(space[_ODD_TERMS], odd_count)
    if odd_count > 1 and o == 1.0 and unscaled and not alike:
        o = leading_of(space[_ODD_TERMS], odd_count)
    add_up_part(space[_TERMS], space[_PLACES], count, e, slip[k], 1.0, slip[other], rounding, space[_CHAIN])
    add_up_part(
        space[_ODD_TERMS], space[_ODD_PLACES], odd_count, o, slip[k], -1.0, slip[other], rounding, space[_ODD_CHAIN]
    )
    for row in (k, other):
        _scaled_slip(T, row, space[_PLACES], count, slipped(e, rounding.split) / e, slip)
        _scaled_slip(T, row, space[_ODD_PLACES], odd_count, slipped(o, rounding.split) / o, slip)
    errors[_PARTNERS, k], errors[_PARTNERS, other] = other, k
    products, zero_e, zero_o = 0, rounding.zeros**count, rounding.zeros**odd_count
    for s in range(2):
        of_e, of_o = e * e * space[_CHAIN, s], o * o * space[_ODD_CHAIN, s]
        size_e, size_o = e * e * space[_CHAIN, SIZES + s], o * o * space[_ODD_CHAIN, SIZES + s]
        if alike:
            products = 0 if abs(e * o) == 1.0 else 2
            error = of_e + of_o + (product_error(e * o, rounding) * (size_e + size_o) if products else 0.0)
            errors[s, k] = errors[s, other] = error
            errors[_COVARIANCES + s, k] = error if odd_count == 0 else -error
        else:
            joined = _joined(e, o, size_e, size_o, zero_e, zero_o, rounding)
            products, equal, opposite = joined.products, of_e + joined.equal, of_o + joined.opposite
            errors[s, k], errors[s, other] = joined.first + equal + opposite, joined.second + equal + opposite
            errors[_COVARIANCES + s, k] = joined.covariance + equal - opposite
    rounding.counts[ADDITIONS] += 0 if alike else 2
    rounding.counts[PRODUCTS] += products


@compiled
def _scaled_slip(T: Array, row: int, places: Array, count: int, off: float, slip: Array) -> None:
    """What a constant of many terms is off, relative to it, goes to the slips of a row."""
    if off != 0.0:
        for place in range(count):
            j = int(places[place])
            slip[row, j] += off * T[row, j]


@compiled
def _joined(
    e: float, o: float, size_e: float, size_o: float, zero_e: float, zero_o: float, rounding: Rounding
) -> Joined:
    """Of e x + o y and e x - o y, given the sizes of both summands, and how often they are exactly 0.

    Sizes of sums are means over both signs.

    A sum starts from a term with the constant 1, else from a product by a constant that is not -1.
    """
    total = size_e + size_o  # the cross terms of the two rows cancel in the mean
    rounded = total - zero_e * size_o - zero_o * size_e  # nothing is lost where 0 is added
    plain = sum_factor(rounding.tables, 0, size_o, size_e, total) * rounded
    if abs(abs(e) - abs(o)) <= EQUAL * abs(e):  # the constant is multiplied at the end
        covariance = twin_covariance(rounding, 0, size_o, size_e, total, plain) * (
            rounded / total if total > 0.0 else 1.0
        )
        if abs(e) == 1.0:
            return Joined(plain, plain, covariance, 0.0, 0.0, 0)
        scaled = plain + product_error(e, rounding) * total
        return Joined(scaled, scaled, covariance, 0.0, 0.0, 2)
    if abs(o) == 1.0:  # fma(x, e, y) in one row, e x - y in the other
        table = kind(e, rounding.split)
        fused = sum_factor(rounding.tables, table, size_e, size_o, total) * (
            rounded if table == 0 else total - zero_e * size_o
        )
        apart = plain + rounding.products[table] * size_e
        return Joined(fused, apart, 0.0, 0.0, 0.0, 1) if o == 1.0 else Joined(apart, fused, 0.0, 0.0, 0.0, 1)
    if e == -1.0:  # ±o y - x: both products have one error
        return Joined(plain, plain, 0.0, 0.0, product_error(o, rounding) * size_o, 2)
    table = kind(o, rounding.split)
    fused = sum_factor(rounding.tables, table, size_o, size_e, total) * (
        rounded if table == 0 else total - zero_o * size_e
    )
    if e == 1.0:  # fma(y, ±o, x)
        return Joined(fused, fused, twin_covariance(rounding, table, size_o, size_e, total, fused), 0.0, 0.0, 0)
    return Joined(fused, fused, 0.0, product_error(e, rounding) * size_e, 0.0, 2)


@compiled
def _gathered(T: Array, k: int, other: int, sign: float, terms: Array, places: Array) -> int:
    """The constants of row k that another row has with a sign, and their places; how many they are."""
    count = 0
    for j in range(T.shape[1]):
        if sign * T[k, j] * T[other, j] > 0.0:
            terms[count], places[count] = without_blur(T[k, j]), j
            count += 1
    return count
