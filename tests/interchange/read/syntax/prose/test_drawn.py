"""Drawn brackets as sympy prints them."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.interchange.read.syntax.declared.values import evaluate
from wincook.interchange.read.syntax.prose.drawn import DRAWN, drawn_rows

fractions = st.builds(sympy.Rational, st.integers(-99, 99), st.integers(1, 99))


@pytest.mark.slow
@given(st.lists(st.lists(fractions, min_size=3, max_size=3), min_size=2, max_size=4))
def test_fractions_in_lines_and_above_bars(rows: list[list[sympy.Rational]]) -> None:
    printed = sympy.pretty(sympy.Matrix(rows), use_unicode=True, num_columns=1000).split("\n")
    lines = [match["cells"] for line in printed if (match := DRAWN.fullmatch(line))]
    read = [[evaluate(cell.strip()).value for cell in row.split(" , ")] for row in drawn_rows(lines)]
    assert read == [[entry.p if entry.q == 1 else sympy.Rational(entry) for entry in row] for row in rows]


@pytest.mark.parametrize("line", ["AT = ⎡1  0⎤", "   ⎣0  1⎦", "⎛1⎞"])
def test_a_line_of_a_matrix(line: str) -> None:
    assert DRAWN.fullmatch(line)
    assert not DRAWN.fullmatch(f"{line} ⎡2⎤")
