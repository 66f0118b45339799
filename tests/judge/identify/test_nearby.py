"""Decimals near the simplest fractions that make all sums right."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from sympy import ImmutableMatrix, Rational, sqrt

import wincook as wc
from wincook.judge.identify.nearby import nearby
from wincook.judge.tensor import Aim

F43 = wc.algorithm("F(4,3)", "0, ±1, ±2, ∞").axes[0]
AIM = Aim("correlation", wc.Tile.parse("F(4,3)"))


def with_entry(axis: wc.Transforms, letter: str, place: tuple[int, int], value: Any) -> wc.Transforms:
    matrix = getattr(axis, letter).as_mutable()
    matrix[place] = value
    change: Any = {letter: ImmutableMatrix(matrix)}
    return replace(axis, **change)


def test_decimals_of_any_length_in_two_matrices_are_named() -> None:
    """-1/6 as -0.16671, and 8 as 8.004."""
    axis = with_entry(with_entry(F43, "G", (1, 0), Rational("-0.16671")), "AT", (3, 3), Rational("8.004"))
    repair = nearby(axis, AIM)
    assert repair is not None
    assert [(mistake.matrix, mistake.row, mistake.column, mistake.right) for mistake in repair.mistakes] == [
        ("AT", 3, 3, 8),
        ("G", 1, 0, Rational(-1, 6)),
    ]


@pytest.mark.parametrize(("off", "near"), [(Fraction(1, 1000), True), (Fraction(1, 998), False)])
def test_near_is_within_a_thousandth(off: Fraction, near: bool) -> None:
    """Of the decimal: 8 is a thousandth off 8/(1 - 1/1000)."""
    number = 8 / (1 - off)
    repair = nearby(with_entry(F43, "AT", (3, 3), Rational(number.numerator, number.denominator)), AIM)
    assert (repair is not None) == near


def test_denominators_go_up_to_four_hundred() -> None:
    """2/397 and 2/401, both in lowest terms, to nine decimals, in the last row of G; AT makes up for them."""
    for prime, named in ((397, True), (401, False)):
        scaled = with_entry(F43, "AT", (3, 5), Rational(prime, 2))
        decimal = Rational(round(2 * 10**9 / prime), 10**9)
        repair = nearby(with_entry(scaled, "G", (5, 2), decimal), AIM)
        assert (repair is not None) == named


def test_what_is_near_nothing_right_has_no_repair_and_what_is_no_fraction_stays() -> None:
    assert nearby(with_entry(F43, "G", (0, 0), Rational("0.7501")), AIM) is None
    assert nearby(with_entry(F43, "G", (0, 0), sqrt(2)), AIM) is None
