r"""Tables for LaTeX with the package booktabs: what the terminal shows, in math mode where it is mathematics.

Titles and captions are comments. What LaTeX has no command for is spelt in ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wincook.interchange.write.ascii import ascii_text
from wincook.report.table import Cell, Column, Table, View

_ESCAPES = {letter: f"\\{letter}" for letter in "&%$#_{}"} | {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": "$<$",
    ">": "$>$",
    "|": "$|$",
    "–": "--",
    "…": r"\dots{}",
    "’": "'",
}
_MATH = {
    "±": r"\pm",
    "×": r"\times",
    "·": r"\cdot",
    "∞": r"\infty",
    "√": r"\surd",
    "−": "-",
    "≤": r"\leq",
    "≥": r"\geq",
    "≠": r"\neq",
    "≈": r"\approx",
    "→": r"\to",
    "⊙": r"\odot",
    "‖": r"\|",
    "★": r"\star",
    "κ": r"\kappa",
    "σ": r"\sigma",
    "ρ": r"\rho",
    "∂": r"\partial",
}
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺ᵀ", "0123456789-+T")
_TOKEN = re.compile(
    r"(?P<norm>κ|‖·‖)(?P<index>∞|_F|[₀-₉]+)"
    r"|(?<![\w.])(?P<significand>[-+]?\d+(?:\.\d+)?)e(?P<exponent>[-+]?\d+)(?!\w)"
    r"|√(?P<radicand>\d+)"
    r"|(?P<lowered>[₀-₉]+)|(?P<raised>[⁰¹²³⁴-⁹⁻⁺ᵀ]+)"
    r"|(?P<letter>.)",
    re.DOTALL,
)
_INFINITE = {"inf": r"$\infty$", "-inf": r"$-\infty$"}
_NUMERAL = re.compile(r"[-+]?\d+(\.\d+)?")


def latex_text(view: View | Table) -> str:
    """The tables of a view as `tabular` environments, an empty line between two.

    Raises:
        NotationError: neither a view nor a table.
    """
    tables = View.of(view).data
    return "\n\n".join("\n".join(_lines(table)) for table in tables) + "\n" * bool(tables)


def latex_words(words: str) -> str:
    r"""Text as LaTeX sets it.

    >>> print(latex_words("F(4,3) on {0, ±√2, ∞}: κ₂ = 1.5e-07, 5 %"))
    F(4,3) on \{0, $\pm$$\sqrt{2}$, $\infty$\}: $\kappa_{2}$ = $1.5 \cdot 10^{-7}$, 5 \%
    """
    return "".join(map(_token, _TOKEN.finditer(words)))


def _lines(table: Table) -> Iterator[str]:
    columns = [(place, column) for place, column in enumerate(table.columns) if column.fields]
    yield from _comments(table.title)
    yield rf"\begin{{tabular}}{{{''.join('l' if column.left else 'r' for _, column in columns)}}}"
    yield r"\toprule"
    if table.headed:
        yield _row([latex_words(column.name) for _, column in columns])
        yield r"\midrule"
    yield from (_row([_cell(column, row[place]) for place, column in columns]) for row in table.rows)
    yield r"\bottomrule"
    yield r"\end{tabular}"
    yield from _comments(table.caption)


def _comments(words: str) -> list[str]:
    return [f"% {ascii_text(line)}" for line in words.splitlines()]


def _row(cells: Sequence[str]) -> str:
    return " & ".join(cells) + r" \\"


def _cell(column: Column, cell: Cell) -> str:
    lines = [_number(line) if not column.left else latex_words(line) for line in cell.text.split("\n")]
    return lines[0] if len(lines) == 1 else r"\shortstack[r]{" + r" \\ ".join(lines) + "}"


def _number(text: str) -> str:
    if text in _INFINITE:
        return _INFINITE[text]
    return f"${text}$" if _NUMERAL.fullmatch(text) else latex_words(text)


def _token(match: re.Match[str]) -> str:
    """One piece of text: mathematics, or a letter."""
    part = {name: words for name, words in match.groupdict().items() if words}
    match part:
        case {"norm": norm, "index": index}:
            plain = index.removeprefix("_").translate(_LOWERED)
            return f"${''.join(_MATH[letter] for letter in norm)}_{{{_MATH.get(plain, plain)}}}$"
        case {"significand": significand, "exponent": exponent}:
            return rf"${significand} \cdot 10^{{{int(exponent)}}}$"
        case {"radicand": radicand}:
            return rf"$\sqrt{{{radicand}}}$"
        case {"lowered": lowered}:
            return f"$_{{{lowered.translate(_LOWERED)}}}$"
        case {"raised": raised}:
            return f"$^{{{raised.translate(_RAISED)}}}$"
        case {"letter": letter}:
            return _letter(letter)
    raise AssertionError(match[0])  # the expression matches nothing else


def _letter(letter: str) -> str:
    if letter in _MATH:
        return f"${_MATH[letter]}$"
    return _ESCAPES.get(letter) or "".join(_ESCAPES.get(plain, plain) for plain in ascii_text(letter))
