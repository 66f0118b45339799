"""Matrices in drawn brackets, as sympy prints them, with fractions in one line or above and below a bar.

⎡1   0 ⎤        ⎡1  0⎤
⎢      ⎥        ⎢   1⎥
⎣0  1/2⎦        ⎢0  ─⎥
⎣   2⎦
"""

from __future__ import annotations

import re
from collections.abc import Sequence

DRAWN = re.compile(r"(?P<before>[^⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠]*)[⎡⎢⎣⎛⎜⎝](?P<cells>[^⎡⎢⎣⎤⎥⎦⎛⎜⎝⎞⎟⎠]*)[⎤⎥⎦⎞⎟⎠]")
"""One line of such a matrix: its name, or blanks, and its cells between the brackets."""

_BAR = "─"
_BETWEEN_CELLS = re.compile(r"\s*[,;]\s*|\s{2,}|(?<=\S)\s(?=[-+]?[\d.√])")


def drawn_rows(lines: Sequence[str]) -> list[str]:
    """The rows of the lines between the brackets; an empty line parts rows of several lines.

    >>> drawn_rows(["1   0 ", "      ", "0  1/2"]), drawn_rows(["1  0", "    ", "   1", "0  ─", "   2"])
    (['1 , 0', '0 , 1/2'], ['1 , 0', '0 , ((1)/(2))'])
    """
    groups: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            groups[-1].append(line)
        else:
            groups.append([])
    groups = [group for group in groups if group]
    if any(_BAR in line for group in groups for line in group):
        return [_stacked(group) for group in groups]
    return [cells(line) for group in groups for line in group]


def cells(row: str) -> str:
    """The cells of a row with commas between.

    >>> cells("1  1/2 -1"), cells("1, 0")
    ('1 , 1/2 , -1', '1 , 0')
    """
    return " , ".join(part for part in _BETWEEN_CELLS.split(row.strip()) if part)


def _stacked(lines: Sequence[str]) -> str:
    """A row whose fractions stand above and below a bar."""
    middle = next((place for place, line in enumerate(lines) if _BAR in line), 0)
    width = max(map(len, lines))
    above, line, below = (
        lines[place].ljust(width) if 0 <= place < len(lines) else " " * width
        for place in (middle - 1, middle, middle + 1)
    )
    entries = []
    for word in re.finditer(r"\S+", line):
        start, end = word.span()
        is_bar = set(word[0]) == {_BAR}
        entries.append(f"(({above[start:end].strip()})/({below[start:end].strip()}))" if is_bar else word[0])
    return " , ".join(entries)
