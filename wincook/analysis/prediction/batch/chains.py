"""Chains of fmas as programs add up terms, and how wrong they are: compiled.

A sum starts from a term with the constant 1 if there is one, else from a product. Constants of one magnitude are
multiplied once, after adding. Errors and sizes of a chain are on two kinds of data: E[x xᵀ] = I, and J, all ones.
"""

from __future__ import annotations

from wincook.analysis.prediction.batch.rounding import (
    ADDITIONS,
    PRODUCTS,
    Rounding,
    compiled,
    cut,
    kind,
    product_error,
    slipped,
    sum_factor,
)
from wincook.analysis.prediction.rounding_constant import GENERAL
from wincook.arrays import Array

EQUAL = 1e-12  # relative, of constants in float64
SIZES = 2  # where sizes begin in what is told of a chain, after errors
_HALF_BITS = 2.0**27 + 1  # for `cut`: a quotient of so few bits is dyadic, and no other is so near to one


@compiled
def without_blur(constant: float) -> float:
    """A constant that is ±1 but for what float64 lost of it, as ±1."""
    if abs(abs(constant) - 1.0) <= EQUAL:
        return 1.0 if constant > 0.0 else -1.0
    return constant


@compiled
def scale_of(terms: Array, count: int) -> float:
    """What a part of two rows is divided by: its one constant, or the common one.

    A part with opposite signs, whose rows have another term to start from, is divided by what leaves dyadic quotients.
    """
    return float(terms[0]) if count == 1 else common_of(terms, count)


@compiled
def add_up_part(
    terms: Array,
    places: Array,
    count: int,
    scale: float,
    slip: Array,
    sign: float,
    slip_of_partner: Array,
    rounding: Rounding,
    chain: Array,
) -> None:
    """The chain of a part; a single term is as it is."""
    if count == 1:
        chain[0], chain[1], chain[SIZES], chain[SIZES + 1] = 0.0, 0.0, 1.0, 1.0
    else:
        add_up(terms, places, count, scale, slip, sign, slip_of_partner, rounding, chain)


@compiled
def add_up(
    terms: Array,
    places: Array,
    count: int,
    scale: float,
    slip: Array,
    sign: float,
    slip_of_partner: Array,
    rounding: Rounding,
    chain: Array,
) -> None:
    """Divide the terms by a scale and add them up one by one: the errors on both kinds of data, then the sizes.

    What the format makes of the quotients, less these, goes to a row of slips, times the scale, and with a sign to the
    row of the partner; with 0 for a sign there is none.
    """
    for s in range(4):
        chain[s] = 0.0
    if count == 0:
        return
    if scale != 1.0:
        for j in range(count):
            terms[j] = without_blur(terms[j] / scale)
    start, split, zeros = start_of(terms, count), rounding.split, rounding.zeros
    total, before = terms[start], zeros  # the share of the sum so far that is exactly 0
    white = total * total
    if abs(total) != 1.0:
        chain[0] = chain[1] = product_error(total, rounding) * white
        rounding.counts[PRODUCTS] += 1
    for j in range(count):
        c = terms[j]
        off = scale * slipped(c, split)
        if off != 0.0:
            slip[int(places[j])] += off
            if sign != 0.0:
                slip_of_partner[int(places[j])] += sign * off
        if j == start:
            continue
        size, table = c * c, kind(c, split)
        factor = 1.0 if table == GENERAL else sum_factor(rounding.tables, table, size, white, white + size)
        exact = before * size if table == 0 else 0.0
        chain[0] += factor * max(white + size - zeros * white - exact, 0.0)
        chain[1] += factor * max((total + c) * (total + c) - zeros * total * total - exact, 0.0)
        white, total, before = white + size, total + c, before * zeros
    chain[SIZES], chain[SIZES + 1] = white, total * total
    rounding.counts[ADDITIONS] += count - 1


@compiled
def start_of(terms: Array, count: int) -> int:
    """Where a chain starts: at a 1, or at what is not -1, or at the first term."""
    plain = 0
    for j in range(count):
        if terms[j] == 1.0:
            return j
        if terms[plain] == -1.0:
            plain = j
    return plain


@compiled
def common_of(terms: Array, count: int) -> float:
    """The constant after which all are ±1, where two or more have one magnitude, or are -1; else 1."""
    for j in range(count):
        if abs(abs(terms[j]) - abs(terms[0])) > EQUAL * abs(terms[0]) or terms[j] == 1.0:
            return 1.0
    return float(terms[0]) if count > 1 else 1.0


@compiled
def leading_of(terms: Array, count: int) -> float:
    """A constant that leaves dyadic quotients; 1 if there is none, or if a constant is ±1."""
    for j in range(count):
        if abs(terms[j]) == 1.0:
            return 1.0
    for j in range(count):
        for l in range(count):
            quotient = terms[l] / terms[j]
            if abs(cut(quotient, _HALF_BITS) - quotient) > EQUAL * abs(quotient):
                break
        else:
            return float(terms[j])
    return 1.0
