"""Factors of the products that stand apart: the set is neither wrong nor judged."""

from __future__ import annotations

from typing import Any

import pytest
import sympy

import wincook as wc
from wincook.interchange.read.sets.diagonal import diagonal_of
from wincook.interchange.read.tables import exact_table

AXIS = wc.algorithm("F(2,3)").axes[0]
HALVES = [1, sympy.Rational(1, 2), sympy.Rational(1, 2), 1]
INTEGRAL = wc.Transforms(AXIS.AT, sympy.ImmutableMatrix(sympy.diag(*HALVES).inv() * AXIS.G), AXIS.BT)


def test_only_what_puts_all_sums_right_is_the_diagonal() -> None:
    tables = [exact_table(name, rows) for name, rows in (("p", [[1, 2, 2, 1]]), ("q", [HALVES]), ("s", [HALVES[:3]]))]
    found = diagonal_of(INTEGRAL, tables)
    assert found is not None
    assert found.name == "q"
    assert diagonal_of(INTEGRAL, [tables[0], tables[2], exact_table("z", [[0, 1, 1, 0]])]) is None


@pytest.mark.parametrize(("q", "verdict"), [("[1, 0.5, 0.5, 1]", "nothing|unjudged"), ("[1, 0.5, 0.25, 1]", "wrong")])
def test_a_set_with_factors_apart_is_not_judged(judged: Any, q: str, verdict: str) -> None:
    lines = [f"{name} = {getattr(INTEGRAL, name).tolist()}" for name in ("AT", "G", "BT")]
    judged("\n".join([*lines, f"q = {q}"]), ".py", verdict, *([] if verdict == "wrong" else ["scaled by q"]))
