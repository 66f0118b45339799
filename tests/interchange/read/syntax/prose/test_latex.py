"""LaTeX: every expression that sympy prints, and others' spellings."""

from __future__ import annotations

import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from wincook.errors import DataError
from wincook.interchange.read.stated.own_json import exact_entry
from wincook.interchange.read.syntax.prose.latex import latex_rows, without_latex

numbers = st.builds(
    lambda p, q, k, n: sympy.Rational(p, q) * sympy.sqrt(k) + n,
    st.integers(-9, 9),
    st.integers(1, 9),
    st.sampled_from([1, 2, 3]),
    st.integers(-2, 2),
)


@pytest.mark.slow
@given(st.lists(numbers, min_size=2, max_size=2))
def test_what_sympy_prints_is_read_exactly(entries: list[sympy.Expr]) -> None:
    (row,) = latex_rows(" & ".join(map(sympy.latex, entries)))
    assert [sympy.simplify(exact_entry(cell) - entry) for cell, entry in zip(row, entries, strict=True)] == [0, 0]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        (r"\frac12 & \tfrac{1}{2}", ["1/2", "1/2"]),
        (r"-\dfrac{\frac{1}{2}}{3} & \frac{1 + \sqrt{5}}{2}", ["-1/2/3", "(1+sqrt(5))/2"]),
        (r"2 \sqrt{2} & 3 \cdot a^{4}", ["2*sqrt(2)", "3*a^4"]),
        (r"\left(1 - a\right)^2 & \phantom{-}1\,", ["(1-a)^2", "1"]),
    ],
)
def test_spellings(text: str, cells: list[str]) -> None:
    assert latex_rows(text) == [cells]


@pytest.mark.parametrize("text", [r"\frac{1}", "1 +", r"\unknown{2}", "x" * 30_000])
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        latex_rows(text)


def test_matrices_stand_in_brackets_behind_their_names_and_factors() -> None:
    text = without_latex(r"$$\mathbf{B}^{\top} = \frac{1}{2} \begin{bmatrix} 1 & 0 \\ 0 & 1 \end{bmatrix}$$")
    assert " ".join(text.split()) == "B^T =(1/2) * [ 1 , 0 ; 0 , 1 ]"
    assert without_latex("no backslash $x$") == "no backslash $x$"
    assert "f(x)" in without_latex(r"\begin{matrix} f(x) & ? \end{matrix}")
