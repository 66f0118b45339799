"""The matrices that truncated decimals were meant to be: 0.1667 near 1/6, in several matrices at once."""

from __future__ import annotations

from fractions import Fraction

import sympy

from wincook.judge.explain.repair import Repair, repair_between
from wincook.judge.tensor import Aim, compare, tensor
from wincook.transforms import Transforms

_NEAR = Fraction(1, 1000)
_LARGEST_DENOMINATOR = 400


def nearby(axis: Transforms, aim: Aim) -> Repair | None:
    """The change of entries to the simplest fractions within a thousandth, if these make all sums right."""
    meant = Transforms(*(matrix.applyfunc(_simplest) for matrix in (axis.AT, axis.G, axis.BT)))
    if compare(tensor(meant), aim).missing:
        return None
    return repair_between(axis, meant)


def _simplest(entry: sympy.Expr) -> sympy.Expr:
    if not entry.is_Rational:
        return entry
    number = Fraction(int(entry.p), int(entry.q))
    for denominator in range(1, min(_LARGEST_DENOMINATOR, number.denominator) + 1):
        simple = number.limit_denominator(denominator)
        if abs(simple - number) <= _NEAR * abs(number):
            return sympy.Rational(simple.numerator, simple.denominator)
    return entry
