r"""What is written is LaTeX: matplotlib reads the mathematics, and nothing else is left that TeX would stumble on."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib.mathtext import MathTextParser

from wincook.report.data.latex import latex_text, latex_words
from wincook.report.table import Cell, View, decoration, grid, number, table, words

PARSER = MathTextParser("agg")
MATH = r"(?<!\\)\$[^$]*(?<!\\)\$"


def check(text: str) -> None:
    for math in re.findall(MATH, text):
        PARSER.parse(math.replace(r"\surd", r"\sum"))  # the one symbol of LaTeX that matplotlib does not know
    plain = re.sub(MATH, "", text)
    for command in (r"\\textbackslash\{\}", r"\\textasciitilde\{\}", r"\\textasciicircum\{\}", r"\\dots\{\}"):
        plain = re.sub(command, "", plain)
    assert plain.isascii()
    assert not re.search(r"(?<!\\)[&%$#_{}~^]|\\(?![&%$#_{}])", plain), text


@pytest.mark.parametrize(
    ("words", "latex"),
    [
        ("κ₂", r"$\kappa_{2}$"),
        ("κ∞", r"$\kappa_{\infty}$"),
        ("κ_F", r"$\kappa_{F}$"),
        ("‖·‖₁", r"$\|\cdot\|_{1}$"),
        ("1.25e-07", r"$1.25 \cdot 10^{-7}$"),
        ("-3e+11*", r"$-3 \cdot 10^{11}$*"),
        ("√2/2", r"$\sqrt{2}$/2"),
        ("F(4x4,3x3) on {0, ±1}", r"F(4x4,3x3) on \{0, $\pm$1\}"),
        ("100 % & more_of#it", r"100 \% \& more\_of\#it"),
        ("float8_e5m2", r"float8\_e5m2"),
        ("x² ≤ 2·10⁻³", r"x$^{2}$ $\leq$ 2$\cdot$10$^{-3}$"),
        ("ü", r"\textbackslash{}xfc"),
    ],
)
def test_words(words: str, latex: str) -> None:
    assert latex_words(words) == latex
    check(latex)


@given(st.text("κ∞₁₂‖·±×√²⁻ᵀ★≤≥–…’0123456789.e-+_^~{}\\%$#&<>| aFüß█", max_size=20))
def test_any_words_are_latex(words: str) -> None:
    check(latex_words(words))


def test_a_table() -> None:
    errors = table(
        "errors",
        "Errors of F(m,r) ≤ 1",
        [words("algorithm"), number("κ₂", ".3g"), number("RMS", show=lambda rms: f"{rms:.1e}\n± 3 %"), decoration()],
        [("F(2,3)", 5.83, 1.23e-7, Cell("█", ())), ("F(4,3)", float("inf"), 1.0, Cell("██", ()))],
        caption="A note.",
    )
    assert latex_text(View((errors, grid("AT", "", [[1, "√2"]])))).splitlines() == [
        "% Errors of F(m,r) <= 1",
        r"\begin{tabular}{lrr}",
        r"\toprule",
        r"algorithm & $\kappa_{2}$ & RMS \\",
        r"\midrule",
        r"F(2,3) & $5.83$ & \shortstack[r]{$1.2 \cdot 10^{-7}$ \\ $\pm$ 3 \%} \\",
        r"F(4,3) & $\infty$ & \shortstack[r]{$1.0 \cdot 10^{0}$ \\ $\pm$ 3 \%} \\",
        r"\bottomrule",
        r"\end{tabular}",
        "% A note.",
        "",
        r"\begin{tabular}{rr}",
        r"\toprule",
        r"$1$ & $\sqrt{2}$ \\",
        r"\bottomrule",
        r"\end{tabular}",
    ]
