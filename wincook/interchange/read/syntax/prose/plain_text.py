r"""Matrices as people print them, in the one notation that is then read: `NAME = [1 0; 0 1]`.

    ⎡1  0⎤        | 1 | 0 |        AT (2x4)            A^T = \begin{bmatrix} 1 & 0 \\ 0 & \frac{1}{2} \end{bmatrix}
    ⎣0  1⎦        | 0 | 1 |            1  0  1  0

Everything else is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from wincook.interchange.read.syntax.prose.drawn import DRAWN, cells, drawn_rows
from wincook.interchange.read.syntax.prose.latex import without_latex

_ROOT = re.compile(r"√\s*(\d+|\([^()]{1,40}\))")
_TRANSPOSED = re.compile(r"\b([A-Z])\s?(?:ᵀ|\^\s?(?:T\b|⊤|\{\s*T\s*\}))")
_RULED = re.compile(r"\s*\|(?P<cells>.*)\|\s*")
_RULE = re.compile(r"[\s|:+=-]*")
_NUMERIC = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:/\d+)?"
_NUMBERS = rf"\s*{_NUMERIC}(?:(?:\s*[,;]\s*|\s+){_NUMERIC})*\s*[,;]?\s*"
_BARE = re.compile(rf"{_NUMBERS}|\s*\[{_NUMBERS}\]\s*")
_TITLE = re.compile(
    r"[\s#*%/>!`-]*(?P<name>[A-Za-z_][\w. ]{0,40}?(?:\^\{?T\}?|')?)[\s*`]*"
    r"(?:\(?\s*\d+\s*[x×,]\s*\d+\s*\)?|(?:transform(?:ation)? )?matrix for F ?\([\dx×, ]{3,20}\))?\s*[:=]*[\s*`]*"
)
_FORMULA = re.compile(r"[\s#*%/>!`-]*(?P<name>[ABG]T?) ?\*? ?[dgmM] ?\*? ?[ABG]T?[\s:=*`]*")  # BTd * B, A^T M A
_FEWEST_ROWS = 2


def bracketed(text: str) -> str:
    r"""The text with every drawn, ruled, bare or LaTeX matrix in brackets.

    >>> bracketed(r"A^T = \begin{bmatrix} 1 & \frac{1}{2} \\ 0 & 1 \end{bmatrix}")
    'AT=  [ 1 , 1/2 ; 0 , 1 ] '
    """
    plain = _ROOT.sub(r"sqrt(\1)", named(without_latex(text)))
    return "\n".join(_blocks(plain.split("\n")))


def named(text: str) -> str:
    """The text with AT for A^T, Aᵀ and the like.

    >>> named("B^T, B^{T}, Bᵀ, G")
    'BT, BT, BT, G'
    """
    return _TRANSPOSED.sub(r"\1T", text)


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """The lines, with the rows of a matrix together in brackets behind its name."""
    at = 0
    while at < len(lines):
        for pattern, rows_of in ((DRAWN, _drawn), (_RULED, _ruled), (_BARE, _bare)):
            end = at
            while end < len(lines) and pattern.fullmatch(lines[end].rstrip()) and lines[end].strip():
                end += 1
            if end - at >= _FEWEST_ROWS or (end > at and pattern is DRAWN):
                name, rows = rows_of(lines, at, end)
                if name and rows:
                    yield f"{name} = [ {' ; '.join(rows)} ]"
                    yield from [""] * (end - at - 1)
                else:
                    yield from lines[at:end]
                at = end
                break
        else:
            yield lines[at]
            at += 1


def _drawn(lines: Sequence[str], start: int, end: int) -> tuple[str, list[str]]:
    """Rows between drawn brackets; the name stands left of one of them, or above."""
    matches = [match for line in lines[start:end] if (match := DRAWN.fullmatch(line.rstrip()))]
    before = " ".join(match["before"] for match in matches).strip()
    return (_title(before) if before else _above(lines, start)), drawn_rows([match["cells"] for match in matches])


def _ruled(lines: Sequence[str], start: int, end: int) -> tuple[str, list[str]]:
    """Rows of a table with rules between its cells."""
    rows = [line.strip().strip("|") for line in lines[start:end] if not _RULE.fullmatch(line)]
    numeric = [row for row in rows if any(letter.isdecimal() for letter in row)]
    return _above(lines, start), [" , ".join(cell.strip() for cell in row.split("|")) for row in numeric]


def _bare(lines: Sequence[str], start: int, end: int) -> tuple[str, list[str]]:
    """Rows of numbers below a name, each in brackets or not."""
    return _above(lines, start), [cells(line.strip(" \t[]").rstrip(",;")) for line in lines[start:end]]


def _above(lines: Sequence[str], start: int) -> str:
    above = [line for line in lines[max(0, start - 3) : start] if line.strip()]
    titles = [title for title in map(_title, above) if title.lower() != "matrix"]
    return titles[-1] if titles else ""


def _title(line: str) -> str:
    match = _FORMULA.fullmatch(line) or _TITLE.fullmatch(line)
    return match["name"].strip().replace(" ", "_") if match else ""
