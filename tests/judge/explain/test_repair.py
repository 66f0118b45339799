"""Repairs as values: which entries differ, and what they would have to be."""

from __future__ import annotations

import sympy
from sympy import Rational

import wincook as wc
from wincook.judge.explain.repair import Mistake, Repair, repair_between

AXIS = wc.algorithm("F(2,3)", "0, ±1, ∞").axes[0]


def with_entry(axis: wc.Transforms, letter: str, row: int, column: int, value: sympy.Expr) -> wc.Transforms:
    matrices = {name: getattr(axis, name).as_mutable() for name in ("AT", "G", "BT")}
    matrices[letter][row, column] = value
    return wc.Transforms(*(matrices[name].as_immutable() for name in ("AT", "G", "BT")))


def test_entries_that_differ_are_named_whichever_is_larger() -> None:
    wrong = with_entry(with_entry(AXIS, "AT", 1, 2, sympy.Integer(5)), "BT", 3, 1, sympy.Integer(-7))
    repair = repair_between(wrong, AXIS)
    assert repair.mistakes == (
        Mistake("AT", 1, 2, sympy.Integer(5), AXIS.AT[1, 2]),
        Mistake("BT", 3, 1, sympy.Integer(-7), AXIS.BT[3, 1]),
    )
    assert repair.products == (2, 3)
    assert repair_between(AXIS, wrong).products == (2, 3)
    assert repair_between(AXIS, AXIS) == Repair(())


def test_a_mistake_tells_its_product_and_what_would_be_right() -> None:
    mistake = Mistake("G", 1, 0, Rational(1, 3), Rational(1, 2))
    assert (mistake.product, Mistake("AT", 1, 0, Rational(1), Rational(2)).product) == (1, 0)
    assert str(mistake) == "G[1,0] is 1/3; 1/2 would make it right"
