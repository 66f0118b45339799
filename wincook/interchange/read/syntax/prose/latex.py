r"""Matrices in LaTeX, as a grammar of their cells: \frac{1}{2}, \frac12, -\tfrac{\sqrt{2}}{2}, 2 a^{4} - 2.

A matrix becomes rows of cells in the notation of programs, such as 1/2, -sqrt(2)/2 and 2*a^4-2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import cast

from lark import Lark, Token, Transformer, v_args
from lark.exceptions import LarkError

from wincook.errors import DataError, quoted

_GRAMMAR = r"""
start: row (_NEXT row)*
row: cell (_AND cell)*
cell: sum?
?sum: product | sum "+" product -> plus | sum "-" product -> minus | "-" product -> negated | "+" product
?product: power | product _TIMES? power -> times | product "/" power -> over
?power: atom | atom "^" atom -> raised
?atom: (NUMBER | NAME) -> plain | "(" sum ")" -> grouped | "{" sum "}"
     | _FRACTION above part -> over | _ROOT part -> root
?above: DIGIT -> plain | "{" sum "}"
?part: DIGIT -> plain | "{" sum "}"
NUMBER: /\d+(\.\d*)?|\.\d+/
DIGIT: /\d/
NAME: /[A-Za-z]\w*/
_FRACTION: /\\[dtc]?frac/
_ROOT: /\\sqrt/
_TIMES: /\\cdot|\\times|\*|⋅|·/
_NEXT.2: /\\\\(\[[^\]]*\])?/
_AND: "&"
%ignore /\\(left|right|[bB]ig+[lr]?|quad|qquad|displaystyle|hfill|hline|phantom\{[^{}]*\})(?![a-zA-Z])/
%ignore /\\[ ,;:!]|[\s~]+/
"""
_BEGIN = re.compile(r"\\begin\{(?P<kind>[bpvBV]?matrix|smallmatrix|array)\}(?:\[\w\])?(?:\{[clr|@{}! ]{0,80}\})?")
_FACTOR = re.compile(r"[^=&$\n]{1,60}\Z")
_FONTS = re.compile(
    r"\\(?:mathbf|mathrm|mathsf|mathit|boldsymbol|bm|mathcal|text|operatorname|hat|tilde|bar)\s*\{(\w+)\}"
)
_TRANSPOSED = re.compile(r"\^\s*\{?\s*(?:\\(?:mathsf|mathrm|text|mathbf|rm)\s*\{?\s*)?(?:\\top|\\intercal|T)\s*\}{0,2}")
_SPACING = re.compile(
    r"\\(?:left|right|big|Big|,|;|:|!|quad|qquad|displaystyle|phantom\{[^{}]*\}|hfill|hline)\s*[.()\[\]|]?"
    r"|\\[ ,;:!]|\$+|~"
)
_EQUALS = re.compile(r"&\s*=|=\s*&")
_LONGEST_BODY = 20_000


def latex_rows(body: str) -> list[list[str]]:
    r"""The cells of a matrix, row by row.

    >>> latex_rows(r"1 & - \frac{\sqrt{2}}{2} \\ \frac12 & 2 a^{4} - 2")
    [['1', '-sqrt(2)/2'], ['1/2', '2*a^4-2']]

    Raises:
        DataError: a cell is no such expression.
    """
    if len(body) > _LONGEST_BODY:
        raise DataError(f"a matrix of {len(body)} characters; at most {_LONGEST_BODY} are read")
    try:
        rows = cast("list[list[str]]", _parser().parse(body))
    except (LarkError, RecursionError) as error:
        raise DataError(f"{quoted(body.strip(), 40)}, which is no matrix in LaTeX") from error
    return [row for row in rows if any(row)]


def without_latex(text: str) -> str:
    """A text with its matrices in brackets, and the names of matrices plain."""
    if "\\" not in text:
        return text
    text = _TRANSPOSED.sub("^T", _FONTS.sub(r"\1", text))
    text = "".join(_with_brackets(text))
    return _SPACING.sub(" ", _EQUALS.sub("=", text)).replace("\\\\", "\n")


def _with_brackets(text: str) -> Iterator[str]:
    """The parts of a text, each matrix with the number before it in brackets; one without an end stays as it is."""
    place, unended = 0, set[str]()
    for begin in _BEGIN.finditer(text):
        ending = f"\\end{{{begin['kind']}}}"
        if begin.start() < place or ending in unended:
            continue
        end = text.find(ending, begin.end())
        if end < 0:
            unended.add(ending)
            continue
        before = text[place : begin.start()]
        factor = _FACTOR.search(before[-60:])
        yield before[: len(before) - len(factor[0])] if factor else before
        yield _bracketed(factor[0] if factor else "", text[begin.end() : end])
        place = end + len(ending)
    yield text[place:]


def _bracketed(before: str, body: str) -> str:
    """A matrix, and the number that stands before it; what is not understood is left for others to name."""
    try:
        rows = latex_rows(body)
    except DataError:
        rows = [row.split("&") for row in body.split("\\\\")]
    try:
        ((factor,),) = latex_rows(before) or [[""]]
    except (DataError, ValueError):
        factor = ""
    start = f"({factor}) * " if factor[:1].isdecimal() or factor[:1] in {"-", "("} else before
    return f"{start} [ {' ; '.join(' , '.join(row) for row in rows)} ] "


@lru_cache(maxsize=1)
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_Plain())


@v_args(inline=True)
class _Plain(Transformer[Token, list[list[str]]]):
    """Writes each expression as programs do."""

    def start(self, *rows: list[str]) -> list[list[str]]:
        return list(rows)

    def row(self, *cells: str) -> list[str]:
        return list(cells)

    def cell(self, text: str = "") -> str:
        return text

    def plain(self, text: Token) -> str:
        return str(text)

    def grouped(self, text: str) -> str:
        return f"({text})"

    def plus(self, a: str, b: str) -> str:
        return f"{a}+{b}"

    def minus(self, a: str, b: str) -> str:
        return f"{a}-{b}"

    def negated(self, a: str) -> str:
        return f"-{a}"

    def times(self, a: str, b: str) -> str:
        return f"{a}*{b}"

    def over(self, a: str, b: str) -> str:
        return f"{_closed(a, '+-')}/{_closed(b, '+-*/')}"

    def root(self, a: str) -> str:
        return f"sqrt({a})"

    def raised(self, a: str, b: str) -> str:
        return f"{_closed(a, '+-*/^')}^{_closed(b, '+-*/^')}"


def _closed(text: str, signs: str) -> str:
    """A text in brackets, if one of the signs stands outside of brackets in it."""
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if not depth and letter in signs:
            return f"({text})"
    return text
