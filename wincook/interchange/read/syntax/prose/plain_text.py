r"""Matrices as people print them, in the one notation that is then read: `NAME = [1 0; 0 1]`.

    ⎡1  0⎤        | 1 | 0 |        AT (2x4)            A^T = \begin{bmatrix} 1 & 0 \\ 0 & \frac{1}{2} \end{bmatrix}
    ⎣0  1⎦        | 0 | 1 |            1  0  1  0

Everything else is left as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_FONTS = re.compile(
    r"\\(?:mathbf|mathrm|mathsf|mathit|boldsymbol|bm|mathcal|text|operatorname|hat|tilde|bar)\s*\{(\w+)\}"
)
_ENVIRONMENT = re.compile(
    r"\\begin\{(?P<kind>[bpvBV]?matrix|smallmatrix|array)\}(?:\[\w\])?(?:\{[clr|@{}! ]*\})?"
    r"(?P<body>.*?)\\end\{(?P=kind)\}",
    re.DOTALL,
)
_FRACTION = re.compile(r"\\[dtc]?frac\s*(?:\{([^{}]{1,60})\}|(\d))\s*(?:\{([^{}]{1,60})\}|(\d))")
_ROOT = re.compile(r"\\sqrt\s*(?:\{([^{}]{1,60})\}|(\d))|√\s*(\d+|\([^()]{1,40}\))")
_SPACING = re.compile(
    r"\\(?:left|right|big|Big|,|;|:|!|quad|qquad|displaystyle|phantom\{[^{}]*\}|hfill|hline)\s*[.()\[\]|]?"
    r"|\\[ ,;:!]|&=|=\s*&|\$+|~"
)
_DRAWN = re.compile(r"(?P<before>[^⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠]*)[⎡⎢⎣⎛⎜⎝](?P<cells>[^⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠]*)[⎤⎥⎦⎞⎟⎠]")
_RULED = re.compile(r"\s*\|(?P<cells>.*)\|\s*")
_RULE = re.compile(r"[\s|:+=-]*")
_NUMERIC = r"[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?(?:/\d+)?"
_BARE = re.compile(rf"\s*{_NUMERIC}(?:(?:\s*[,;]\s*|\s+){_NUMERIC})*\s*[,;]?\s*")
_TITLE = re.compile(
    r"[\s#*%/>`-]*(?P<name>[A-Za-z_][\w. ]{0,40}?(?:\^\{?T\}?|')?)[\s*`]*"
    r"(?:\(?\s*\d+\s*[x×,]\s*\d+\s*\)?)?\s*[:=]*[\s*`]*"
)
_BAR = "─"
_FEWEST_ROWS = 2


def bracketed(text: str) -> str:
    r"""The text with every drawn, ruled, bare or LaTeX matrix in brackets.

    >>> bracketed(r"A^T = \begin{bmatrix} 1 & \frac{1}{2} \\ 0 & 1 \end{bmatrix}")
    'AT=  [ 1 , ((1)/(2)) ; 0 , 1 ] '
    """
    return "\n".join(_blocks(named(_latex(text)).split("\n")))


def named(text: str) -> str:
    """The text with AT for A^T, Aᵀ and the like.

    >>> named("B^T, B^{T}, Bᵀ, G")
    'BT, BT, BT, G'
    """
    return re.sub(r"\b([A-Z])\s?(?:ᵀ|\^\s?(?:T\b|⊤|\{\s*T\s*\}))", r"\1T", text)


def _latex(text: str) -> str:
    if "\\" not in text:
        return text
    text = _FONTS.sub(r"\1", text)
    text = re.sub(
        r"\^\s*\{?\s*(?:\\(?:mathsf|mathrm|text|mathbf|rm)\s*\{?\s*)?(?:\\top|\\intercal|T)\s*\}{0,2}", "^T", text
    )
    for _ in range(3):  # fractions within fractions
        text = _ROOT.sub(lambda match: f"sqrt({match[1] or match[2] or match[3]})", text)
        text = _FRACTION.sub(lambda match: f"(({match[1] or match[2]})/({match[3] or match[4]}))", text)

    def body(match: re.Match[str]) -> str:
        rows = [row.strip() for row in re.split(r"\\\\(?:\[[^\]]*\])?", match["body"]) if row.strip()]
        inner = " ; ".join(" , ".join(_sign(cell) for cell in row.split("&")) for row in rows)
        before = text[: match.start()].rstrip()
        factor = before[-1:] == ")" or before[-1:].isdecimal()
        return f"{' *' if factor else ''} [ {inner} ] "

    text = _ENVIRONMENT.sub(body, text)
    text = _SPACING.sub(lambda match: "=" if "=" in match[0] else " ", text)
    return text.replace("\\cdot", "*").replace("\\times", "*").replace("\\\\", "\n")


def _sign(cell: str) -> str:
    """A cell whose sign stands beside its number."""
    return re.sub(r"^\s*-\s+", "-", _SPACING.sub(" ", cell)).strip()


def _blocks(lines: Sequence[str]) -> Iterator[str]:
    """The lines, with the rows of a matrix together in brackets behind its name."""
    at = 0
    while at < len(lines):
        for pattern, rows_of in ((_DRAWN, _drawn), (_RULED, _ruled), (_BARE, _bare)):
            end = at
            while end < len(lines) and pattern.fullmatch(lines[end].rstrip()) and lines[end].strip():
                end += 1
            if end - at >= _FEWEST_ROWS or (end > at and pattern is _DRAWN):
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
    matches = [match for line in lines[start:end] if (match := _DRAWN.fullmatch(line.rstrip()))]
    before = " ".join(match["before"] for match in matches).strip()
    groups: list[list[str]] = [[]]
    for match in matches:
        if match["cells"].strip():
            groups[-1].append(match["cells"])
        else:
            groups.append([])
    stacked = any(_BAR in line for group in groups for line in group)
    rows = [row for group in groups if group for row in ([_stacked(group)] if stacked else map(_cells, group))]
    return (_title(before) if before else _above(lines, start)), rows


def _stacked(lines: Sequence[str]) -> str:
    """A row whose fractions stand above and below a bar."""
    middle = next((place for place, line in enumerate(lines) if _BAR in line), 0)
    width = max(map(len, lines))
    above, line, below = (
        lines[place].ljust(width) if 0 <= place < len(lines) else " " * width
        for place in (middle - 1, middle, middle + 1)
    )
    cells = []
    for word in re.finditer(r"\S+", line if _BAR in line else lines[0]):
        start, end = word.span()
        parts = above[start:end].strip(), below[start:end].strip()
        cells.append(f"(({parts[0]})/({parts[1]}))" if set(word[0]) == {_BAR} else word[0])
    return " , ".join(cells)


def _ruled(lines: Sequence[str], start: int, end: int) -> tuple[str, list[str]]:
    rows = [line.strip().strip("|") for line in lines[start:end] if not _RULE.fullmatch(line)]
    numeric = [row for row in rows if any(letter.isdecimal() for letter in row)]
    return _above(lines, start), [" , ".join(cell.strip() for cell in row.split("|")) for row in numeric]


def _bare(lines: Sequence[str], start: int, end: int) -> tuple[str, list[str]]:
    """Rows of numbers below a name."""
    return _above(lines, start), [_cells(line.strip().rstrip(",;")) for line in lines[start:end]]


def _cells(row: str) -> str:
    return " , ".join(part for part in re.split(r"\s*[,;]\s*|\s{2,}|(?<=\S)\s(?=[-+]?[\d.√])", row.strip()) if part)


def _above(lines: Sequence[str], start: int) -> str:
    above = [line for line in lines[max(0, start - 3) : start] if line.strip()]
    titles = [title for title in map(_title, above) if title.lower() != "matrix"]
    return titles[-1] if titles else ""


def _title(line: str) -> str:
    match = _TITLE.fullmatch(line)
    return match["name"].strip().replace(" ", "_") if match else ""
