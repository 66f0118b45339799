"""Matrices that are those of an exact set, rounded: to a format such as bfloat16, or to a few decimals.

The exact set is looked for near the one given, in this order: as the repairs say; with the simplest fraction within the
rounding for every entry; with these in two matrices, and the third that follows from them; and, for Toom-Cook sets, on
the simplest points near the ratios of entries, with the simplest scales in two of the matrices. It is proven before
anything is said of it, and every entry of a matrix that is rounded must be what rounding gives.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain

import sympy

from wincook.judge.explain.repair import Repair
from wincook.judge.identify.completed import completed
from wincook.judge.identify.interval import Reach, fraction, rational, simplest_between
from wincook.judge.identify.near_points import on_points
from wincook.judge.identify.rules import FORMATS, of_decimals, of_format
from wincook.judge.tensor import Aim, compare, tensor
from wincook.transforms import LETTERS, Matrices, Transforms

_MOST_LENGTH = 1.25  # of the exact set, over that of the rounded one: with numbers long enough, any set is rounded
_FINE = Fraction(1, 256)  # near enough for the simplest numbers to be the right ones


@dataclass(frozen=True, slots=True)
class Rounding:
    """The exact set, and for each matrix that differs from it, how it is rounded; `uniform` if all may be so."""

    exact: Transforms
    rules: tuple[tuple[str, str], ...]
    uniform: bool

    def __str__(self) -> str:
        if self.uniform:
            return f"rounded to {self.rules[0][1]}"
        return "with " + ", ".join(f"{matrix} rounded to {name}" for matrix, name in self.rules)


def rounding(axis: Transforms, aim: Aim, repairs: Sequence[Repair]) -> Rounding | None:
    """What set the matrices of fractions are, rounded; None if none is found."""
    rounded = axis.AT, axis.G, axis.BT
    if not all(entry.is_Rational for matrix in rounded for entry in matrix):
        return None
    repaired = sorted((_repaired(rounded, repair) for repair in repairs), key=_length)
    for exact in chain(repaired, _nearby(rounded, aim)):
        if exact is None or _length(exact) > _MOST_LENGTH * _length(rounded):
            continue
        fitting = _fitting(rounded, exact)
        if not all(fitting) or compare(tensor(Transforms(*exact)), aim).missing:
            continue
        shared = [name for name in fitting[0] if all(name in names for names in fitting[1:])]
        rules = [
            (letters, (shared or names)[0])
            for letters, matrix, meant, names in zip(LETTERS, rounded, exact, fitting, strict=True)
            if matrix != meant
        ]
        return Rounding(Transforms(*exact), tuple(rules), uniform=bool(shared))
    return None


def _fitting(rounded: Matrices, exact: Matrices) -> list[list[str]]:
    """For each matrix, the ways of rounding that make it of the exact one, entry by entry, the coarsest first."""
    fitting = []
    rules = [*map(of_format, FORMATS), *chain.from_iterable(map(of_decimals, rounded))]
    for matrix, meant in zip(rounded, exact, strict=True):
        pairs = [(fraction(right), fraction(entry)) for right, entry in zip(meant, matrix, strict=True)]
        names = [rule.name for rule in rules if all(rule.takes(*pair) for pair in pairs)]
        fitting.append(["nothing"] if matrix == meant and not names else names)
    return fitting


def _length(matrices: Matrices) -> int:
    """Of all entries, in bits: simple numbers are short."""
    numbers = [fraction(entry) for matrix in matrices for entry in matrix]
    return sum(number.numerator.bit_length() + number.denominator.bit_length() for number in numbers)


def _nearby(rounded: Matrices, aim: Aim) -> Iterator[Matrices | None]:
    """Exact sets that the matrices may be rounded from, not all of them right."""
    by_format = [[of_format(fmt)] * 3 for fmt in FORMATS if fmt.unit_roundoff <= _FINE]
    decimals = [of_decimals(matrix) for matrix in rounded]
    by_decimals = [[rules[kind] if rules else by_format[-1][0] for rules in decimals] for kind in range(3)]
    for rules in [*by_format, *(by_decimals if any(decimals) else [])]:
        reaches = [rule.reach for rule in rules]
        simplest = _simplest_entries(rounded, reaches)
        yield simplest
        for position in range(3):
            mixed = [*simplest[:position], rounded[position], *simplest[position + 1 :]]
            yield completed((mixed[0], mixed[1], mixed[2]), aim, position)
        yield on_points(rounded, aim, reaches)


def _repaired(rounded: Matrices, repair: Repair) -> Matrices:
    matrices = [matrix.as_mutable() for matrix in rounded]
    for mistake in repair.mistakes:
        matrices[LETTERS.index(mistake.matrix)][mistake.row, mistake.column] = mistake.right
    AT, G, BT = (sympy.ImmutableMatrix(matrix) for matrix in matrices)
    return AT, G, BT


def _simplest_entries(rounded: Matrices, reaches: Sequence[Reach]) -> Matrices:
    def simplest(entry: sympy.Expr, reach: Reach) -> sympy.Rational:
        number = fraction(entry)
        return rational(simplest_between(number - reach(number), number + reach(number)))

    AT, G, BT = (
        matrix.applyfunc(lambda entry, reach=reach: simplest(entry, reach))
        for matrix, reach in zip(rounded, reaches, strict=True)
    )
    return AT, G, BT
