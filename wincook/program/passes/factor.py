"""Take a common factor out of a sum, so that the sum itself starts from an unscaled term.

A sum whose coefficients have one magnitude is multiplied once, after adding. A shared sum without a unit
coefficient is divided by one of its coefficients, and the sums that read it multiply: they need an fma instead
of an addition, and the sum needs one multiplication less.
"""

from __future__ import annotations

from fractions import Fraction

from wincook.exact.number import Number
from wincook.program.ir import Terms
from wincook.program.sums import Sums, reorder

ONE = Fraction(1)


def factor(sums: Sums) -> Sums:
    """Move common factors out of sums: into their readers, or into one multiplication for an output."""
    scale: dict[int, Number] = {}
    rows: dict[int, Terms] = {}
    fresh = sums.inputs + len(sums.sums)
    outputs = set(sums.outputs)
    for name, original in enumerate(sums.sums, start=sums.inputs):
        terms = tuple((value, c * scale.get(value, ONE)) for value, c in original)
        common = _common(terms)
        if name not in outputs and common == ONE and _readers_stay_unscaled(sums, name):
            common = _leading(terms)
        if common == ONE:
            rows[name] = terms
            continue
        bare = tuple((value, c / common) for value, c in terms)
        if name in outputs:
            rows[fresh] = bare
            rows[name] = ((fresh, common),)
            fresh += 1
        else:
            rows[name] = bare
            scale[name] = common
    return reorder(sums.inputs, rows, sums.outputs)


def _common(terms: Terms) -> Number:
    """The factor after which every coefficient is ±1, where one magnitude (or the sign -1) is common to all."""
    coefficients = [c for _, c in terms]
    if len(terms) < 2 or len({abs(c) for c in coefficients}) > 1:  # noqa: PLR2004 (a sum has two terms)
        return ONE
    if abs(coefficients[0]) == 1 and ONE in coefficients:
        return ONE
    return coefficients[0]


def _leading(terms: Terms) -> Number:
    """A coefficient to divide by: one that leaves only dyadic quotients, since others would have to be rounded."""
    coefficients = [c for _, c in terms]
    if any(abs(c) == 1 for c in coefficients):
        return ONE
    return next((c for c in coefficients if all(is_dyadic(other / c) for other in coefficients)), ONE)


def _readers_stay_unscaled(sums: Sums, name: int) -> bool:
    """Whether each sum that reads `name` has another term with coefficient 1 to start from."""
    readers = [terms for terms in sums.sums if name in dict(terms)]
    return all(any(c == 1 for value, c in terms if value != name) for terms in readers)


def is_dyadic(value: Number) -> bool:
    """Whether a binary format of enough digits holds the number."""
    return isinstance(value, Fraction) and value.denominator & (value.denominator - 1) == 0
