"""Matrices in rows of separated values (CSV), parted by blank lines or by lines with a name.

    AT
    1, 1, 1, 0
    0, 1, -1, 1

    G
    1, 0, 0
    1/2, 1/2, 1/2
    …

Values are parted by commas, semicolons, tabs or blanks, and are numbers as everywhere: 1/2, -0.25, sqrt(2)/2, without
blanks inside. A line `# AT` is a name too. Matrices without a name are told apart by their shapes.
"""

from __future__ import annotations

import re

from wincook.construct.foreign.expression import evaluate
from wincook.construct.foreign.table import Cell, Table, table
from wincook.errors import DataError

_PARTS = re.compile(r"\s*[,;\t]\s*|\s+")
_NAME = re.compile(r"[A-Za-z_][\w ]{0,60}")


def separated_tables(text: str) -> list[Table]:
    """All matrices of a text, named by their lines.

    Raises:
        DataError: a value that is no number, with its line; rows that do not fit.
    """
    found: list[Table] = []
    name, rows = "", list[list[Cell]]()

    def close() -> None:
        if rows:
            found.append(table(name or f"matrix {len(found) + 1}", rows))
            rows.clear()

    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip().strip(",;").lstrip("#").strip().replace('"', "")
        title = plain.rstrip(":= ")
        if not plain or _NAME.fullmatch(title):
            close()
            name = title if plain else ""
            continue
        try:
            rows.append([evaluate(part) for part in _PARTS.split(plain)])
        except DataError as error:
            raise DataError(f"line {number}: {error}") from error
    close()
    if not found:
        raise DataError("it holds no rows of numbers")
    return found
