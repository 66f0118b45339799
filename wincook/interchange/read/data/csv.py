"""Matrices in rows of separated values (CSV), parted by blank lines or by lines with a name.

    AT
    1, 1, 1, 0
    0, 1, -1, 1

    G
    1, 0, 0
    1/2, 1/2, 1/2
    …

Values are parted by commas, semicolons, tabs or blanks, and are numbers as everywhere: 1/2, -0.25, sqrt(2)/2, without
blanks inside. A line `# AT` is a name too. A single matrix without a name has that of its file; several are told apart
by their shapes.
"""

from __future__ import annotations

import re

from wincook.errors import DataError
from wincook.interchange.read.numbers.cell import Cell, grid
from wincook.interchange.read.syntax.declared.values import evaluate
from wincook.interchange.read.syntax.prose.plain_text import named
from wincook.interchange.read.tables import Findings, table

_PARTS = re.compile(r"\s*[,;\t]\s*|\s+")
_NAME = re.compile(r"[A-Za-z_][\w ]{0,60}(?:\(?\d+ ?[x×] ?\d+\)?)?")


def separated_findings(text: str, stem: str) -> Findings:
    """All matrices of a text, named by their lines; `stem` is the name of the file.

    Raises:
        DataError: a value that is no number, with its line; rows that do not fit.
    """
    blocks: list[tuple[str, list[list[Cell]], int]] = []
    name, starts = "", True
    for number, line in enumerate(text.splitlines(), 1):
        plain = named(line).strip().strip(",;").lstrip("#").strip().replace('"', "")
        title = plain.rstrip(":= ")
        if not plain or _NAME.fullmatch(title):
            name, starts = title if plain else "", True
            continue
        try:
            row = [evaluate(part) for part in _PARTS.split(plain)]
        except DataError as error:
            raise DataError(f"line {number}: {error}") from error
        if starts:
            blocks.append((name, [], number))
            starts = False
        blocks[-1][1].append(row)
    if not blocks:
        raise DataError("it holds no rows of numbers")
    findings = Findings()
    for place, (title, rows, number) in enumerate(blocks, 1):
        chosen = title or (stem if len(blocks) == 1 else f"matrix {place}")
        try:
            findings.tables.append(table(chosen, grid(rows), line=number))
        except DataError as error:
            raise DataError(str(error) if str(error).startswith(chosen) else f"{chosen} has {error}") from error
    return findings
